/* SPDX-License-Identifier: PostgreSQL */
/* COPY from a server to another through this process, or to look. */
#ifndef PGREPUP_PG_COPY_H
#define PGREPUP_PG_COPY_H

#include "pg.h"

/* Called for every piece; bytes since the last call. False gives it up. */
typedef bool (*pg_copy_fn)(void *arg, size_t bytes);

/* What the two servers counted. */
struct pg_copied {
	long long sent;     /* rows, says the source */
	long long received; /* rows, says the destination */
};

/*
 * Runs "COPY ... TO STDOUT" on from and "COPY ... FROM STDIN" on to, and sends
 * the rows across. Both must be in a transaction of the caller's. True only
 * when *both* servers said that they are done; copied gets the rows each of
 * them counted, for the caller to compare. Given up by progress: false and
 * ERR_STOPPED. After a failure both connections are usable when
 * they are alive (their transactions have failed).
 */
bool pg_copy(struct pg *from, const char *copy_out, struct pg *to,
	     const char *copy_in, pg_copy_fn progress, void *arg,
	     struct pg_copied *copied, struct err *err);
/*
 * Does "COPY ... TO STDOUT" give a row? Outside of a transaction: what follows
 * the first ones is cancelled.
 */
bool pg_copy_has_rows(struct pg *pg, const char *copy_out, bool *has,
		      struct err *err);

#endif
