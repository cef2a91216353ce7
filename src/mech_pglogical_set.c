/* SPDX-License-Identifier: PostgreSQL */
/*
 * Mechanism pglogical: the replication set, table by table. Only ordinary
 * tables and partition leaves: a root would be accepted without a word, and
 * nothing of its rows would travel. Never a column list: with one an insert
 * crashes the destination's server.
 */
#include "mech_pglogical.h"
#include "tables.h"

/* With the table of the barriers, which travels from the beginning. */
static bool
create_set(struct pg *pg, struct err *err)
{
	if (pg_begin(pg, err) &&
	    pg_ask(pg, "pglogical_create_set", PG_BIND(PGLOGICAL_SET), NULL,
		   err) &&
	    pg_ask(pg, "pglogical_add_table",
		   PG_BIND(PGLOGICAL_SET, "pgrepup", "barrier"), NULL, err) &&
	    mech_record(pg, CHANGE_REPLICATION_SET, PGLOGICAL_SET, NULL,
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

struct set {
	const struct rowset *members;
	const struct rowset *tables; /* that shall be its members */
};

static bool
is_missing(void *arg, const char *schema, const char *name)
{
	const struct set *set = arg;

	return !tables_have(set->members, schema, name);
}

static bool
is_surplus(void *arg, const char *schema, const char *name)
{
	const struct set *set = arg;

	return !tables_have(set->tables, schema, name);
}

static bool
add_table(const struct mechanism_at *at, void *arg, const char *schema,
	  const char *name, struct err *err)
{
	(void)arg;
	return pglogical_change_table(at, "pglogical_add_table", schema, name,
				      err);
}

static bool
remove_table(const struct mechanism_at *at, void *arg, const char *schema,
	     const char *name, struct err *err)
{
	(void)arg;
	return pglogical_change_table(at, "pglogical_remove_table", schema,
				      name, err);
}

bool
pglogical_members(const struct mechanism_at *at, struct rowset *rows,
		  struct err *err)
{
	return pg_ask(at->source, "pglogical_members", PG_BIND(PGLOGICAL_SET),
		      rows, err);
}

bool
pglogical_publish(const struct mechanism_at *at, const struct rowset *tables,
		  struct err *err)
{
	struct rowset members = ROWSET_INIT;
	struct set set = {.members = &members, .tables = tables};
	struct mech_tables out = {
		.verb = "taken out of the replication set",
		.list = &members,
		.wanted = is_surplus,
		.change = remove_table,
		.arg = &set,
	};
	struct mech_tables in = {
		.verb = "added to the replication set",
		.list = tables,
		.wanted = is_missing,
		.change = add_table,
		.arg = &set,
	};
	bool ok;

	ok = need_set(at->source, err) &&
	     pglogical_grant_truncators(at, err) &&
	     pglogical_members(at, &members, err) &&
	     mech_change_tables(at, &out, err) &&
	     mech_change_tables(at, &in, err);
	rowset_release(&members);
	return ok;
}
