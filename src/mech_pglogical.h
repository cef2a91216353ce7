/* SPDX-License-Identifier: PostgreSQL */
/* What the files of mechanism pglogical share, and nobody else sees. */
#ifndef PGREPUP_MECH_PGLOGICAL_H
#define PGREPUP_MECH_PGLOGICAL_H

#include "mech_common.h"

#define PGLOGICAL_SOURCE_NODE "pgrepup_source"
#define PGLOGICAL_DESTINATION_NODE "pgrepup_destination"
#define PGLOGICAL_SET "pgrepup"

/* Is the extension in that database? */
bool pglogical_is_installed(struct pg *pg, bool *installed, struct err *err);
/* Name of this database's subscription. The caller frees it. */
char *pglogical_subscription(const struct mechanism_at *at, struct err *err);

/* mech_pglogical_node.c, _set.c, _sub.c, _drop.c: functions of the row. */
bool pglogical_make_nodes(const struct mechanism_at *at, struct err *err);
/* Before the triggers of the set are on their tables. */
bool pglogical_grant_truncators(const struct mechanism_at *at,
				struct err *err);
/* mech_pglogical_rights.c. In a transaction, with the extension there: nobody
 * of PUBLIC may call its functions any more. */
bool pglogical_close_functions(struct pg *pg, const char *replication_role,
			       struct err *err);
bool pglogical_open_to_subscriber(struct pg *pg, const char *replication_role,
				  struct err *err);
/* In a transaction: those that are recorded in list, which are forgotten. */
bool pglogical_give_back_functions(struct pg *pg,
				   const struct change_list *list,
				   struct err *err);
bool pglogical_publish(const struct mechanism_at *at,
		       const struct rowset *tables, struct err *err);
bool pglogical_members(const struct mechanism_at *at, struct rowset *rows,
		       struct err *err);
bool pglogical_subscribe(const struct mechanism_at *at, const char *slot,
			 const char *lsn, struct err *err);
bool pglogical_disable(const struct mechanism_at *at, struct err *err);
bool pglogical_unsubscribe(const struct mechanism_at *at, struct err *err);
bool pglogical_remove(const struct mechanism_at *at, struct err *err);

/* A statement for one table of the set, by mech_locking. */
bool pglogical_change_table(const struct mechanism_at *at,
			    const char *statement, const char *schema,
			    const char *name, struct err *err);

#endif
