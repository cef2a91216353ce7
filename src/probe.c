/* SPDX-License-Identifier: PostgreSQL */
/* The test of a connection, stage by stage. */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mem.h"
#include "pg.h"
#include "record.h"
#include "runner.h"

/* The oldest server that can be a source. */
#define VERSION_MIN 90400
#define PORT_TIMEOUT 5.0

static void
say(const char *id, const char *state, const char *text, const char *hint)
{
	struct record *r = record_new("stage");
	char *line;

	record_text(r, "id", id);
	record_text(r, "state", state);
	record_text(r, "text", text);
	if (hint)
		record_text(r, "hint", hint);
	line = record_line(r);
	line = mem_resize(line, strlen(line) + 2, 1);
	strcat(line, "\n");
	/* A face that has gone wants no answer. */
	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		_exit(0);
	free(line);
	record_free(r);
}

static const char *
value_or(const struct endpoint *ep, const char *keyword, const char *deflt)
{
	const char *value = endpoint_get(ep, keyword);

	return value && *value ? value : deflt;
}

/* --- name and port -------------------------------------------------------- */

static char *
address_text(const struct addrinfo *list)
{
	struct strbuf text = STRBUF_INIT;
	char name[NI_MAXHOST];

	for (; list; list = list->ai_next) {
		if (getnameinfo(list->ai_addr, list->ai_addrlen, name,
				sizeof(name), NULL, 0, NI_NUMERICHOST) != 0)
			continue;
		strbuf_sep(&text, ", ");
		strbuf_add(&text, name);
	}
	return strbuf_detach(&text);
}

/* 0 when it answers, else the errno. */
static int
try_address(const struct addrinfo *ai, double deadline)
{
	int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			0);
	struct pollfd wait = {.fd = fd, .events = POLLOUT};
	socklen_t size = sizeof(int);
	int failure = fd < 0 ? errno : 0, left;

	if (failure)
		return failure;
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) != 0)
		failure = errno;
	if (failure == EINPROGRESS) {
		left = (int)((deadline - clock_now()) * 1000);
		if (poll(&wait, 1, left > 0 ? left : 0) <= 0)
			failure = ETIMEDOUT;
		else
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size);
	}
	close(fd);
	return failure;
}

static bool
say_port(const struct addrinfo *list, const char *port)
{
	double begin = clock_now();
	int failure = EHOSTUNREACH;
	char *text;

	for (; list && failure; list = list->ai_next)
		failure = try_address(list, begin + PORT_TIMEOUT);
	text = failure ? mem_printf("port %s: %s", port, strerror(failure))
		       : mem_printf("%s, %.0f ms", port,
				    (clock_now() - begin) * 1000);
	say("port", failure ? "ko" : "ok", text,
	    failure == ECONNREFUSED
		    ? "Does PostgreSQL listen there? See listen_addresses "
		      "and port."
	    : failure ? "Is a firewall in between?"
		      : NULL);
	free(text);
	return failure == 0;
}

/* libpq knows more ways to name a server than one host and one port. */
static const char *
not_one_host(const struct endpoint *ep)
{
	const char *host = endpoint_get(ep, "host");

	if (endpoint_get(ep, "service") && !host)
		return "by the service file";
	if (endpoint_get(ep, "hostaddr"))
		return "by hostaddr";
	if (host && (*host == '/' || *host == '@'))
		return "local socket";
	if (host && strchr(host, ','))
		return "several hosts";
	return NULL;
}

static bool
say_way(const struct endpoint *ep)
{
	const char *host = value_or(ep, "host", "localhost");
	const char *port = value_or(ep, "port", "5432");
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
	char *text;
	bool ok;
	int rc;

	if (not_one_host(ep)) {
		say("resolve", "skip", not_one_host(ep), NULL);
		return true;
	}
	rc = getaddrinfo(host, port, &hints, &list);
	if (rc != 0) {
		text = mem_printf("\"%s\": %s", host, gai_strerror(rc));
		say("resolve", "ko", text, NULL);
		free(text);
		return false;
	}
	text = address_text(list);
	say("resolve", "ok", text, NULL);
	free(text);
	ok = say_port(list, port);
	freeaddrinfo(list);
	return ok;
}

/* --- SSL, login, version -------------------------------------------------- */

static bool
is_verified(const struct endpoint *ep)
{
	return strncmp(value_or(ep, "sslmode", "prefer"), "verify-", 7) == 0;
}

