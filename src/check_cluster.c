/* SPDX-License-Identifier: PostgreSQL */
/* Checks of a cluster as a whole: who and what is at the other end. */
#include <stdlib.h>
#include <string.h>

#include "check_rows.h"
#include "mechanism.h"
#include "mem.h"
#include "needs.h"
#include "pg.h"
#include "upgrade.h"

static void
report_other_upgrade(const struct check_at *at, struct err *err)
{
	char *other = upgrade_other(at->op, at->cluster->side, err);

	if (other)
		check_report(at, &(struct finding){
					 .status = CHECK_KO,
					 .title = "In no other upgrade",
					 .current = other,
					 .hint = "uninstall that one, with its "
						 "own configuration; if the "
						 "comment is not true, COMMENT "
						 "ON ROLE ... IS NULL",
				 });
	free(other);
}

/* "database "x" at ADDRESS, SSL": an address that the title does not show. */
static void
describe_session(const struct check_at *at, struct strbuf *text)
{
	const char *host = endpoint_get(at->cluster->endpoint, "host");
	const char *ssl = pg_ssl(at->pg), *address = pg_address(at->pg);

	strbuf_addf(text, "database \"%s\"", pg_dbname(at->pg));
	if (!host || strcmp(host, address) != 0)
		strbuf_addf(text, " at %s", address);
	strbuf_addf(text, ", %s", *ssl ? ssl : "no SSL");
}

bool
check_connection(const struct check_at *at, struct err *err)
{
	char *label = endpoint_label(at->cluster->endpoint);
	char *title = mem_printf("PostgreSQL connection to %s as %s", label,
				 at->cluster->user);
	struct strbuf current = STRBUF_INIT;

	describe_session(at, &current);
	check_report(at, &(struct finding){
				 .status = CHECK_OK,
				 .title = title,
				 .current = current.text,
			 });
	free(label);
	free(title);
	strbuf_release(&current);
	report_other_upgrade(at, err);
	return !err_is_set(err);
}

/* --- role --------------------------------------------------------------- */

static bool
ask_rights(const struct check_at *at, const char *side, struct rowset *rows,
	   struct err *err)
{
	const struct op *op = at->op;
	struct strbuf databases = STRBUF_INIT;
	size_t i;
	bool ok;

	for (i = 0; i < op->n_databases; i++)
		strbuf_array(&databases, op->databases[i].name);
	strbuf_array_end(&databases);
	ok = pg_ask(at->pg, "role_rights",
		    PG_BIND(side,
			    op->mechanism ? op->mechanism->name : "pglogical",
			    databases.text),
		    rows, err);
	strbuf_release(&databases);
	return ok;
}

bool
check_role(const struct check_at *at, struct err *err)
{
	const char *side = side_name(at->cluster->side);
	struct strbuf missing = STRBUF_INIT;
	struct rowset rows = ROWSET_INIT;
	bool managed = false;
	size_t i;

	if (at->cluster->superuser) {
		check_say(at, CHECK_OK, at->cluster->user, NULL, "superuser");
		return true;
	}
	if (!ask_rights(at, side, &rows, err))
		return false;
	for (i = 0; i < rows.n_rows; i++) {
		managed = managed || rowset_bool(&rows, i, "managed");
		if (rowset_bool(&rows, i, "held"))
			continue;
		strbuf_sep(&missing, ", ");
		strbuf_add(&missing, rowset_text(&rows, i, "needed"));
	}
	/* Where a provider gives its own administrator's role, its members
	 * may do what elsewhere takes a superuser. */
	if (missing.len == 0)
		check_say(at, CHECK_OK, at->cluster->user, NULL,
			  "no superuser, with all that is needed");
	else
		check_report(at, &(struct finding){
					 .status = managed ? CHECK_WARN
							   : CHECK_KO,
					 .object = at->cluster->user,
					 .current = "no superuser",
					 .needed = missing.text,
				 });
	strbuf_release(&missing);
	rowset_release(&rows);
	return true;
}

/* --- version ------------------------------------------------------------ */

/* What makes a major version: 9.6, 10. */
static int
major_of(int version)
{
	return version / (version < 100000 ? 100 : 10000);
}

