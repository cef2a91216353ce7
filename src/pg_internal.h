/* SPDX-License-Identifier: PostgreSQL */
/* What pg.c, pg_connect.c and pg_copy.c share and nobody else sees. */
#ifndef PGREPUP_PG_INTERNAL_H
#define PGREPUP_PG_INTERNAL_H

#include <libpq-fe.h>

#include "pg.h"

struct pg {
	PGconn *conn;
	enum side side;
	enum pg_mode mode;
	char *dbname;
	char *label; /* host:port, for error texts */
	double timeout;
	const struct interrupt *interrupt;
	pg_notice_fn notice;
	unsigned long notices; /* so many came */
	void *notice_arg;
};

/*
 * Waits until the socket is ready for the poll events. False with the reason:
 * deadline (clock_now() time, 0 for none), interrupt. Does not cancel.
 */
bool pg_wait_socket(struct pg *pg, short events, double deadline,
		    struct err *err);
/* Frees what libpq tells of a connection; passwords are wiped before. */
void pg_options_free(PQconninfoOption *options);
/* Fills err from libpq's own message: the connection is the problem. */
void pg_error_connection(struct pg *pg, struct err *err);
/* Fills err from an answer that is an error. */
void pg_error_result(struct pg *pg, const PGresult *res, struct err *err);
/* Cancels and drains after an interrupt or a deadline; a server that goes on
 * talking, or says nothing for ten seconds, is left: its connection is dead. */
void pg_abandon(struct pg *pg);
/* Next answer, waiting for it; *res NULL when the statement is done. */
bool pg_next_result(struct pg *pg, double deadline, PGresult **res,
		    struct err *err);
/*
 * All answers to what was sent, in single-row mode. rows may be NULL; else gets
 * the last answer's rows, and none when it fails. What is larger than 512 MB
 * or a COPY is an error.
 */
bool pg_take_answer(struct pg *pg, double deadline, struct rowset *rows,
		    struct err *err);
/* Sends all that is buffered. */
bool pg_flush(struct pg *pg, double deadline, struct err *err);

#endif
