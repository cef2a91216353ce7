/* SPDX-License-Identifier: PostgreSQL */
/*
 * Opening a session. libpq resolves names inside PQconnectStart, blocking and
 * without a deadline, so that call runs in a thread of its own, which is left
 * behind (and cleans up after itself) when the deadline passes first.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "pg_internal.h"
#include "strbuf.h"

#define CONNECT_TIMEOUT 10.0
#define MAX_KEYWORDS 64

struct keywords {
	const char *names[MAX_KEYWORDS];
	const char *values[MAX_KEYWORDS];
	size_t n;
	struct strbuf options; /* what the value of "options" lies in */
};

/* Shared by the caller and the starter; freed by whoever is last. */
struct start {
	pthread_mutex_t lock;
	pthread_cond_t done;
	char *names[MAX_KEYWORDS];
	char *values[MAX_KEYWORDS];
	size_t n;
	PGconn *conn;
	bool finished;
	bool abandoned;
};

static void
keywords_add(struct keywords *k, const char *name, const char *value)
{
	size_t i;

	if (!value)
		return;
	for (i = 0; i < k->n; i++) {
		if (strcmp(k->names[i], name) == 0) {
			k->values[i] = value;
			return;
		}
	}
	if (k->n + 1 < MAX_KEYWORDS) {
		k->names[k->n] = name;
		k->values[k->n++] = value;
	}
}

static void
keywords_default(struct keywords *k, const char *name, const char *value)
{
	size_t i;

	for (i = 0; i < k->n; i++)
		if (strcmp(k->names[i], name) == 0)
			return;
	keywords_add(k, name, value);
}

/*
 * Settings of ours after those of the endpoint: the last one given wins. A
 * walsender has no first statement (see pin_session); others are given none
 * here, since a pooler refuses what it does not know, and is to be named.
 */
static void
keywords_settings(struct keywords *k, const struct endpoint *ep,
		  const struct pg_options *opts)
{
	const char *theirs = endpoint_get(ep, "options");

	if (opts->mode != PG_REPLICATION)
		return;
	strbuf_addf(&k->options, "%s -c search_path= -c role=none %s",
		    theirs ? theirs : "",
		    opts->settings ? opts->settings : "");
	keywords_add(k, "options", k->options.text);
}

/* What the session is opened with. The environment says no more than
 * environment.h lets it. */
static void
keywords_fill(struct keywords *k, const struct endpoint *ep,
	      const struct pg_options *opts)
{
	size_t i;

	for (i = 0; i < ep->n; i++)
		keywords_add(k, ep->keywords[i], ep->values[i]);
	keywords_add(k, "password", secret_text(ep->password));
	if (!endpoint_get(ep, "service")) {
		keywords_default(k, "host",
				 endpoint_get(ep, "hostaddr") ? NULL
							      : "localhost");
		keywords_default(k, "port", "5432");
	}
	/* expand_dbname is off: a database may be named like a URI. */
	keywords_add(k, "dbname",
		     opts->dbname ? opts->dbname : endpoint_dbname(ep));
	keywords_add(k, "application_name", "pgrepup");
	if (pg_library_version() >= REQUIRE_AUTH_VERSION)
		keywords_default(k, "require_auth", endpoint_require_auth(ep));
	keywords_default(k, "keepalives_idle", "30");
	keywords_default(k, "keepalives_interval", "10");
	keywords_default(k, "keepalives_count", "3");
	keywords_default(k, "tcp_user_timeout", "60000");
	if (opts->mode == PG_REPLICATION)
		keywords_add(k, "replication", "database");
	keywords_settings(k, ep, opts);
	/* For names in statements; COPY names the encoding of its rows itself.
	 */
	keywords_add(k, "client_encoding", "UTF8");
}

static void
start_free(struct start *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		free(s->names[i]);
		secret_wipe(s->values[i], strlen(s->values[i]));
		free(s->values[i]);
	}
	pthread_cond_destroy(&s->done);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static void *
start_main(void *arg)
{
	struct start *s = arg;
	PGconn *conn = PQconnectStartParams((const char *const *)s->names,
					    (const char *const *)s->values, 0);
	bool abandoned;

	pthread_mutex_lock(&s->lock);
	s->conn = conn;
	s->finished = true;
	abandoned = s->abandoned;
	pthread_cond_signal(&s->done);
	pthread_mutex_unlock(&s->lock);
	if (abandoned) {
		PQfinish(conn);
		start_free(s);
	}
	return NULL;
}

static struct start *
start_new(const struct keywords *k)
{
	struct start *s = MEM_NEW(struct start);
	pthread_condattr_t attr;
	size_t i;

	for (i = 0; i < k->n; i++) {
		s->names[i] = mem_strdup(k->names[i]);
		s->values[i] = mem_strdup(k->values[i]);
	}
	s->n = k->n;
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->done, &attr);
	pthread_condattr_destroy(&attr);
	return s;
}

