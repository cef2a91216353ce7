/* SPDX-License-Identifier: PostgreSQL */
/* The schema of a database as rows, kept and compared. */
#include "schema.h"

#include <stdlib.h>
#include <string.h>

#include "internal_option.h"
#include "mem.h"
#include "sqlcat.h"

#define MAX_LINES 20

/* Statements that bring rows, and which parts they belong to. */
static const struct {
	const char *statement;
	bool exact; /* of SCHEMA_PRE_DATA */
	bool whole; /* of SCHEMA_WHOLE */
	bool firing; /* of SCHEMA_FIRING */
	bool options; /* $2: which options are no part of a schema */
} sources[] = {
	{.statement = "schema_schemas", .exact = true, .whole = true},
	{.statement = "schema_relations", .exact = true, .whole = true},
	{.statement = "schema_columns", .exact = true, .whole = true},
	{.statement = "schema_options",
	 .exact = true,
	 .whole = true,
	 .options = true},
	{.statement = "schema_sequences", .exact = true, .whole = true},
	{.statement = "schema_types", .exact = true, .whole = true},
	{.statement = "schema_functions", .exact = true, .whole = true},
	{.statement = "schema_checks", .exact = true},
	{.statement = "schema_identity", .exact = true},
	{.statement = "schema_constraints", .whole = true},
	{.statement = "schema_indexes", .whole = true},
	{.statement = "schema_triggers", .whole = true},
	{.statement = "schema_policies", .whole = true},
	{.statement = "schema_firing", .firing = true},
};

/* What those that are kept are called there. */
static const char *const kept_names[] = {
	[SCHEMA_PRE_DATA] = "pre-data",
	[SCHEMA_FIRING] = "firing",
};

/* One row of those that are being gathered; its values belong to the rows. */
struct line {
	char *values[3]; /* kind, name, definition */
};

static int
compare_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int
compare_line(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int i, order = 0;

	for (i = 0; i < 3 && order == 0; i++)
		order = compare_text(x->values[i], y->values[i]);
	return order;
}

static void
sort_rows(struct rowset *rows)
{
	if (rows->n_rows > 1)
		qsort(rows->values, rows->n_rows, sizeof(struct line),
		      compare_line);
}

/* Takes the rows of more over; both have the three columns. */
static void
append(struct rowset *rows, struct rowset *more)
{
	size_t n = rows->n_rows * 3, n_more = more->n_rows * 3;

	if (rows->n_columns == 0) {
		rowset_release(rows);
		*rows = *more;
		*more = (struct rowset)ROWSET_INIT;
		return;
	}
	if (n_more > 0) {
		rows->values = mem_resize(rows->values, n + n_more,
					  sizeof(char *));
		memcpy(rows->values + n, more->values,
		       n_more * sizeof(char *));
		memset(more->values, 0, n_more * sizeof(char *));
		rows->n_rows += more->n_rows;
	}
	rowset_release(more);
}

static bool
belongs(size_t i, enum schema_part part)
{
	switch (part) {
	case SCHEMA_PRE_DATA:
		return sources[i].exact;
	case SCHEMA_OBJECTS:
		return sources[i].whole && sources[i].exact;
	case SCHEMA_POST_DATA:
		return sources[i].whole && !sources[i].exact;
	case SCHEMA_FIRING:
		return sources[i].firing;
	case SCHEMA_WHOLE:
		break;
	}
	return sources[i].whole;
}

static bool
read_parts(struct pg *pg, enum schema_part part, struct rowset *rows,
	   struct err *err)
{
	const char *exact = part == SCHEMA_PRE_DATA ? "true" : "false";
	char *internal = internal_option_array();
	struct rowset more = ROWSET_INIT;
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < LENGTH_OF(sources); i++) {
		if (!belongs(i, part) ||
		    !sqlcat_find(sources[i].statement, pg_version(pg)))
			continue;
		ok = sources[i].options
			 ? pg_ask(pg, sources[i].statement,
				  PG_BIND(exact, internal), &more, err)
			 : pg_ask(pg, sources[i].statement, PG_BIND(exact),
				  &more, err);
		if (ok)
			append(rows, &more);
	}
	free(internal);
	return ok;
}

bool
schema_read(struct pg *pg, enum schema_part part, struct rowset *rows,
	    struct err *err)
{
	double was = pg_set_timeout(pg, SCHEMA_TIMEOUT);
	bool ok;

	rowset_release(rows);
	ok = read_parts(pg, part, rows, err);
	pg_set_timeout(pg, was);
	if (ok)
		sort_rows(rows);
	return ok;
}

