/* SPDX-License-Identifier: PostgreSQL */
/*
 * Stop: copied tables that are on both sides by their names, and are not the
 * same any more. A table that was dropped and made anew is not replicated,
 * one that lost its key not in its deletes, and a column that nobody has
 * written to since does not even make replication fail.
 */
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "mem.h"
#include "stop.h"

/* Borrowed from the rows that they are of. */
struct table {
	const char *name;
	const char *definition;
};

struct tables {
	struct rowset rows;
	struct table *items; /* sorted by name */
	size_t n;
};

static int
compare_names(const void *a, const void *b)
{
	return strcmp(((const struct table *)a)->name,
		      ((const struct table *)b)->name);
}

static bool
read(struct pg *pg, const char *statement, struct pg_bind bind,
     struct tables *t, struct err *err)
{
	size_t i;

	if (!pg_ask(pg, statement, bind, &t->rows, err))
		return false;
	t->n = t->rows.n_rows;
	t->items = MEM_ARRAY(struct table, t->n);
	for (i = 0; i < t->n; i++)
		t->items[i] = (struct table){
			.name = rowset_text(&t->rows, i, "name"),
			.definition = rowset_get(&t->rows, i, "definition"),
		};
	qsort(t->items, t->n, sizeof(*t->items), compare_names);
	return true;
}

static void
release(struct tables *t)
{
	rowset_release(&t->rows);
	free(t->items);
}

/* NULL: it is not there. */
static const char *
find(const struct tables *t, const char *name)
{
	struct table key = {.name = name};
	const struct table *found = NULL;

	if (t->n > 0)
		found = bsearch(&key, t->items, t->n, sizeof(key),
				compare_names);
	return found ? found->definition : NULL;
}

/* One that is missing is told where the lists of tables are compared. */
static bool
differs(const char *a, const char *b)
{
	return a && b && strcmp(a, b) != 0;
}

/* Without what comes behind it: the number of the key. */
static bool
differs_in_words(const char *a, const char *b)
{
	size_t n = a ? strcspn(a, "#") : 0;

	return a && b && (n != strcspn(b, "#") || strncmp(a, b, n) != 0);
}

/* What is compared: a table as it was at setup with what it is on the source
 * now, and its columns on both sides. */
struct sight {
	struct tables copied;
	struct tables now;
	struct tables source;
	struct tables destination;
};

static bool
look(struct stop *s, struct sight *at, struct err *err)
{
	return read(s->destination, "copied_identity", PG_NONE, &at->copied,
		    err) &&
	       read(s->source, "schema_identity", PG_BIND("true"), &at->now,
		    err) &&
	       read(s->source, "stop_columns", PG_NONE, &at->source, err) &&
	       read(s->destination, "stop_columns", PG_NONE,
		    &at->destination, err);
}

static void
sight_release(struct sight *at)
{
	release(&at->copied);
	release(&at->now);
	release(&at->source);
	release(&at->destination);
}

/* Says what is different in a table; true: something is. */
static bool
say_altered(struct stop *s, const struct sight *at, const struct table *table)
{
	const char *name = table->name, *then = table->definition;
	const char *now = find(&at->now, name);
	const char *source = find(&at->source, name);
	const char *destination = find(&at->destination, name);
	bool identity = differs_in_words(then, now);
	/* Others refuse what could not travel meanwhile. */
	bool again = !identity && s->op->mechanism->unguarded &&
		     differs(then, now);
	bool columns = differs(source, destination);

	if (identity)
		op_item(s->op, "tables", s->db->name, name, "ko",
			"was \"%.*s\" at setup and is \"%.*s\" on the source "
			"now: its changes since do not travel",
			(int)strcspn(then, "#"), then, (int)strcspn(now, "#"),
			now);
	if (again)
		op_item(s->op, "tables", s->db->name, name, "ko", "%s",
			"its key was dropped on the source and made again "
			"since setup: what was deleted meanwhile did not "
			"travel");
	if (columns)
		op_item(s->op, "tables", s->db->name, name, "ko",
			"has columns %s on the source and %s on the "
			"destination",
			source, destination);
	return identity || again || columns;
}

static bool
refuse(const struct stop *s, size_t n, struct err *err)
{
	char *anew = advice_anew(s->db->name);

	err_set(err, ERR_NEGATIVE, "altered on the source since setup: %zu %s",
		n, n == 1 ? "table" : "tables");
	err_hint(err, "To copy the database anew run %s; columns can also be "
		      "made the same by hand.",
		 anew);
	free(anew);
	return false;
}

bool
stop_check_altered(struct stop *s, struct err *err)
{
	struct sight at = {.copied = {.n = 0}};
	size_t i, n = 0;
	bool ok = look(s, &at, err);

	for (i = 0; ok && i < at.copied.n; i++)
		n += say_altered(s, &at, &at.copied.items[i]);
	sight_release(&at);
	return ok && (n == 0 || refuse(s, n, err));
}
