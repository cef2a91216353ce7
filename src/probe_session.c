/* SPDX-License-Identifier: PostgreSQL */
/* The stages of a connection from encryption on: a session tells. */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "pg.h"
#include "pgpass.h"
#include "probe.h"
#include "strbuf.h"

/* --- SSL and login -------------------------------------------------------- */

static bool
is_verified(const struct endpoint *ep)
{
	return strncmp(probe_value(ep, "sslmode", "prefer"), "verify-", 7) ==
	       0;
}

static bool
wants_ssl(const struct endpoint *ep)
{
	return is_verified(ep) ||
	       strcmp(probe_value(ep, "sslmode", "prefer"), "require") == 0;
}

static bool
is_socket(const struct endpoint *ep)
{
	return *probe_value(ep, "host", "localhost") == '/';
}

static void
say_ssl(const struct prober *p, const struct pg *pg)
{
	const struct endpoint *ep = p->probe->ep;
	struct stage stage = {.id = "ssl", .state = "ok"};
	struct record *more = record_new("stage");
	char *text = NULL;

	if (*pg_ssl(pg)) {
		text = mem_printf("%s, certificate %sverified", pg_ssl(pg),
				  is_verified(ep) ? "" : "not ");
		record_text(more, "ssl", pg_ssl(pg));
	}
	if (text && !is_verified(ep)) {
		stage.state = "warn";
		stage.hint = "verify-full would prove which server answers.";
	} else if (!text) {
		stage.state = is_socket(ep) ? "skip" : "warn";
	}
	stage.text = text		? text
		     : is_socket(ep) ? "local socket"
				     : "connection not encrypted";
	probe_say(p, &stage, more);
	free(text);
}

static void
say_login(const struct prober *p, const struct pg *pg)
{
	const char *value = pg_parameter(pg, "is_superuser");
	bool super = value && strcmp(value, "on") == 0;
	struct record *more = record_new("stage");
	char *text = mem_printf("%s, %s, %s", pg_user(pg),
				super ? "superuser" : "not a superuser",
				pg_used_password(pg) ? "password used"
						     : "no password asked");

	record_text(more, "user", pg_user(pg));
	record_bool(more, "superuser", super);
	record_bool(more, "password_used", pg_used_password(pg));
	probe_say(p,
		  &(struct stage){"login", super ? "ok" : "warn", text,
				  super ? NULL
					: "Check will tell what this role "
					  "lacks."},
		  more);
	free(text);
}

/* --- what the server is --------------------------------------------------- */

static int
major_of(int version)
{
	return version >= 100000 ? version / 10000 : version / 100;
}

static bool
is_the_source(const struct probe *probe, const char *identifier)
{
	return probe->source_identifier && *probe->source_identifier &&
	       identifier && strcmp(probe->source_identifier, identifier) == 0;
}

/* Fills state and hint; the words after the version. */
static const char *
judge_version(const struct probe *probe, int version, const char *identifier,
	      struct stage *stage)
{
	bool to = probe->ep->side == SIDE_DESTINATION;

	stage->state = "ko";
	if (to && is_the_source(probe, identifier)) {
		stage->hint = "Name the new cluster here: another host or "
			      "port.";
		return "but this is the source itself";
	}
	if (version >= PG_VERSION_BEYOND) {
		stage->hint = "This pgrepup knows 9.4 to 18: look for a newer "
			      "pgrepup.";
		return "newer than this pgrepup knows";
	}
	if (to && version < probe->source_version &&
	    major_of(version) != major_of(probe->source_version)) {
		stage->hint = "Are source and destination the right way "
			      "round?";
		return "older than the source";
	}
	stage->state = "ok";
	if (to && major_of(version) == major_of(probe->source_version)) {
		stage->state = "warn";
		return "as the source: a move, no upgrade";
	}
	return to ? "can be the destination" : "can be the source";
}

