/* SPDX-License-Identifier: PostgreSQL */
/*
 * Stop: nobody gets back on the destination what was taken from him on the
 * source since setup: rights on objects, default privileges, and rights on what
 * no user has made, where releases differ: of those counts what somebody gave
 * on the destination, or took on the source. What is less there is told by
 * stop_schema.c.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "revoked.h"
#include "sqlcat.h"
#include "stop.h"
#include "strbuf.h"

#define COLUMNS 4 /* kind, name, grantee, privilege */
#define MAX_LINES 10

static int
compare_rows(char *const *a, char *const *b)
{
	int i, order = 0;

	for (i = 0; i < COLUMNS && order == 0; i++)
		order = strcmp(a[i] ? a[i] : "", b[i] ? b[i] : "");
	return order;
}

static int
compare_pointers(const void *a, const void *b)
{
	return compare_rows(*(char *const *const *)a, *(char *const *const *)b);
}

/* Rows of n_columns values each, in the order of strcmp. */
static char ***
sorted(const struct rowset *rows)
{
	char ***list = MEM_ARRAY(char **, rows->n_rows + 1);
	size_t i;

	for (i = 0; i < rows->n_rows; i++)
		list[i] = rows->values + i * rows->n_columns;
	qsort(list, rows->n_rows, sizeof(*list), compare_pointers);
	return list;
}

/* A right of the destination, and the same on the source or NULL. */
static bool
is_more(char *const *here, char *const *there)
{
	(void)here;
	return !there;
}

/* The same of rows of stop_catalog_rights, which also tell whether it is so now
 * and was so when the object was made: that is each release's own affair. */
static bool
is_more_than_made(char *const *here, char *const *there)
{
	enum { NOW = COLUMNS, INITIAL };
	bool now = strcmp(here[NOW], "t") == 0;

	if (there)
		return now && strcmp(there[NOW], "t") != 0;
	return now && strcmp(here[INITIAL], "t") != 0;
}

static const struct {
	const char *statement;
	bool (*is_more)(char *const *here, char *const *there);
} compared[] = {
	{"stop_rights", is_more},
	{"stop_catalog_rights", is_more_than_made},
};

/* What the destination has and the source has not. */
struct excess {
	struct strbuf text; /* MAX_LINES of them */
	size_t n;
};

/* Counts one; false when there is no room to write it. */
static bool
begin_line(struct excess *excess)
{
	if (++excess->n > MAX_LINES)
		return false;
	strbuf_sep(&excess->text, "\n");
	return true;
}

static void
compare(const struct rowset *source, const struct rowset *destination,
	size_t kind, struct excess *excess)
{
	char ***there = sorted(source), ***here = sorted(destination);
	char ***found;
	size_t i;

	for (i = 0; i < destination->n_rows; i++) {
		found = source->n_rows == 0
			    ? NULL
			    : bsearch(&here[i], there, source->n_rows,
				      sizeof(*there), compare_pointers);
		if (compared[kind].is_more(here[i], found ? *found : NULL) &&
		    begin_line(excess))
			strbuf_addf(&excess->text, "%s on %s %s to %s",
				    here[i][3], here[i][0], here[i][1],
				    here[i][2]);
	}
	free(there);
	free(here);
}

static bool
compare_rights(struct stop *s, size_t kind, struct excess *excess,
	       struct err *err)
{
	const char *statement = compared[kind].statement;
	struct rowset source = ROWSET_INIT, destination = ROWSET_INIT;
	bool ok;

	if (!sqlcat_find(statement, pg_version(s->source)))
		return true;
	ok = pg_ask(s->source, statement, PG_NONE, &source, err) &&
	     pg_ask(s->destination, statement, PG_NONE, &destination, err);
	if (ok)
		compare(&source, &destination, kind, excess);
	rowset_release(&source);
	rowset_release(&destination);
	return ok;
}

static bool
judge(struct stop *s, struct excess *excess, struct err *err)
{
	if (excess->n == 0)
		return true;
	if (excess->n > MAX_LINES)
		strbuf_addf(&excess->text, "\nand %zu more",
			    excess->n - MAX_LINES);
	if (s->op->options.force) {
		op_item(s->op, "tables", s->db->name, "rights", "warn",
			"on the destination only: %s", excess->text.text);
		return true;
	}
	err_set(err, ERR_NEGATIVE,
		"rights that the source does not give any more: %zu",
		excess->n);
	err_detail(err, "%s", excess->text.text);
	err_hint(err, "REVOKE them on the destination as well, or GRANT them "
		      "on the source; --force lets them be.");
	return false;
}

/* What setup took from PUBLIC, or was taken from it on the source since. */
static bool
add_function(void *arg, const struct revoked *f, struct err *err)
{
	struct excess *excess = arg;

	(void)err;
	if (f->what && begin_line(excess))
		strbuf_addf(&excess->text, "EXECUTE on %s to PUBLIC", f->what);
	return true;
}

bool
stop_check_rights(struct stop *s, struct err *err)
{
	struct excess excess = {.text = STRBUF_INIT};
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < LENGTH_OF(compared); i++)
		ok = compare_rights(s, i, &excess, err);
	ok = ok &&
	     revoked_each(s->source, s->destination, add_function, &excess,
			  err) &&
	     judge(s, &excess, err);
	strbuf_release(&excess.text);
	return ok;
}
