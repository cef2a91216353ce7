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

/* Before anything is altered: what undoing it goes by. */
static bool
note_all(struct op *op, struct pg *pg, const struct rowset *facts,
	 struct err *err)
{
	if (pg_begin(pg, err) &&
	    note(pg, FENCE_OWNER, rowset_text(facts, 0, "owner"),
		 op->destination.user, err) &&
	    note(pg, FENCE_LIMIT, rowset_text(facts, 0, "connection_limit"),
		 op->destination.superuser ? "0" : "-1", err) &&
	    note(pg, FENCE_PUBLIC, rowset_text(facts, 0, "public"), "", err) &&
	    pg_commit(pg, err))
		return true;
	pg_rollback(pg);
	return false;
}

static bool
note_once(struct op *op, struct pg *pg, const struct database *db, bool made,
	  struct err *err)
{
	struct rowset facts = ROWSET_INIT;
	struct change_list list = {.n = 0};
	bool ok = registry_list(pg, CHANGE_FENCE, &list, err);

	if (ok && list.n == 0)
		ok = pg_ask(made ? op->source.pg : pg, "fence_facts",
			    PG_BIND(db->name), &facts, err) &&
		     note_all(op, pg, &facts, err);
	change_list_release(&list);
	rowset_release(&facts);
	return ok;
}

/* The owner of the source may be the owner of schemas, which wants CREATE:
 * of no use to who cannot connect. */
static void
write_close(const struct op *op, const struct database *db,
	    struct strbuf *sql)
{
	strbuf_add(sql, "ALTER DATABASE ");
	strbuf_ident(sql, db->name);
	strbuf_add(sql, " OWNER TO ");
	strbuf_ident(sql, op->destination.user);
	strbuf_add(sql, "; REVOKE ALL ON DATABASE ");
	strbuf_ident(sql, db->name);
	strbuf_add(sql, " FROM PUBLIC; ");
	if (op->destination.superuser) {
		strbuf_add(sql, "ALTER DATABASE ");
		strbuf_ident(sql, db->name);
		strbuf_add(sql, " CONNECTION LIMIT 0");
	} else {
		strbuf_add(sql, "GRANT CREATE ON DATABASE ");
		strbuf_ident(sql, db->name);
		strbuf_add(sql, " TO ");
		strbuf_ident(sql, db->owner);
	}
}

bool
fence_check(const struct op *op, struct pg *pg, const char *database,
	    struct err *err)
{
	struct rowset now = ROWSET_INIT;
	bool ok = pg_ask(pg, "fence_facts", PG_BIND(database), &now, err);

	if (ok && (strcmp(rowset_text(&now, 0, "owner"),
			  op->destination.user) != 0 ||
		   rowset_get(&now, 0, "public") ||
		   (op->destination.superuser &&
		    rowset_int(&now, 0, "connection_limit") != 0))) {
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
	rowset_release(&now);
	return ok;
}

bool
fence_close(struct op *op, struct pg *pg, const struct database *db,
	    bool made, const char *step, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	struct err failed = ERR_INIT;
	bool ok;

	if (!note_once(op, pg, db, made, err))
		return false;
	write_close(op, db, &sql);
	ok = pg_begin(pg, &failed) && pg_run(pg, sql.text, NULL, &failed) &&
	     pg_commit(pg, &failed);
	strbuf_release(&sql);
	if (ok)
		return fence_check(op, pg, db->name, err);
	pg_rollback(pg);
	if (failed.kind != ERR_SERVER || op->destination.superuser) {
		err_move(err, &failed);
		return false;
	}
	op_item(op, step, db->name, "access", "warn",
		"others can connect before it is handed over: %s",
		failed.message);
	err_release(&failed);
	return true;
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
