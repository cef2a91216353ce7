/* SPDX-License-Identifier: PostgreSQL */
/* Connection strings of the mechanisms, and keeping them to ourselves. */
#include "mech_common.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* Keywords of a connection that hold for the other server as well; paths of
 * files here do not. */
static const char *const shared_keywords[] = {
	"sslmode",
	"sslsni",
	"channel_binding",
	"gssencmode",
	"require_auth",
	"ssl_min_protocol_version",
	"ssl_max_protocol_version",
};

/*
 * Between major versions changes travel as text, written by a session that has
 * the settings of the source's database: a date came with day and month
 * swapped, a float rounded. These mean the same everywhere.
 */
#define STREAM_SETTINGS                                                        \
	"-c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=3 "  \
	"-c bytea_output=hex -c lc_monetary=C -c search_path="

/*
 * As our own session has it, whoever said so: a service file and PGSSLMODE are
 * not there on the other server, and what is asked for here holds there too.
 */
static char *
option_of(const struct mechanism_at *at, const char *keyword)
{
	const char *said = endpoint_get(&at->op->conf->source, keyword);

	return said || !at->source ? mem_strdup(said)
				   : pg_option(at->source, keyword);
}

static void
add_options(const struct mechanism_at *at, struct strbuf *dsn)
{
	const char *auth = endpoint_require_auth(&at->op->conf->source);
	char *value = option_of(at, "sslrootcert");
	size_t i;

	if (value && strcmp(value, "system") == 0)
		strbuf_conninfo(dsn, "sslrootcert", value);
	free(value);
	for (i = 0; i < LENGTH_OF(shared_keywords); i++) {
		value = option_of(at, shared_keywords[i]);
		if (value)
			strbuf_conninfo(dsn, shared_keywords[i], value);
		free(value);
	}
	/* Its libpq is of the destination's version. */
	if (auth && at->op->destination.version >= REQUIRE_AUTH_VERSION)
		strbuf_conninfo(dsn, "require_auth", auth);
}

void
mech_source_dsn(const struct mechanism_at *at, struct strbuf *dsn)
{
	const struct endpoint *ep = &at->op->conf->source;

	strbuf_conninfo(dsn, "host", endpoint_server_host(ep));
	strbuf_conninfo(dsn, "port", endpoint_server_port(ep));
	strbuf_conninfo(dsn, "dbname", at->database);
	strbuf_conninfo(dsn, "user", at->op->conf->replication_user);
	add_options(at, dsn);
	strbuf_conninfo(dsn, "options", STREAM_SETTINGS);
}

/* The first item of a list like "a, b". */
static char *
first_item(const char *list)
{
	list += strspn(list, ", ");
	return mem_strndup(list, strcspn(list, ", "));
}

static bool
is_loopback(const char *address)
{
	static const char *const names[] = {"*", "localhost", "127.0.0.1",
					    "0.0.0.0"};
	size_t i;

	for (i = 0; i < LENGTH_OF(names); i++)
		if (strcmp(names[i], address) == 0)
			return true;
	return false;
}

static bool
listens_on_loopback(const char *addresses)
{
	bool found = false;
	char *item;

	for (; *addresses && !found; addresses += strcspn(addresses, ",")) {
		addresses += strspn(addresses, ", ");
		item = first_item(addresses);
		found = is_loopback(item);
		free(item);
	}
	return found;
}

/* An address at which the server can be sure to reach itself: loopback when
 * it listens there, since that is what pg_hba.conf allows from the start. */
static char *
own_address(const char *addresses, const char *sockets)
{
	char *item;

	if (listens_on_loopback(addresses))
		return mem_strdup("127.0.0.1");
	item = first_item(*addresses ? addresses : sockets);
	if (strcmp(item, "::") != 0)
		return item;
	free(item);
	return mem_strdup("::1");
}

bool
mech_destination_dsn(const struct mechanism_at *at, struct strbuf *dsn,
			  struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	char *host;
	bool ok;

	ok = pg_ask(at->destination, "server_address", PG_NONE, &rows, err);
	if (ok) {
		host = own_address(rowset_text(&rows, 0, "addresses"),
				   rowset_text(&rows, 0, "sockets"));
		strbuf_conninfo(dsn, "host", host);
		strbuf_conninfo(dsn, "port", rowset_text(&rows, 0, "port"));
		strbuf_conninfo(dsn, "dbname", at->database);
		strbuf_conninfo(dsn, "user", at->op->conf->replication_user);
		free(host);
	}
	rowset_release(&rows);
	return ok;
}

