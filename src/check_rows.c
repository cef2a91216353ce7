/* SPDX-License-Identifier: PostgreSQL */
/* The checks of this machine and of clusters, in the order in which they are
 * shown. */
#include "check_rows.h"

#include "mem.h"

const struct check check_cluster_rows[] = {
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
		.id = "encryption",
		.title = "Nobody reads along on the way here",
		.sides = ON_BOTH, .scope = CHECK_CLUSTER,
		.flags = CHECK_QUIET,
		.run = check_encryption,
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
		.run = check_advisories,
		.firm = "the copy could miss rows",
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
		.id = "names",
		.title = "Names that pgrepup uses",
		.sides = ON_BOTH, .scope = CHECK_CLUSTER,
		.flags = CHECK_QUIET,
		.run = check_role_name,
		.firm = "what is of others would be taken for pgrepup's",
	},
	{
		.id = "namesakes",
		.title = "Roles that are stronger on the destination",
		.sides = ON_DESTINATION, .scope = CHECK_CLUSTER,
		.flags = CHECK_QUIET | CHECK_NEEDS_OTHER,
		.run = check_namesakes,
	},
	{
		.id = "own_names",
		.title = "Roles with names of the server's own",
		.sides = ON_SOURCE, .scope = CHECK_CLUSTER,
		.flags = CHECK_QUIET,
		.run = check_own_names,
		.hint = "ALTER ROLE ... RENAME TO ...: from 9.6 on such names "
			"are the server's, with rights of their own",
		.firm = "the destination has no role by such a name, or a "
			"stronger one",
	},
	{
		.id = "replication_takers",
		.title = "Who could take the replication role",
		.sides = ON_SOURCE, .scope = CHECK_CLUSTER,
		.flags = CHECK_QUIET,
		.run = check_replication_takers,
		.hint = "until stop such a role can read every table, and make "
			"rows go missing: take the attribute away, or trust it",
	},
	{
		.id = "replication_members",
		.title = "Nobody is a member of the replication role",
		.sides = ON_BOTH, .scope = CHECK_CLUSTER,
		.flags = CHECK_QUIET,
		.run = check_replication_members,
		.firm = "a member of it reads every table, and can make rows "
			"go missing",
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
		.run = check_advisories,
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
		.id = "max_connections",
		.title = "max_connections",
		.sides = ON_SOURCE, .scope = CHECK_CLUSTER,
		.flags = CHECK_QUIET,
		.run = check_setting,
		.firm = "max_wal_senders could not be raised",
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
		.id = "pending_restart",
		.title = "Settings that wait for a restart",
		.sides = ON_BOTH, .scope = CHECK_CLUSTER,
		.run = check_pending_restart,
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
	},	{
		.id = "encryption_between",
		.title = "Nobody reads along between the servers",
		.sides = ON_DESTINATION, .scope = CHECK_CLUSTER,
		.flags = CHECK_QUIET | CHECK_NEEDS_OTHER,
		.run = check_encryption_between,
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
		.id = "minor_release",
		.title = "Minor release",
		.sides = ON_BOTH, .scope = CHECK_CLUSTER,
		.run = check_advisories,
	},
	{
		.id = "client_release",
		.title = "Minor release of the client programs",
		.sides = ON_SOURCE, .scope = CHECK_CLUSTER,
		.flags = CHECK_QUIET | CHECK_NEEDS_OTHER,
		.run = check_advisories,
	},
};
const size_t check_n_cluster_rows = LENGTH_OF(check_cluster_rows);
