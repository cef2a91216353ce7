/* SPDX-License-Identifier: PostgreSQL */
/*
 * Is the replication role let in, and what would let it in? Below 10 also our
 * own role, whose walsender makes the slots and needs a line of its own there.
 */
#include <stdlib.h>
#include <string.h>

#include "hba.h"
#include "mechanism.h"
#include "mem.h"
#include "reach.h"

/* Below this version a walsender needs lines of its own. */
#define ONE_LINE_VERSION 100000

/* All that is judged by, for one server. */
struct judging {
	struct op *op;
	struct cluster *cluster;
	struct hba hba;
	struct text_list groups; /* of the replication role */
	struct text_list own_groups;
	struct hba_client client;
	struct hba_client own; /* this program, as the server sees it */
	char *own_address;
	char *server_address;
	char *password_encryption;
	bool ssl; /* the server speaks it */
};

static bool
read_groups(const struct judging *j, const char *role,
	    struct text_list *groups, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i;
	bool ok = pg_ask(j->cluster->pg, "role_groups", PG_BIND(role), &rows,
			 err);

	for (i = 0; ok && i < rows.n_rows; i++)
		text_list_add(groups, rowset_text(&rows, i, "name"));
	rowset_release(&rows);
	return ok;
}

static bool
read_facts(struct judging *j, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	const char *ssl;
	bool ok = pg_ask(j->cluster->pg, "hba_facts", PG_NONE, &rows, err);

	if (ok) {
		ssl = rowset_text(&rows, 0, "ssl");
		j->ssl = strcmp(ssl, "on") == 0;
		j->server_address =
			mem_strdup(rowset_get(&rows, 0, "server_address"));
		j->own_address =
			mem_strdup(rowset_get(&rows, 0, "client_address"));
		j->password_encryption =
			mem_strdup(rowset_text(&rows, 0,
					      "password_encryption"));
	}
	rowset_release(&rows);
	return ok;
}

static void
judging_release(struct judging *j)
{
	hba_release(&j->hba);
	text_list_release(&j->groups);
	text_list_release(&j->own_groups);
	free(j->own_address);
	free(j->server_address);
	free(j->password_encryption);
}

/* The tries that libpq makes: with SSL, without, or both, by sslmode. */
static size_t
tries(const struct judging *j, const struct hba_client *client, bool ssl[2])
{
	/* The destination reaches itself by a string of its own, without. */
	char *mode = j->cluster->side == SIDE_SOURCE
			 ? pg_option(j->cluster->pg, "sslmode")
			 : NULL;
	size_t n = 0;

	if (!client->address || (mode && strcmp(mode, "disable") == 0)) {
		ssl[n++] = false;
	} else if (!mode || strcmp(mode, "prefer") == 0 ||
		   strcmp(mode, "allow") == 0) {
		if (j->ssl)
			ssl[n++] = true;
		ssl[n++] = false;
	} else {
		ssl[n++] = true;
	}
	free(mode);
	return n;
}

/* The best of the tries. */
static enum hba_verdict
judge(const struct judging *j, struct hba_client *client,
      const struct hba_rule **rule)
{
	enum hba_verdict best = HBA_NO_ENTRY, verdict;
	const struct hba_rule *found;
	bool ssl[2];
	size_t i, n = tries(j, client, ssl);

	*rule = NULL;
	for (i = 0; i < n; i++) {
		client->ssl = ssl[i];
		found = hba_judge(&j->hba, client, &verdict);
		if (i == 0 || verdict > best) {
			best = verdict;
			*rule = found;
		}
	}
	return best;
}

static char *
problem_text(const struct hba_client *client, enum hba_verdict verdict,
	     const struct hba_rule *rule)
{
	struct strbuf text = STRBUF_INIT;

	if (verdict == HBA_NO_ENTRY)
		strbuf_addf(&text,
			    "no entry for host \"%s\", user \"%s\", %s\"%s\"",
			    client->address ? client->address : "[local]",
			    client->user,
			    client->replication ? "" : "database ",
			    client->replication ? "replication"
						: client->database);
	if (!rule)
		return strbuf_detach(&text);
	strbuf_addf(&text, "line %d %s \"%s\" from %s (", rule->line,
		    verdict == HBA_UNSURE    ? "may or may not mean database"
		    : verdict == HBA_METHOD  ? "asks for no password of "
					       "database"
		    : verdict == HBA_REJECTED ? "refuses database"
					      : "admits database",
		    client->database,
		    client->address ? client->address : "[local]");
	hba_rule_text(&text, rule);
	strbuf_add(&text, ")");
	return strbuf_detach(&text);
}

static void
judge_client(const struct judging *j, struct hba_client *client,
	     struct hba_need *need)
{
	const struct hba_rule *rule;
	enum hba_verdict verdict = judge(j, client, &rule);

	if (verdict == HBA_ALLOWED)
		return;
	need->refused++;
	if (verdict >= need->verdict && need->problem)
		return;
	need->verdict = verdict;
	free(need->problem);
	need->problem = problem_text(client, verdict, rule);
}