void
mech_dsn_password(const struct mechanism_at *at, struct strbuf *dsn)
{
	const char *password =
		secret_text(at->op->conf->replication_password);

	if (password)
		strbuf_conninfo(dsn, "password", password);
}

void
mech_dsn_wipe(struct strbuf *dsn)
{
	secret_wipe(dsn->text, dsn->len);
	strbuf_release(dsn);
}

bool
mech_quiet(struct pg *pg, struct err *err)
{
	return pg_ask(pg, "session_quiet", PG_NONE, NULL, err);
}

/* What the destination's database is set to while there is a subscription. */
static const struct mute {
	const char *setting;
	const char *value;
	const char *asked;     /* statement: is it needed? or NULL */
	const char *mechanism; /* only under this one; NULL: any */
} mutes[] = {
	/* pglogical's workers write their connection string to the server log:
	 * "dsn was: ..." is the detail of a connection that failed, */
	{"log_error_verbosity", "terse", NULL, "pglogical"},
	/* "connecting to provider ..., dsn ..." a debug message */
	{"log_min_messages", "info", "log_is_debug", "pglogical"},
	/* the worker reads what STREAM_SETTINGS wrote */
	{"lc_monetary", "C", NULL, NULL},
	{"array_nulls", "on", NULL, NULL},
	{"xmloption", "content", NULL, NULL},
};

/* ALTER DATABASE takes no parameters. value NULL: as it is by default. */
static bool
set_setting(struct pg *pg, const char *setting, const char *value,
	    struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "ALTER DATABASE ");
	strbuf_ident(&sql, pg_dbname(pg));
	strbuf_add(&sql, value ? " SET " : " RESET ");
	strbuf_ident(&sql, setting);
	if (value) {
		strbuf_add(&sql, " = ");
		strbuf_literal(&sql, value);
	}
	ok = pg_run(pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

static bool
is_needed(const struct mechanism_at *at, const struct mute *mute,
	  struct err *err)
{
	char *answer;
	bool needed;

	if (mute->mechanism &&
	    strcmp(mute->mechanism, at->op->mechanism->name) != 0)
		return false;
	if (!mute->asked)
		return true;
	answer = pg_ask_value(at->destination, mute->asked, PG_NONE, err);
	needed = answer && strcmp(answer, "t") == 0;
	free(answer);
	return needed;
}

static bool
mute_one(struct pg *pg, const struct mute *mute, struct err *err)
{
	char *old = pg_ask_value(pg, "database_setting",
				 PG_BIND(mute->setting), err);
	bool ok;

	ok = !err_is_set(err) &&
	     set_setting(pg, mute->setting, mute->value, err) &&
	     mech_record(pg, CHANGE_DATABASE_SETTING, mute->setting,
			      NULL, old, mute->value, err);
	free(old);
	return ok;
}

bool
mech_mute(const struct mechanism_at *at, struct err *err)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(mutes); i++)
		if (is_needed(at, &mutes[i], err) &&
		    !mute_one(at->destination, &mutes[i], err))
			return false;
	return !err_is_set(err);
}

static bool
unmute_one(struct pg *pg, const struct change_list *list,
	   const struct mute *mute, struct err *err)
{
	const struct change *c = change_list_find(
		list, CHANGE_DATABASE_SETTING, "", mute->setting, "");

	return !c || (set_setting(pg, mute->setting, c->old_value, err) &&
		      registry_forget(pg, c->id, err));
}

bool
mech_unmute(struct pg *destination, struct err *err)
{
	struct change_list list;
	size_t i;
	bool ok;

	ok = registry_list(destination, CHANGE_DATABASE_SETTING, &list, err);
	for (i = 0; ok && i < LENGTH_OF(mutes); i++)
		ok = unmute_one(destination, &list, &mutes[i], err);
	change_list_release(&list);
	return ok;
}
