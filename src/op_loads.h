/* SPDX-License-Identifier: PostgreSQL */
/*
 * What this upgrade has loaded on the destination, beyond the databases of a
 * run: one that was renamed on the source, or lets nobody connect there any
 * more, would be forgotten without a word.
 */
#ifndef PGREPUP_OP_LOADS_H
#define PGREPUP_OP_LOADS_H

#include "op.h"

/*
 * ERR_NEGATIVE that names a database of the destination that this upgrade has
 * begun with, that is not handed over, and that is none of this run although it
 * is of every database. Nothing is asked of a run that is of a part.
 */
bool op_refuse_forgotten(struct op *op, struct err *err);
/* Is any handed over? Asks them one after the other. */
bool op_any_handed_over(struct op *op, bool *any, struct err *err);

#endif
