/* SPDX-License-Identifier: PostgreSQL */
/*
 * A failed CREATE SUBSCRIPTION has its connection string in the statement,
 * and servers log failed statements, some log all: so the logging of
 * statements is switched off for the transaction, and before setup, when
 * there is no password of our own, none is sent.
 */
#include "reach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hba.h"
#include "mech_common.h"
#include "mem.h"
#include "sqlcat.h"
#include "strbuf.h"

/* Seconds; libpqwalreceiver does not heed connect_timeout by itself. */
#define PROBE_TIMEOUT 6

static const struct {
	const char *words;
	enum reach_result result;
} meanings[] = {
	{"no pg_hba.conf entry", REACH_NO_ENTRY},
	{"pg_hba.conf rejects", REACH_NO_ENTRY},
	{"could not translate host name", REACH_UNKNOWN_HOST},
	{"Connection refused", REACH_CLOSED},
	{"No such file or directory", REACH_CLOSED},
	{"timeout expired", REACH_TIMEOUT},
	{"timed out", REACH_TIMEOUT},
	{"statement timeout", REACH_TIMEOUT},
	{"No route to host", REACH_UNREACHABLE},
	{"Network is unreachable", REACH_UNREACHABLE},
	{"Host is down", REACH_UNREACHABLE},
	{"does not support SSL", REACH_SSL},
	{"SSL error", REACH_SSL},
	{"root certificate file", REACH_SSL},
	{"authentication failed", REACH_REFUSED_ROLE},
	{"no password supplied", REACH_REFUSED_ROLE},
	{"does not exist", REACH_REFUSED_ROLE},
	{"not permitted to log in", REACH_REFUSED_ROLE},
	{"FATAL:", REACH_ANSWERED},
};

/* 'host "10.1.2.3"': the one quoted word that is an address. */
static char *
quoted_address(const char *message)
{
	const char *from = message, *to;
	char *word;

	while ((from = strchr(from, '"')) && (to = strchr(from + 1, '"'))) {
		word = mem_strndup(from + 1, (size_t)(to - from - 1));
		if (hba_is_address(word))
			return word;
		free(word);
		from = to;
	}
	return NULL;
}

/* The failure of the last try: libpq tries with SSL, then without. */
void
reach_classify(const char *message, struct reach *reach)
{
	const char *entry = strstr(message, "pg_hba.conf");
	size_t i;

	reach->result = REACH_OTHER;
	for (i = 0; i < LENGTH_OF(meanings); i++) {
		if (!strstr(message, meanings[i].words))
			continue;
		reach->result = meanings[i].result;
		break;
	}
	if (reach->result == REACH_REFUSED_ROLE &&
	    strstr(message, "database \"") && strstr(message, "does not exist"))
		reach->result = REACH_NO_DATABASE;
	if (entry)
		reach->address = quoted_address(entry);
}

void
reach_release(struct reach *reach)
{
	free(reach->message);
	free(reach->address);
	*reach = (struct reach){0};
}

/* --- the probe ---------------------------------------------------------- */

/*
 * The connection string that the mechanism will use from there, with other
 * words at its end, where they hold.
 */
static bool
add_conninfo(struct op *op, struct strbuf *sb, const struct cluster *from,
	     const struct cluster *to, const char *dbname, const char *user,
	     struct err *err)
{
	const struct mechanism_at at = {
		.op = op,
		.database = dbname,
		.source = op->source.pg,
		.destination = op->destination.pg,
	};

	if (from != to)
		mech_source_dsn(&at, sb);
	else if (!mech_destination_dsn(&at, sb, err))
		return false;
	strbuf_conninfo(sb, "user", user);
	strbuf_conninfo(sb, "connect_timeout", "5");
	return true;
}

/* For the length of this transaction, where it is not there already. */
static char *
make_dblink(struct pg *pg, struct err *err)
{
	if (!pg_run(pg, "CREATE SCHEMA pgrepup_probe", NULL, err) ||
	    !pg_run(pg, "CREATE EXTENSION dblink SCHEMA pgrepup_probe", NULL,
		    err))
		return NULL;
	return mem_strdup("pgrepup_probe");
}

static bool
add_dblink(struct pg *pg, struct strbuf *sql, const char *conninfo,
	   struct err *err)
{
	char *schema = pg_ask_value(pg, "probe_dblink", PG_NONE, err);

	if (!schema && !err_is_set(err))
		schema = make_dblink(pg, err);
	if (!schema)
		return false;
	strbuf_add(sql, "SELECT ");
	strbuf_ident2(sql, schema, "dblink_connect");
	strbuf_add(sql, "('pgrepup_probe', ");
	strbuf_literal(sql, conninfo);
	strbuf_add(sql, "); SELECT ");
	strbuf_ident2(sql, schema, "dblink_disconnect");
	strbuf_add(sql, "('pgrepup_probe')");
	free(schema);
	return true;
}

/* The statement that connects; what holds a password is wiped by callers. */
static bool
add_statement(struct pg *pg, struct strbuf *sql, const char *conninfo,
	      struct err *err)
{
	if (sqlcat_find("probe_dblink", pg_version(pg)))
		return add_dblink(pg, sql, conninfo, err);
	strbuf_add(sql, "CREATE SUBSCRIPTION pgrepup_probe CONNECTION ");
	strbuf_literal(sql, conninfo);
	strbuf_add(sql, " PUBLICATION pgrepup_probe WITH (enabled = false,"
			" create_slot = false, slot_name = NONE,"
			" copy_data = false)");
	return true;
}

static void
wipe(struct strbuf *sb)
{
	secret_wipe(sb->text, sb->len);
	strbuf_release(sb);
}

