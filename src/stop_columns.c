/* SPDX-License-Identifier: PostgreSQL */
/*
 * Stop: columns that are on both sides by name and type, and whose old rows are
 * not the same. A column that was dropped and added again, or two that have
 * exchanged their names, rewrites no row and sends none; a DEFAULT that was
 * worked out on each side for itself (now()) gives them two values.
 */
#include <stdlib.h>

#include "advice.h"
#include "mem.h"
#include "sqlcat.h"
#include "stop.h"
#include "strbuf.h"

/* Arrays for the statements: the tables that were copied, and their columns. */
struct then {
	struct strbuf tables;
	struct strbuf columns;
};

static void
add_column(const struct rowset *rows, const char *column, struct strbuf *array)
{
	size_t i;

	for (i = 0; i < rows->n_rows; i++)
		strbuf_array(array, rowset_text(rows, i, column));
	strbuf_array_end(array);
}

static bool
read_then(struct stop *s, struct then *then, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(s->destination, "copied_columns", PG_NONE, &rows, err);

	add_column(&rows, "name", &then->tables);
	add_column(&rows, "columns", &then->columns);
	rowset_release(&rows);
	return ok;
}

static size_t
say(struct stop *s, const struct rowset *rows, const char *what)
{
	const char *state = s->op->options.force ? "warn" : "ko";
	size_t i;

	for (i = 0; i < rows->n_rows; i++)
		op_item(s->op, "tables", s->db->name,
			rowset_text(rows, i, "name"), state,
			"column \"%s\" %s", rowset_text(rows, i, "column"),
			what);
	return rows->n_rows;
}

static bool
say_moved(struct stop *s, const struct then *then, size_t *n, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(s->source, "columns_moved",
			 PG_BIND(then->tables.text, then->columns.text), &rows,
			 err);

	if (ok)
		*n += say(s, &rows,
			  "was dropped and made anew on the source since start, "
			  "or has another's name: its old values do not travel");
	rowset_release(&rows);
	return ok;
}

static bool
say_filled(struct stop *s, const struct rowset *added, size_t *n,
	   struct err *err)
{
	struct strbuf tables = STRBUF_INIT, columns = STRBUF_INIT;
	struct strbuf values = STRBUF_INIT;
	struct rowset rows = ROWSET_INIT;
	bool ok;

	add_column(added, "name", &tables);
	add_column(added, "column", &columns);
	add_column(added, "value", &values);
	ok = pg_ask(s->destination, "columns_filled",
		    PG_BIND(tables.text, columns.text, values.text), &rows,
		    err);
	if (ok)
		*n += say(s, &rows,
			  "was added on each side with a DEFAULT of its own: "
			  "rows of before have two values");
	strbuf_release(&tables);
	strbuf_release(&columns);
	strbuf_release(&values);
	rowset_release(&rows);
	return ok;
}

static bool
say_added(struct stop *s, const struct then *then, size_t *n, struct err *err)
{
	struct rowset added = ROWSET_INIT;
	bool ok;

	if (!sqlcat_find("columns_added", pg_version(s->source)))
		return true;
	ok = pg_ask(s->source, "columns_added",
		    PG_BIND(then->tables.text, then->columns.text), &added,
		    err);
	if (ok && added.n_rows > 0)
		ok = say_filled(s, &added, n, err);
	rowset_release(&added);
	return ok;
}

static bool
refuse(const struct stop *s, size_t n, struct err *err)
{
	char *anew = advice_anew(s->db->name);

	err_set(err, ERR_NEGATIVE,
		"with other old values than on the source: %zu %s", n,
		n == 1 ? "column" : "columns");
	err_hint(err, "When their rows are the same on both sides (compare "
		      "them), --force goes on. Else run %s.",
		 anew);
	free(anew);
	return false;
}

bool
stop_check_columns(struct stop *s, struct err *err)
{
	struct then then = {STRBUF_INIT, STRBUF_INIT};
	size_t n = 0;
	bool ok = read_then(s, &then, err) && say_moved(s, &then, &n, err) &&
		  say_added(s, &then, &n, err);

	strbuf_release(&then.tables);
	strbuf_release(&then.columns);
	return ok && (n == 0 || s->op->options.force || refuse(s, n, err));
}
