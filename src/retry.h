/* SPDX-License-Identifier: PostgreSQL */
/*
 * A change to a table that applications use: it asks for its lock for a
 * moment only, and asks again later, so that nobody queues behind a pgrepup
 * that queues behind an application.
 */
#ifndef PGREPUP_RETRY_H
#define PGREPUP_RETRY_H

#include "err.h"
#include "interrupt.h"
#include "pg.h"

/* Runs inside the transaction that retry_locked opened. */
typedef bool (*retry_fn)(struct pg *pg, void *arg, struct err *err);

/*
 * Runs fn in a transaction with a short lock_timeout; when a lock was not to
 * be had, or on a deadlock, rolls back and tries again some time later. After
 * the last try the error says that the table is in use.
 */
bool retry_locked(struct pg *pg, const struct interrupt *in, retry_fn fn,
		  void *arg, struct err *err);
/* The same for plain statements, without parameters. */
bool retry_sql(struct pg *pg, const struct interrupt *in, const char *sql,
	       struct err *err);

#endif
