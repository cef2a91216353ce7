/* SPDX-License-Identifier: PostgreSQL */
/* The pages of the wizard and their fields, in the order of asking. */
#include "mem.h"
#include "wizard.h"

static const char *const sslmodes[] = {
	"", "disable", "allow", "prefer", "require", "verify-ca",
	"verify-full", NULL,
};
static const char *const yes_no[] = {"no", "yes", NULL};

static const struct field_row name_fields[] = {
	{.key = "name", .label = "Name",
	 .help = "Of this upgrade; names its state folder."},
};

static const struct field_row side_fields[] = {
	{.key = "host", .label = "Host",
	 .help = "Name, address, socket folder; or paste a URI or conninfo."},
	{.key = "port", .label = "Port", .preset = "5432"},
	{.key = "dbname", .label = "Database", .preset = "postgres"},
	{.key = "user", .label = "User", .preset = "postgres"},
	{.key = "password", .label = "Password", .kind = FIELD_SECRET,
	 .help = "Empty: from pgpass or service file. ^U takes it away."},
	{.key = "sslmode", .label = "SSL mode", .kind = FIELD_CHOICE,
	 .choices = sslmodes,
	 .help = "Space chooses; verify-full proves who answers."},
	{.key = "sslrootcert", .label = "SSL CA file",
	 .help = "Trusted; default: ~/.postgresql/root.crt."},
	{.key = "service", .label = "Service",
	 .help = "Section of the service file that gives the rest."},
	{.key = "server_host", .label = "Seen at",
	 .help = "Where the other server reaches it; default: host."},
	{.key = "server_port", .label = "Seen at port",
	 .help = "Where the other server reaches it; default: port."},
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
			 .side = SIDE_SOURCE, FIELDS(side_fields)},
	[PAGE_DESTINATION] = {"Destination", "Destination cluster (the new one)",
			      .side = SIDE_DESTINATION, FIELDS(side_fields)},
	[PAGE_DATABASES] = {"Databases", "What is upgraded",
			    FIELDS(database_fields)},
	[PAGE_FILES] = {"Files", "Folders on this machine",
			FIELDS(file_fields)},
	[PAGE_SECRETS] = {"Secrets", "How passwords are kept",
			  FIELDS(secret_fields)},
	[PAGE_REVIEW] = {"Review", "What will be saved", .n = 0},
};