static bool
start_thread(struct start *s)
{
	pthread_t thread;
	pthread_attr_t attr;
	int rc;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	rc = pthread_create(&thread, &attr, start_main, s);
	pthread_attr_destroy(&attr);
	return rc == 0;
}

/* The connection as PQconnectStart left it; NULL when time was up. */
static PGconn *
start_wait(struct start *s, double deadline, const struct interrupt *in)
{
	struct timespec step;
	PGconn *conn;
	double now;

	pthread_mutex_lock(&s->lock);
	while (!s->finished && (now = clock_now()) < deadline &&
	       !interrupt_raised(in)) {
		/* Short steps: the interrupt is not a condition variable. */
		double until = now + 0.1 < deadline ? now + 0.1 : deadline;

		step.tv_sec = (time_t)until;
		step.tv_nsec = (long)((until - (double)step.tv_sec) * 1e9);
		pthread_cond_timedwait(&s->done, &s->lock, &step);
	}
	conn = s->finished ? s->conn : NULL;
	s->abandoned = !s->finished;
	pthread_mutex_unlock(&s->lock);
	if (!s->abandoned)
		start_free(s);
	return conn;
}

/* "FATAL:  why", and libpq's question on a line of its own as the detail. */
static void
connection_refused(const char *text, struct err *err)
{
	size_t n = strcspn(text, "\n");
	char *detail = mem_strdup(text + n + strspn(text + n, "\n\t "));
	size_t left = strlen(detail);

	if (strncmp(text, "FATAL:  ", 8) == 0) {
		text += 8;
		n -= 8;
	}
	err_set(err, ERR_CONNECT, "%.*s", (int)n, text);
	while (left > 0 && detail[left - 1] == '\n')
		detail[--left] = '\0';
	if (left > 0)
		err_detail(err, "%s", detail);
	free(detail);
}

static void
refuse(struct pg *pg, struct err *err)
{
	/* A deadline or a stop has said why already. */
	if (err_is_set(err))
		;
	else if (pg->conn && *PQerrorMessage(pg->conn))
		connection_refused(PQerrorMessage(pg->conn), err);
	else
		err_set(err, ERR_CONNECT, "could not start a connection");
	err_at(err, "%s %s, database \"%s\"", side_name(pg->side), pg->label,
	       pg->dbname);
}

static bool
connect_poll(struct pg *pg, double deadline, struct err *err)
{
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;

	if (PQstatus(pg->conn) == CONNECTION_BAD)
		return false;
	while (state != PGRES_POLLING_OK) {
		if (!pg_wait_socket(
			pg, state == PGRES_POLLING_READING ? POLLIN : POLLOUT,
			deadline, err))
			return false;
		state = PQconnectPoll(pg->conn);
		if (state == PGRES_POLLING_FAILED)
			return false;
	}
	return true;
}

static void
receive_notice(void *arg, const PGresult *res)
{
	struct pg *pg = arg;

	pg->notices++;
	if (pg->notice)
		pg->notice(pg->notice_arg,
			   PQresultErrorField(res, PG_DIAG_SEVERITY),
			   PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY),
			   PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL),
			   PQresultErrorField(res, PG_DIAG_MESSAGE_HINT));
}

/*
 * What a database's or role's own settings could turn against the session that
 * they hold in: whose functions and operators a name means, and whose rights
 * they get. Utility statements call neither, so nothing of a tenant's can run
 * before they have: a SELECT that compares two texts could.
 */
static const char first_statements[] =
	"SET search_path TO ''; SET ROLE NONE";

/* Every setting says what it is now: what was asked for, and this role. */
static bool
is_pinned(const struct pg *pg, const struct rowset *rows, struct err *err)
{
	const char *now, *wanted;
	size_t i;

	for (i = 0; i < rows->n_rows; i++) {
		now = rowset_text(rows, i, "now");
		wanted = rowset_text(rows, i, "wanted");
		if (strcmp(now, wanted) == 0)
			continue;
		err_set(err, ERR_CONNECT,
			"%s is \"%s\" in a session where \"%s\" was set",
			rowset_text(rows, i, "name"), now, wanted);
		err_hint(err, "Is database \"%s\" reached through a pooler? "
			      "Give the address of the server itself.",
			 pg->dbname);
		return false;
	}
	return true;
}

/* Pins the session (see pg.h). A walsender takes no such statements. */
static bool
pin_session(struct pg *pg, struct err *err)
{
	const char *load = pg->mode == PG_LOAD ? "t" : "f";
	struct rowset rows = ROWSET_INIT;
	bool ok;

	if (pg->mode == PG_REPLICATION)
		return true;
	ok = pg_run(pg, first_statements, NULL, err) &&
	     pg_ask(pg, "session_pin", PG_BIND(load), &rows, err) &&
	     is_pinned(pg, &rows, err);
	rowset_release(&rows);
	return ok;
}

