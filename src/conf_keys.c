/* SPDX-License-Identifier: PostgreSQL */
/* The table of settings, in the order of the documentation. */
#include "conf_keys.h"

#include <string.h>

#include "conf.h"
#include "pg.h"

static const char *const mechanisms[] = {"auto", "pglogical", "native", NULL};
static const char *const sslmodes[] = {"disable",     "allow",
				       "prefer",      "require",
				       "verify-ca",   "verify-full",
				       NULL};

#define KEYWORD(group, side_, word, type_, ...)                                \
	{                                                                      \
		.name = group "." word, .keyword = word, .type = type_,        \
		.side = side_, __VA_ARGS__                                     \
	}

/* The settings of one cluster. */
#define SIDE_ROWS(group, side_, member, other)                                 \
	KEYWORD(group, side_, "host", CONF_HOST,                               \
		.doc = "Host name, address or socket folder of the server."),  \
	KEYWORD(group, side_, "port", CONF_PORT,                               \
		.doc = "Port of the server."),                                 \
	KEYWORD(group, side_, "dbname", CONF_TEXT,                             \
		.doc = "Database to connect to first."),                       \
	KEYWORD(group, side_, "user", CONF_TEXT,                               \
		.doc = "Role that pgrepup works as, best a superuser."),       \
	{                                                                      \
		.name = group ".password", .type = CONF_SECRET, .side = side_, \
		.offset = offsetof(struct conf, member.password),              \
		.doc = "Password of that role; without one, libpq looks into " \
		       "the pgpass and service files.",                        \
	},                                                                     \
	{                                                                      \
		.name = group ".ask_password", .type = CONF_BOOL,              \
		.deflt = "no",                                                 \
		.offset = offsetof(struct conf, member.ask_password),          \
		.doc = "Whether each command asks for the password, which is " \
		       "then kept nowhere.",                                   \
	},                                                                     \
	KEYWORD(group, side_, "sslmode", CONF_CHOICE, .choices = sslmodes,     \
		.doc = "Whether the connection is encrypted and the server's " \
		       "certificate is verified."),                            \
	{                                                                      \
		.name = group ".server_host", .type = CONF_HOST,               \
		.offset = offsetof(struct conf, member.server_host),           \
		.leads = true,                                                 \
		.doc = "Address at which the " other " server reaches this "   \
		       "one; default: host.",                                  \
	},                                                                     \
	{                                                                      \
		.name = group ".server_port", .type = CONF_PORT,               \
		.offset = offsetof(struct conf, member.server_port),           \
		.leads = true,                                                 \
		.doc = "Port at which the " other " server reaches this one; " \
		       "default: port.",                                       \
	}