static bool
say_version(const struct prober *p, struct pg *pg, struct err *err)
{
	const char *value = pg_parameter(pg, "server_version");
	char *identifier =
		pg_ask_value(pg, "system_identifier", PG_NONE, err);
	struct record *more = record_new("stage");
	struct stage stage = {.id = "version"};
	const char *words;
	char *text;

	/* Not everybody may ask for it: then it is not known. */
	err_release(err);
	words = judge_version(p->probe, pg_version(pg), identifier, &stage);
	/* "17.2 (Debian 17.2-1)": who packed it says nothing here. */
	text = mem_printf("%.*s, %s", value ? (int)strcspn(value, " ") : 1,
			  value ? value : "?", words);
	stage.text = text;
	if (strcmp(stage.state, "ko") == 0) {
		err_set(err, ERR_NEGATIVE, "PostgreSQL %s", text);
		err_hint(err, "%s", stage.hint);
	}
	record_text(more, "server_version", value);
	record_int(more, "server_version_num", pg_version(pg));
	record_text(more, "system_identifier", identifier);
	probe_say(p, &stage, more);
	free(text);
	free(identifier);
	return !err_is_set(err);
}

static bool
say_wal_level(const struct prober *p, struct pg *pg, struct err *err)
{
	char *value = pg_ask_value(pg, "setting", PG_BIND("wal_level"), err);
	bool logical = value && strcmp(value, "logical") == 0;

	if (!value) {
		err_set(err, ERR_SERVER, "the server does not tell wal_level");
		return false;
	}
	probe_say(p,
		  &(struct stage){"wal_level", logical ? "ok" : "warn", value,
				  logical ? NULL : "Check will offer a fix."},
		  NULL);
	free(value);
	return true;
}

/* Databases of users are no harm in themselves: Check looks into them. */
static bool
say_empty(const struct prober *p, struct pg *pg, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	struct strbuf names = STRBUF_INIT;
	const char *name;
	size_t i;
	bool ok = pg_ask(pg, "databases", PG_NONE, &rows, err);

	for (i = 0; ok && i < rows.n_rows; i++) {
		name = rowset_text(&rows, i, "name");
		if (rowset_bool(&rows, i, "is_template") ||
		    strcmp(name, "postgres") == 0)
			continue;
		strbuf_add(&names, names.len ? ", " : "has ");
		strbuf_add(&names, name);
	}
	if (ok)
		probe_say(p,
			  &(struct stage){
				  "empty", names.len ? "warn" : "ok",
				  names.len ? names.text : "none yet",
				  names.len ? "Setup loads a database only "
					      "while it is empty there."
					    : NULL},
			  NULL);
	strbuf_release(&names);
	rowset_release(&rows);
	return ok;
}

/* --- what went wrong ------------------------------------------------------ */

/* libpq tells a failure in words only. */
static const struct {
	const char *words;
	const char *hint;
} remedies[] = {
	{"no password supplied",
	 "Type the password, or add it to the pgpass file."},
	{"password authentication failed",
	 "A wrong password or a wrong user: the server does not tell which."},
	{"no pg_hba.conf entry",
	 "Let this machine in: a line in pg_hba.conf of that server, then "
	 "reload it."},
	{"pg_hba.conf rejects",
	 "pg_hba.conf of that server refuses this machine, user or database."},
	{"authentication method requirement",
	 "The server wants the password in clear, and nothing proves who it "
	 "is: choose verify-full; or, if it may have it (LDAP, RADIUS, PAM), "
	 "set require_auth=password on that side."},
	{"does not support SSL",
	 "Choose prefer, or switch on ssl on that server."},
	{"root certificate file",
	 "Name the file with the CA of the server's certificate, or choose "
	 "require: encrypted, but the server is not proven."},
	{"certificate verify failed",
	 "The CA file does not fit the server's certificate: name another, "
	 "or choose require."},
	{"does not match host name",
	 "Name the host as the certificate does, or choose verify-ca."},
	{"invalid response to SSL",
	 "Something answers there, but not PostgreSQL: is the port right?"},
	{"received invalid response",
	 "Something answers there, but not PostgreSQL: is the port right?"},
	{"server closed the connection unexpectedly",
	 "Something answers there, but not PostgreSQL: is the port right?"},
	{"no answer",
	 "Something takes the connection and says nothing: is the port "
	 "right?"},
	{"starting up", "Wait a moment, then test again with ^T."},
	{"too many clients", "Free a connection there, or raise "
			     "max_connections."},
	{"remaining connection slots",
	 "Free a connection there, or raise max_connections."},
};

/* A pgpass file with a password that libpq does not take. */
static bool
hint_ignored(const struct endpoint *ep, struct err *err)
{
	struct pgpass pgpass;
	bool ignored;

	pgpass_look(ep, &pgpass);
	ignored = pgpass.found && pgpass.ignored;
	if (ignored)
		err_hint(err, "%s has one, but is ignored since others can "
			      "read it: chmod 600 %s",
			 pgpass.path, pgpass.path);
	pgpass_release(&pgpass);
	return ignored;
}

