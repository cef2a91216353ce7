/* SPDX-License-Identifier: PostgreSQL */
/*
 * One source, one destination. A source that replicates to another destination
 * by an upgrade of the same name has the same names for all: setup would take
 * away its password and start its slot anew, uninstall would drop both.
 */
#ifndef PGREPUP_READERS_H
#define PGREPUP_READERS_H

#include "op.h"
#include "rowset.h"

/* The slots of pgrepup on the source that somebody reads now. */
bool readers_ask(struct op *op, struct rowset *readers, struct err *err);
/* ERR_STATE when it is another destination that reads that database.
 * on_destination: is there a database of that name? */
bool readers_check(struct op *op, const struct rowset *readers,
		   const char *database, bool on_destination,
		   struct err *err);

#endif
