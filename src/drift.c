/* SPDX-License-Identifier: PostgreSQL */
/*
 * Where tables have drifted apart: asked when replication is down and no log
 * of the destination can be read, as on most servers. DDL of an application is
 * then what it mostly is.
 */
#include "drift.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "rowset.h"

/* Longer lists of columns nobody reads. */
#define MAX_SHOWN 120

static int
compare_rows(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Rows of stop_columns: "name", "definition". */
static bool
read_columns(struct pg *pg, struct rowset *rows)
{
	struct err ignored = ERR_INIT;
	bool ok = pg_ask(pg, "stop_columns", PG_NONE, rows, &ignored);

	if (ok && rows->n_rows > 1)
		qsort(rows->values, rows->n_rows,
		      rows->n_columns * sizeof(char *), compare_rows);
	err_release(&ignored);
	return ok;
}

static char *
say_columns(const char *name, const char *source, const char *destination)
{
	if (strlen(source) > MAX_SHOWN || strlen(destination) > MAX_SHOWN)
		return mem_printf("table \"%s\" has other columns on the "
				  "source than on the destination",
				  name);
	return mem_printf("table \"%s\" has columns %s on the source and %s "
			  "on the destination",
			  name, source, destination);
}

static char *
say_missing(const char *name)
{
	return mem_printf("table \"%s\" of the source is not on the "
			  "destination",
			  name);
}

/* Tables in excess on the destination keep nobody from applying. */
static char *
compare(const struct rowset *source, const struct rowset *destination)
{
	size_t i, k = 0;

	for (i = 0; i < source->n_rows; i++) {
		const char *name = rowset_get(source, i, "name");
		const char *there = NULL;
		int order = -1;

		for (; k < destination->n_rows; k++) {
			there = rowset_text(destination, k, "name");
			order = strcmp(name, there);
			if (order <= 0)
				break;
		}
		if (k == destination->n_rows || order < 0)
			return say_missing(name);
		if (strcmp(rowset_text(source, i, "definition"),
			   rowset_text(destination, k, "definition")) != 0)
			return say_columns(
			    name, rowset_text(source, i, "definition"),
			    rowset_text(destination, k, "definition"));
	}
	return NULL;
}

char *
drift_find(struct pg *source, struct pg *destination)
{
	struct rowset ours = ROWSET_INIT, theirs = ROWSET_INIT;
	char *found = NULL;

	if (read_columns(source, &ours) && read_columns(destination, &theirs))
		found = compare(&ours, &theirs);
	rowset_release(&ours);
	rowset_release(&theirs);
	return found;
}
