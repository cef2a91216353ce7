/* SPDX-License-Identifier: PostgreSQL */
/* What a server answers to a statement, as much of it as is sensible: a server
 * that never ends its answer, or answers by COPY, is left. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "mem.h"
#include "pg_internal.h"

/* No statement of ours has an answer of that many bytes: the longest ones have
 * a line for each column of a database, of which there may be a million. */
#define ANSWER_MOST ((size_t)512 << 20)
/* Seconds that a server may take to answer a cancel before it is given up,
 * and bytes that may be under way meanwhile. */
#define CANCEL_GRACE 10.0
#define CANCEL_MOST ((size_t)64 << 20)

struct answer {
	struct rowset *rows; /* NULL: not wanted */
	size_t bytes;        /* that were taken, about */
	bool open;           /* more rows may follow those that are there */
};

/* Nothing that it may still say is waited for: the next statement fails. */
static void
give_up(struct pg *pg)
{
	shutdown(PQsocket(pg->conn), SHUT_RDWR);
	while (PQstatus(pg->conn) == CONNECTION_OK && PQconsumeInput(pg->conn))
		;
}

/* Takes the connection out of COPY, whichever way it goes. */
static void
leave_copy(struct pg *pg, const PGresult *res, double deadline, size_t *bytes,
	   struct err *ignored)
{
	char *data;
	int n;

	if (PQresultStatus(res) == PGRES_COPY_IN) {
		PQputCopyEnd(pg->conn, "stopped");
		pg_flush(pg, deadline, ignored);
	}
	if (PQresultStatus(res) != PGRES_COPY_OUT)
		return;
	while (*bytes < CANCEL_MOST &&
	       (n = PQgetCopyData(pg->conn, &data, 1)) >= 0) {
		*bytes += (size_t)n;
		if (n > 0)
			PQfreemem(data);
		else if (!pg_wait_socket(pg, POLLIN, deadline, ignored) ||
			 !PQconsumeInput(pg->conn))
			break;
	}
}

/* About what a row takes; what is none (an error) is not for nothing either. */
static size_t
size_of(const PGresult *res)
{
	size_t bytes = PQntuples(res) > 0 ? sizeof(char *) : 1024;
	int c, n = PQnfields(res);

	for (c = 0; PQntuples(res) > 0 && c < n; c++)
		bytes += (size_t)PQgetlength(res, 0, c) + sizeof(char *);
	return bytes;
}

void
pg_abandon(struct pg *pg)
{
	const struct interrupt *in = pg->interrupt;
	double deadline = clock_now() + CANCEL_GRACE;
	struct err ignored = ERR_INIT;
	PGresult *res = NULL;
	size_t bytes = 0;

	if (PQstatus(pg->conn) != CONNECTION_OK)
		return;
	pg->interrupt = NULL;
	pg_cancel(pg);
	while (bytes < CANCEL_MOST && clock_now() < deadline &&
	       pg_next_result(pg, deadline, &res, &ignored) && res) {
		bytes += size_of(res);
		leave_copy(pg, res, deadline, &bytes, &ignored);
		if (PQresultStatus(res) == PGRES_COPY_BOTH)
			bytes = CANCEL_MOST;
		PQclear(res);
		if (err_is_set(&ignored))
			break;
	}
	if (PQtransactionStatus(pg->conn) == PQTRANS_ACTIVE)
		give_up(pg);
	err_release(&ignored);
	pg->interrupt = in;
}

static void
take_columns(const PGresult *res, struct rowset *rows)
{
	size_t c;

	rowset_release(rows);
	rows->n_columns = (size_t)PQnfields(res);
	rows->columns = MEM_ARRAY(char *, rows->n_columns);
	rows->values = MEM_ARRAY(char *, rows->n_columns);
	for (c = 0; c < rows->n_columns; c++)
		rows->columns[c] = mem_strdup(PQfname(res, (int)c));
}

/* There is room for a power of two of rows. */
static void
take_row(const PGresult *res, struct rowset *rows)
{
	size_t c, n = rows->n_rows, at = n * rows->n_columns;

	if ((n & (n - 1)) == 0)
		rows->values =
		    mem_resize(rows->values, (n ? 2 * n : 1) * rows->n_columns,
			       sizeof(*rows->values));
	for (c = 0; c < rows->n_columns; c++)
		rows->values[at + c] =
		    PQgetisnull(res, 0, (int)c)
			? NULL
			: mem_strdup(PQgetvalue(res, 0, (int)c));
	rows->n_rows++;
}

/* A row, or the end of the rows of a statement. */
static void
take_rows(struct answer *answer, const PGresult *res)
{
	if (answer->rows && !answer->open)
		take_columns(res, answer->rows);
	answer->open = PQresultStatus(res) == PGRES_SINGLE_TUPLE;
	if (answer->open && answer->rows && answer->rows->n_columns > 0)
		take_row(res, answer->rows);
}

static void
take_result(struct pg *pg, struct answer *answer, const PGresult *res,
	    struct err *err)
{
	switch (PQresultStatus(res)) {
	case PGRES_TUPLES_OK:
	case PGRES_SINGLE_TUPLE:
		take_rows(answer, res);
		break;
	case PGRES_COMMAND_OK:
	case PGRES_EMPTY_QUERY:
		break;
	case PGRES_COPY_IN:
	case PGRES_COPY_OUT:
	case PGRES_COPY_BOTH:
		err_set(err, ERR_SERVER, "unexpected COPY answer");
		pg_abandon(pg);
		break;
	default:
		pg_error_result(pg, res, err);
	}
}

bool
pg_take_answer(struct pg *pg, double deadline, struct rowset *rows,
	       struct err *err)
{
	struct answer answer = {.rows = rows};
	struct err failed = ERR_INIT;
	PGresult *res = NULL;

	for (;;) {
		if (!pg_next_result(pg, deadline, &res, &failed)) {
			pg_abandon(pg);
			break;
		}
		if (!res)
			break;
		answer.bytes += size_of(res);
		if (answer.bytes > ANSWER_MOST) {
			err_set(&failed, ERR_SERVER,
				"the answer has no end in sight");
			pg_abandon(pg);
		} else {
			take_result(pg, &answer, res, &failed);
		}
		PQclear(res);
		/* What was given up has no more to say. */
		if (err_is_set(&failed) && PQstatus(pg->conn) != CONNECTION_OK)
			break;
	}
	if (!err_is_set(&failed))
		return true;
	/* The server may have died behind the last row. */
	if (rows)
		rowset_release(rows);
	err_at(&failed, "%s %s, database \"%s\"", side_name(pg->side),
	       pg->label, pg->dbname);
	err_move(err, &failed);
	return false;
}