bool
check_version(const struct check_at *at, struct err *err)
{
	const struct cluster *c = at->cluster, *other = at->other;
	enum check_status status = CHECK_OK;
	const char *needed = "9.4 to 18", *hint = NULL;

	(void)err;
	if (c->version < PG_VERSION_OLDEST || c->version >= PG_VERSION_BEYOND) {
		status = CHECK_KO;
		hint = "this pgrepup does not know that version";
	} else if (c->side == SIDE_DESTINATION && other->version > 0) {
		needed = "newer than the source's";
		if (major_of(c->version) == major_of(other->version)) {
			status = CHECK_WARN;
			hint = "the same major version: a move, no upgrade";
		} else if (c->version < other->version) {
			status = CHECK_KO;
			hint = "are source and destination the right way "
			       "round?";
		}
	}
	check_report(at, &(struct finding){
				 .status = status,
				 .current = c->version_text,
				 .needed = needed,
				 .hint = hint,
			 });
	return true;
}

/* --- mechanism ---------------------------------------------------------- */

bool
check_mechanism(const struct check_at *at, struct err *err)
{
	struct op *op = at->op;
	const char *wanted = op->conf->mechanism;
	char *title;
	bool other;

	/* Why none fits is the finding. */
	if (!op->mechanism && !mechanism_choose(op, err))
		return false;
	other = wanted && mechanism_find(wanted) &&
		mechanism_find(wanted) != op->mechanism;
	title = mem_printf("Mechanism %s (%s)", op->mechanism->name,
			   op->mechanism_reason);
	check_report(at, &(struct finding){
				 .status = other ? CHECK_WARN : CHECK_OK,
				 .title = title,
				 .current = op->mechanism->name,
				 .needed = other ? wanted : NULL,
				 .hint = other ? "to change it, run pgrepup "
						 "uninstall first"
					       : NULL,
			 });
	free(title);
	return true;
}

/* --- identity ----------------------------------------------------------- */

/*
 * Without both identifiers (9.5 and older cannot say theirs): one server has
 * one version, and one moment of its start.
 */
static bool
same_by_start(const struct check_at *at, bool *same, struct err *err)
{
	char *here, *there;

	*same = false;
	if (at->cluster->version != at->other->version)
		return true;
	here = pg_ask_value(at->pg, "start_time", PG_NONE, err);
	there = pg_ask_value(at->other_pg, "start_time", PG_NONE, err);
	*same = here && there && strcmp(here, there) == 0;
	free(here);
	free(there);
	return !err_is_set(err);
}

bool
check_same_server(const struct check_at *at, struct err *err)
{
	const char *here = at->cluster->system_identifier;
	const char *there = at->other->system_identifier;
	bool same;

	if (!*here || !*there) {
		if (!same_by_start(at, &same, err))
			return false;
	} else {
		same = strcmp(here, there) == 0;
	}
	if (same)
		check_say(at, CHECK_KO, NULL, NULL,
			  "source and destination are one cluster%s%s%s",
			  *here ? " (system identifier " : "", here,
			  *here ? ")" : "");
	return true;
}

bool
check_standby(const struct check_at *at, struct err *err)
{
	(void)err;
	if (at->cluster->in_recovery)
		check_say(at, CHECK_KO, NULL, NULL,
			  "the server is in recovery");
	return true;
}

/*
 * A pooler makes up the process number and key that a client gets at login,
 * and may hand each statement to another session.
 */
bool
check_pooler(const struct check_at *at, struct err *err)
{
	char *pid[2] = {NULL, NULL};
	int i, login = pg_backend_pid(at->pg);

	for (i = 0; i < 2; i++)
		pid[i] = pg_ask_value(at->pg, "backend_pid", PG_NONE, err);
	if (!err_is_set(err) &&
	    (!pid[0] || !pid[1] || atoi(pid[0]) != login ||
	     strcmp(pid[0], pid[1]) != 0))
		check_say(at, CHECK_KO, NULL, NULL,
			  "the session is served by process %s, but the login "
			  "named %d",
			  pid[1] ? pid[1] : "of no number", login);
	free(pid[0]);
	free(pid[1]);
	return !err_is_set(err);
}

/* --- databases ---------------------------------------------------------- */