/* No statement of ours is made for it, not even the first one. */
static bool
is_known(struct pg *pg, struct err *err)
{
	const char *version = PQparameterStatus(pg->conn, "server_version");

	if (PQserverVersion(pg->conn) >= PG_VERSION_OLDEST)
		return true;
	err_set(err, ERR_CONNECT, "PostgreSQL %s is too old for pgrepup",
		version ? version : "of unknown version");
	err_hint(err, "9.4 is the first whose changes can be replicated: use "
		      "pg_upgrade, or pg_dump and pg_restore.");
	return false;
}

static bool
open_session(struct pg *pg, const struct keywords *k, double deadline,
	     struct err *err)
{
	struct start *s = start_new(k);

	if (!start_thread(s)) {
		start_free(s);
		err_set(err, ERR_SYSTEM, "could not start a thread: %s",
			strerror(errno));
		return false;
	}
	pg->conn = start_wait(s, deadline, pg->interrupt);
	if (!pg->conn) {
		if (interrupt_raised(pg->interrupt))
			interrupt_error(err);
		else
			err_set(err, ERR_CONNECT,
				"host name was not resolved in time");
		return false;
	}
	PQsetNoticeReceiver(pg->conn, receive_notice, pg);
	PQsetnonblocking(pg->conn, 1);
	return connect_poll(pg, deadline, err) && is_known(pg, err) &&
	       pin_session(pg, err);
}

struct pg *
pg_connect(const struct endpoint *ep, const struct pg_options *opts,
	   struct err *err)
{
	struct pg *pg = MEM_NEW(struct pg);
	struct keywords k = {.options = STRBUF_INIT};
	double timeout =
	    opts->connect_timeout > 0 ? opts->connect_timeout : CONNECT_TIMEOUT;
	bool ok;

	pg->side = ep->side;
	pg->mode = opts->mode;
	pg->interrupt = opts->interrupt;
	pg->timeout = timeout;
	pg->label = endpoint_label(ep);
	pg->dbname =
	    mem_strdup(opts->dbname ? opts->dbname : endpoint_dbname(ep));
	keywords_fill(&k, ep, opts);
	ok = open_session(pg, &k, clock_now() + timeout, err);
	strbuf_release(&k.options);
	if (!ok) {
		refuse(pg, err);
		pg_close(pg);
		return NULL;
	}
	pg->timeout = 60;
	return pg;
}

/* PQping takes a login that is refused for an answer. */
bool
pg_answers(const struct endpoint *ep)
{
	const struct pg_options opts = {.mode = PG_PLAIN};
	struct keywords k = {.options = STRBUF_INIT};
	PGPing ping;

	keywords_fill(&k, ep, &opts);
	keywords_add(&k, "connect_timeout", "5");
	ping = PQpingParams(k.names, k.values, 0);
	strbuf_release(&k.options);
	return ping == PQPING_OK || ping == PQPING_REJECT;
}

void
pg_close(struct pg *pg)
{
	if (!pg)
		return;
	PQfinish(pg->conn);
	free(pg->dbname);
	free(pg->label);
	free(pg);
}

/* libpq quotes the text, and there may be a password in it. */
static bool
may_quote(const char *conninfo)
{
	return !strstr(conninfo, "://") && !strstr(conninfo, "pass");
}

bool
pg_parse_conninfo(const char *conninfo, struct endpoint *ep, struct err *err)
{
	char *message = NULL;
	PQconninfoOption *options = PQconninfoParse(conninfo, &message), *o;

	if (!options) {
		if (message && may_quote(conninfo))
			err_set(err, ERR_CONFIG,
				"invalid connection string: %.*s",
				(int)strcspn(message, "\n"), message);
		else
			err_set(err, ERR_CONFIG, "invalid connection string");
		PQfreemem(message);
		return false;
	}
	for (o = options; o->keyword; o++) {
		if (!o->val)
			continue;
		if (strcmp(o->keyword, "password") == 0) {
			secret_free(ep->password);
			ep->password = secret_new(o->val, strlen(o->val));
		} else {
			endpoint_set(ep, o->keyword, o->val);
		}
	}
	pg_options_free(options);
	return true;
}

bool
pg_is_keyword(const char *keyword)
{
	PQconninfoOption *options = PQconndefaults(), *o;
	bool found = false;

	for (o = options; o && o->keyword && !found; o++)
		found = strcmp(o->keyword, keyword) == 0;
	pg_options_free(options);
	return found;
}

int
pg_library_version(void)
{
	return PQlibVersion();
}
