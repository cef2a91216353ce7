/* SPDX-License-Identifier: PostgreSQL */
/* What a server is told of a password: never the password itself. */
#include <stdlib.h>

#include "mem.h"
#include "pg_internal.h"

char *
pg_encrypt_password(struct pg *pg, const struct secret *password,
		    const char *role, struct err *err)
{
	char *algorithm = pg_ask_value(pg, "password_encryption", PG_NONE,
				       err);
	char *encrypted, *copy = NULL;

	if (!algorithm)
		return NULL;
	encrypted = PQencryptPasswordConn(pg->conn, secret_text(password),
					  role, algorithm);
	if (encrypted)
		copy = mem_strdup(encrypted);
	else
		pg_error_connection(pg, err);
	PQfreemem(encrypted);
	free(algorithm);
	return copy;
}