static bool
is_connected(const struct err *err, int version)
{
	/* What fails after the connection is made proves it as well: a source
	 * below 10 knows no publications, and its walsender no statement. */
	if (strstr(err->message, "could not clear search path"))
		return true;
	return version >= 100000 &&
	       !strstr(err->message, "could not connect") &&
	       (strstr(err->message, "from the publisher") ||
		strstr(err->message, "on the publisher"));
}

/* What the other server, or the way to it, has said: without the words that
 * CREATE SUBSCRIPTION puts before it; dblink says it in the detail. */
static char *
answer_of(const struct err *failed)
{
	static const char before[] = "could not connect to the publisher: ";
	const char *text = strstr(failed->message, before);

	if (failed->detail && strcmp(failed->sqlstate, "08001") == 0)
		return mem_strdup(failed->detail);
	return mem_strdup(text ? text + strlen(before) : failed->message);
}

static void
judge_failure(const struct err *failed, int version, struct reach *reach)
{
	if (is_connected(failed, version)) {
		reach->result = REACH_OK;
	} else if (strcmp(failed->sqlstate, "57014") == 0) {
		reach->result = REACH_TIMEOUT;
		reach->message = mem_printf("no answer within %d s",
					    PROBE_TIMEOUT);
	} else {
		reach->message = answer_of(failed);
		reach_classify(reach->message, reach);
		if (strcmp(failed->sqlstate, "42501") == 0)
			reach->result = REACH_UNTESTED;
	}
}

static bool
run_probe(struct pg *pg, const char *conninfo, struct reach *reach,
	  struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	struct err failed = ERR_INIT;
	char timeout[16];
	bool ok;

	snprintf(timeout, sizeof(timeout), "%ds", PROBE_TIMEOUT);
	ok = pg_begin(pg, err) &&
	     pg_ask(pg, "session_quiet", PG_NONE, NULL, err) &&
	     pg_ask(pg, "probe_quiet", PG_BIND(timeout), NULL, err);
	if (ok && !add_statement(pg, &sql, conninfo, &failed)) {
		reach->result = REACH_UNTESTED;
		reach->message = mem_strdup("the server has no dblink to try "
					    "it with");
	} else if (ok && !pg_run(pg, sql.text, NULL, &failed)) {
		judge_failure(&failed, pg_version(pg), reach);
	}
	/* A connection that the probe itself lost is the caller's error. */
	if (ok && (failed.kind == ERR_STOPPED || !pg_is_alive(pg)))
		err_move(err, &failed);
	pg_rollback(pg);
	wipe(&sql);
	err_release(&failed);
	return !err_is_set(err);
}

bool
reach_probe(struct op *op, struct cluster *from, struct cluster *to,
	    const char *dbname, const char *user, const struct secret *password,
	    struct reach *reach, struct err *err)
{
	struct strbuf conninfo = STRBUF_INIT;
	bool ok;

	*reach = (struct reach){.result = REACH_OK};
	ok = add_conninfo(op, &conninfo, from, to, dbname, user, err);
	/* Who is no superuser must name one, even a wrong one. */
	if (ok && (password || !from->superuser))
		strbuf_conninfo(&conninfo, "password",
				password ? secret_text(password) : "none");
	ok = ok && run_probe(from->pg, conninfo.text, reach, err);
	wipe(&conninfo);
	return ok;
}

static bool
reach_answered(enum reach_result result)
{
	return result <= REACH_ANSWERED;
}

/* --- the address -------------------------------------------------------- */

bool
reach_is_loopback(const char *host)
{
	return host && (strcmp(host, "localhost") == 0 ||
			strncmp(host, "127.", 4) == 0 ||
			strcmp(host, "::1") == 0);
}

/* Tries as nobody, whom rules for all alone let in: else it is refused, and
 * told from where it came. */
static bool
address_by_probe(struct op *op, struct cluster *from, struct cluster *to,
		 char **address, struct err *err)
{
	const struct {
		const char *user, *dbname;
	} tries[] = {
		{op->conf->replication_user, endpoint_dbname(to->endpoint)},
		{"pgrepup_nobody", "pgrepup_nowhere"},
	};
	struct reach reach;
	bool answered;
	size_t i;

	for (i = 0; i < LENGTH_OF(tries) && !*address; i++) {
		if (!reach_probe(op, from, to, tries[i].dbname, tries[i].user,
				 NULL, &reach, err))
			return false;
		*address = mem_strdup(reach.address);
		answered = reach_answered(reach.result);
		reach_release(&reach);
		if (!answered)
			break;
	}
	return true;
}

bool
reach_address(struct op *op, struct cluster *from, struct cluster *to,
	      char **address, bool *guessed, struct err *err)
{
	const char *host = endpoint_server_host(to->endpoint);

	*guessed = false;
	*address = NULL;
	if (from != to && host && host[0] == '/')
		return true;
	*address = pg_ask_value(to->pg, "replication_peer",
				PG_BIND(op->conf->replication_user), err);
	if (err_is_set(err))
		return false;
	if (!*address && !address_by_probe(op, from, to, address, err))
		return false;
	if (*address)
		return true;
	*guessed = true;
	/* A mechanism has a server reach itself by loopback. */
	if (from == to || reach_is_loopback(host)) {
		*address = mem_strdup(from != to && hba_is_address(host)
					      ? host
					      : "127.0.0.1");
		return true;
	}
	*address = pg_ask_value(from->pg, "own_address", PG_NONE, err);
	if (!*address && !err_is_set(err))
		*address = mem_strdup("127.0.0.1");
	return !err_is_set(err);
}