const struct conf_key conf_key_rows[] = {
	{
		.name = "name",
		.type = CONF_NAME,
		.offset = offsetof(struct conf, name),
		.doc = "Name of this upgrade, which names its state folder; "
		       "default: the name of the configuration file.",
	},
	{
		.name = "security.encrypt",
		.type = CONF_BOOL,
		.deflt = "no",
		.offset = offsetof(struct conf, encrypt),
		.doc = "Whether passwords are sealed with a passphrase.",
	},
	{.name = "security.salt", .type = CONF_INTERNAL},
	{.name = "security.check", .type = CONF_INTERNAL},
	{.name = "security.target", .type = CONF_INTERNAL},
	{
		.name = "tmp_dir",
		.type = CONF_PATH,
		.deflt = "/tmp",
		.offset = offsetof(struct conf, tmp_dir),
		.leads = true,
		.doc = "Folder for the dumps of globals and schemas.",
	},
	{
		.name = "bin_dir",
		.type = CONF_PATH,
		.offset = offsetof(struct conf, bin_dir),
		.leads = true,
		.doc = "Folder of pg_dump and its like; default: the newest "
		       "that fits is found.",
	},
	SIDE_ROWS("source", SIDE_SOURCE, source, "destination"),
	SIDE_ROWS("destination", SIDE_DESTINATION, destination, "source"),
	{
		.name = "databases.include",
		.type = CONF_LIST,
		.offset = offsetof(struct conf, databases_include),
		.doc = "Databases to upgrade; default: all.",
	},
	{
		.name = "databases.exclude",
		.type = CONF_LIST,
		.offset = offsetof(struct conf, databases_exclude),
		.doc = "Databases to leave out.",
	},
	{
		.name = "databases.templates",
		.type = CONF_BOOL,
		.deflt = "no",
		.offset = offsetof(struct conf, databases_templates),
		.doc = "Whether template databases are upgraded too.",
	},
	{
		.name = "tables.exclude",
		.type = CONF_LIST,
		.offset = offsetof(struct conf, tables_exclude),
		.doc = "Tables to leave out, as SCHEMA.TABLE or "
		       "DATABASE.SCHEMA.TABLE.",
	},
	{
		.name = "jobs",
		.type = CONF_INT,
		.min = 1,
		.max = 1000,
		.deflt = "2",
		.offset = offsetof(struct conf, jobs),
		.doc = "Copies and index builds that run at the same time.",
	},
	{
		.name = "databases_at_once",
		.type = CONF_INT,
		.min = 1,
		.max = 1000,
		.offset = offsetof(struct conf, databases_at_once),
		.doc = "Databases that are copied at the same time; default: "
		       "jobs.",
	},
	{
		.name = "barriers.every",
		.type = CONF_INT,
		.min = 0,
		.max = 86400,
		.deflt = "60",
		.offset = offsetof(struct conf, barriers_every),
		.doc = "Seconds between the rows by which the dashboard and "
		       "status --watch see that changes arrive; 0: none.",
	},
	{
		.name = "mechanism",
		.type = CONF_CHOICE,
		.choices = mechanisms,
		.deflt = "auto",
		.offset = offsetof(struct conf, mechanism),
		.doc = "How changes are replicated.",
	},
	{
		.name = "replication.user",
		.type = CONF_ROLE,
		.deflt = "pgrepup_replication",
		.offset = offsetof(struct conf, replication_user),
		.leads = true,
		.doc = "Role that the servers replicate as; setup makes it.",
	},
	{
		.name = "replication.password",
		.type = CONF_SECRET,
		.offset = offsetof(struct conf, replication_password),
		.doc = "Password of that role; setup makes it.",
	},
	{
		.name = "fix.rewrite_limit",
		.type = CONF_BYTES,
		.deflt = "1GB",
		.offset = offsetof(struct conf, fix_rewrite_limit),
		.doc = "Size of a table above which a fix that rewrites it "
		       "must be named.",
	},
};
const size_t conf_n_key_rows = sizeof(conf_key_rows) / sizeof(conf_key_rows[0]);

/* Keywords of libpq that pgrepup sets itself or could not keep safe. */
static const struct {
	const char *keyword;
	const char *why;
} refusals[] = {
	{"replication", "pgrepup sets it itself."},
	{"client_encoding", "pgrepup sets it itself."},
	{"application_name", "pgrepup sets it itself."},
	{"sslpassword", "Give a key without a passphrase, or use a service "
			"file (service=NAME)."},
	{"oauth_client_secret", "Use a service file (service=NAME)."},
	{"scram_client_key", "Use a service file (service=NAME)."},
	{"scram_server_key", "Use a service file (service=NAME)."},
};

const char *
conf_keyword_refusal(const char *keyword)
{
	size_t i;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (strcmp(refusals[i].keyword, keyword) == 0)
			return refusals[i].why;
	return NULL;
}

static enum side
side_of(const char *name, const char **rest)
{
	static const enum side sides[] = {SIDE_SOURCE, SIDE_DESTINATION};
	size_t i, n;

	for (i = 0; i < 2; i++) {
		n = strlen(side_name(sides[i]));
		if (strncmp(name, side_name(sides[i]), n) == 0 &&
		    name[n] == '.') {
			*rest = name + n + 1;
			return sides[i];
		}
	}
	return SIDE_NONE;
}

const struct conf_key *
conf_key_find(const char *name, struct conf_key *made)
{
	const char *keyword = NULL;
	enum side side;
	size_t i;

	for (i = 0; i < conf_n_key_rows; i++)
		if (strcmp(conf_key_rows[i].name, name) == 0)
			return &conf_key_rows[i];
	side = side_of(name, &keyword);
	if (side == SIDE_NONE || !pg_is_keyword(keyword))
		return NULL;
	*made = (struct conf_key){
		.name = name,
		.keyword = keyword,
		.type = CONF_ANY,
		.side = side,
		.doc = "Keyword of libpq.",
	};
	return made;
}

bool
conf_key_is_group(const char *name)
{
	size_t i, n = strlen(name);

	for (i = 0; i < conf_n_key_rows; i++)
		if (strncmp(conf_key_rows[i].name, name, n) == 0 &&
		    conf_key_rows[i].name[n] == '.')
			return true;
	return false;
}
