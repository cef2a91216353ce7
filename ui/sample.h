/* SPDX-License-Identifier: PostgreSQL */
/*
 * One sample of the monitor, taken apart once: screens draw more often than
 * samples come, and there may be 500 databases in it. Samples share the rows
 * that have not changed.
 */
#ifndef PGREPUP_SAMPLE_H
#define PGREPUP_SAMPLE_H

#include "record.h"

#define SAMPLE_STATES 16 /* more than there are */

struct sample {
	struct record *whole; /* without "databases" */
	struct record **rows; /* of "databases" */
	size_t n;
	unsigned users;
	struct sample_state {
		const char *name; /* borrowed from a row */
		int n;
	} states[SAMPLE_STATES]; /* that its databases are in */
};

/* Takes the record; before is the sample that it may tell the changes of. */
struct sample *sample_new(struct record *whole, const struct sample *before);
/* For one more user; NULL stays NULL. */
struct sample *sample_use(struct sample *sample);
/* Of the last user: frees it. */
void sample_release(struct sample *sample);
/* The row of a database; NULL when there is none. */
const struct record *sample_row(const struct sample *sample,
				const char *database);
/* Are all rows of b those of a? */
bool sample_same_rows(const struct sample *a, const struct sample *b);
/* How many databases are in that state. */
int sample_count(const struct sample *sample, const char *state);

#endif
