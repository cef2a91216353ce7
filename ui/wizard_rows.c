/* SPDX-License-Identifier: PostgreSQL */
/* The pages of the wizard and their fields, in the order of asking. */
#include "mem.h"
#include "wizard.h"

static const char *const sslmodes[] = {
	"", "disable", "allow", "prefer", "require", "verify-ca",
	"verify-full", NULL,
};
static const char *const yes_no[] = {"no", "yes", NULL};
static const char *const ways[] = {"fields", "service", "URI", NULL};
static const char *const password_ways[] = {"pgpass", "ask", "stored", NULL};

static const struct field_row name_fields[] = {
	{.key = "name", .label = "Name",
	 .help = "Of this upgrade; names its state folder."},
};

static const struct field_row side_fields[] = {
	[SIDE_WAY] = {.label = "Connect by", .kind = FIELD_WAY,
		      .choices = ways,
		      .help = "Space chooses; a service is a section of "
			      "pg_service.conf."},
	[SIDE_HOST] = {.key = "host", .label = "Host", .ways = WAY_FIELDS,
		       .variable = "PGHOST",
		       .help = "Name, address, socket folder; or paste a URI "
			       "or conninfo."},
	[SIDE_SERVICE] = {.key = "service", .label = "Service",
			  .ways = WAY_SERVICE,
			  .help = "Its name; what it leaves open follows "
				  "here."},
	[SIDE_URI] = {.label = "URI", .kind = FIELD_URI, .ways = WAY_URI,
		      .help = "postgresql://USER@HOST:PORT/DATABASE"
			      "?sslmode=verify-full"},
	[SIDE_PORT] = {.key = "port", .label = "Port", .preset = "5432",
		       .ways = WAY_FIELDS, .variable = "PGPORT"},
	[SIDE_DBNAME] = {.key = "dbname", .label = "Database",
			 .preset = "postgres", .ways = WAY_FIELDS,
			 .beside = true, .variable = "PGDATABASE"},
	[SIDE_USER] = {.key = "user", .label = "User", .preset = "postgres",
		       .ways = WAY_FIELDS | WAY_SERVICE,
		       .variable = "PGUSER"},
	[SIDE_PASSWORD_WAY] = {.label = "Password",
			       .kind = FIELD_PASSWORD_WAY,
			       .choices = password_ways,
			       .help = "Type it to store it; Space: pgpass "
				       "file, or ask each time."},
	[SIDE_PASSWORD] = {.key = "password", .label = "", .beside = true,
			   .kind = FIELD_SECRET,
			   .help = "Tested when you leave it or press ^T. ^U "
				   "takes it away."},
	[SIDE_SSLMODE] = {.key = "sslmode", .label = "SSL mode",
			  .kind = FIELD_CHOICE, .choices = sslmodes,
			  .ways = WAY_FIELDS | WAY_SERVICE,
			  .help = "Space chooses; verify-full proves who "
				  "answers."},
	[SIDE_SSLROOTCERT] = {.key = "sslrootcert", .label = "CA file",
			      .ways = WAY_FIELDS | WAY_SERVICE,
			      .beside = true,
			      .help = "Trusted; default: "
				      "~/.postgresql/root.crt."},
	[SIDE_OTHER] = {.label = "Other", .kind = FIELD_OTHER,
			.ways = WAY_FIELDS | WAY_SERVICE,
			.help = "Any keywords of libpq: connect_timeout=5 "
				"options='-c jit=off'"},
	[SIDE_SEEN_HOST] = {.key = "server_host", .label = "Seen at",
			    .help = "Where the other server reaches it; "
				    "default: host."},
	[SIDE_SEEN_PORT] = {.key = "server_port", .label = "at port",
			    .beside = true,
			    .help = "Where the other server reaches it; "
				    "default: port."},
};

static const struct field_row database_fields[] = {
	{.key = "databases.include", .label = "Only",
	 .help = "Databases to upgrade, with commas; none: all."},
	{.key = "databases.exclude", .label = "Leave out"},
	{.key = "databases.templates", .label = "Templates",
	 .kind = FIELD_CHOICE, .choices = yes_no},
	{.key = "tables.exclude", .label = "Not tables",
	 .help = "SCHEMA.TABLE or DATABASE.SCHEMA.TABLE, with commas."},
};

static const struct field_row file_fields[] = {
	{.key = "tmp_dir", .label = "Temporary"},
	{.key = "bin_dir", .label = "Programs",
	 .help = "Folder of pg_dump; empty: found by itself."},
	{.key = "jobs", .label = "Jobs"},
};

static const struct field_row secret_fields[] = {
	{.key = "security.encrypt", .label = "Seal", .preset = "yes",
	 .kind = FIELD_ENCRYPT, .choices = yes_no,
	 .help = "Space chooses: are passwords sealed by a passphrase?"},
	{.label = "Passphrase", .kind = FIELD_PASSPHRASE,
	 .help = "Each command asks for it. Empty keeps a former one."},
	{.label = "Again", .kind = FIELD_PASSPHRASE,
	 .help = "The same passphrase again."},
};

#define FIELDS(rows) .fields = (rows), .n = LENGTH_OF(rows)

const struct page_row wizard_pages[PAGE_COUNT] = {
	[PAGE_NAME] = {"Name", "Name of this upgrade", FIELDS(name_fields)},
	[PAGE_SOURCE] = {"Source", "Source cluster (the old one)",
			 .side = SIDE_SOURCE, .is_tested = true,
			 .test = PROBE_CONNECTION, FIELDS(side_fields)},
	[PAGE_DESTINATION] = {"Destination", "Destination cluster (the new one)",
			      .side = SIDE_DESTINATION, .is_tested = true,
			      .test = PROBE_CONNECTION, FIELDS(side_fields)},
	[PAGE_DATABASES] = {"Databases", "What is upgraded",
			    .is_tested = true, .test = PROBE_DATABASES,
			    FIELDS(database_fields)},
	[PAGE_FILES] = {"Files", "Folders on this machine", .is_tested = true,
			.test = PROBE_FILES, FIELDS(file_fields)},
	[PAGE_SECRETS] = {"Secrets", "How passwords are kept",
			  FIELDS(secret_fields)},
	[PAGE_REVIEW] = {"Review", "What will be saved", .n = 0},
};
