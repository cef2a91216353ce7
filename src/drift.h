/* SPDX-License-Identifier: PostgreSQL */
/*
 * Where a database's tables have drifted apart, so that changes cannot be
 * applied any more: DDL does not travel, and the one of an application is what
 * mostly brings replication down. Told from the catalogs of both sides, by
 * what the mechanism sends, and only as far as it can stop apply: a column or
 * an index that is missing where nothing needs it is for stop to say.
 */
#ifndef PGREPUP_DRIFT_H
#define PGREPUP_DRIFT_H

#include "mechanism.h"
#include "rowset.h"

/* Longer lists nobody reads. */
#define DRIFT_TABLES 5
#define DRIFT_DIFFERENCES 5

struct drift_table {
	char *name;  /* SCHEMA.TABLE */
	char *owner; /* on the source */
	struct text_list differences; /* a sentence each, without the table */
};

struct drift {
	struct drift_table *tables; /* the first ones, by name */
	size_t n;
	size_t total; /* of all tables that differ */
};

/*
 * at: connections to both sides, for reading. What could not be found out is
 * no drift. The caller releases it.
 */
void drift_find(const struct mechanism_at *at, struct drift *drift);
/* From the rows of drift_facts of both sides; for tests. */
void drift_compare(const struct rowset *source,
		   const struct rowset *destination, struct drift *drift);
void drift_copy(struct drift *to, const struct drift *from);
bool drift_is_same(const struct drift *a, const struct drift *b);
void drift_release(struct drift *drift);

#endif
