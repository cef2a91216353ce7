/* SPDX-License-Identifier: PostgreSQL */
/* The rows of the live panel: which of a sample, in which order. */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "screen_live.h"

/* In the order in which they need a person. */
static const char *const order[] = {
	"down",	       "unknown", "initializing", "catching up",
	"not set up", "ready",	  "replicating",  "stopped",
};

static int
rank(const struct record *row)
{
	const char *state = record_get(row, "state");
	size_t i;

	for (i = 0; state && i < LENGTH_OF(order); i++)
		if (strcmp(order[i], state) == 0)
			break;
	return (int)i;
}

static long long
sign(long long n)
{
	return n < 0 ? -1 : n > 0;
}

static long long
by_name(const struct record *a, const struct record *b)
{
	return strcmp(record_get(a, "database"), record_get(b, "database"));
}

static long long
by_difference(const struct record *a, const struct record *b)
{
	return sign(record_get_int(b, "xlog_difference") -
		    record_get_int(a, "xlog_difference"));
}

static long long
by_state(const struct record *a, const struct record *b)
{
	int n = rank(a) - rank(b);

	return n ? n : by_difference(a, b);
}

static long long
by_size(const struct record *a, const struct record *b)
{
	return sign(record_get_int(b, "total_bytes") -
		    record_get_int(a, "total_bytes"));
}

static const struct {
	const char *name;
	long long (*compare)(const struct record *a, const struct record *b);
} columns[] = {
	{"state", by_state},
	{"database", by_name},
	{"difference", by_difference},
	{"size", by_size},
};

void
live_rows_free(struct live *s)
{
	int i;

	for (i = 0; i < s->n; i++)
		record_free(s->rows[i]);
	free(s->rows);
	s->rows = NULL;
	s->n = 0;
}

static bool
passes(const struct live *s, const struct record *row)
{
	const char *name = record_get(row, "database");

	return filter_passes(&s->filter, record_get(row, "state"), &name, 1);
}

/* Insertion: the list is nearly sorted from frame to frame, and short. */
static void
insert(struct live *s, struct record *row)
{
	int i = s->n++;
	long long n;

	while (i > 0) {
		n = columns[s->sort].compare(s->rows[i - 1], row);
		if ((s->reverse ? -n : n) <= 0)
			break;
		s->rows[i] = s->rows[i - 1];
		i--;
	}
	s->rows[i] = row;
}

void
live_rows(struct live *s, const struct record *status)
{
	size_t i, n = record_count(status, "databases");
	struct record *row;

	live_rows_free(s);
	s->rows = MEM_ARRAY(struct record *, n);
	for (i = 0; i < n; i++) {
		row = record_item(status, "databases", i);
		if (passes(s, row))
			insert(s, row);
		else
			record_free(row);
	}
}

const char *
live_sort_name(int sort)
{
	return sort < (int)LENGTH_OF(columns) ? columns[sort].name : NULL;
}

void
live_bytes(struct strbuf *text, const struct record *row, const char *key)
{
	strbuf_reset(text);
	if (record_has(row, key) && record_get_int(row, key) >= 0)
		strbuf_bytes(text, record_get_int(row, key));
	else
		strbuf_addc(text, '-');
}
