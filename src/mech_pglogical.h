/* SPDX-License-Identifier: PostgreSQL */
/* What the files of mechanism pglogical share, and nobody else sees. */
#ifndef PGREPUP_MECH_PGLOGICAL_H
#define PGREPUP_MECH_PGLOGICAL_H

#include "mechanism.h"
#include "registry.h"
#include "strbuf.h"

#define PGLOGICAL_SOURCE_NODE "pgrepup_source"
#define PGLOGICAL_DESTINATION_NODE "pgrepup_destination"
#define PGLOGICAL_SET "pgrepup"

/* Is the extension in that database? */
bool pglogical_is_installed(struct pg *pg, bool *installed, struct err *err);
/*
 * Name of this database's subscription: the one that is recorded, else the one
 * it will get, unique to upgrade and database. The caller frees it.
 */
char *pglogical_subscription(const struct mechanism_at *at, struct err *err);

/* Records what has been done, in the caller's transaction; part and values may
 * be NULL. */
bool pglogical_record(struct pg *pg, const char *kind, const char *name,
		      const char *part, const char *old_value,
		      const char *new_value, struct err *err);

/* mech_pglogical_dsn.c: how the servers reach each other, without password. */
void pglogical_source_dsn(const struct mechanism_at *at, struct strbuf *dsn);
/* How the destination reaches itself. */
bool pglogical_destination_dsn(const struct mechanism_at *at,
			       struct strbuf *dsn, struct err *err);
/* Adds the password, last; give such a text back with pglogical_dsn_wipe. */
void pglogical_dsn_password(const struct mechanism_at *at, struct strbuf *dsn);
void pglogical_dsn_wipe(struct strbuf *dsn);
/*
 * In a transaction: hides its statements from the server log, for a password
 * is on its way.
 */
bool pglogical_quiet(struct pg *pg, struct err *err);
/*
 * pglogical's workers write the whole connection string to the server log
 * whenever they cannot connect, as a detail, and when they connect, as a debug
 * message. So the destination database logs neither while there is a
 * subscription; and it reads values as the stream has them. In the caller's
 * transaction, before pglogical_quiet.
 */
bool pglogical_mute(struct pg *destination, struct err *err);
bool pglogical_unmute(struct pg *destination, struct err *err);

/* mech_pglogical_node.c, _set.c, _sub.c, _drop.c: functions of the row. */
bool pglogical_make_nodes(const struct mechanism_at *at, struct err *err);
/* Before the triggers of the set are on their tables. */
bool pglogical_grant_truncators(const struct mechanism_at *at,
				struct err *err);
bool pglogical_publish(const struct mechanism_at *at,
		       const struct rowset *tables, struct err *err);
bool pglogical_subscribe(const struct mechanism_at *at, const char *slot,
			 const char *lsn, struct err *err);
bool pglogical_unsubscribe(const struct mechanism_at *at, struct err *err);
bool pglogical_drop_nodes(const struct mechanism_at *at, struct err *err);

/*
 * A statement that needs a lock which an application may hold: short waits
 * (nobody shall queue behind ours), many tries, an interrupt between them.
 */
bool pglogical_ask_locking(const struct mechanism_at *at, struct pg *pg,
			   const char *statement, struct pg_bind bind,
			   struct err *err);

#endif
