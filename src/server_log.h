/* SPDX-License-Identifier: PostgreSQL */
/* What a server wrote to its own log, where it may be read. */
#ifndef PGREPUP_SERVER_LOG_H
#define PGREPUP_SERVER_LOG_H

#include "pg.h"

/*
 * The message with which that background worker ended last; the worker is
 * named as in the server's "background worker \"NAME\" (PID n) exited" lines.
 * NULL when the log cannot be read or says nothing. The caller frees it.
 */
char *server_log_reason(struct pg *pg, const char *worker);
/* The last error of a subscription's apply worker, whose start is logged with
 * the subscription's name. */
char *server_log_subscription(struct pg *pg, const char *name);
/* The same, in the text of a log of the server whose postmaster has that
 * number, without the words that say whose they are; for tests. */
char *server_log_find(const char *log, const char *postmaster,
		      const char *worker);
char *server_log_find_subscription(const char *log, const char *postmaster,
				   const char *name);

#endif
