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
	{.key = "name", .label = "Name"},
};

static const struct field_row side_fields[] = {
	{.key = "host", .label = "Host",
	 .help = "Name, address or socket folder; or paste a whole URI or "
		 "conninfo."},
	{.key = "port", .label = "Port", .preset = "5432"},
	{.key = "dbname", .label = "Database", .preset = "postgres"},
	{.key = "user", .label = "User", .preset = "postgres"},
	{.key = "password", .label = "Password", .kind = FIELD_SECRET,
	 .help = "Empty: from the pgpass or service file. ^U takes a stored "
		 "one away."},
	{.key = "sslmode", .label = "SSL mode", .kind = FIELD_CHOICE,
	 .choices = sslmodes,
	 .help = "Space chooses; verify-full proves which server answers."},
	{.key = "sslrootcert", .label = "SSL CA file",
	 .help = "Certificates that are trusted; default: "
		 "~/.postgresql/root.crt."},
	{.key = "service", .label = "Service",
	 .help = "Section of the service file to take the rest from."},
	{.key = "server_host", .label = "Seen at"},
	{.key = "server_port", .label = "Seen at port"},
};

static const struct field_row database_fields[] = {
	{.key = "databases.include", .label = "Only",
	 .help = "Databases to upgrade, separated by commas; none: all."},
	{.key = "databases.exclude", .label = "Leave out"},
	{.key = "databases.templates", .label = "Templates",
	 .kind = FIELD_CHOICE, .choices = yes_no},
	{.key = "tables.exclude", .label = "Not tables"},
};

static const struct field_row file_fields[] = {
	{.key = "tmp_dir", .label = "Temporary"},
	{.key = "bin_dir", .label = "Programs"},
	{.key = "jobs", .label = "Jobs"},
};

static const struct field_row secret_fields[] = {
	{.key = "security.encrypt", .label = "Seal", .preset = "yes",
	 .kind = FIELD_ENCRYPT, .choices = yes_no,
	 .help = "Seal passwords in the file with a passphrase; Space "
		 "chooses."},
	{.label = "Passphrase", .kind = FIELD_PASSPHRASE,
	 .help = "Asked for by each command. When sealed already, empty keeps "
		 "it."},
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
