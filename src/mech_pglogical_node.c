/* SPDX-License-Identifier: PostgreSQL */
/* Mechanism pglogical: extension and node in a database of either side. */
#include "mech_pglogical.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "names.h"

struct table_change {
	const char *statement;
	const char *schema;
	const char *name;
};

static bool
ask_for_table(struct pg *pg, void *arg, struct err *err)
{
	const struct table_change *c = arg;

	return pg_ask(pg, c->statement,
		      PG_BIND(PGLOGICAL_SET, c->schema, c->name), NULL, err);
}

bool
pglogical_change_table(const struct mechanism_at *at, const char *statement,
		       const char *schema, const char *name, struct err *err)
{
	struct table_change change = {statement, schema, name};

	return mech_locking(at, at->source, name, ask_for_table, &change,
			    err);
}

/* Its script runs with all rights and finds first what is in its schema, which
 * has the extension's name: that is made by us, and before. */
static bool
create_extension(struct pg *pg, const char *name, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "CREATE EXTENSION ");
	strbuf_ident(&sql, name);
	ok = names_make_schema(pg, name, err) &&
	     pg_run(pg, sql.text, NULL, err) &&
	     names_revoke_all(pg, name, err) &&
	     mech_record(pg, CHANGE_EXTENSION, name, NULL, NULL, NULL,
			      err);
	strbuf_release(&sql);
	return ok;
}

static bool
create_extensions(struct pg *pg, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i;
	bool ok;

	ok = pg_ask(pg, "pglogical_missing", PG_NONE, &rows, err);
	for (i = 0; ok && i < rows.n_rows; i++)
		ok = create_extension(pg, rowset_text(&rows, i, "name"), err);
	rowset_release(&rows);
	return ok;
}

/* A database has one node: somebody else's is not ours to use or to drop. */
static bool
refuse_foreign(struct pg *pg, const char *found, struct err *err)
{
	err_set(err, ERR_STATE,
		"database \"%s\" already has a pglogical node \"%s\" that "
		"pgrepup did not make",
		pg_dbname(pg), found);
	err_detail(err, "pglogical allows one node in a database.");
	err_hint(err,
		 "If it is not needed any more, drop it with "
		 "pglogical.drop_node('%s'); else exclude the database.",
		 found);
	err_at(err, "%s database \"%s\"", side_name(pg_side(pg)),
	       pg_dbname(pg));
	return false;
}

/* *there: our node exists. An error when there is another. */
static bool
find_node(struct pg *pg, const char *name, bool *there, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	struct change_list list = {.n = 0};
	const char *found;
	bool ok;

	ok = pg_ask(pg, "pglogical_local_node", PG_NONE, &rows, err) &&
	     registry_list(pg, CHANGE_NODE, &list, err);
	found = rowset_get(&rows, 0, "name");
	if (ok && found &&
	    (strcmp(found, name) != 0 ||
	     !change_list_find(&list, CHANGE_NODE, "", name, "")))
		ok = refuse_foreign(pg, found, err);
	*there = ok && found;
	change_list_release(&list);
	rowset_release(&rows);
	return ok;
}

static bool
create_node(struct pg *pg, const char *name, const char *dsn, struct err *err)
{
	bool there;

	return find_node(pg, name, &there, err) &&
	       (there || (pg_ask(pg, "pglogical_create_node",
				 PG_BIND(name, dsn), NULL, err) &&
			  mech_record(pg, CHANGE_NODE, name, NULL, NULL,
					   NULL, err)));
}

/* In one transaction, so that the registry knows exactly what is ours. */
static bool
make_node(const struct mechanism_at *at, struct pg *pg, const char *name,
	  const char *dsn, struct err *err)
{
	const char *role = at->op->conf->replication_user;

	if (names_refuse_strangers(pg, err) && registry_open(pg, err) &&
	    pg_begin(pg, err) && create_extensions(pg, err) &&
	    pglogical_close_functions(pg, role, err) &&
	    create_node(pg, name, dsn, err) && pg_commit(pg, err))
		return true;
	pg_rollback(pg);
	return false;
}

/* role NULL: PUBLIC. */
static bool
grant_usage(struct pg *pg, const char *role, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "GRANT USAGE ON SCHEMA pglogical TO ");
	if (role)
		strbuf_ident(&sql, role);
	else
		strbuf_add(&sql, "PUBLIC");
	ok = pg_begin(pg, err) && pg_run(pg, sql.text, NULL, err) &&
	     mech_record(pg, CHANGE_GRANT, "pglogical", role, NULL,
			      "USAGE ON SCHEMA", err) &&
	     pg_commit(pg, err);
	if (!ok)
		pg_rollback(pg);
	strbuf_release(&sql);
	return ok;
}

/* The replication role asks the source's node who it is. */
static bool
grant_to_replication(const struct mechanism_at *at, struct err *err)
{
	const char *role = at->op->conf->replication_user;
	char *has = pg_ask_value(at->source, "pglogical_usage", PG_BIND(role),
				 err);
	bool ok = !err_is_set(err);

	if (ok && (!has || strcmp(has, "t") != 0))
		ok = grant_usage(at->source, role, err);
	free(has);
	return ok && pglogical_open_to_subscriber(at->source, role, err);
}

bool
pglogical_grant_truncators(const struct mechanism_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i;
	bool ok;

	ok = pg_ask(at->source, "pglogical_truncators", PG_NONE, &rows, err);
	for (i = 0; ok && i < rows.n_rows; i++)
		ok = grant_usage(at->source, rowset_get(&rows, i, "role"),
				 err);
	rowset_release(&rows);
	return ok;
}

bool
pglogical_make_nodes(const struct mechanism_at *at, struct err *err)
{
	struct strbuf source = STRBUF_INIT, destination = STRBUF_INIT;
	bool ok;

	mech_source_dsn(at, &source);
	ok = mech_destination_dsn(at, &destination, err) &&
	     make_node(at, at->source, PGLOGICAL_SOURCE_NODE, source.text,
		       err) &&
	     make_node(at, at->destination, PGLOGICAL_DESTINATION_NODE,
		       destination.text, err) &&
	     grant_to_replication(at, err);
	strbuf_release(&source);
	strbuf_release(&destination);
	return ok;
}
