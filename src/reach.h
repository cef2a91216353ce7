/* SPDX-License-Identifier: PostgreSQL */
/*
 * Does one server reach the other, and where does it come from? Asked of the
 * servers themselves: the one connects to the other in a transaction that is
 * rolled back (CREATE SUBSCRIPTION from 10 on, else dblink).
 */
#ifndef PGREPUP_REACH_H
#define PGREPUP_REACH_H

#include "err.h"
#include "op.h"
#include "secret.h"

enum reach_result {
	/* first those in which the other server itself has answered */
	REACH_OK,	/* connected */
	REACH_REFUSED_ROLE, /* reached; the role or its password was refused */
	REACH_NO_ENTRY, /* reached; pg_hba.conf does not let it in */
	REACH_NO_DATABASE, /* reached; there is no such database */
	REACH_ANSWERED, /* reached; another refusal, see message */
	REACH_CLOSED,	/* connection refused: nothing listens there */
	REACH_TIMEOUT,
	REACH_UNKNOWN_HOST,
	REACH_UNREACHABLE, /* no route */
	REACH_SSL,	/* they cannot agree about SSL */
	REACH_UNTESTED, /* this server cannot be made to try */
	REACH_OTHER,
};

struct reach {
	enum reach_result result;
	char *message; /* what the server said; NULL when connected */
	char *address; /* it came from, where that was said; or NULL */
};

/*
 * Makes the server behind from connect to the one behind to, as user with
 * that password (NULL: none). False only when from itself does not answer.
 */
bool reach_probe(struct op *op, struct cluster *from, struct cluster *to,
		 const char *dbname, const char *user,
		 const struct secret *password, struct reach *reach,
		 struct err *err);
void reach_release(struct reach *reach);
/* Is that a name or address of the machine itself? A path is not. */
bool reach_is_loopback(const char *host);
/* What such an error message means; fills result and address. */
void reach_classify(const char *message, struct reach *reach);

/*
 * The address that from has in the eyes of to: seen there in a session of the
 * replication role, or told by a refusal, else (guessed) the one under which
 * from serves this very program. NULL: a Unix-domain socket.
 */
bool reach_address(struct op *op, struct cluster *from, struct cluster *to,
		   char **address, bool *guessed, struct err *err);

#endif
