/* SPDX-License-Identifier: PostgreSQL */
/*
 * One COPY stream from a server to another. Only the answers to both COPY
 * statements say that it worked: data sent is not data stored.
 */
#include "pg_copy.h"

#include <poll.h>
#include <stdlib.h>

#include "pg_internal.h"

/* Above this much unsent data the reading side waits for the writing side. */
#define HIGH_WATER (1024 * 1024)
/* A table with no more than this in it is read to its end, not cancelled. */
#define FEW_BYTES (64 * 1024)
/* Milliseconds in which the rest of a notice arrives. */
#define NOTICE_PATIENCE 500

static bool
begin_copy(struct pg *pg, const char *sql, ExecStatusType want,
	   double deadline, struct err *err)
{
	PGresult *res = NULL;
	bool ok;

	if (!PQsendQuery(pg->conn, sql)) {
		pg_error_connection(pg, err);
		return false;
	}
	if (!pg_flush(pg, deadline, err) ||
	    !pg_next_result(pg, deadline, &res, err)) {
		pg_abandon(pg);
		return false;
	}
	ok = PQresultStatus(res) == want;
	if (!ok)
		pg_error_result(pg, res, err);
	PQclear(res);
	return ok;
}

/* Rows from the command tag of the answer that ends a COPY. */
static bool
end_copy(struct pg *pg, long long *rows, struct err *err)
{
	PGresult *res = NULL;
	bool ok = true;

	while (pg_next_result(pg, 0, &res, err)) {
		if (!res)
			return ok;
		if (PQresultStatus(res) != PGRES_COMMAND_OK) {
			pg_error_result(pg, res, err);
			ok = false;
		} else {
			*rows = strtoll(PQcmdTuples(res), NULL, 10);
		}
		PQclear(res);
	}
	pg_abandon(pg);
	return false;
}

/*
 * A server that has refused the rows says so at once, and then takes and
 * drops all that is sent, which may go on for hours. libpq keeps its word
 * until the end of the COPY; but whatever comes before that, and is no
 * notice, is this. (Not under TLS, which has words of its own.)
 */
static bool
has_refused(struct pg *to)
{
	struct pollfd p = {.fd = PQsocket(to->conn), .events = POLLIN};
	unsigned long before = to->notices;

	if (PQsslInUse(to->conn) || PQgssEncInUse(to->conn))
		return false;
	if (poll(&p, 1, 0) != 1)
		return false;
	do {
		/* Sending nothing lets libpq take what has come. */
		if (!PQconsumeInput(to->conn) ||
		    PQputCopyData(to->conn, "", 0) < 0)
			return true;
	} while (to->notices == before && poll(&p, 1, NOTICE_PATIENCE) == 1);
	return to->notices == before;
}

/* Sends what libpq holds, unless the server does not want it any more. */
static bool
push(struct pg *to, struct err *err)
{
	int rc;

	do {
		if (has_refused(to)) {
			if (PQstatus(to->conn) != CONNECTION_OK)
				pg_error_connection(to, err);
			err_set(err, ERR_SERVER,
				"the destination refused the rows");
			return false;
		}
		rc = PQflush(to->conn);
		if (rc == 1 && !pg_wait_socket(to, POLLIN | POLLOUT, 0, err))
			return false;
	} while (rc == 1);
	if (rc < 0)
		pg_error_connection(to, err);
	return rc == 0;
}

static bool
put(struct pg *to, const char *data, int n, size_t *unsent, struct err *err)
{
	int rc;

	while ((rc = PQputCopyData(to->conn, data, n)) == 0)
		if (!push(to, err))
			return false;
	if (rc < 0) {
		pg_error_connection(to, err);
		return false;
	}
	*unsent += (size_t)n;
	if (*unsent < HIGH_WATER)
		return true;
	*unsent = 0;
	return push(to, err);
}

/* A piece of what is read, for PQfreemem; NULL at its end, or with an error. */
static char *
get(struct pg *from, double deadline, int *n, struct err *err)
{
	char *data = NULL;

	while ((*n = PQgetCopyData(from->conn, &data, 1)) == 0) {
		if (!pg_wait_socket(from, POLLIN, deadline, err))
			return NULL;
		if (!PQconsumeInput(from->conn)) {
			pg_error_connection(from, err);
			return NULL;
		}
	}
	if (*n == -2)
		pg_error_connection(from, err);
	return *n > 0 ? data : NULL;
}

static bool
pump(struct pg *from, struct pg *to, pg_copy_fn progress, void *arg,
     struct err *err)
{
	size_t unsent = 0;
	char *data;
	bool ok;
	int n;

	while ((data = get(from, 0, &n, err)) != NULL) {
		ok = put(to, data, n, &unsent, err);
		PQfreemem(data);
		if (!ok)
			return false;
		if (progress && !progress(arg, (size_t)n)) {
			interrupt_error(err);
			return false;
		}
	}
	return !err_is_set(err) && pg_flush(to, 0, err);
}

/* The receiving server's own complaint says more than a broken pipe. */
static void
give_up(struct pg *from, struct pg *to, struct err *err)
{
	struct err told = ERR_INIT;
	PGresult *res = NULL;
	double deadline = clock_now() + 10;
	const struct interrupt *in = to->interrupt;

	to->interrupt = NULL;
	PQputCopyEnd(to->conn, "the copy was given up");
	if (pg_flush(to, deadline, &told) &&
	    pg_next_result(to, deadline, &res, &told) && res)
		pg_error_result(to, res, &told);
	PQclear(res);
	to->interrupt = in;
	pg_abandon(to);
	pg_abandon(from);
	if (err_is_set(&told) && !err_is(&told, "57014") &&
	    err->kind != ERR_STOPPED) {
		err_release(err);
		err_move(err, &told);
	}
	err_release(&told);
}

bool
pg_copy(struct pg *from, const char *copy_out, struct pg *to,
	const char *copy_in, pg_copy_fn progress, void *arg,
	struct pg_copied *copied, struct err *err)
{
	bool ok;

	if (!begin_copy(to, copy_in, PGRES_COPY_IN, 0, err))
		return false;
	if (!begin_copy(from, copy_out, PGRES_COPY_OUT, 0, err)) {
		PQputCopyEnd(to->conn, "the source refused");
		pg_abandon(to);
		return false;
	}
	if (!pump(from, to, progress, arg, err)) {
		give_up(from, to, err);
		return false;
	}
	/* The source must say so before the destination may keep the rows. */
	ok = end_copy(from, &copied->sent, err);
	PQputCopyEnd(to->conn, ok ? NULL : "the source failed");
	return pg_flush(to, 0, err) && end_copy(to, &copied->received, err) &&
	       ok;
}

bool
pg_copy_has_rows(struct pg *pg, const char *copy_out, bool *has,
		 struct err *err)
{
	double deadline = clock_now() + pg->timeout;
	size_t bytes = 0;
	long long rows;
	char *data;
	int n;

	*has = false;
	if (!begin_copy(pg, copy_out, PGRES_COPY_OUT, deadline, err))
		return false;
	while (bytes < FEW_BYTES &&
	       (data = get(pg, deadline, &n, err)) != NULL) {
		*has = true;
		bytes += (size_t)n;
		PQfreemem(data);
	}
	if (bytes < FEW_BYTES && !err_is_set(err))
		return end_copy(pg, &rows, err);
	pg_abandon(pg);
	return !err_is_set(err);
}
