/* SPDX-License-Identifier: PostgreSQL */
/* The checks of each database, in the order in which they are shown. */
#include "check_rows.h"

#include "mem.h"

const struct check check_database_rows[] = {
	{
		.id = "names",
		.title = "Names that pgrepup uses",
		.sides = ON_BOTH, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET,
		.run = check_names,
		.firm = "what is of others would be taken for pgrepup's",
	},
	{
		.id = "pglogical",
		.title = "pglogical in the database",
		.sides = ON_BOTH, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET | CHECK_ALSO_WARNS,
		.mechanism = "pglogical",
		.run = check_pglogical_database,
		.firm = "replication is its work",
	},
	{
		.id = "leftovers",
		.title = "Leftovers of other replication",
		.sides = ON_BOTH, .scope = CHECK_DATABASE,
		.flags = CHECK_ALSO_WARNS,
		.run = check_leftovers,
		.firm = "setup or start would meet them on their way",
	},
	{
		.id = "connection_limit",
		.title = "Room for connections",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET, .run = check_connection_limit,
		.hint = "raise it until stop (ALTER DATABASE or ROLE ... "
			"CONNECTION LIMIT), else replication is kept out",
	},
	{
		.id = "tables_left_out",
		.title = "Tables that are left out",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET,
		.run = check_tables_left_out,
		.hint = "its rows stay behind, as tables.exclude in the "
			"configuration says",
	},
	{
		.id = "replica_identity",
		.title = "Replica identity",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.run = check_replica_identity,
		.firm = "UPDATE and DELETE would fail or be lost",
	},
	{
		.id = "insert_only",
		.title = "Tables of which only new rows travel",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET,
		.mechanism = "native",
		.run = check_insert_only,
		.hint = "after start, rows that are updated or deleted on the "
			"source stay as they were on the destination: do "
			"neither, or give it a key (pgrepup fix --undo "
			"replica_identity, then pgrepup fix)",
	},
	{
		.id = "ownership",
		.title = "Tables that the role may publish and read",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET,
		.mechanism = "native",
		.run = check_ownership,
		.hint = "connect as a superuser, GRANT its owner to the role "
			"that pgrepup connects as, or leave the table out",
		.firm = "setup or start would fail at it",
	},
	{
		.id = "extension_members",
		.title = "Tables that somebody added to an extension",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET,
		.run = check_extension_members,
		.hint = "no dump has it, nor does it travel: ALTER EXTENSION "
			"... DROP TABLE ... makes it a table like others; or "
			"leave it out by tables.exclude",
	},
	{
		.id = "owners_code",
		.title = "Code of others that a load runs",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET,
		.run = check_owners_code,
		.hint = "on the destination it runs with the rights of who "
			"loads the rows and applies changes, a superuser: read "
			"it, trust its owner, or use native replication to 16 "
			"or later, which act as a table's owner",
	},
	{
		.id = "owners_code_restored",
		.title = "Code of others that a restore runs",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET,
		.run = check_owners_code_restored,
		.hint = "setup makes such an object with the rights of a "
			"superuser: read that code and ignore it, or drop what "
			"calls it",
	},
	{
		.id = "revoked_functions",
		.title = "Functions taken from PUBLIC",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET,
		.run = check_revoked_functions,
		.hint = "no dump of such a source tells that; setup takes it "
			"from PUBLIC on the destination too, and says so of "
			"what has another name there",
	},
	{
		.id = "row_security",
		.title = "Row security that holds for owners",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET,
		.mechanism = "native",
		.run = check_row_security,
		.hint = "only a superuser can read and apply all its rows: "
			"connect as one, or ALTER TABLE ... NO FORCE ROW "
			"LEVEL SECURITY for the time of the upgrade",
		.firm = "the copy or a change would fail at its rows",
	},
	{
		.id = "generated_columns",
		.title = "Generated columns",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.mechanism = "pglogical",
		.run = check_generated_columns,
		.hint = "pglogical would crash the destination at the first "
			"change: drop the column's expression for the time of "
			"the upgrade, leave the table out (tables.exclude), "
			"or use the native mechanism",
		.firm = "replication would break at the first change",
	},
	{
		.id = "deferrable",
		.title = "Constraints that are checked late",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET,
		.mechanism = "pglogical",
		.run = check_deferrable,
		.hint = "a change by which a value is there twice for a moment "
			"(UPDATE t SET n = n + 1) stops pglogical until the "
			"constraint is dropped on the destination: use the "
			"native mechanism, or do without such changes",
	},
	{
		.id = "truncate",
		.title = "TRUNCATE along foreign keys",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET, .mechanism = "pglogical",
		.run = check_truncate_keys,
		.hint = "TRUNCATE of such a table between start and stop stops "
			"replication, until its keys are dropped on the "
			"destination: DELETE instead, or use the native "
			"mechanism",
	},
	{
		.id = "partitions",
		.title = "Partitions that come and go",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET, .run = check_partitions,
		.hint = "those made, attached, detached or dropped between "
			"start and stop do not travel (with pglogical DROP "
			"wants CASCADE), and stop refuses: hold such jobs",
	},
	{
		.id = "oids",
		.title = "Tables with OIDs",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET, .run = check_oids,
		.hint = "rows lose their oid, as 12 and later have none: copy "
			"it into a column first if something refers to it",
	},
	{
		.id = "unlogged",
		.title = "Unlogged tables",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.run = check_unlogged,
		.hint = "the table is made on the destination, its rows are "
			"not copied: ALTER TABLE ... SET LOGGED if they matter",
	},
	{
		.id = "extension_rows",
		.title = "Rows in tables of extensions",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.run = check_extension_rows,
		.hint = "CREATE EXTENSION makes the table on the destination, "
			"rows of yours in it are not copied: copy them before "
			"stop (pg_dump --data-only --table)",
	},
	{
		.id = "large_objects",
		.title = "Large objects",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.run = check_large_objects,
		.hint = "no replication carries large objects, they will be "
			"missing: copy them after stop, with their numbers "
			"(pg_dump --blobs, lo_from_bytea)",
	},
	{
		.id = "materialized_views",
		.title = "Materialized views",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.run = check_materialized_views,
		.hint = "made empty on the destination and refreshed by stop "
			"(or left to you with --no-refresh)",
	},
	{
		.id = "triggers",
		.title = "Triggers that fire during replication",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.run = check_triggers,
		.hint = "switched off on the destination until stop, so that "
			"they do not fire twice",
	},
	{
		.id = "event_triggers",
		.title = "Event triggers that cannot be passed by",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.flags = CHECK_QUIET,
		.run = check_event_triggers,
		.hint = "it fires at what pgrepup itself makes, on either "
			"side, and may refuse that or write rows of its own: "
			"ALTER EVENT TRIGGER ... ENABLE, without ALWAYS or "
			"REPLICA, for the time of the upgrade",
	},
	{
		.id = "foreign_keys",
		.title = "Foreign keys to tables that are left out",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.run = check_foreign_keys,
		.hint = "let the table that it points to travel as well, or "
			"leave this one out too (tables.exclude)",
		.firm = "start could not make the key, rows would be missing",
	},
	{
		.id = "sequences",
		.title = "Room in sequences",
		.sides = ON_SOURCE, .scope = CHECK_DATABASE,
		.run = check_sequences,
		.hint = "it will soon be exhausted: widen it (ALTER SEQUENCE, "
			"and bigint for its column) before or after the "
			"upgrade",
	},
	{
		.id = "extensions",
		.title = "Extensions",
		.sides = ON_DESTINATION, .scope = CHECK_CARRIED,
		.flags = CHECK_ALSO_WARNS,
		.run = check_extensions,
		.hint = "install the extension's package for the "
			"destination's version on its host",
		.firm = "setup could not make what uses it",
	},
	{
		.id = "destination_empty",
		.title = "No rows on the destination",
		.sides = ON_DESTINATION, .scope = CHECK_CARRIED,
		.run = check_destination_empty,
		.hint = "empty the table or drop its database yourself: "
			"pgrepup never removes rows that it did not copy",
		.firm = "rows would be there twice, or lost",
	},
};
const size_t check_n_database_rows = LENGTH_OF(check_database_rows);
