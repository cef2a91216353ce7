/* SPDX-License-Identifier: PostgreSQL */
/* Statements: sent, waited for with a deadline and an interrupt, answered. */
#include "pg.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "pg_internal.h"
#include "sqlcat.h"

static bool
out_of_time(struct err *err)
{
	err_set(err, ERR_CONNECT, "no answer from the server in time");
	return false;
}

bool
pg_wait_socket(struct pg *pg, short events, double deadline, struct err *err)
{
	struct pollfd p[2] = {
		{.fd = PQsocket(pg->conn), .events = events},
		{.fd = interrupt_fd(pg->interrupt), .events = POLLIN},
	};
	double left;
	int n;

	for (;;) {
		left = deadline > 0 ? deadline - clock_now() : 1e6;
		if (left <= 0)
			return out_of_time(err);
		n = poll(p, 2, (int)(left < 1e6 ? left * 1000 + 1 : -1));
		if (n < 0 && errno == EINTR)
			continue;
		if (p[1].revents) {
			interrupt_error(err);
			return false;
		}
		if (n != 0)
			return true;
	}
}

static void *
cancel_main(void *arg)
{
	PGcancel *cancel = arg;
	char message[256];

	PQcancel(cancel, message, sizeof(message));
	PQfreeCancel(cancel);
	return NULL;
}

/* PQcancel blocks (before libpq 17), so it has a thread of its own. */
void
pg_cancel(struct pg *pg)
{
	PGcancel *cancel = PQgetCancel(pg->conn);
	pthread_t thread;

	if (!cancel)
		return;
	if (pthread_create(&thread, NULL, cancel_main, cancel) == 0)
		pthread_detach(thread);
	else
		PQfreeCancel(cancel);
}

bool
pg_flush(struct pg *pg, double deadline, struct err *err)
{
	int rc;

	while ((rc = PQflush(pg->conn)) == 1) {
		if (!pg_wait_socket(pg, POLLIN | POLLOUT, deadline, err))
			return false;
		/* The server may be blocked on what it has to say. */
		if (!PQconsumeInput(pg->conn))
			break;
	}
	if (rc == 0)
		return true;
	pg_error_connection(pg, err);
	return false;
}

bool
pg_next_result(struct pg *pg, double deadline, PGresult **res,
	       struct err *err)
{
	while (PQisBusy(pg->conn)) {
		if (!pg_wait_socket(pg, POLLIN, deadline, err))
			return false;
		if (!PQconsumeInput(pg->conn)) {
			pg_error_connection(pg, err);
			return false;
		}
	}
	*res = PQgetResult(pg->conn);
	return true;
}

static double
deadline_of(const struct pg *pg)
{
	return pg->timeout > 0 ? clock_now() + pg->timeout : 0;
}

static bool
sent(struct pg *pg, int ok, double deadline, struct err *err)
{
	if (!ok) {
		pg_error_connection(pg, err);
		return false;
	}
	/* An answer without an end is seen before it has all of the memory. */
	PQsetSingleRowMode(pg->conn);
	return pg_flush(pg, deadline, err);
}

bool
pg_run(struct pg *pg, const char *sql, struct rowset *rows, struct err *err)
{
	double deadline = deadline_of(pg);

	return sent(pg, PQsendQuery(pg->conn, sql), deadline, err) &&
	       pg_take_answer(pg, deadline, rows, err);
}

bool
pg_query(struct pg *pg, const char *sql, struct pg_bind bind,
	 struct rowset *rows, struct err *err)
{
	double deadline = deadline_of(pg);

	return sent(pg,
		    PQsendQueryParams(pg->conn, sql, (int)bind.n, NULL,
				      bind.values, NULL, NULL, 0),
		    deadline, err) &&
	       pg_take_answer(pg, deadline, rows, err);
}

/* What is not as its statement says (data/sql) is no answer: behind this door
 * nothing is null or missing that may not be. */
static bool
is_answer(const struct pg *pg, const struct sqlcat_entry *statement,
	  struct rowset *rows, struct err *err)
{
	bool ok = rowset_is(rows, statement->columns, err);

	if (ok && statement->one_row && rows->n_rows != 1) {
		err_set(err, ERR_SERVER, "the server gave %zu rows, not one",
			rows->n_rows);
		ok = false;
	}
	if (ok)
		return true;
	err_at(err, "%s %s, database \"%s\"", side_name(pg->side), pg->label,
	       pg->dbname);
	rowset_release(rows);
	return false;
}

