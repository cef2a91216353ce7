/* SPDX-License-Identifier: PostgreSQL */
/*
 * The databases of the destination: made from template0 like those of the
 * source, or, where they exist (as "postgres" does), taken when nothing is in
 * them. What this step made is recorded before and after, since CREATE
 * DATABASE is no transaction.
 */
#include <stdlib.h>
#include <string.h>

#include "fence.h"
#include "mem.h"
#include "setup.h"

#define STEP "databases"

/* Copying template0 may take a while on a busy disk. */
#define CREATE_TIMEOUT 600

static bool
add_statement(struct op *op, const struct database *db,
	      const struct rowset *locale, char **sql, struct err *err)
{
	/* Closed to others from its first moment: see fence.h. */
	bool all = op->destination.superuser;
	const char *limit = all ? "0" : "-1";
	const char *owner = all ? op->destination.user : db->owner;

	*sql = pg_ask_value(
	    op->destination.pg, "database_create",
	    PG_BIND(db->name, db->encoding, rowset_text(locale, 0, "collate"),
		    rowset_text(locale, 0, "ctype"), owner, db->tablespace,
		    limit, rowset_text(locale, 0, "provider"),
		    rowset_get(locale, 0, "locale"),
		    rowset_get(locale, 0, "rules"),
		    db->is_template ? "true" : "false"),
	    err);
	return *sql != NULL;
}

static bool
create(struct op *op, const struct database *db, struct err *err)
{
	struct pg *pg = op->destination.pg;
	struct rowset locale = ROWSET_INIT;
	char *sql = NULL;
	long long id;
	bool ok;

	ok = pg_ask(op->source.pg, "database_locale", PG_BIND(db->name),
		    &locale, err) &&
	     add_statement(op, db, &locale, &sql, err) &&
	     setup_record(pg, CHANGE_DATABASE, db->name, NULL, NULL,
			  CHANGE_PLANNED, &id, err);
	if (ok) {
		pg_set_timeout(pg, CREATE_TIMEOUT);
		ok = pg_run(pg, sql, NULL, err) && registry_done(pg, id, err);
		pg_set_timeout(pg, 60);
	}
	if (ok)
		op_item(op, STEP, db->name, NULL, "ok", "%s", "made");
	free(sql);
	rowset_release(&locale);
	return ok;
}

/* A database that was there: of somebody else when something is in it. */
static bool
is_free(struct pg *pg, const char *name, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	struct strbuf found = STRBUF_INIT;
	bool ok = pg_ask(pg, "user_objects", PG_NONE, &rows, err);
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++) {
		strbuf_sep(&found, ", ");
		strbuf_add(&found, rows.values[i]);
	}
	if (ok && rows.n_rows > 0) {
		err_set(err, ERR_STATE,
			"database \"%s\" exists on the destination and is not "
			"empty",
			name);
		err_detail(err, "It has %s%s.", found.text,
			   rows.n_rows == 5 ? " and perhaps more" : "");
		err_hint(err, "Rename it, empty it, or exclude the database: "
			      "pgrepup never empties what it did not fill.");
		ok = false;
	}
	strbuf_release(&found);
	rowset_release(&rows);
	return ok;
}

static bool
same_encoding(const struct database *db, const struct rowset *there, size_t i,
	      struct err *err)
{
	const char *encoding = rowset_text(there, i, "encoding");

	if (strcmp(encoding, db->encoding) == 0)
		return true;
	err_set(err, ERR_STATE,
		"database \"%s\" has encoding %s on the destination and %s on "
		"the source",
		db->name, encoding, db->encoding);
	return false;
}

/* The first row of its load; one that is there stays. Until it is handed over
 * nobody else gets in. */
static bool
begin_load(struct op *op, const struct database *db, bool created,
	   struct err *err)
{
	struct pg *pg = op_connect(op, SIDE_DESTINATION, db->name, PG_PLAIN,
				   err);
	struct load load = {.state = LOAD_NONE};
	bool ok;

	ok = pg && load_read(pg, &load, err);
	if (ok && load.state == LOAD_NONE)
		ok = is_free(pg, db->name, err) && registry_open(pg, err) &&
		     load_create(pg, op->conf->name, created, err);
	ok = ok && load_refuse_other(&load, db->name, op->conf->name, err);
	if (ok && load.state != LOAD_HANDED_OVER)
		ok = fence_close(op, pg, db, created, STEP, err);
	load_release(&load);
	pg_close(pg);
	return ok;
}

/* What the destination has, and what of it is pgrepup's. */
struct there {
	struct rowset rows;
	struct change_list made;
};

static bool
make_database(struct op *op, const struct database *db, void *arg,
	      struct err *err)
{
	const struct there *there = arg;
	bool made = change_list_find(&there->made, CHANGE_DATABASE, "",
				     db->name, "") != NULL;
	size_t i;

	for (i = 0; i < there->rows.n_rows; i++)
		if (strcmp(rowset_text(&there->rows, i, "name"), db->name) == 0)
			break;
	if (i == there->rows.n_rows)
		return create(op, db, err) && begin_load(op, db, true, err);
	return same_encoding(db, &there->rows, i, err) &&
	       begin_load(op, db, made, err);
}

bool
setup_databases(struct op *op, struct err *err)
{
	struct there there = {.rows = ROWSET_INIT};
	bool ok;

	ok = pg_ask(op->destination.pg, "databases", PG_NONE, &there.rows,
		    err) &&
	     registry_list(op->destination.pg, CHANGE_DATABASE, &there.made,
			   err) &&
	     op_each_database(op, 1, make_database, &there, err);
	rowset_release(&there.rows);
	change_list_release(&there.made);
	return ok;
}
