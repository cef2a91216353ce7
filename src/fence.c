/* SPDX-License-Identifier: PostgreSQL */
/* Closing a database of the destination to others. */
#include "fence.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "rowset.h"
#include "strbuf.h"

static bool
note(struct pg *pg, const char *what, const char *old_value,
     const char *new_value, struct err *err)
{
	return registry_note(pg,
			     &(struct change_note){
				 .kind = CHANGE_FENCE,
				 .name = what,
				 .old_value = old_value,
				 .new_value = new_value,
				 .state = CHANGE_PLANNED,
			     },
			     NULL, err);
}

/* Before anything is altered: what undoing it goes by. One that is noted keeps
 * what was there first. */
static bool
note_all(struct op *op, struct pg *pg, const struct rowset *facts,
	 struct err *err)
{
	const char *owner = rowset_text(facts, 0, "owner");
	const char *limit = rowset_text(facts, 0, "connection_limit");
	bool all = op->destination.superuser;

	if (pg_begin(pg, err) &&
	    note(pg, FENCE_OWNER, owner, all ? op->destination.user : owner,
		 err) &&
	    note(pg, FENCE_LIMIT, limit, all ? "0" : limit, err) &&
	    note(pg, FENCE_PUBLIC, rowset_text(facts, 0, "public"), "", err) &&
	    pg_commit(pg, err))
		return true;
	pg_rollback(pg);
	return false;
}

static bool
note_facts(struct op *op, struct pg *pg, const struct database *db, bool made,
	   struct err *err)
{
	struct rowset facts = ROWSET_INIT;
	bool ok = pg_ask(made ? op->source.pg : pg, "fence_facts",
			 PG_BIND(db->name), &facts, err) &&
		  note_all(op, pg, &facts, err);

	rowset_release(&facts);
	return ok;
}

static void
write_close(const struct op *op, const char *database, struct strbuf *sql)
{
	strbuf_add(sql, "REVOKE ALL ON DATABASE ");
	strbuf_ident(sql, database);
	strbuf_add(sql, " FROM PUBLIC");
	if (!op->destination.superuser)
		return;
	strbuf_add(sql, "; ALTER DATABASE ");
	strbuf_ident(sql, database);
	strbuf_add(sql, " OWNER TO ");
	strbuf_ident(sql, op->destination.user);
	strbuf_add(sql, "; ALTER DATABASE ");
	strbuf_ident(sql, database);
	strbuf_add(sql, " CONNECTION LIMIT 0");
}

static bool
is_as_noted(const struct change *c, const char *now)
{
	return c && c->new_value && strcmp(c->new_value, now) == 0;
}

/* Who closed it may have been another superuser than who asks now. */
static bool
is_shut(const struct change_list *list, const struct rowset *now)
{
	const struct change *owner =
		change_list_find(list, CHANGE_FENCE, "", FENCE_OWNER, "");
	const struct change *limit =
		change_list_find(list, CHANGE_FENCE, "", FENCE_LIMIT, "");

	const struct change *public =
		change_list_find(list, CHANGE_FENCE, "", FENCE_PUBLIC, "");

	return is_as_noted(owner, rowset_text(now, 0, "owner")) &&
	       is_as_noted(limit, rowset_text(now, 0, "connection_limit")) &&
	       is_as_noted(public, rowset_text(now, 0, "public"));
}

bool
fence_check(struct pg *pg, struct err *err)
{
	struct rowset now = ROWSET_INIT;
	struct change_list list = {.n = 0};
	const char *database = pg_dbname(pg);
	bool ok = registry_list(pg, CHANGE_FENCE, &list, err) &&
		  pg_ask(pg, "fence_facts", PG_BIND(database), &now, err);

	if (ok && list.n > 0 && !is_shut(&list, &now)) {
		err_set(err, ERR_NEGATIVE,
			"database \"%s\" of the destination is still open to "
			"others",
			database);
		err_detail(err, "What others write there is not on the source, "
				"and what they read may not be restored yet.");
		err_hint(err, "Run `pgrepup setup`, which closes it; when that "
			      "does not hold, somebody else alters it.");
		ok = false;
	}
	change_list_release(&list);
	rowset_release(&now);
	return ok;
}

/* It stays as it is, and that is no fault that stop would have to tell. */
static bool
note_open(struct pg *pg, struct err *err)
{
	struct rowset now = ROWSET_INIT;
	bool ok = pg_ask(pg, "fence_facts", PG_BIND(pg_dbname(pg)), &now, err) &&
		  note(pg, FENCE_PUBLIC, NULL, rowset_text(&now, 0, "public"),
		       err);

	rowset_release(&now);
	return ok;
}

/* Who is no superuser closes it as far as he may, and it is said how far. */
static bool
close_in_part(struct op *op, struct pg *pg, const struct database *db,
	      const char *step, struct err *err)
{
	struct err failed = ERR_INIT;
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	write_close(op, db->name, &sql);
	ok = pg_run(pg, sql.text, NULL, &failed) &&
	     fence_check(pg, &failed);
	strbuf_release(&sql);
	if (!ok && failed.kind != ERR_SERVER && failed.kind != ERR_NEGATIVE) {
		err_move(err, &failed);
		return false;
	}
	op_item(op, step, db->name, "access", "warn", "%s",
		ok ? "its owner can connect before it is handed over: only a "
		     "superuser keeps him out"
		   : failed.message);
	err_release(&failed);
	return ok || note_open(pg, err);
}

bool
fence_close(struct op *op, struct pg *pg, const struct database *db,
	    bool made, const char *step, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	if (!note_facts(op, pg, db, made, err))
		return false;
	if (!op->destination.superuser)
		return close_in_part(op, pg, db, step, err);
	write_close(op, db->name, &sql);
	ok = pg_begin(pg, err) && pg_run(pg, sql.text, NULL, err) &&
	     pg_commit(pg, err);
	if (!ok)
		pg_rollback(pg);
	strbuf_release(&sql);
	return ok && fence_check(pg, err);
}

bool
fence_set_ajar(const struct op *op, struct pg *pg, bool ajar, struct err *err)
{
	struct change_list list = {.n = 0};
	struct strbuf sql = STRBUF_INIT;
	bool ok = registry_list(pg, CHANGE_FENCE, &list, err);

	if (ok && list.n > 0 && op->destination.superuser) {
		strbuf_add(&sql, "ALTER DATABASE ");
		strbuf_ident(&sql, pg_dbname(pg));
		strbuf_addf(&sql, " CONNECTION LIMIT %d", ajar ? -1 : 0);
		ok = pg_run(pg, sql.text, NULL, err);
	}
	strbuf_release(&sql);
	change_list_release(&list);
	return ok;
}
