/* SPDX-License-Identifier: PostgreSQL */
/* What the files of mechanism native share, and nobody else sees. */
#ifndef PGREPUP_MECH_NATIVE_H
#define PGREPUP_MECH_NATIVE_H

#include "mech_common.h"

/* All changes of a table; and, of those without identity, new rows only. */
#define NATIVE_PUBLICATION "pgrepup"
#define NATIVE_PUBLICATION_INSERT "pgrepup_insert"

/* Name of this database's subscription and of its slot, before one is
 * recorded. The caller frees it. */
char *native_name(const struct mechanism_at *at);
/* Row of native_subscription.sql, none when there is no subscription. */
bool native_find(const struct mechanism_at *at, const char *name,
		 struct rowset *rows, struct err *err);

/* mech_native_pub.c, mech_native_sub.c: functions of the row. */
bool native_prepare(const struct mechanism_at *at,
		    const struct rowset *tables, struct err *err);
bool native_publish(const struct mechanism_at *at,
		    const struct rowset *tables, struct err *err);
bool native_members(const struct mechanism_at *at, struct rowset *rows,
		    struct err *err);
bool native_remove(const struct mechanism_at *at, struct err *err);
bool native_subscribe(const struct mechanism_at *at, const char *slot,
		      const char *lsn, struct err *err);
bool native_disable(const struct mechanism_at *at, struct err *err);
bool native_unsubscribe(const struct mechanism_at *at, struct err *err);

#endif
