/* SPDX-License-Identifier: PostgreSQL */
/* The rows of the live panel: which of a sample, in which order. */
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
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
	sample_release(s->sample);
	free(s->rows);
	free(s->here);
	s->sample = NULL;
	s->rows = NULL;
	s->here = NULL;
	s->n = 0;
}

static bool
passes(const struct live *s, const struct record *row)
{
	const char *name = record_get(row, "database");

	return filter_passes(&s->filter, record_get(row, "state"), &name, 1);
}

static int
compare(const void *a, const void *b, void *arg)
{
	const struct live *s = arg;
	const struct record *x = *(const struct record *const *)a;
	const struct record *y = *(const struct record *const *)b;
	long long n = columns[s->sort].compare(x, y);

	if (n == 0)
		n = by_name(x, y);
	return (int)(s->reverse ? -sign(n) : sign(n));
}

/* Rows change places; the cursor stays with its database. */
static void
follow_cursor(struct live *s)
{
	int i;

	for (i = 0; s->here && i < s->n; i++)
		if (strcmp(record_get(s->rows[i], "database"), s->here) == 0)
			s->list.cursor = i;
}

void
live_keep_cursor(struct live *s)
{
	const char *here = s->list.cursor > 0 && s->list.cursor < s->n
				   ? record_get(s->rows[s->list.cursor],
						"database")
				   : NULL;

	free(s->here);
	s->here = mem_strdup(here);
	s->moved_at = clock_now();
}

void
live_rows(struct live *s, struct sample *sample)
{
	size_t i;

	if (s->sample == sample && !s->stale)
		return;
	sample_use(sample);
	sample_release(s->sample);
	s->sample = sample;
	free(s->rows);
	s->rows = MEM_ARRAY(const struct record *, sample->n + 1);
	s->n = 0;
	for (i = 0; i < sample->n; i++)
		if (passes(s, sample->rows[i]))
			s->rows[s->n++] = sample->rows[i];
	qsort_r(s->rows, (size_t)s->n, sizeof(*s->rows), compare, s);
	s->stale = false;
	follow_cursor(s);
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