/* Where SSL is tried at all a line lets nobody in without it. */
static void
add_line(const struct judging *j, struct strbuf *lines, const char *database,
	 const struct hba_client *client, const char *method)
{
	bool ssl[2];

	tries(j, client, ssl);
	strbuf_addf(lines, "%s %s ",
		    !client->address ? "local"
		    : ssl[0]	     ? "hostssl"
				     : "host",
		    database);
	strbuf_ident(lines, client->user);
	if (client->address)
		strbuf_addf(lines, " %s/%d", client->address,
			    strchr(client->address, ':') ? 128 : 32);
	strbuf_addf(lines, " %s\n", method);
}

static const char *
password_method(const struct judging *j)
{
	if (j->password_encryption &&
	    strcmp(j->password_encryption, "scram-sha-256") == 0)
		return j->password_encryption;
	return "md5"; /* takes hashes of either kind */
}

/* As this session was let in, so its walsender may be. */
static const char *
own_method(const struct judging *j)
{
	static const char *const plain[] = {"trust", "peer", "ident",
					    "password"};
	struct hba_client client = j->own;
	const struct hba_rule *rule;
	size_t i;

	client.database = endpoint_dbname(j->cluster->endpoint);
	judge(j, &client, &rule);
	for (i = 0; rule && i < LENGTH_OF(plain); i++)
		if (strcmp(rule->method, plain[i]) == 0)
			return plain[i];
	return password_method(j);
}

static void
judge_own_walsender(const struct judging *j, struct hba_need *need)
{
	struct hba_client client = j->own;
	const struct hba_rule *rule;
	size_t refused = need->refused;

	client.replication = true;
	client.database = endpoint_dbname(j->cluster->endpoint);
	/* Whatever lets this session in without a password does so again. */
	if (judge(j, &client, &rule) == HBA_METHOD)
		return;
	judge_client(j, &client, need);
	if (need->refused > refused)
		add_line(j, &need->lines, "replication", &client, own_method(j));
}

/* A line for all databases: the role can do nothing but replicate. */
static void
judge_all(struct judging *j, struct hba_need *need)
{
	struct hba_client client = j->client;
	bool walsender = j->cluster->version < ONE_LINE_VERSION &&
			 j->cluster->side == SIDE_SOURCE;
	size_t i, refused;

	need->verdict = HBA_ALLOWED;
	for (i = 0; i < j->op->n_databases; i++) {
		client.database = j->op->databases[i].name;
		judge_client(j, &client, need);
	}
	refused = need->refused;
	if (refused)
		add_line(j, &need->lines, "all", &client, password_method(j));
	if (walsender) {
		client.replication = true;
		client.database = endpoint_dbname(j->cluster->endpoint);
		judge_client(j, &client, need);
		if (need->refused > refused)
			add_line(j, &need->lines, "replication", &client,
				 password_method(j));
		judge_own_walsender(j, need);
	}
}

/* Such a file is never loaded, and the server would not start with it. */
static char *
broken_text(const struct hba *hba)
{
	size_t i;

	for (i = 0; i < hba->n; i++)
		if (hba->rules[i].error)
			return mem_printf("line %d of pg_hba.conf: %s",
					  hba->rules[i].line,
					  hba->rules[i].error);
	return NULL;
}

static bool
is_needed(const struct op *op, const struct cluster *cluster)
{
	return cluster->side == SIDE_SOURCE || !op->mechanism ||
	       op->mechanism->needs_itself;
}

static bool
read_all(struct judging *j, struct hba_need *need, struct err *err)
{
	struct cluster *cluster = j->cluster;
	const char *role = j->op->conf->replication_user;

	if (!reach_address(j->op, &j->op->destination, cluster, &need->address,
			   &need->guessed, err) ||
	    !hba_read(cluster->pg, &j->hba, err) ||
	    !read_groups(j, role, &j->groups, err) ||
	    !read_groups(j, cluster->user, &j->own_groups, err) ||
	    !read_facts(j, err))
		return false;
	j->client = (struct hba_client){
		.address = need->address,
		.user = role,
		.groups = &j->groups,
		.server_address = j->server_address,
	};
	j->own = (struct hba_client){
		.address = j->own_address,
		.user = cluster->user,
		.groups = &j->own_groups,
		.server_address = j->server_address,
	};
	return true;
}

bool
hba_need_read(struct op *op, struct cluster *cluster, struct hba_need *need,
	      struct err *err)
{
	struct judging j = {.op = op, .cluster = cluster};
	bool ok = true;

	*need = (struct hba_need){.lines = STRBUF_INIT,
				  .verdict = HBA_ALLOWED};
	need->needed = is_needed(op, cluster);
	if (!need->needed)
		return true;
	ok = read_all(&j, need, err);
	if (ok) {
		judge_all(&j, need);
		need->broken = broken_text(&j.hba);
	}
	judging_release(&j);
	return ok;
}

void
hba_need_release(struct hba_need *need)
{
	free(need->address);
	free(need->problem);
	free(need->broken);
	strbuf_release(&need->lines);
}

bool
hba_needed_lines(struct op *op, struct cluster *cluster, struct strbuf *lines,
		 struct err *err)
{
	struct hba_need need;
	bool ok = hba_need_read(op, cluster, &need, err);

	if (ok)
		strbuf_add(lines, need.lines.text);
	hba_need_release(&need);
	return ok;
}
