/* SPDX-License-Identifier: PostgreSQL */
/* The table of checks, in the order in which they are shown. */
#include "check_rows.h"

#include "mem.h"

const struct check checks[] = {
	{
		.id = "tmp_dir",
		.title = "Folder for temporary files",
		.scope = CHECK_LOCAL,
		.flags = CHECK_ALSO_WARNS,
		.run = check_tmp_dir,
		.hint = "name a folder that can be written to: "
			"pgrepup config set tmp_dir=FOLDER",
		.firm = "setup and start keep what they carry there",
	},
	{
		.id = "client_tools",
		.title = "Client programs of PostgreSQL",
		.scope = CHECK_LOCAL,
		.run = check_client_tools,
		.hint = "install the client programs of the destination's "
			"version, or name their folder: "
			"pgrepup config set bin_dir=FOLDER",
		.firm = "setup copies the schema with them",
	},
	{
		.id = "connection",
		.title = "PostgreSQL connection",
		.sides = ON_BOTH, .scope = CHECK_CLUSTER,
		.run = check_connection,
		.hint = "see that the server runs there and lets this role "
			"in; pgrepup config changes the connection",
		.firm = "nothing goes without it",
	},
	{
		.id = "pooler",
		.title = "A server, no connection pooler",
		.sides = ON_BOTH, .scope = CHECK_CLUSTER,
		.run = check_pooler,
		.hint = "give the address of the server itself: replication "
			"and session settings do not pass a pooler",
		.firm = "replication does not pass a pooler",
	},
	{
		.id = "version",
		.title = "PostgreSQL version",
		.sides = ON_BOTH, .scope = CHECK_CLUSTER,
		.flags = CHECK_ALSO_WARNS,
		.run = check_version,
		.firm = "between these versions nothing can be carried",
	},
	{
		.id = "snapshots",
		.title = "Snapshots that lack no row",
		.sides = ON_SOURCE, .scope = CHECK_CLUSTER,
		.flags = CHECK_QUIET,
		.run = check_snapshots,
		.hint = "update the source to the last minor release of its "
			"version first: with this one the copy could miss "
			"rows that are written while it begins",
	},
	{
		.id = "role",
		.title = "Rights of the role",
		.sides = ON_BOTH, .scope = CHECK_CLUSTER,
		.flags = CHECK_ALSO_WARNS,
		.run = check_role,
		.hint = "connect as a superuser, or grant what is missing",
		.firm = "setup would fail on its way",
	},
	{
		.id = "mechanism",
		.title = "Mechanism of replication",
		.sides = ON_SOURCE, .scope = CHECK_CLUSTER,
		.flags = CHECK_NEEDS_OTHER | CHECK_ALSO_WARNS,
		.run = check_mechanism,
		.firm = "replication is its work",
	},
	{
		.id = "same_server",
		.title = "Two different clusters",
		.sides = ON_DESTINATION, .scope = CHECK_CLUSTER,
		.flags = CHECK_NEEDS_OTHER,
		.run = check_same_server,
		.hint = "the destination must be another cluster, freshly "
			"made with initdb",
		.firm = "a cluster cannot be upgraded onto itself",
	},
	{
		.id = "standby",
		.title = "A primary, no standby",
		.sides = ON_BOTH, .scope = CHECK_CLUSTER,
		.run = check_standby,
		.hint = "give the address of the primary",
		.firm = "nothing can be made on a standby",
	},
	{
		.id = "databases",
		.title = "Databases that are left out",
		.sides = ON_SOURCE, .scope = CHECK_CLUSTER,
		.run = check_databases_left_out,
	},
	{
		.id = "pglogical",
		.title = "pglogical installed and preloaded",
		.sides = ON_BOTH, .scope = CHECK_CLUSTER,
		.flags = CHECK_ALSO_WARNS,
		.mechanism = "pglogical",
		.run = check_pglogical,
		.firm = "replication is its work",
	},
	{
		.id = "drop_database",
		.title = "DROP DATABASE works",
		.sides = ON_DESTINATION, .scope = CHECK_CLUSTER,
		.flags = CHECK_QUIET,
		.mechanism = "pglogical",
		.run = check_drop_database,
		.hint = "update pglogical to 2.4.3 or later if you can; "
			"pgrepup itself drops no database on this server",
	},
	{
		.id = "output_plugins",
		.title = "output_plugin_libraries",
		.sides = ON_SOURCE, .scope = CHECK_CLUSTER,
		.flags = CHECK_QUIET,
		.mechanism = "pglogical", .run = check_setting,
		.firm = "start could not make a replication slot",
	},
	{
		.id = "wal_level",
		.title = "wal_level",
		.sides = ON_SOURCE, .scope = CHECK_CLUSTER,
		.run = check_setting,
		.firm = "start could not make a replication slot",
	},
	{
		.id = "max_worker_processes",
		.title = "max_worker_processes",
		.sides = ON_BOTH, .scope = CHECK_CLUSTER,
		.mechanism = "pglogical", .run = check_setting,
		.firm = "the databases would not all be replicated",
	},
	{
		.id = "max_worker_processes",
		.title = "max_worker_processes",
		.sides = ON_DESTINATION, .scope = CHECK_CLUSTER,
		.mechanism = "native", .run = check_setting,
		.firm = "the databases would not all be replicated",
	},
	{
		.id = "max_logical_replication_workers",
		.title = "max_logical_replication_workers",
		.sides = ON_DESTINATION, .scope = CHECK_CLUSTER,
		.mechanism = "native", .run = check_setting,
		.firm = "the databases would not all be replicated",
	},
	{
		.id = "max_replication_slots",
		.title = "max_replication_slots",
		.sides = ON_BOTH, .scope = CHECK_CLUSTER,
		.run = check_setting,
		.firm = "start would run out of slots",
	},
	{
		.id = "slot_limits",
		.title = "Slots and senders are left alone",
		.sides = ON_SOURCE, .scope = CHECK_CLUSTER,
		.run = check_slot_limits,
		.hint = "else the source may give up the slot during a long "
			"copy or while the destination is away, and start has "
			"to begin anew: ALTER SYSTEM, then pg_reload_conf(), "
			"for the time of the upgrade",
	},
	{
		.id = "max_wal_senders",
		.title = "max_wal_senders",
		.sides = ON_SOURCE, .scope = CHECK_CLUSTER,
		.run = check_setting,
		.firm = "the databases would not all be replicated",
	},
	{
		.id = "max_active_replication_origins",
		.title = "max_active_replication_origins",
		.sides = ON_DESTINATION, .scope = CHECK_CLUSTER,
		.flags = CHECK_QUIET,
		.run = check_setting,
		.firm = "start would run out of origins",
	},
	{
		.id = "pg_hba",
		.title = "pg_hba.conf lets the replication role in",
		.sides = ON_BOTH, .scope = CHECK_CLUSTER,
		.flags = CHECK_NEEDS_OTHER,
		.run = check_pg_hba,
	},
	{
		.id = "server_to_server",
		.title = "The destination server reaches the source",
		.sides = ON_DESTINATION, .scope = CHECK_CLUSTER,
		.flags = CHECK_NEEDS_OTHER | CHECK_ALSO_WARNS,
		.run = check_server_to_server,
		.firm = "no row would arrive",
	},
	{
		.id = "statement_log",
		.title = "No password in the server's log",
		.sides = ON_DESTINATION, .scope = CHECK_CLUSTER,
		.flags = CHECK_QUIET,
		.run = check_statement_log,
		.hint = "the replication role's may come to stand there: have "
			"GRANT SET ON PARAMETER ... TO this role, or switch "
			"these off until start is through",
	},
	{
		.id = "password_hashes",
		.title = "Passwords that will still be accepted",
		.sides = ON_DESTINATION, .scope = CHECK_CLUSTER,
		.flags = CHECK_NEEDS_OTHER,
		.run = check_password_hashes,
		.hint = "let the destination's pg_hba.conf say md5, which "
			"accepts both kinds, or set the password anew",
	},
	{
		.id = "long_transactions",
		.title = "Long transactions",
		.sides = ON_SOURCE, .scope = CHECK_CLUSTER,
		.run = check_long_transactions,
		.hint = "start waits until every transaction that runs then "
			"has ended",
	},
	{
		.id = "prepared_transactions",
		.title = "Prepared transactions",
		.sides = ON_SOURCE, .scope = CHECK_CLUSTER,
		.run = check_prepared_transactions,
		.hint = "start waits for them: COMMIT PREPARED or ROLLBACK "
			"PREPARED those that nobody will finish",
	},
	{
		.id = "tablespaces",
		.title = "Tablespaces",
		.sides = ON_DESTINATION, .scope = CHECK_CLUSTER,
		.flags = CHECK_NEEDS_OTHER,
		.run = check_tablespaces,
		.hint = "setup makes it at the same location, where the "
			"destination's server must own that folder; or make it "
			"elsewhere yourself with CREATE TABLESPACE",
	},
	{
		.id = "encoding",
		.title = "Encodings",
		.sides = ON_DESTINATION, .scope = CHECK_CLUSTER,
		.flags = CHECK_NEEDS_OTHER,
		.run = check_encoding,
		.firm = "text would arrive damaged, or not at all",
	},
	{
		.id = "locale",
		.title = "Locales",
		.sides = ON_DESTINATION, .scope = CHECK_CLUSTER,
		.flags = CHECK_NEEDS_OTHER | CHECK_ALSO_WARNS,
		.run = check_locale,
		.firm = "setup could not make the database",
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
		.title = "TRUNCATE while replicating",
		.sides = ON_SOURCE, .scope = CHECK_CLUSTER,
		.flags = CHECK_QUIET,
		.mechanism = "native",
		.run = check_truncate,
		.hint = "no application may TRUNCATE a table between start "
			"and stop: DELETE does travel; stop refuses tables "
			"that were truncated or rewritten",
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
const size_t n_checks = LENGTH_OF(checks);
