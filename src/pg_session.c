/* SPDX-License-Identifier: PostgreSQL */
/* What a session was opened with, as libpq has it, whoever said so. */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "pg_internal.h"

const char *
pg_address(const struct pg *pg)
{
	const char *address = PQhostaddr(pg->conn);

	if (address && *address)
		return address;
	return PQhost(pg->conn) ? PQhost(pg->conn) : "";
}

void
pg_options_free(PQconninfoOption *options)
{
	PQconninfoOption *o;

	for (o = options; o && o->keyword; o++)
		if (o->val && o->dispchar && *o->dispchar == '*')
			secret_wipe(o->val, strlen(o->val));
	PQconninfoFree(options);
}

char *
pg_option(const struct pg *pg, const char *keyword)
{
	PQconninfoOption *options = PQconninfo(pg->conn), *o;
	char *value = NULL;

	for (o = options; o && o->keyword; o++)
		if (strcmp(o->keyword, keyword) == 0 && o->val && *o->val &&
		    (!o->compiled || strcmp(o->val, o->compiled) != 0))
			value = mem_strdup(o->val);
	pg_options_free(options);
	return value;
}
