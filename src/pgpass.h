/* SPDX-License-Identifier: PostgreSQL */
/*
 * What libpq will find in the pgpass file for a connection: only to tell a
 * person. libpq itself reads the password.
 */
#ifndef PGREPUP_PGPASS_H
#define PGREPUP_PGPASS_H

#include <stdbool.h>

#include "endpoint.h"

struct pgpass {
	char *path; /* of the file that libpq would look into */
	bool there;
	bool ignored; /* others may read it: libpq takes nothing from it */
	bool found;   /* a line fits the connection */
};

/* Reads a small file; to be released. */
void pgpass_look(const struct endpoint *ep, struct pgpass *pgpass);
void pgpass_release(struct pgpass *pgpass);

#endif
