/* SPDX-License-Identifier: PostgreSQL */
/* What two facts about a table mean for the changes that arrive in it. */
#ifndef PGREPUP_DRIFT_WORDS_H
#define PGREPUP_DRIFT_WORDS_H

#include <stdbool.h>

/* A row of drift_facts; borrowed from the rows. */
struct drift_fact {
	const char *table;
	const char *owner;
	const char *kind; /* of the fact: a row of drift_words.c */
	const char *name;
	const char *definition;
	/* of columns */
	bool is_not_null;
	bool fills_itself; /* it has a value when none is given */
	bool is_generated; /* never sent */
};

/* Of a whole table. */
#define DRIFT_MISSING "it is missing on the destination"

/*
 * A sentence when the difference can keep changes from being applied; the
 * caller frees it. NULL: it cannot. One of both may be NULL: that side has no
 * such thing in that table.
 */
char *drift_words(const struct drift_fact *source,
		  const struct drift_fact *destination);

#endif
