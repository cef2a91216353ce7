/* SPDX-License-Identifier: PostgreSQL */
/* Finds the statement of a name that fits a server's version. */
#include "sqlcat.h"

#include <string.h>

const struct sqlcat_entry *
sqlcat_get(const char *name, int server_version)
{
	const struct sqlcat_entry *e;
	size_t i;

	for (i = 0; i < sqlcat_n_entries; i++) {
		e = &sqlcat_entries[i];
		if (strcmp(e->name, name) == 0 && server_version >= e->min &&
		    server_version <= e->max)
			return e;
	}
	return NULL;
}

const char *
sqlcat_find(const char *name, int server_version)
{
	const struct sqlcat_entry *e = sqlcat_get(name, server_version);

	return e ? e->text : NULL;
}
