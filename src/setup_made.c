/* SPDX-License-Identifier: PostgreSQL */
/*
 * Is the schema there that was expected? What the source's catalogs have, the
 * destination's must have after the restore, before any row is copied: a dump
 * that was read wrongly, or a server that makes something else of it, is seen
 * now and not when start compares them after hours of copying.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "restore.h"
#include "schema.h"
#include "setup.h"

/*
 * Kinds of rows (schema.h) that pg_dump may put off until after the rows: what
 * needs a primary key, such as a view that is grouped by one, or a function
 * whose body is a query like that.
 */
static const struct {
	const char *kind;
	const char *class; /* of the statement that makes it then */
} put_off[] = {
	{"function", "FUNCTION"},
	{"function", "PROCEDURE"},
	{"function", "AGGREGATE"},
	{"materialized view", "MATERIALIZED VIEW"},
	{"column", "MATERIALIZED VIEW"},
	{"options of column", "MATERIALIZED VIEW"},
};

static bool
makes(const struct statement *s, const char *kind, const char *schema,
      const char *name)
{
	size_t i;

	if (strcmp(s->verb, "CREATE") != 0 ||
	    strcmp(s->schema, schema) != 0 || strcmp(s->name, name) != 0)
		return false;
	for (i = 0; i < LENGTH_OF(put_off); i++)
		if (strcmp(put_off[i].kind, kind) == 0 &&
		    strcmp(put_off[i].class, s->class) == 0)
			return true;
	return false;
}

/* Will an entry of that script make what the row is about? */
static bool
is_to_come(const struct restore_script *script, const char *kind,
	   const char *row_name)
{
	char *schema, *name;
	bool found = false;
	size_t i;

	statement_names(row_name, &schema, &name);
	for (i = 0; i < script->n && !found; i++)
		found = makes(&script->entries[i].about, kind, schema, name);
	free(schema);
	free(name);
	return found;
}

/* Takes what is to come out of the rows; their order stays. */
static void
leave_out(struct rowset *rows, const struct restore_script *script)
{
	size_t i, c, n = 0, width = rows->n_columns;
	char **row;

	for (i = 0; i < rows->n_rows; i++) {
		row = rows->values + i * width;
		if (is_to_come(script, row[0], row[1])) {
			for (c = 0; c < width; c++)
				free(row[c]);
			continue;
		}
		memmove(rows->values + n++ * width, row, width * sizeof(*row));
	}
	rows->n_rows = n;
}

/* Only now is it asked what comes later: hardly any database has such. */
static bool
expect_less(struct op *op, const char *database, struct rowset *expected,
	    struct err *err)
{
	struct strbuf text = STRBUF_INIT;
	struct restore_script script = {0};
	bool ok;

	ok = restore_dump(op, database, "post-data", NULL, &text, err) &&
	     restore_parse(text.text, &script, err);
	if (ok)
		leave_out(expected, &script);
	restore_script_release(&script);
	strbuf_release(&text);
	return ok;
}

static size_t
differences(const struct rowset *expected, const struct rowset *made,
	    struct strbuf *text)
{
	strbuf_reset(text);
	return schema_lacks(expected, "on the source", made,
			    "on the destination", text);
}

bool
setup_compare_schemas(struct op *op, const char *database, struct pg *source,
		      struct pg *destination, struct err *err)
{
	struct rowset expected = ROWSET_INIT, made = ROWSET_INIT;
	struct strbuf text = STRBUF_INIT;
	size_t n = 0;
	bool ok;

	ok = schema_read(source, SCHEMA_OBJECTS, &expected, err) &&
	     schema_read(destination, SCHEMA_OBJECTS, &made, err);
	if (ok)
		n = differences(&expected, &made, &text);
	if (n > 0) {
		ok = expect_less(op, database, &expected, err);
		n = differences(&expected, &made, &text);
	}
	if (ok && n > 0) {
		err_set(err, ERR_STATE,
			"the schema of database \"%s\" is not the same on the "
			"destination",
			database);
		err_detail(err, "%s", text.text);
		err_hint(err, "Make the destination like the source, then run "
			      "`pgrepup setup` again.");
	}
	strbuf_release(&text);
	rowset_release(&expected);
	rowset_release(&made);
	return ok && n == 0;
}
