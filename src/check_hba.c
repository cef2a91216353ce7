/* SPDX-License-Identifier: PostgreSQL */
/* Checks of who is let in where: between the servers, and afterwards. */
#include <stdlib.h>
#include <string.h>

#include "check_rows.h"
#include "hba.h"
#include "mechanism.h"
#include "mem.h"
#include "reach.h"

/* --- pg_hba ------------------------------------------------------------- */

static void
report_refusal(const struct check_at *at, const struct hba_need *need)
{
	struct strbuf current = STRBUF_INIT, needed = STRBUF_INIT;
	bool unsure = need->verdict == HBA_UNSURE;

	strbuf_add(&current, need->problem);
	if (need->refused > 1)
		strbuf_addf(&current, ", and %zu more", need->refused - 1);
	strbuf_addf(&needed, "first in pg_hba.conf: %s", need->lines.text);
	needed.text[--needed.len] = '\0'; /* the last line feed */
	check_report(at, &(struct finding){
				 .status = unsure ? CHECK_WARN : CHECK_KO,
				 .current = current.text,
				 .needed = needed.text,
				 .hint = need->guessed
						 ? "the address is concluded, "
						   "not seen; then pgrepup fix "
						   "pg_hba"
						 : "pgrepup fix pg_hba",
				 .fixable = at->cluster->superuser,
				 .fix_sql = need->lines.text,
			 });
	strbuf_release(&current);
	strbuf_release(&needed);
}

/* The rules that are judged are those of the file: are they in force? */
static bool
report_pending(const struct check_at *at, struct err *err)
{
	char *pending = pg_ask_value(at->pg, "hba_pending", PG_NONE, err);

	if (pending && strcmp(pending, "t") == 0)
		check_report(at, &(struct finding){
					 .status = CHECK_WARN,
					 .current = "pg_hba.conf was changed "
						    "after it was read",
					 .hint = "SELECT pg_reload_conf() "
						 "makes the server read it",
				 });
	free(pending);
	return !err_is_set(err);
}

static bool
report_need(const struct check_at *at, const struct hba_need *need,
	    struct err *err)
{
	if (!need->needed) {
		check_say(at, CHECK_SKIP, NULL, NULL,
			  "under mechanism %s nothing connects to it",
			  at->op->mechanism->name);
		return true;
	}
	if (need->broken) {
		check_say(at, CHECK_KO, NULL,
			  "mend that line: the server does not load the file "
			  "and would not start with it",
			  "%s", need->broken);
		return true;
	}
	if (need->verdict != HBA_ALLOWED)
		report_refusal(at, need);
	else
		check_say(at, CHECK_OK, NULL, NULL, "role \"%s\" from %s",
			  at->op->conf->replication_user,
			  need->address ? need->address : "[local]");
	return report_pending(at, err);
}

bool
check_pg_hba(const struct check_at *at, struct err *err)
{
	struct hba_need need;
	struct err failed = ERR_INIT;
	bool ok = hba_need_read(at->op, at->cluster, &need, &failed);

	if (ok) {
		ok = report_need(at, &need, &failed);
	} else if (err_is(&failed, "42501")) {
		/* Not everybody may read it; the probe still tells. */
		check_say(at, CHECK_WARN, NULL,
			  "see that it lets the replication role in from the "
			  "other server",
			  "%s", failed.message);
		ok = true;
		err_release(&failed);
	}
	hba_need_release(&need);
	err_move(err, &failed);
	return ok;
}

/* --- server_to_server --------------------------------------------------- */

struct meaning {
	enum check_status status;
	const char *current; /* NULL: the message */
	const char *hint;
};

static const struct meaning meanings[] = {
	[REACH_OK] = {CHECK_OK, "connected", NULL},
	[REACH_REFUSED_ROLE] = {CHECK_OK, "reached; it asks for a password",
				NULL},
	[REACH_NO_DATABASE] = {CHECK_OK, "reached", NULL},
	[REACH_NO_ENTRY] = {CHECK_KO, NULL,
			    "it is reached, but pg_hba.conf of the source "
			    "refuses: pgrepup fix pg_hba"},
	[REACH_ANSWERED] = {CHECK_KO, NULL, "it is reached, but refuses"},
	[REACH_CLOSED] = {CHECK_KO, NULL,
			  "nothing listens there: see listen_addresses and "
			  "the port of the source, or name the address at "
			  "which the other server reaches it "
			  "(source.server_host, source.server_port)"},
	[REACH_TIMEOUT] = {CHECK_KO, NULL,
			   "no answer in time: a firewall between the "
			   "servers, or a wrong source.server_host"},
	[REACH_UNKNOWN_HOST] = {CHECK_KO, NULL,
				"the destination's host does not know that "
				"name: set source.server_host"},
	[REACH_UNREACHABLE] = {CHECK_KO, NULL,
			       "there is no route: see the network between "
			       "the servers, or source.server_host"},
	[REACH_SSL] = {CHECK_KO, NULL,
		       "they cannot agree about SSL: see source.sslmode"},
	[REACH_UNTESTED] = {CHECK_WARN, NULL,
			    "could not be tried: see yourself that the "
			    "destination's host reaches the source"},
	[REACH_OTHER] = {CHECK_KO, NULL, NULL},
};

