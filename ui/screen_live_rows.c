/* SPDX-License-Identifier: PostgreSQL */
/* The rows of the live panel: which of a sample, in which order. */
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "mem.h"
#include "screen_live.h"

/* In the order in which they need a person. */
static const char *const order[] = {
	"gap",	      "down",	    "unknown", "initializing",
	"catching up", "not set up", "ready",   "replicating",
	"stopped",
};

/* What the order asks of a row, read once. */
struct place {
	const struct record *row;
	const char *name;
	int rank;
	long long difference, size;
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

static struct place
place_of(const struct record *row)
{
	return (struct place){
		.row = row,
		.name = record_get(row, "database"),
		.rank = rank(row),
		.difference = record_get_int(row, "xlog_difference"),
		.size = record_get_int(row, "total_bytes"),
	};
}

static int
sign(long long n)
{
	return (n > 0) - (n < 0);
}

static int
by_name(const struct place *a, const struct place *b)
{
	return strcmp(a->name, b->name);
}

static int
by_difference(const struct place *a, const struct place *b)
{
	return sign(b->difference - a->difference);
}

static int
by_state(const struct place *a, const struct place *b)
{
	int n = a->rank - b->rank;

	return n ? n : by_difference(a, b);
}

static int
by_size(const struct place *a, const struct place *b)
{
	return sign(b->size - a->size);
}

static const struct {
	const char *name;
	int (*compare)(const struct place *a, const struct place *b);
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
	int n = columns[s->sort].compare(a, b);

	if (n == 0)
		n = by_name(a, b);
	return s->reverse ? -n : n;
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

static void
sort_rows(struct live *s)
{
	struct place *places = MEM_ARRAY(struct place, s->sample->n + 1);
	size_t i;
	int k;

	s->n = 0;
	for (i = 0; i < s->sample->n; i++)
		if (passes(s, s->sample->rows[i]))
			places[s->n++] = place_of(s->sample->rows[i]);
	qsort_r(places, (size_t)s->n, sizeof(*places), compare, s);
	s->rows = mem_resize(s->rows, s->sample->n + 1, sizeof(*s->rows));
	for (k = 0; k < s->n; k++)
		s->rows[k] = places[k].row;
	free(places);
}

void
live_rows(struct live *s, struct sample *sample)
{
	if (s->sample && !s->stale && sample_same_rows(s->sample, sample))
		return;
	sample_use(sample);
	sample_release(s->sample);
	s->sample = sample;
	sort_rows(s);
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