/* Why it does not travel; NULL: it does, or need not be named. */
static const char *
why_left_out(const struct check_at *at, const struct rowset *rows, size_t i)
{
	const struct conf *conf = at->op->conf;
	const char *name = rowset_text(rows, i, "name");

	/* Every cluster has these two of its own. */
	if (strcmp(name, "template0") == 0 ||
	    (strcmp(name, "template1") == 0 && !conf->databases_templates))
		return NULL;
	if (rowset_int(rows, i, "connection_limit") == -2)
		return "invalid: a DROP DATABASE was interrupted";
	if (!rowset_bool(rows, i, "allow_connections"))
		return "allows no connections (datallowconn)";
	if (text_list_has(&conf->databases_exclude, name))
		return "left out by databases.exclude";
	if (conf->databases_include.n > 0)
		return text_list_has(&conf->databases_include, name)
			       ? NULL
			       : "not in databases.include";
	if (rowset_bool(rows, i, "is_template") && !conf->databases_templates)
		return "a template";
	return NULL;
}

static const char *
hint_left_out(const char *why)
{
	if (strncmp(why, "allows", 6) == 0)
		return "it stays behind: ALTER DATABASE ... ALLOW_CONNECTIONS "
		       "true, if it is to travel";
	if (strncmp(why, "invalid", 7) == 0)
		return "drop it on the source: it cannot be used any more";
	if (strcmp(why, "a template") == 0)
		return "it stays behind, unless databases.templates is true "
		       "or databases.include names it";
	return "it stays behind, as configured";
}

/* A name in the configuration that fits nothing is a mistake in it. */
static void
report_unknown(const struct check_at *at, const struct text_list *names,
	       const char *setting, const struct rowset *rows)
{
	size_t i, k;

	for (i = 0; i < names->n; i++) {
		for (k = 0; k < rows->n_rows; k++)
			if (strcmp(names->items[i],
				   rowset_text(rows, k, "name")) == 0)
				break;
		if (k == rows->n_rows)
			check_say(at, CHECK_WARN, names->items[i],
				  "see whether its name is right",
				  "named in %s, but there is no such database",
				  setting);
	}
}

bool
check_databases_left_out(const struct check_at *at, struct err *err)
{
	const struct conf *conf = at->op->conf;
	struct rowset rows = ROWSET_INIT;
	const char *why;
	size_t i;

	if (!pg_ask(at->pg, "databases", PG_NONE, &rows, err))
		return false;
	for (i = 0; i < rows.n_rows; i++) {
		why = why_left_out(at, &rows, i);
		if (why)
			check_say(at, CHECK_WARN, rowset_text(&rows, i, "name"),
				  hint_left_out(why), "%s", why);
	}
	report_unknown(at, &conf->databases_include, "databases.include",
		       &rows);
	report_unknown(at, &conf->databases_exclude, "databases.exclude",
		       &rows);
	rowset_release(&rows);
	return true;
}

/* --- what holds up the slots -------------------------------------------- */

bool
check_long_transactions(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i;

	if (!pg_ask(at->pg, "long_transactions", PG_NONE, &rows, err))
		return false;
	for (i = 0; i < rows.n_rows; i++)
		check_say(at, CHECK_WARN, rowset_text(&rows, i, "pid"), NULL,
			  "process %s of role \"%s\" in database \"%s\" (%s), "
			  "for %s",
			  rowset_text(&rows, i, "pid"),
			  rowset_text(&rows, i, "role"),
			  rowset_text(&rows, i, "database"),
			  rowset_text(&rows, i, "application"),
			  rowset_text(&rows, i, "age"));
	rowset_release(&rows);
	return true;
}

bool
check_prepared_transactions(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i;

	if (!pg_ask(at->pg, "prepared_transactions", PG_NONE, &rows, err))
		return false;
	for (i = 0; i < rows.n_rows; i++)
		check_say(at, CHECK_WARN, rowset_text(&rows, i, "gid"), NULL,
			  "of role \"%s\" in database \"%s\", for %s",
			  rowset_text(&rows, i, "role"),
			  rowset_text(&rows, i, "database"),
			  rowset_text(&rows, i, "age"));
	rowset_release(&rows);
	return true;
}
