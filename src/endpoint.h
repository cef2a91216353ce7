/* SPDX-License-Identifier: PostgreSQL */
/*
 * How to reach one cluster: libpq keywords, the password apart from them, and
 * the address at which the other server reaches it.
 */
#ifndef PGREPUP_ENDPOINT_H
#define PGREPUP_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include "secret.h"
#include "strbuf.h"

enum side {
	SIDE_NONE, /* this machine */
	SIDE_SOURCE,
	SIDE_DESTINATION,
};

/* libpq knows require_auth from here on. */
#define REQUIRE_AUTH_VERSION 160000

struct endpoint {
	enum side side;
	char **keywords; /* never "password" */
	char **values;
	size_t n;
	size_t alloc;
	struct secret *password; /* NULL: pgpass, service file or none */
	bool ask_password; /* a person gives it to each process anew */
	bool lent;	   /* password was so given: never written */
	char *server_host;	 /* NULL: the same as host */
	char *server_port;
};

/* "source", "destination" or "local". */
const char *side_name(enum side side);
/* Value of a keyword; NULL when it is not set. Borrowed. */
const char *endpoint_get(const struct endpoint *ep, const char *keyword);
/* Sets a keyword; NULL removes it. */
void endpoint_set(struct endpoint *ep, const char *keyword, const char *value);
/* The address for the other server: server_host or host (or hostaddr). */
const char *endpoint_server_host(const struct endpoint *ep);
const char *endpoint_server_port(const struct endpoint *ep);
/*
 * What require_auth (libpq 16 and later) is to be where nobody has set it:
 * no password in clear for a server that nothing proves; NULL: as it is.
 */
const char *endpoint_require_auth(const struct endpoint *ep);
/* The connect database; "postgres" when none is set. */
const char *endpoint_dbname(const struct endpoint *ep);
/* "HOST:PORT" for people. The caller frees it. */
char *endpoint_label(const struct endpoint *ep);
/* Adds what from has, the password too; to was empty. */
void endpoint_copy(struct endpoint *to, const struct endpoint *from);
void endpoint_release(struct endpoint *ep);

#endif
