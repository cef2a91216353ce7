/* SPDX-License-Identifier: PostgreSQL */
/* How to reach one cluster: libpq keywords, and a password apart from them. */
#include "endpoint.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

const char *
side_name(enum side side)
{
	static const char *const names[] = {
		[SIDE_NONE] = "local",
		[SIDE_SOURCE] = "source",
		[SIDE_DESTINATION] = "destination",
	};

	return names[side];
}

static size_t
endpoint_find(const struct endpoint *ep, const char *keyword)
{
	size_t i;

	for (i = 0; i < ep->n; i++)
		if (strcmp(ep->keywords[i], keyword) == 0)
			break;
	return i;
}

const char *
endpoint_get(const struct endpoint *ep, const char *keyword)
{
	size_t i = endpoint_find(ep, keyword);

	return i < ep->n ? ep->values[i] : NULL;
}

static void
endpoint_remove(struct endpoint *ep, size_t i)
{
	free(ep->keywords[i]);
	free(ep->values[i]);
	ep->n--;
	ep->keywords[i] = ep->keywords[ep->n];
	ep->values[i] = ep->values[ep->n];
}

static void
endpoint_append(struct endpoint *ep, const char *keyword, const char *value)
{
	if (ep->n == ep->alloc) {
		ep->alloc = ep->alloc ? ep->alloc * 2 : 8;
		ep->keywords =
			mem_resize(ep->keywords, ep->alloc, sizeof(char *));
		ep->values = mem_resize(ep->values, ep->alloc, sizeof(char *));
	}
	ep->keywords[ep->n] = mem_strdup(keyword);
	ep->values[ep->n] = mem_strdup(value);
	ep->n++;
}

void
endpoint_set(struct endpoint *ep, const char *keyword, const char *value)
{
	size_t i = endpoint_find(ep, keyword);

	if (i < ep->n)
		endpoint_remove(ep, i);
	if (value)
		endpoint_append(ep, keyword, value);
}

const char *
endpoint_server_host(const struct endpoint *ep)
{
	const char *host = endpoint_get(ep, "host");

	if (ep->server_host)
		return ep->server_host;
	return host ? host : endpoint_get(ep, "hostaddr");
}

const char *
endpoint_server_port(const struct endpoint *ep)
{
	const char *port = endpoint_get(ep, "port");

	if (ep->server_port)
		return ep->server_port;
	return port ? port : "5432";
}

const char *
endpoint_require_auth(const struct endpoint *ep)
{
	const char *mode = endpoint_get(ep, "sslmode");
	const char *said = getenv("PGREQUIREAUTH");

	return endpoint_get(ep, "require_auth") || (said && *said) ||
			       endpoint_get(ep, "service") ||
			       (mode && strncmp(mode, "verify-", 7) == 0)
		       ? NULL
		       : "!password";
}

const char *
endpoint_dbname(const struct endpoint *ep)
{
	const char *dbname = endpoint_get(ep, "dbname");

	return dbname ? dbname : "postgres";
}

char *
endpoint_label(const struct endpoint *ep)
{
	const char *host = endpoint_get(ep, "host");
	const char *port = endpoint_get(ep, "port");
	const char *service = endpoint_get(ep, "service");

	if (!host)
		host = endpoint_get(ep, "hostaddr");
	if (!host && service)
		return mem_printf("service %s", service);
	return mem_printf("%s:%s", host ? host : "localhost",
			  port ? port : "5432");
}

void
endpoint_copy(struct endpoint *to, const struct endpoint *from)
{
	size_t i;

	to->side = from->side;
	for (i = 0; i < from->n; i++)
		endpoint_append(to, from->keywords[i], from->values[i]);
	to->password = secret_copy(from->password);
	to->ask_password = from->ask_password;
	to->lent = from->lent;
	to->server_host = mem_strdup(from->server_host);
	to->server_port = mem_strdup(from->server_port);
}

void
endpoint_release(struct endpoint *ep)
{
	while (ep->n > 0)
		endpoint_remove(ep, ep->n - 1);
	free(ep->keywords);
	free(ep->values);
	secret_free(ep->password);
	free(ep->server_host);
	free(ep->server_port);
	*ep = (struct endpoint){.side = ep->side};
}