bool
pg_ask(struct pg *pg, const char *name, struct pg_bind bind,
       struct rowset *rows, struct err *err)
{
	const struct sqlcat_entry *statement =
	    sqlcat_get(name, pg_version(pg));

	if (!statement) {
		err_set(err, ERR_SERVER,
			"no statement \"%s\" for server version %d", name,
			pg_version(pg));
		return false;
	}
	if (pg_query(pg, statement->text, bind, rows, err) &&
	    (!rows || is_answer(pg, statement, rows, err)))
		return true;
	if (!err->detail)
		err_detail(err, "The statement was \"%s\".", name);
	return false;
}

char *
pg_ask_value(struct pg *pg, const char *name, struct pg_bind bind,
	     struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	char *value = NULL;

	if (pg_ask(pg, name, bind, &rows, err) && rows.n_rows > 0)
		value = mem_strdup(rows.values[0]);
	rowset_release(&rows);
	return value;
}

bool
pg_start(struct pg *pg, const char *sql, struct err *err)
{
	return sent(pg, PQsendQuery(pg->conn, sql), deadline_of(pg), err);
}

bool
pg_wait(struct pg *pg, double seconds, bool *ready, struct err *err)
{
	double deadline = clock_now() + seconds;
	struct err waited = ERR_INIT;

	*ready = true;
	while (PQisBusy(pg->conn)) {
		if (!pg_wait_socket(pg, POLLIN, deadline, &waited)) {
			*ready = false;
			if (!interrupt_raised(pg->interrupt)) {
				err_release(&waited);
				return true;
			}
			pg_abandon(pg);
			err_move(err, &waited);
			return false;
		}
		if (!PQconsumeInput(pg->conn)) {
			pg_error_connection(pg, err);
			return false;
		}
	}
	return true;
}

bool
pg_finish(struct pg *pg, struct rowset *rows, struct err *err)
{
	return pg_take_answer(pg, deadline_of(pg), rows, err);
}

bool
pg_begin(struct pg *pg, struct err *err)
{
	return pg_run(pg, "BEGIN", NULL, err);
}

bool
pg_commit(struct pg *pg, struct err *err)
{
	/* COMMIT of a failed transaction answers ROLLBACK without an error. */
	if (PQtransactionStatus(pg->conn) == PQTRANS_INERROR) {
		pg_rollback(pg);
		err_set(err, ERR_SERVER, "the transaction had failed");
		return false;
	}
	return pg_run(pg, "COMMIT", NULL, err);
}

void
pg_rollback(struct pg *pg)
{
	const struct interrupt *in = pg_set_interrupt(pg, NULL);
	struct err ignored = ERR_INIT;

	if (pg_in_transaction(pg))
		pg_run(pg, "ROLLBACK", NULL, &ignored);
	err_release(&ignored);
	pg->interrupt = in;
}

int
pg_version(const struct pg *pg)
{
	return PQserverVersion(pg->conn);
}

enum side
pg_side(const struct pg *pg)
{
	return pg->side;
}

const char *
pg_dbname(const struct pg *pg)
{
	return pg->dbname;
}

const char *
pg_user(const struct pg *pg)
{
	return PQuser(pg->conn);
}

int
pg_backend_pid(const struct pg *pg)
{
	return PQbackendPID(pg->conn);
}

bool
pg_used_password(const struct pg *pg)
{
	return PQconnectionUsedPassword(pg->conn);
}

const char *
pg_ssl(const struct pg *pg)
{
	const char *protocol = PQsslAttribute(pg->conn, "protocol");

	return protocol ? protocol : "";
}

const char *
pg_parameter(const struct pg *pg, const char *name)
{
	return PQparameterStatus(pg->conn, name);
}

bool
pg_is_alive(const struct pg *pg)
{
	return pg && PQstatus(pg->conn) == CONNECTION_OK;
}

bool
pg_in_transaction(const struct pg *pg)
{
	PGTransactionStatusType s = PQtransactionStatus(pg->conn);

	return s == PQTRANS_INTRANS || s == PQTRANS_INERROR ||
	       s == PQTRANS_ACTIVE;
}

double
pg_set_timeout(struct pg *pg, double seconds)
{
	double was = pg->timeout;

	pg->timeout = seconds;
	return was;
}

const struct interrupt *
pg_set_interrupt(struct pg *pg, const struct interrupt *in)
{
	const struct interrupt *was = pg->interrupt;

	pg->interrupt = in;
	return was;
}

void
pg_on_notice(struct pg *pg, pg_notice_fn fn, void *arg)
{
	pg->notice = fn;
	pg->notice_arg = arg;
}
