/* SPDX-License-Identifier: PostgreSQL */
/* One sample of the monitor, taken apart once. */
#include "sample.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

static void
count_state(struct sample *sample, const char *name)
{
	struct sample_state *state = sample->states;
	const struct sample_state *end = state + SAMPLE_STATES;

	if (!name)
		return;
	while (state < end && state->name && strcmp(state->name, name) != 0)
		state++;
	if (state == end)
		return;
	state->name = name;
	state->n++;
}

/* The row of a database; NULL for what does not name one. */
static struct record *
take_row(const struct record *whole, size_t i)
{
	struct record *row = record_item(whole, "databases", i);

	if (!row || record_get(row, "database"))
		return row;
	record_free(row);
	return NULL;
}

/* Databases come in the order in which they came before. */
static void
put_changes(struct sample *sample, const struct record *whole)
{
	size_t n = record_count(whole, "databases"), i, at = 0;
	struct record *row;
	const char *name;

	for (i = 0; i < n; i++) {
		row = take_row(whole, i);
		if (!row)
			continue;
		name = record_get(row, "database");
		while (at < sample->n &&
		       strcmp(record_get(sample->rows[at], "database"),
			      name) != 0)
			at++;
		if (at == sample->n) {
			record_free(row);
			return;
		}
		record_free(sample->rows[at]);
		sample->rows[at++] = row;
	}
}

static void
put_all(struct sample *sample, const struct record *whole)
{
	size_t n = record_count(whole, "databases"), i;
	struct record *row;

	sample->rows = MEM_ARRAY(struct record *, n + 1);
	for (i = 0; i < n; i++) {
		row = take_row(whole, i);
		if (row)
			sample->rows[sample->n++] = row;
	}
}

static void
share_rows(struct sample *sample, const struct sample *before)
{
	size_t i;

	sample->n = before->n;
	sample->rows = MEM_ARRAY(struct record *, sample->n + 1);
	for (i = 0; i < sample->n; i++)
		sample->rows[i] = record_share(before->rows[i]);
}

struct sample *
sample_new(struct record *whole, const struct sample *before)
{
	struct sample *sample = MEM_NEW(struct sample);
	size_t i;

	sample->whole = whole;
	sample->users = 1;
	if (before && record_get_bool(whole, "changes")) {
		share_rows(sample, before);
		put_changes(sample, whole);
	} else {
		put_all(sample, whole);
	}
	record_drop(whole, "databases");
	for (i = 0; i < sample->n; i++)
		count_state(sample, record_get(sample->rows[i], "state"));
	return sample;
}

struct sample *
sample_use(struct sample *sample)
{
	if (sample)
		sample->users++;
	return sample;
}

void
sample_release(struct sample *sample)
{
	size_t i;

	if (!sample || --sample->users > 0)
		return;
	for (i = 0; i < sample->n; i++)
		record_free(sample->rows[i]);
	free(sample->rows);
	record_free(sample->whole);
	free(sample);
}

const struct record *
sample_row(const struct sample *sample, const char *database)
{
	const char *name;
	size_t i;

	for (i = 0; sample && i < sample->n; i++) {
		name = record_get(sample->rows[i], "database");
		if (name && strcmp(name, database) == 0)
			return sample->rows[i];
	}
	return NULL;
}

bool
sample_same_rows(const struct sample *a, const struct sample *b)
{
	size_t i;

	for (i = 0; a->n == b->n && i < a->n; i++)
		if (!record_is_shared(a->rows[i], b->rows[i]))
			return false;
	return a->n == b->n;
}

int
sample_count(const struct sample *sample, const char *state)
{
	size_t i;

	for (i = 0; i < SAMPLE_STATES && sample->states[i].name; i++)
		if (strcmp(sample->states[i].name, state) == 0)
			return sample->states[i].n;
	return 0;
}
