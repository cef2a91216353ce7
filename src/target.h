/* SPDX-License-Identifier: PostgreSQL */
/*
 * Words that name checks, their findings and their fixes:
 *
 *	CHECK[@SIDE][:DATABASE[[.SCHEMA].OBJECT]][=VARIANT]
 *	SIDE[:DATABASE]
 *	all[:DATABASE]
 *
 * as in wal_level, max_worker_processes@destination, replica_identity:app,
 * replica_identity:app.public.fish=column, source:app. A name that holds one
 * of . @ : = " stands in double quotes, doubled within, where \xHH is the byte
 * of that number: what a terminal would not show is written so. What is left
 * out matches all; target_word gives the word that names one thing exactly.
 */
#ifndef PGREPUP_TARGET_H
#define PGREPUP_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "conf.h"
#include "endpoint.h"
#include "err.h"

struct target {
	char *text;  /* as given */
	char *check; /* NULL: any */
	bool any_side;
	enum side side;
	char *names[3]; /* database, schema, object; NULL: any */
	char *variant;	/* NULL: any, and what is proposed */
	bool matched;	/* for the caller: it meant something */
};

struct targets {
	struct target *items;
	size_t n;
};

/* One thing that a word can mean; NULL where it has no such part. */
struct target_thing {
	const char *check;
	enum side side;
	const char *database;
	const char *schema;
	const char *object;
	const char *variant; /* of target_word alone */
};

/* ERR_USAGE for a word that is no target; targets is initialised. */
bool targets_parse(struct targets *targets, const struct text_list *words,
		   struct err *err);
void targets_release(struct targets *targets);
/* Does it mean that thing (whatever the variant)? */
bool target_means(const struct target *target,
		  const struct target_thing *thing);
/* The first that means it, or NULL. */
struct target *targets_find(const struct targets *targets,
			    const struct target_thing *thing);
/* The word that names just that; the caller frees it. */
char *target_word(const struct target_thing *thing);

#endif
