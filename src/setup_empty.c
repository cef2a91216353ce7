/* SPDX-License-Identifier: PostgreSQL */
/*
 * Emptying a database that pgrepup filled. One object a transaction: a schema
 * of many thousand tables would need more locks than a server has. Before
 * anything goes, the load is set back to "made" with nothing restored: killed
 * half-way, start refuses the database, and setup --again goes on.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "setup.h"
#include "sqlcat.h"

/* A view may stand on another that is dropped later: more than one round. */
#define ROUNDS 5

static bool
drop_one(struct pg *pg, const char *what, bool *refused, struct err *err)
{
	struct err failed = ERR_INIT;
	char *sql = mem_printf("DROP %s", what);
	bool ok = pg_run(pg, sql, NULL, &failed);

	free(sql);
	*refused = !ok && failed.kind == ERR_SERVER;
	if (!ok && !*refused)
		err_move(err, &failed);
	err_release(&failed);
	return ok || *refused;
}

/* Drops what a statement lists; left is how many were refused. */
static bool
drop_listed(struct pg *pg, const char *statement, struct pg_bind bind,
	    size_t *left, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool refused, ok = pg_ask(pg, statement, bind, &rows, err);
	size_t i;

	*left = 0;
	for (i = 0; ok && i < rows.n_rows; i++) {
		ok = drop_one(pg, rows.values[i], &refused, err);
		*left += refused;
	}
	rowset_release(&rows);
	return ok;
}

static bool
drop_all(struct pg *pg, const char *extensions, struct err *err)
{
	size_t relations, objects, publications;
	int i;

	/* A table that is published may keep its rows from being deleted. */
	if (sqlcat_find("empty_publications", pg_version(pg)) &&
	    !drop_listed(pg, "empty_publications", PG_NONE, &publications,
			 err))
		return false;
	for (i = 0; i < ROUNDS; i++) {
		if (!drop_listed(pg, "empty_relations", PG_NONE, &relations,
				 err) ||
		    !drop_listed(pg, "empty_objects", PG_BIND(extensions),
				 &objects, err))
			return false;
		if (relations == 0 && objects == 0)
			return true;
	}
	return true;
}

static bool
is_empty(struct pg *pg, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(pg, "empty_relations", PG_NONE, &rows, err);

	if (ok && rows.n_rows > 0) {
		err_set(err, ERR_SERVER,
			"%zu objects of database \"%s\" could not be dropped",
			rows.n_rows, pg_dbname(pg));
		err_detail(err, "One is %s.", rowset_text(&rows, 0, "name"));
		ok = false;
	}
	rowset_release(&rows);
	return ok;
}

bool
setup_empty_begin(struct pg *destination, enum load_state state,
		  struct err *err)
{
	if (pg_begin(destination, err) &&
	    pg_ask(destination, "empty_begin", PG_NONE, NULL, err) &&
	    load_advance(destination, state, LOAD_MADE, NULL, err) &&
	    pg_commit(destination, err))
		return true;
	pg_rollback(destination);
	return false;
}

bool
setup_empty(struct op *op, struct pg *destination, const struct load *load,
	    struct err *err)
{
	struct err ignored = ERR_INIT;
	bool ok;

	pg_set_timeout(destination, 0);
	/* Nobody else is there; whoever comes shall not make us wait. */
	pg_run(destination, "SET lock_timeout = '60s'", NULL, &ignored);
	err_release(&ignored);
	ok = drop_all(destination, load->created ? "true" : "false", err) &&
	     is_empty(destination, err) &&
	     pg_ask(destination, "empty_forget", PG_NONE, NULL, err);
	if (ok)
		op_item(op, "again", pg_dbname(destination), NULL, "ok", "%s",
			"emptied");
	return ok;
}
