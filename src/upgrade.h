/* SPDX-License-Identifier: PostgreSQL */
/*
 * A cluster takes part in one upgrade at a time. An upgrade is its name and
 * the system identifiers of its two clusters; from setup to uninstall each of
 * them says so in the comment of the replication role, which is found from
 * whatever database one connects to. A mark that names this cluster nowhere
 * came with a copy of the roles and says nothing.
 */
#ifndef PGREPUP_UPGRADE_H
#define PGREPUP_UPGRADE_H

#include "op.h"

/* The mark of this upgrade, of an op whose sides are open; caller frees. */
char *upgrade_mark(const struct op *op);
/*
 * ERR_STATE when one of the clusters takes part in another upgrade. source is
 * NULL when it is left as it is; sessions in any database will do.
 */
bool upgrade_refuse_other(struct op *op, const struct operation *operation,
			  struct pg *source, struct pg *destination,
			  struct err *err);
/* For a check: the other upgrade of an open side, or NULL; caller frees. */
char *upgrade_other(struct op *op, enum side side, struct err *err);

#endif
