/* SPDX-License-Identifier: PostgreSQL */
/*
 * Functions of the server and of extensions that were taken from PUBLIC on a
 * source before 9.6, of which no dump tells. What newer servers and newer
 * versions of extensions take from PUBLIC by themselves needs no hand.
 */
#ifndef PGREPUP_REVOKED_H
#define PGREPUP_REVOKED_H

#include "pg.h"
#include "rowset.h"

/* One of them, as it is on the destination; borrowed. */
struct revoked {
	const char *schema;
	const char *name;
	const char *arguments; /* their types */
	const char *what; /* as GRANT names it there; NULL: it is not there */
};

typedef bool (*revoked_fn)(void *arg, const struct revoked *f,
			   struct err *err);

/* Rows "schema", "name", "arguments", "callers" (who may all the same; or
 * NULL); none of a source that has no such statement. */
bool revoked_read(struct pg *source, struct rowset *rows, struct err *err);
/* Calls fn for each that everybody may call in that database of the
 * destination, and for those that are not there, until it fails. */
bool revoked_each(struct pg *source, struct pg *destination, revoked_fn fn,
		  void *arg, struct err *err);

#endif
