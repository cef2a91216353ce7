/* SPDX-License-Identifier: PostgreSQL */
/*
 * The fence around a database of the destination, from before its first object
 * until it is handed over: what is written there by others would be in no row
 * of the source, and what row security or a grant hides on the source is not
 * hidden while the schema is half restored. Nobody but superusers and the role
 * that pgrepup connects as gets in: the database belongs to that role, PUBLIC
 * has no right on it, and its connection limit is 0. When pgrepup is no
 * superuser PUBLIC alone is kept out: the limit would hold for itself, and what
 * is restored in schema public must belong to who owns the database. Workers of
 * a subscription are not kept out, as they are no clients. What was there
 * before is in the registry of the database: CHANGE_FENCE.
 */
#ifndef PGREPUP_FENCE_H
#define PGREPUP_FENCE_H

#include "op.h"
#include "registry.h"

/*
 * Closes it, and asks the server afterwards; does nothing to one that is
 * closed. pg is a session in it, with a registry. made: by setup, so that what
 * is to be there in the end is the source's, else what it has now. How far the
 * role may close it is said as an item "warn" of the step.
 */
bool fence_close(struct op *op, struct pg *pg, const struct database *db,
		 bool made, const char *step, struct err *err);
/* Does it stand, where there is one? ERR_NEGATIVE: it does not. */
bool fence_check(struct pg *pg, struct err *err);
/*
 * Lets in, for as long as it is ajar, who has the right to connect: that is the
 * replication role, as which pglogical's server connects to itself before it
 * makes a subscription, and a load role when it logs in. pg is a session in the
 * database.
 */
bool fence_set_ajar(const struct op *op, struct pg *pg, bool ajar,
		    struct err *err);
/*
 * fence_open.c: gives it what the source's database has, owner, privileges and
 * connection limit among it, and says whether that is so afterwards. Nothing is
 * done to one that is not closed: what has been changed there since is theirs.
 */
bool fence_open(struct op *op, struct pg *source, struct pg *destination,
		const char *database, const char *step, struct err *err);

#endif
