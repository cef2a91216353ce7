/* SPDX-License-Identifier: PostgreSQL */
/*
 * Mechanism pglogical: the replication set, table by table. Only ordinary
 * tables and partition leaves: a root would be accepted without a word, and
 * nothing of its rows would travel. Never a column list: with one an insert
 * crashes the destination's server.
 */
#include "mech_pglogical.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

static bool
create_set(struct pg *pg, struct err *err)
{
	if (pg_begin(pg, err) &&
	    pg_ask(pg, "pglogical_create_set", PG_BIND(PGLOGICAL_SET), NULL,
		   err) &&
	    pglogical_record(pg, CHANGE_REPLICATION_SET, PGLOGICAL_SET, NULL,
			     NULL, NULL, err) &&
	    pg_commit(pg, err))
		return true;
	pg_rollback(pg);
	return false;
}

static bool
need_set(struct pg *pg, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok;

	ok = pg_ask(pg, "pglogical_set", PG_BIND(PGLOGICAL_SET), &rows, err);
	if (ok && rows.n_rows == 0)
		ok = create_set(pg, err);
	rowset_release(&rows);
	return ok;
}

static bool
has_table(const struct rowset *tables, const char *schema, const char *name)
{
	size_t i;

	for (i = 0; i < tables->n_rows; i++)
		if (strcmp(rowset_get(tables, i, "schema"), schema) == 0 &&
		    strcmp(rowset_get(tables, i, "name"), name) == 0)
			return true;
	return false;
}

/* Runs the statement for every table of list that is not in known. */
struct change_of_set {
	const char *statement;
	const char *verb; /* "added to" */
	const struct rowset *list;
	const struct rowset *known;
};

static bool
change_table(const struct mechanism_at *at, const struct change_of_set *c,
	     size_t i, size_t *failed, struct err *err)
{
	const char *schema = rowset_get(c->list, i, "schema");
	const char *name = rowset_get(c->list, i, "name");
	struct err one = ERR_INIT;
	char *object;

	if (pglogical_ask_locking(at, at->source, c->statement,
				  PG_BIND(PGLOGICAL_SET, schema, name), &one))
		return true;
	if (one.kind != ERR_SERVER) {
		err_move(err, &one);
		return false;
	}
	/* One bad table does not hide the next. */
	object = mem_printf("%s.%s", schema, name);
	op_item(at->op, "publish", at->database, object, "ko",
		"could not be %s the replication set: %s%s%s", c->verb,
		one.message, one.detail ? ": " : "",
		one.detail ? one.detail : "");
	free(object);
	err_release(&one);
	++*failed;
	return true;
}

static bool
change_set(const struct mechanism_at *at, const struct change_of_set *c,
	   struct err *err)
{
	size_t i, failed = 0;

	for (i = 0; i < c->list->n_rows; i++) {
		if (has_table(c->known, rowset_get(c->list, i, "schema"),
			      rowset_get(c->list, i, "name")))
			continue;
		if (!change_table(at, c, i, &failed, err))
			return false;
	}
	if (failed == 0)
		return true;
	err_set(err, ERR_SERVER,
		"%zu %s could not be %s the replication set", failed,
		failed == 1 ? "table" : "tables", c->verb);
	err_hint(err, "Run `pgrepup check source` to see what they lack.");
	err_at(err, "source database \"%s\"", at->database);
	return false;
}

bool
pglogical_publish(const struct mechanism_at *at, const struct rowset *tables,
		  struct err *err)
{
	struct rowset members = ROWSET_INIT;
	struct change_of_set out = {
		.statement = "pglogical_remove_table",
		.verb = "taken out of",
		.list = &members,
		.known = tables,
	};
	struct change_of_set in = {
		.statement = "pglogical_add_table",
		.verb = "added to",
		.list = tables,
		.known = &members,
	};
	bool ok;

	ok = need_set(at->source, err) &&
	     pglogical_grant_truncators(at, err) &&
	     pg_ask(at->source, "pglogical_members", PG_BIND(PGLOGICAL_SET),
		    &members, err) &&
	     change_set(at, &out, err) && change_set(at, &in, err);
	rowset_release(&members);
	return ok;
}
