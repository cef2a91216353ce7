/* SPDX-License-Identifier: PostgreSQL */
/* The rows of check_rows*.c, and the functions behind them, by file. */
#ifndef PGREPUP_CHECK_ROWS_H
#define PGREPUP_CHECK_ROWS_H

#include "check.h"

extern const struct check check_cluster_rows[]; /* and of this machine */
extern const size_t check_n_cluster_rows;
extern const struct check check_database_rows[];
extern const size_t check_n_database_rows;

/* check_local.c */
bool check_tmp_dir(const struct check_at *at, struct err *err);
bool check_client_tools(const struct check_at *at, struct err *err);

/* check_cluster.c */
bool check_connection(const struct check_at *at, struct err *err);
bool check_role(const struct check_at *at, struct err *err);
bool check_version(const struct check_at *at, struct err *err);
bool check_mechanism(const struct check_at *at, struct err *err);
bool check_same_server(const struct check_at *at, struct err *err);
bool check_standby(const struct check_at *at, struct err *err);
bool check_pooler(const struct check_at *at, struct err *err);
bool check_databases_left_out(const struct check_at *at, struct err *err);
bool check_long_transactions(const struct check_at *at, struct err *err);
bool check_prepared_transactions(const struct check_at *at, struct err *err);

/* check_settings.c */
bool check_setting(const struct check_at *at, struct err *err);
bool check_pglogical(const struct check_at *at, struct err *err);
bool check_slot_limits(const struct check_at *at, struct err *err);
bool check_statement_log(const struct check_at *at, struct err *err);
bool check_truncate(const struct check_at *at, struct err *err);

/* check_advisories.c */
bool check_advisories(const struct check_at *at, struct err *err);

/* check_restart.c */
bool check_pending_restart(const struct check_at *at, struct err *err);

/* check_hba.c */
bool check_pg_hba(const struct check_at *at, struct err *err);
bool check_server_to_server(const struct check_at *at, struct err *err);
bool check_password_hashes(const struct check_at *at, struct err *err);

/* check_database.c */
bool check_encoding(const struct check_at *at, struct err *err);
bool check_locale(const struct check_at *at, struct err *err);
bool check_tablespaces(const struct check_at *at, struct err *err);
bool check_extensions(const struct check_at *at, struct err *err);
bool check_destination_empty(const struct check_at *at, struct err *err);
bool check_connection_limit(const struct check_at *at, struct err *err);
bool check_pglogical_database(const struct check_at *at, struct err *err);

/* check_tables.c */
bool check_tables_left_out(const struct check_at *at, struct err *err);
bool check_replica_identity(const struct check_at *at, struct err *err);
bool check_ownership(const struct check_at *at, struct err *err);
bool check_row_security(const struct check_at *at, struct err *err);
bool check_extension_members(const struct check_at *at, struct err *err);
bool check_insert_only(const struct check_at *at, struct err *err);
bool check_generated_columns(const struct check_at *at, struct err *err);
bool check_truncate_keys(const struct check_at *at, struct err *err);
bool check_partitions(const struct check_at *at, struct err *err);
bool check_oids(const struct check_at *at, struct err *err);
bool check_unlogged(const struct check_at *at, struct err *err);
bool check_extension_rows(const struct check_at *at, struct err *err);
bool check_large_objects(const struct check_at *at, struct err *err);
bool check_materialized_views(const struct check_at *at, struct err *err);
bool check_triggers(const struct check_at *at, struct err *err);
bool check_deferrable(const struct check_at *at, struct err *err);
bool check_event_triggers(const struct check_at *at, struct err *err);
bool check_foreign_keys(const struct check_at *at, struct err *err);
bool check_sequences(const struct check_at *at, struct err *err);

/* check_names.c */
bool check_names(const struct check_at *at, struct err *err);
bool check_role_name(const struct check_at *at, struct err *err);

/* check_tls.c */
bool check_encryption(const struct check_at *at, struct err *err);
bool check_encryption_between(const struct check_at *at, struct err *err);

/* check_rights.c */
bool check_namesakes(const struct check_at *at, struct err *err);
bool check_own_names(const struct check_at *at, struct err *err);
bool check_replication_takers(const struct check_at *at, struct err *err);
bool check_replication_members(const struct check_at *at, struct err *err);
bool check_revoked_functions(const struct check_at *at, struct err *err);

/* check_leftovers.c */
bool check_leftovers(const struct check_at *at, struct err *err);

/* check_code.c */
bool check_owners_code(const struct check_at *at, struct err *err);
bool check_owners_code_restored(const struct check_at *at, struct err *err);

#endif
