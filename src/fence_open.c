/* SPDX-License-Identifier: PostgreSQL */
/*
 * Opening a database of the destination: it gets what belongs to a database
 * and is in no dump of it, as the source has it: comment, owner, privileges,
 * settings, for all roles or one, and last of all its connection limit. Only
 * when it is handed over: until then such settings would hold for the workers
 * of the subscription ("role" alone stops them), and the rest is the fence.
 * Only what differs is changed; nothing is taken away but what PUBLIC may not
 * do on the source.
 */
#include <stdlib.h>
#include <string.h>

#include "fence.h"
#include "mem.h"
#include "setup.h"

struct opening {
	struct op *op;
	struct pg *source; /* sessions in that database */
	struct pg *destination;
	const char *database;
	const char *step;
};

/* One kind of rows of a database, on both sides. */
struct both {
	struct rowset source;
	struct rowset destination;
};

static bool
read_both(const struct opening *o, const char *statement, struct pg_bind bind,
	  struct both *b, struct err *err)
{
	*b = (struct both){.source = ROWSET_INIT};
	return pg_ask(o->source, statement, bind, &b->source, err) &&
	       pg_ask(o->destination, statement, bind, &b->destination, err);
}

static void
both_release(struct both *b)
{
	rowset_release(&b->source);
	rowset_release(&b->destination);
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Is that whole row of a in b? */
static bool
has_row(const struct rowset *a, size_t i, const struct rowset *b)
{
	size_t j, c;

	for (j = 0; j < b->n_rows; j++) {
		for (c = 0; c < a->n_columns; c++)
			if (!same(a->values[i * a->n_columns + c],
				  b->values[j * b->n_columns + c]))
				break;
		if (c == a->n_columns)
			return true;
	}
	return false;
}

static bool
try(const struct opening *o, const char *sql, struct err *err)
{
	return setup_try(o->op, o->destination, o->step, o->database, sql, err);
}

static bool
alter(const struct opening *o, const char *verb, const char *clause,
      struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_addf(&sql, "%s DATABASE ", verb);
	strbuf_ident(&sql, o->database);
	strbuf_add(&sql, clause);
	ok = try(o, sql.text, err);
	strbuf_release(&sql);
	return ok;
}

static bool
copy_comment_and_owner(const struct opening *o, struct err *err)
{
	struct strbuf clause = STRBUF_INIT;
	struct both b;
	const char *a;
	bool ok = read_both(o, "database_properties", PG_BIND(o->database), &b,
			    err);

	a = rowset_get(&b.source, 0, "comment");
	if (ok && a && !same(a, rowset_get(&b.destination, 0, "comment"))) {
		strbuf_add(&clause, " IS ");
		strbuf_literal(&clause, a);
		ok = alter(o, "COMMENT ON", clause.text, err);
	}
	a = rowset_text(&b.source, 0, "owner");
	if (ok && !same(a, rowset_text(&b.destination, 0, "owner"))) {
		strbuf_reset(&clause);
		strbuf_add(&clause, " OWNER TO ");
		strbuf_ident(&clause, a);
		ok = alter(o, "ALTER", clause.text, err);
	}
	strbuf_release(&clause);
	both_release(&b);
	return ok;
}

static bool
copy_limit(const struct opening *o, struct err *err)
{
	struct both b;
	bool ok = read_both(o, "database_properties", PG_BIND(o->database), &b,
			    err);
	const char *limit = rowset_text(&b.source, 0, "connection_limit");
	char *clause = mem_printf(" CONNECTION LIMIT %s", *limit ? limit : "-1");

	if (ok &&
	    !same(limit, rowset_text(&b.destination, 0, "connection_limit")))
		ok = alter(o, "ALTER", clause, err);
	free(clause);
	both_release(&b);
	return ok;
}

/* What PUBLIC has by default and was taken from it on the source. */
static bool
revoke_public(const struct opening *o, const char *what, const struct both *b,
	      struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < b->destination.n_rows; i++) {
		if (rowset_get(&b->destination, i, "grantee") ||
		    has_row(&b->destination, i, &b->source))
			continue;
		strbuf_reset(&sql);
		strbuf_addf(&sql, "REVOKE %s ON %s FROM PUBLIC",
			    rowset_text(&b->destination, i, "privilege"), what);
		ok = try(o, sql.text, err);
	}
	strbuf_release(&sql);
	return ok;
}