static void
report_reach(const struct check_at *at, const struct reach *reach,
	     bool with_password)
{
	const char *host = endpoint_server_host(at->other->endpoint);
	const char *port = endpoint_server_port(at->other->endpoint);
	char *object = mem_printf("%s:%s", host ? host : "localhost",
				  port ? port : "5432");
	struct meaning m = meanings[reach->result];

	if (with_password && reach->result == REACH_REFUSED_ROLE)
		m = (struct meaning){CHECK_KO, NULL,
				     "the source does not accept the "
				     "replication role with the password in "
				     "the configuration: run setup again"};
	check_report(at, &(struct finding){
				 .status = m.status,
				 .object = object,
				 .current = m.current ? m.current
						      : reach->message,
				 .hint = m.hint,
			 });
	free(object);
}

/* For the other server "localhost" is its own host, not this one: at its own
 * port there it meets itself. */
static bool
names_itself(const struct check_at *at, bool *itself, struct err *err)
{
	const char *host = endpoint_server_host(at->other->endpoint);
	const char *port = endpoint_server_port(at->other->endpoint);
	struct rowset rows = ROWSET_INIT;
	bool ok = true;

	*itself = !host || host[0] == '/' || reach_is_loopback(host);
	if (*itself)
		ok = pg_ask(at->pg, "server_address", PG_NONE, &rows, err);
	*itself = *itself && ok &&
		  strcmp(rowset_text(&rows, 0, "port"), port ? port : "5432") ==
			  0;
	rowset_release(&rows);
	return ok;
}

static void
report_itself(const struct check_at *at)
{
	const char *host = endpoint_server_host(at->other->endpoint);

	check_say(at, CHECK_KO, NULL,
		  "name the address at which the other server reaches the "
		  "source: pgrepup config set source.server_host=ADDRESS",
		  "for the destination, \"%s\" with that port is itself",
		  host ? host : "localhost");
}

static bool
role_exists(const struct check_at *at, bool *exists, struct err *err)
{
	char *found = pg_ask_value(at->other_pg, "role_exists",
				   PG_BIND(at->op->conf->replication_user),
				   err);

	*exists = found != NULL;
	free(found);
	return !err_is_set(err);
}

bool
check_server_to_server(const struct check_at *at, struct err *err)
{
	struct op *op = at->op;
	const struct secret *password = op->conf->replication_password;
	struct reach reach;
	bool exists, itself;

	if (!names_itself(at, &itself, err) || !role_exists(at, &exists, err))
		return false;
	if (itself) {
		report_itself(at);
		return true;
	}
	/* Before setup there is no password: being asked for one is enough. */
	if (!exists)
		password = NULL;
	if (!reach_probe(op, at->cluster, at->other,
			 endpoint_dbname(at->other->endpoint),
			 op->conf->replication_user, password, &reach, err))
		return false;
	report_reach(at, &reach, password != NULL);
	reach_release(&reach);
	return true;
}

/* --- password_hashes ---------------------------------------------------- */

/* The line of the destination that would refuse an md5 hash of that role. */
static const struct hba_rule *
refusing_rule(const struct hba *hba, const char *role)
{
	const struct hba_client client = {.user = role};
	size_t i;

	for (i = 0; i < hba->n; i++)
		if (!hba->rules[i].error &&
		    strcmp(hba->rules[i].method, "scram-sha-256") == 0 &&
		    hba_rule_means(&hba->rules[i], &client))
			return &hba->rules[i];
	return NULL;
}

static void
report_hash(const struct check_at *at, const struct hba *hba, const char *role)
{
	const struct hba_rule *rule = refusing_rule(hba, role);
	struct strbuf text = STRBUF_INIT;

	/* The connecting role keeps the password that it has there, and ours
	 * gets one of its own. */
	if (!rule || strcmp(role, at->cluster->user) == 0 ||
	    strcmp(role, at->op->conf->replication_user) == 0)
		return;
	strbuf_addf(&text, "an md5 hash; line %d there: ", rule->line);
	hba_rule_text(&text, rule);
	check_report(at, &(struct finding){
				 .status = CHECK_WARN,
				 .object = role,
				 .current = text.text,
			 });
	strbuf_release(&text);
}

bool
check_password_hashes(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	struct hba hba = HBA_INIT;
	size_t i;
	bool ok;

	if (!at->other->superuser || !at->cluster->superuser) {
		check_report(at, &(struct finding){
					 .status = CHECK_SKIP,
					 .current = "only a superuser may read "
						    "them",
				 });
		return true;
	}
	ok = pg_ask(at->other_pg, "roles_md5", PG_NONE, &rows, err) &&
	     (rows.n_rows == 0 || hba_read(at->pg, &hba, err));
	for (i = 0; ok && i < rows.n_rows; i++)
		report_hash(at, &hba, rowset_text(&rows, i, "name"));
	rowset_release(&rows);
	hba_release(&hba);
	return ok;
}
