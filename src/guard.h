/* SPDX-License-Identifier: PostgreSQL */
/*
 * The guard of an operation: an advisory lock in the connect database of each
 * cluster, against a pgrepup elsewhere, held on connections of its own whose
 * loss stops the operation.
 */
#ifndef PGREPUP_GUARD_H
#define PGREPUP_GUARD_H

#include "op.h"

struct guard;

/*
 * ERR_STATE when another pgrepup holds the lock, naming its session, and when
 * a cluster takes part in another upgrade (upgrade.h).
 */
struct guard *guard_start(struct op *op, const struct operation *operation,
			  struct err *err);
/* What ended the guard before its time; else untouched. */
void guard_stop(struct guard *guard, struct err *err);

#endif