static bool
copy_grants(const struct opening *o, struct err *err)
{
	struct strbuf what = STRBUF_INIT;
	struct both b;
	struct rowset one;
	size_t i;
	bool ok;

	strbuf_add(&what, "DATABASE ");
	strbuf_ident(&what, o->database);
	ok = read_both(o, "database_grants",
		       PG_BIND(o->database, o->op->conf->replication_user), &b,
		       err) &&
	     revoke_public(o, what.text, &b, err);
	for (i = 0; ok && i < b.source.n_rows; i++) {
		if (has_row(&b.source, i, &b.destination))
			continue;
		one = (struct rowset){
			.n_rows = 1,
			.n_columns = b.source.n_columns,
			.columns = b.source.columns,
			.values = b.source.values + i * b.source.n_columns,
		};
		ok = setup_grant_all(o->op, o->destination, o->step, what.text,
				     o->database, &one, err);
	}
	strbuf_release(&what);
	both_release(&b);
	return ok;
}

static bool
copy_setting(const struct opening *o, const char *role, const char *item,
	     struct err *err)
{
	struct strbuf what = STRBUF_INIT, sql = STRBUF_INIT;
	bool ok;

	if (role) {
		strbuf_add(&what, "ROLE ");
		strbuf_ident(&what, role);
		strbuf_add(&what, " IN ");
	}
	strbuf_add(&what, "DATABASE ");
	strbuf_ident(&what, o->database);
	setup_alter_set(&sql, what.text, item);
	ok = try(o, sql.text, err);
	strbuf_release(&what);
	strbuf_release(&sql);
	return ok;
}

/* From the connect database, by a session of this thread. */
static bool
read_copied(const struct opening *o, struct change_list *copied,
	    struct err *err)
{
	struct pg *pg = op_connect(o->op, SIDE_DESTINATION, NULL, PG_PLAIN,
				   err);
	bool ok = pg && registry_list(pg, CHANGE_ROLE_COPY, copied, err);

	pg_close(pg);
	return ok;
}

static bool
has_role(const struct rowset *settings)
{
	size_t i;

	for (i = 0; i < settings->n_rows; i++)
		if (rowset_get(settings, i, "role"))
			return true;
	return false;
}

static bool
copy_settings(const struct opening *o, struct err *err)
{
	struct change_list copied = {.n = 0};
	struct both b;
	const char *role;
	size_t i;
	bool ok = read_both(o, "database_settings", PG_BIND(o->database), &b,
			    err);

	if (ok && has_role(&b.source))
		ok = read_copied(o, &copied, err);
	for (i = 0; ok && i < b.source.n_rows; i++) {
		role = rowset_get(&b.source, i, "role");
		if (!has_row(&b.source, i, &b.destination) &&
		    setup_may_set(o->op, o->step, role, &copied))
			ok = copy_setting(o, role,
					  rowset_text(&b.source, i, "item"),
					  err);
	}
	change_list_release(&copied);
	both_release(&b);
	return ok;
}

/* Asked of both servers, and only then said. */
static bool
is_as_on_the_source(const struct opening *o, struct err *err)
{
	struct both b;
	bool ok = read_both(o, "fence_facts", PG_BIND(o->database), &b, err);

	if (ok && b.source.n_rows > 0 && has_row(&b.source, 0, &b.destination))
		op_item(o->op, o->step, o->database, "access", "ok", "%s",
			"as on the source");
	else if (ok)
		op_item(o->op, o->step, o->database, "access", "warn", "%s",
			"owner, privileges or connection limit are not those "
			"of the source");
	both_release(&b);
	return ok;
}

bool
fence_open(struct op *op, struct pg *source, struct pg *destination,
	   const char *database, const char *step, struct err *err)
{
	struct opening o = {op, source, destination, database, step};
	struct change_list list = {.n = 0};
	bool ok = registry_list(destination, CHANGE_FENCE, &list, err);
	size_t i;

	if (ok && list.n > 0)
		ok = copy_comment_and_owner(&o, err) && copy_grants(&o, err) &&
		     copy_settings(&o, err) && copy_limit(&o, err) &&
		     is_as_on_the_source(&o, err);
	for (i = 0; ok && i < list.n; i++)
		ok = registry_forget(destination, list.items[i].id, err);
	change_list_release(&list);
	return ok;
}
