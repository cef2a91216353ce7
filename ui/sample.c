/* SPDX-License-Identifier: PostgreSQL */
/* One sample of the monitor, taken apart once. */
#include "sample.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

struct sample *
sample_new(struct record *whole)
{
	struct sample *sample = MEM_NEW(struct sample);
	size_t i;

	sample->whole = whole;
	sample->users = 1;
	sample->n = record_count(whole, "databases");
	sample->rows = MEM_ARRAY(struct record *, sample->n + 1);
	for (i = 0; i < sample->n; i++)
		sample->rows[i] = record_item(whole, "databases", i);
	record_drop(whole, "databases");
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

int
sample_count(const struct sample *sample, const char *state)
{
	const char *now;
	int found = 0;
	size_t i;

	for (i = 0; i < sample->n; i++) {
		now = record_get(sample->rows[i], "state");
		found += now && strcmp(now, state) == 0;
	}
	return found;
}
