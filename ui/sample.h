/* SPDX-License-Identifier: PostgreSQL */
/*
 * One sample of the monitor, taken apart once: screens draw more often than
 * samples come, and there may be 500 databases in it.
 */
#ifndef PGREPUP_SAMPLE_H
#define PGREPUP_SAMPLE_H

#include "record.h"

struct sample {
	struct record *whole; /* without "databases" */
	struct record **rows; /* of "databases" */
	size_t n;
	unsigned users;
};

/* Takes the record. */
struct sample *sample_new(struct record *whole);
/* For one more user; NULL stays NULL. */
struct sample *sample_use(struct sample *sample);
/* Of the last user: frees it. */
void sample_release(struct sample *sample);
/* The row of a database; NULL when there is none. */
const struct record *sample_row(const struct sample *sample,
				const char *database);
/* How many databases are in that state. */
int sample_count(const struct sample *sample, const char *state);

#endif