static bool
wants_ssl(const struct endpoint *ep)
{
	const char *mode = value_or(ep, "sslmode", "prefer");

	return is_verified(ep) || strcmp(mode, "require") == 0;
}

static void
say_ssl(const struct endpoint *ep, const struct pg *pg)
{
	char *text;

	if (*pg_ssl(pg)) {
		text = mem_printf("%s, certificate %sverified", pg_ssl(pg),
				  is_verified(ep) ? "" : "not ");
		say("ssl", is_verified(ep) ? "ok" : "warn", text,
		    is_verified(ep) ? NULL
				    : "verify-full would prove which server "
				      "answers.");
		free(text);
	} else {
		say("ssl", *value_or(ep, "host", "localhost") == '/' ? "skip"
								     : "warn",
		    "connection not encrypted", NULL);
	}
}

static void
say_login(const struct pg *pg)
{
	const char *value = pg_parameter(pg, "is_superuser");
	bool super = value && strcmp(value, "on") == 0;
	char *text = mem_printf("%s, %s%s", pg_user(pg),
				super ? "superuser" : "not a superuser",
				pg_used_password(pg) ? ""
						     : ", no password asked");

	say("login", super ? "ok" : "warn", text,
	    super ? NULL : "Check will tell what this role lacks.");
	free(text);
}

static void
say_version(const struct endpoint *ep, const struct pg *pg)
{
	const char *value = pg_parameter(pg, "server_version");
	bool old = pg_version(pg) < VERSION_MIN;
	/* "17.2 (Debian 17.2-1)": who packed it says nothing here. */
	char *text = mem_printf("%.*s, %s be the %s",
				value ? (int)strcspn(value, " ") : 1,
				value ? value : "?", old ? "cannot" : "can",
				side_name(ep->side));

	say("version", old ? "ko" : "ok", text, NULL);
	free(text);
}

/*
 * libpq tells a failure in words only. What the server itself refuses comes
 * after the encryption was agreed on; a word about SSL or certificates
 * without that is the stage before; so is silence, when SSL was asked for.
 */
static void
say_failure(const struct endpoint *ep, const struct err *err)
{
	const char *m = err->message;
	const char *mode = value_or(ep, "sslmode", "prefer");
	const char *host = value_or(ep, "host", "localhost");
	bool refused = strstr(m, "FATAL") || strstr(m, "password") ||
		       strstr(m, "pg_hba.conf");
	bool ssl = !refused && *host != '/' && strcmp(mode, "disable") != 0;

	if (!ssl && wants_ssl(ep) && *host != '/')
		say("ssl", "ok", is_verified(ep) ? "certificate verified"
						 : "encrypted", NULL);
	say(ssl ? "ssl" : "login", "ko", m,
	    err->detail ? err->detail : err->hint);
}

static void
say_session(const struct endpoint *ep)
{
	const char *timeout = endpoint_get(ep, "connect_timeout");
	struct pg_options options = {
		.connect_timeout = timeout ? strtod(timeout, NULL) : 0,
	};
	struct err err = ERR_INIT;
	struct pg *pg = pg_connect(ep, &options, &err);

	if (pg) {
		say_ssl(ep, pg);
		say_login(pg);
		say_version(ep, pg);
	} else {
		say_failure(ep, &err);
	}
	pg_close(pg);
	err_release(&err);
}

/* --- the process ---------------------------------------------------------- */

static void
read_endpoint(const struct record *request, struct endpoint *ep)
{
	const char *side = record_get(request, "side");
	struct secret *password = runner_read_line();
	struct record *item;
	size_t i;

	ep->side = side && strcmp(side, "source") == 0 ? SIDE_SOURCE
						       : SIDE_DESTINATION;
	for (i = 0; i < record_count(request, "keywords"); i++) {
		item = record_item(request, "keywords", i);
		endpoint_set(ep, record_get(item, "keyword"),
			     record_get(item, "value"));
		record_free(item);
	}
	if (record_get_bool(request, "password"))
		ep->password = password;
	else
		secret_free(password);
}

int
probe_main(struct err *err)
{
	struct endpoint ep = {.side = SIDE_NONE};
	struct record *request = NULL;

	if (secret_init(err))
		request = runner_read_request(err);
	if (request) {
		read_endpoint(request, &ep);
		if (say_way(&ep))
			say_session(&ep);
		endpoint_release(&ep);
		record_free(request);
	}
	return err_exit_status(err->kind);
}
