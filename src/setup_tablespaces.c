/* SPDX-License-Identifier: PostgreSQL */
/*
 * Tablespaces: made when missing, at the same location. Servers of different
 * majors can share one, each in a folder of its own.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "setup.h"

#define STEP "globals"

static bool
has_tablespace(const struct rowset *rows, const char *name)
{
	size_t i;

	for (i = 0; i < rows->n_rows; i++)
		if (strcmp(rowset_text(rows, i, "name"), name) == 0)
			return true;
	return false;
}

/* Its options, comment and privileges; what is refused is said. */
static bool
dress(struct op *op, const struct rowset *rows, size_t i, struct err *err)
{
	struct pg *pg = op->destination.pg;
	const char *name = rowset_text(rows, i, "name");
	const char *options = rowset_get(rows, i, "options");
	const char *comment = rowset_get(rows, i, "comment");
	struct rowset grants = ROWSET_INIT;
	struct strbuf what = STRBUF_INIT, sql = STRBUF_INIT;
	bool ok = true;

	strbuf_add(&what, "TABLESPACE ");
	strbuf_ident(&what, name);
	if (options && *options) {
		strbuf_addf(&sql, "ALTER %s SET (%s)", what.text, options);
		ok = setup_try(op, pg, STEP, name, sql.text, err);
	}
	if (ok && comment) {
		strbuf_reset(&sql);
		strbuf_addf(&sql, "COMMENT ON %s IS ", what.text);
		strbuf_literal(&sql, comment);
		ok = setup_try(op, pg, STEP, name, sql.text, err);
	}
	ok = ok && pg_ask(op->source.pg, "tablespace_grants", PG_BIND(name),
			  &grants, err) &&
	     setup_grant_all(op, pg, STEP, what.text, name, &grants, err);
	rowset_release(&grants);
	strbuf_release(&what);
	strbuf_release(&sql);
	return ok;
}

static bool
make(struct op *op, const struct rowset *rows, size_t i, size_t *failed,
     struct err *err)
{
	const char *name = rowset_text(rows, i, "name");
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "CREATE TABLESPACE ");
	strbuf_ident(&sql, name);
	strbuf_add(&sql, " OWNER ");
	strbuf_ident(&sql, rowset_text(rows, i, "owner"));
	strbuf_add(&sql, " LOCATION ");
	strbuf_literal(&sql, rowset_text(rows, i, "location"));
	ok = pg_run(op->destination.pg, sql.text, NULL, err);
	strbuf_release(&sql);
	if (ok) {
		op_item(op, STEP, NULL, name, "ok", "tablespace made at %s",
			rowset_text(rows, i, "location"));
		return dress(op, rows, i, err);
	}
	if (err->kind != ERR_SERVER)
		return false;
	op_item(op, STEP, NULL, name, "ko",
		"tablespace could not be made at %s: %s",
		rowset_text(rows, i, "location"), err->message);
	err_release(err);
	++*failed;
	return true;
}

bool
setup_tablespaces(struct op *op, struct err *err)
{
	struct rowset from = ROWSET_INIT, to = ROWSET_INIT;
	size_t i, failed = 0;
	bool ok;

	ok = pg_ask(op->source.pg, "tablespaces_all", PG_NONE, &from, err) &&
	     pg_ask(op->destination.pg, "tablespaces_all", PG_NONE, &to, err);
	for (i = 0; ok && i < from.n_rows; i++)
		if (!has_tablespace(&to, rowset_text(&from, i, "name")))
			ok = make(op, &from, i, &failed, err);
	if (ok && failed > 0) {
		err_set(err, ERR_SERVER, "%zu %s could not be made", failed,
			failed == 1 ? "tablespace" : "tablespaces");
		err_hint(err, "Make a tablespace of that name on the "
			      "destination, at any location.");
		ok = false;
	}
	rowset_release(&from);
	rowset_release(&to);
	return ok;
}
