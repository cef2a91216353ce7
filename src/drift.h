/* SPDX-License-Identifier: PostgreSQL */
/* Where a database's tables have drifted apart, so that changes cannot be
 * applied any more. */
#ifndef PGREPUP_DRIFT_H
#define PGREPUP_DRIFT_H

#include "pg.h"

/*
 * The first table that travels and is not the same on both sides, in words;
 * the caller frees it. NULL: none, or it could not be found out.
 */
char *drift_find(struct pg *source, struct pg *destination);

#endif