/* One of the three columns as the text of an array. */
static char *
column_array(const struct rowset *rows, size_t column)
{
	struct strbuf array = STRBUF_INIT;
	const char *c;
	size_t i;

	strbuf_addc(&array, '{');
	for (i = 0; i < rows->n_rows; i++) {
		if (i > 0)
			strbuf_addc(&array, ',');
		c = rows->values[i * 3 + column];
		if (!c) {
			strbuf_add(&array, "NULL");
			continue;
		}
		strbuf_addc(&array, '"');
		for (; *c; c++) {
			if (*c == '"' || *c == '\\')
				strbuf_addc(&array, '\\');
			strbuf_addc(&array, *c);
		}
		strbuf_addc(&array, '"');
	}
	strbuf_addc(&array, '}');
	return strbuf_detach(&array);
}

bool
schema_store(struct pg *destination, enum schema_part part,
	     const struct rowset *rows, struct err *err)
{
	char *kinds = column_array(rows, 0), *names = column_array(rows, 1);
	char *definitions = column_array(rows, 2);
	bool ok;

	ok = pg_ask(destination, "schema_forget", PG_BIND(kept_names[part]),
		    NULL, err) &&
	     pg_ask(destination, "schema_store",
		    PG_BIND(kept_names[part], kinds, names, definitions), NULL,
		    err);
	free(kinds);
	free(names);
	free(definitions);
	return ok;
}

bool
schema_stored(struct pg *destination, enum schema_part part,
	      struct rowset *rows, struct err *err)
{
	double was = pg_set_timeout(destination, SCHEMA_TIMEOUT);
	bool ok = pg_ask(destination, "schema_stored",
			 PG_BIND(kept_names[part]), rows, err);

	pg_set_timeout(destination, was);
	if (ok)
		sort_rows(rows);
	return ok;
}

/* What people can read of a definition: a hash after " #" is not for them. */
static size_t
readable(const char *definition)
{
	const char *hash = definition ? strstr(definition, " #") : NULL;

	if (hash)
		return (size_t)(hash - definition);
	return definition ? strlen(definition) : 0;
}

static void
say_missing(struct strbuf *text, const struct line *line, const char *where)
{
	strbuf_sep(text, "\n");
	strbuf_addf(text, "%s %s is missing %s", line->values[0],
		    line->values[1], where);
}

static void
say_differs(struct strbuf *text, const struct line *from,
	    const char *from_name, const struct line *to, const char *to_name)
{
	const char *a = from->values[2] ? from->values[2] : "";
	const char *b = to->values[2] ? to->values[2] : "";
	size_t n_a = readable(a), n_b = readable(b);

	strbuf_sep(text, "\n");
	strbuf_addf(text, "%s %s differs", from->values[0], from->values[1]);
	if (n_a != n_b || strncmp(a, b, n_a) != 0)
		strbuf_addf(text, ": \"%.*s\" %s, \"%.*s\" %s", (int)n_a, a,
			    from_name, (int)n_b, b, to_name);
}

static int
compare_name(const struct line *a, const struct line *b)
{
	int order = compare_text(a->values[0], b->values[0]);

	return order ? order : compare_text(a->values[1], b->values[1]);
}

/* extra: what only "to" has is a difference as well. */
static size_t
differences(const struct rowset *from, const char *from_name,
	    const struct rowset *to, const char *to_name, bool extra,
	    struct strbuf *text)
{
	const struct line *a = (const struct line *)from->values;
	const struct line *b = (const struct line *)to->values;
	const struct line *a_end = a + from->n_rows, *b_end = b + to->n_rows;
	struct strbuf rest = STRBUF_INIT, *out;
	size_t n = 0;
	int order;

	while (a < a_end || b < b_end) {
		out = n < MAX_LINES ? text : &rest;
		order = a == a_end ? 1 : b == b_end ? -1 : compare_name(a, b);
		if (order < 0) {
			say_missing(out, a++, to_name);
			n++;
		} else if (order > 0) {
			if (extra)
				say_missing(out, b, from_name);
			n += extra;
			b++;
		} else {
			if (compare_line(a, b) != 0) {
				say_differs(out, a, from_name, b, to_name);
				n++;
			}
			a++;
			b++;
		}
	}
	strbuf_release(&rest);
	return n;
}

size_t
schema_differences(const struct rowset *from, const char *from_name,
		   const struct rowset *to, const char *to_name,
		   struct strbuf *text)
{
	return differences(from, from_name, to, to_name, true, text);
}

size_t
schema_lacks(const struct rowset *from, const char *from_name,
	     const struct rowset *to, const char *to_name, struct strbuf *text)
{
	return differences(from, from_name, to, to_name, false, text);
}
