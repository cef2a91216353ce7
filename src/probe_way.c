/* SPDX-License-Identifier: PostgreSQL */
/* The first stages of a connection: does the name resolve, the port answer? */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "interrupt.h"
#include "mem.h"
#include "probe.h"
#include "strbuf.h"

#define PORT_TIMEOUT 5.0

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
	int fd = socket(ai->ai_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
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
refuse(const struct prober *p, const char *id, const char *hint,
       struct err *err)
{
	char *label = endpoint_label(p->probe->ep);

	err_hint(err, "%s", hint);
	err_at(err, "%s %s", side_name(p->probe->ep->side), label);
	probe_say(p, &(struct stage){id, "ko", err->message, hint}, NULL);
	free(label);
	return false;
}

static bool
say_port(const struct prober *p, const struct addrinfo *list,
	 const char *port, struct err *err)
{
	double begin = clock_now();
	int failure = EHOSTUNREACH;
	char *text;

	for (; list && failure; list = list->ai_next)
		failure = try_address(list, begin + PORT_TIMEOUT);
	if (failure) {
		err_set(err, ERR_CONNECT, "port %s: %s", port,
			strerror(failure));
		return refuse(p, "port",
			      failure == ECONNREFUSED
				      ? "Does PostgreSQL run and listen there? "
					"See its port and listen_addresses."
				      : "Is the address right, and no firewall "
					"in between?",
			      err);
	}
	text = mem_printf("%s, %.0f ms", port, (clock_now() - begin) * 1000);
	probe_say(p, &(struct stage){"port", "ok", text, NULL}, NULL);
	free(text);
	return true;
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

bool
probe_way(const struct prober *p, struct err *err)
{
	const struct endpoint *ep = p->probe->ep;
	const char *host = probe_value(ep, "host", "localhost");
	const char *port = probe_value(ep, "port", "5432");
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
	struct stage stage = {"resolve", "skip", not_one_host(ep), NULL};
	char *text;
	bool ok;
	int rc;

	if (stage.text) {
		probe_say(p, &stage, NULL);
		return true;
	}
	rc = getaddrinfo(host, port, &hints, &list);
	if (rc != 0) {
		err_set(err, ERR_CONNECT, "\"%s\": %s", host,
			gai_strerror(rc));
		return refuse(p, "resolve",
			      "Is the name spelled right, and known to this "
			      "machine? An address does as well.",
			      err);
	}
	text = address_text(list);
	probe_say(p, &(struct stage){"resolve", "ok", text, NULL}, NULL);
	free(text);
	ok = say_port(p, list, port, err);
	freeaddrinfo(list);
	return ok;
}
