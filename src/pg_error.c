/* SPDX-License-Identifier: PostgreSQL */
/* What libpq and servers say against something, as errors. */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "pg_internal.h"

static char *
trimmed(const char *text)
{
	size_t n = strlen(text);

	while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == ' '))
		n--;
	return mem_strndup(text, n);
}

void
pg_error_connection(struct pg *pg, struct err *err)
{
	char *message = trimmed(PQerrorMessage(pg->conn));

	err_set(err, ERR_CONNECT, "%s",
		*message ? message : "connection to the server was lost");
	err_at(err, "%s %s, database \"%s\"", side_name(pg->side), pg->label,
	       pg->dbname);
	free(message);
}

void
pg_error_result(struct pg *pg, const PGresult *res, struct err *err)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL);
	const char *hint = PQresultErrorField(res, PG_DIAG_MESSAGE_HINT);
	char *plain;

	if (err_is_set(err))
		return;
	/* An answer without a SQLSTATE is libpq's own: the line is dead. */
	if (!state || strncmp(state, "08", 2) == 0 ||
	    strncmp(state, "57P", 3) == 0) {
		plain = trimmed(text ? text : PQresultErrorMessage(res));
		err_set(err, ERR_CONNECT, "%s", plain);
		free(plain);
	} else {
		err_set(err, ERR_SERVER, "%s", text ? text : "unknown error");
	}
	err_sqlstate(err, state);
	if (detail)
		err_detail(err, "%s", detail);
	if (hint)
		err_hint(err, "%s", hint);
	err_at(err, "%s %s, database \"%s\"", side_name(pg->side), pg->label,
	       pg->dbname);
}
