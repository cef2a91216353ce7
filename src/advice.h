/* SPDX-License-Identifier: PostgreSQL */
/* Hints that more than one place gives: commands that name a database, and
 * what to do about a subscription that is down. */
#ifndef PGREPUP_ADVICE_H
#define PGREPUP_ADVICE_H

#include "err.h"

/*
 * "`pgrepup setup --again --only=app`, then `pgrepup start --only=app`": how
 * that database is copied anew. It alone, since another may be handed over,
 * which setup --again refuses. The caller frees it.
 */
char *advice_anew(const char *database);
/* Where a table has drifted apart (drift.h). */
#define ADVICE_LIKE_THE_SOURCE                                                 \
	"Make that table on the destination like the one of the source; the "  \
	"changes then go on by themselves, sooner with `pgrepup start`."

/* The hint "Run ..." of that. */
void advice_hint_anew(struct err *err, const char *database);
/*
 * What to do about a subscription that is down, by what the reason says: ours,
 * or a server's in English. NULL: nobody knows, as with no reason. The caller
 * frees it.
 */
char *advice_when_down(const char *reason, const char *database);

#endif
