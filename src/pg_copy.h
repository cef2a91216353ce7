/* SPDX-License-Identifier: PostgreSQL */
/* One COPY stream from a server to another, through this process. */
#ifndef PGREPUP_PG_COPY_H
#define PGREPUP_PG_COPY_H

#include "pg.h"

/* Called for every piece; bytes since the last call. */
typedef void (*pg_copy_fn)(void *arg, size_t bytes);

/*
 * Runs "COPY ... TO STDOUT" on from and "COPY ... FROM STDIN" on to, and sends
 * the rows across. Both must be in a transaction of the caller's. True only
 * when *both* servers said that they are done; rows gets the number the
 * receiving server counted. After a failure both connections are usable when
 * they are alive (their transactions have failed).
 */
bool pg_copy(struct pg *from, const char *copy_out, struct pg *to,
	     const char *copy_in, pg_copy_fn progress, void *arg,
	     long long *rows, struct err *err);

#endif
