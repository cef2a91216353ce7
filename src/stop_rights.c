/* SPDX-License-Identifier: PostgreSQL */
/*
 * Stop: nobody gets back on the destination what was taken from him on the
 * source since setup: rights on objects, and default privileges. What is less
 * there is told by stop_schema.c.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "revoked.h"
#include "stop.h"
#include "strbuf.h"

#define COLUMNS 4
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

/* What the destination has and the source has not; counted and written. */
static size_t
excess(const struct rowset *source, const struct rowset *destination,
       struct strbuf *text)
{
	char ***there = sorted(source), ***here = sorted(destination);
	size_t i, n = 0;
	char **row;

	for (i = 0; i < destination->n_rows; i++) {
		row = here[i];
		if (source->n_rows > 0 &&
		    bsearch(&row, there, source->n_rows, sizeof(*there),
			    compare_pointers))
			continue;
		if (++n > MAX_LINES)
			continue;
		strbuf_sep(text, "\n");
		strbuf_addf(text, "%s on %s %s to %s", row[3], row[0], row[1],
			    row[2]);
	}
	if (n > MAX_LINES)
		strbuf_addf(text, "\nand %zu more", n - MAX_LINES);
	free(there);
	free(here);
	return n;
}

static bool
judge(struct stop *s, size_t n, const struct strbuf *text, struct err *err)
{
	if (n == 0)
		return true;
	if (s->op->options.force) {
		op_item(s->op, "tables", s->db->name, "rights", "warn",
			"on the destination only: %s", text->text);
		return true;
	}
	err_set(err, ERR_NEGATIVE,
		"rights that the source does not give any more: %zu", n);
	err_detail(err, "%s", text->text);
	err_hint(err, "REVOKE them on the destination as well, or GRANT them "
		      "on the source; --force lets them be.");
	return false;
}

/* What setup took from PUBLIC, or was taken from it on the source since. */
struct open_functions {
	struct strbuf *text;
	size_t n;
};

static bool
add_function(void *arg, const struct revoked *f, struct err *err)
{
	struct open_functions *open = arg;

	(void)err;
	if (!f->what || ++open->n > MAX_LINES)
		return true;
	strbuf_sep(open->text, "\n");
	strbuf_addf(open->text, "EXECUTE on %s to PUBLIC", f->what);
	return true;
}

bool
stop_check_rights(struct stop *s, struct err *err)
{
	struct rowset source = ROWSET_INIT, destination = ROWSET_INIT;
	struct strbuf text = STRBUF_INIT;
	struct open_functions open = {.text = &text};
	size_t n = 0;
	bool ok;

	ok = pg_ask(s->source, "stop_rights", PG_NONE, &source, err) &&
	     pg_ask(s->destination, "stop_rights", PG_NONE, &destination,
		    err);
	if (ok)
		n = excess(&source, &destination, &text);
	ok = ok &&
	     revoked_each(s->source, s->destination, add_function, &open,
			  err) &&
	     judge(s, n + open.n, &text, err);
	strbuf_release(&text);
	rowset_release(&source);
	rowset_release(&destination);
	return ok;
}