static const char *
remedy(const struct err *err)
{
	const char *m = err->message;
	size_t i;

	if (strstr(m, "database \"") && strstr(m, "does not exist"))
		return "Any database that is there will do: postgres, "
		       "template1.";
	if (strstr(m, "role \"") && strstr(m, "does not exist"))
		return "That server has no such user: a superuser of it is "
		       "best.";
	for (i = 0; i < LENGTH_OF(remedies); i++)
		if (strstr(m, remedies[i].words))
			return remedies[i].hint;
	return NULL;
}

/*
 * What the server itself refuses comes after the encryption was agreed on; a
 * word about SSL or certificates without that is the stage before; so is
 * silence, when SSL was asked for.
 */
static void
say_failure(const struct prober *p, struct err *err)
{
	const struct endpoint *ep = p->probe->ep;
	const char *m = err->message;
	const char *mode = probe_value(ep, "sslmode", "prefer");
	bool old = strstr(m, "too old") != NULL;
	bool refused = strstr(m, "FATAL") || strstr(m, "password") ||
		       strstr(m, "pg_hba.conf") || strstr(m, "exist");
	bool ssl = !old && !refused && !is_socket(ep) &&
		   strcmp(mode, "disable") != 0;

	if (!ssl && wants_ssl(ep) && !is_socket(ep))
		probe_say(p,
			  &(struct stage){"ssl", "ok",
					  is_verified(ep)
						  ? "certificate verified"
						  : "encrypted",
					  NULL},
			  NULL);
	if (strstr(m, "no password supplied") && hint_ignored(ep, err))
		;
	else if (!err->hint && remedy(err))
		err_hint(err, "%s", remedy(err));
	probe_say(p,
		  &(struct stage){old   ? "version"
				  : ssl ? "ssl"
					: "login",
				  "ko", m,
				  err->hint ? err->hint : err->detail},
		  NULL);
}

/* --- all of it ------------------------------------------------------------ */

static struct pg *
connect_to(const struct endpoint *ep, struct err *err)
{
	const char *timeout = endpoint_get(ep, "connect_timeout");
	struct pg_options options = {
		.connect_timeout = timeout ? strtod(timeout, NULL) : 0,
	};

	return pg_connect(ep, &options, err);
}

/* The last stage, which stands on a statement that may be refused. */
static bool
say_rest(const struct prober *p, struct pg *pg, struct err *err)
{
	bool source = p->probe->ep->side == SIDE_SOURCE;
	bool ok = source ? say_wal_level(p, pg, err) : say_empty(p, pg, err);

	if (!ok)
		probe_say(p,
			  &(struct stage){source ? "wal_level" : "empty", "ko",
					  err->message ? err->message
						       : "not told",
					  err->hint},
			  NULL);
	return ok;
}

bool
probe_session(const struct prober *p, struct err *err)
{
	struct pg *pg = connect_to(p->probe->ep, err);
	bool ok;

	if (!pg) {
		say_failure(p, err);
		return false;
	}
	say_ssl(p, pg);
	say_login(p, pg);
	ok = say_version(p, pg, err) && say_rest(p, pg, err);
	pg_close(pg);
	return ok;
}

static void
say_database(const struct prober *p, const struct rowset *rows, size_t i)
{
	struct record *r = record_new("database");
	const char *size = rowset_get(rows, i, "size");

	record_text(r, "name", rowset_text(rows, i, "name"));
	if (size)
		record_int(r, "size", strtoll(size, NULL, 10));
	record_bool(r, "template", rowset_bool(rows, i, "is_template"));
	p->say(p->arg, r);
	record_free(r);
}

bool
probe_databases(const struct prober *p, struct err *err)
{
	struct pg *pg = connect_to(p->probe->ep, err);
	struct rowset rows = ROWSET_INIT;
	bool ok = pg && pg_ask(pg, "databases", PG_NONE, &rows, err);
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++)
		if (rowset_bool(&rows, i, "allow_connections"))
			say_database(p, &rows, i);
	if (!ok)
		probe_say(p,
			  &(struct stage){"databases", "ko", err->message,
					  err->hint},
			  NULL);
	rowset_release(&rows);
	pg_close(pg);
	return ok;
}
