/* SPDX-License-Identifier: PostgreSQL */
/*
 * The detail of the database that somebody looks at, again and again, in a
 * thread of its own: however slow it is, whoever asks goes on.
 */
#ifndef PGREPUP_DETAIL_FOLLOW_H
#define PGREPUP_DETAIL_FOLLOW_H

#include "detail.h"

struct detail_follow;

struct detail_follow *detail_follow_new(const struct op *op, double interval,
					struct err *err);
/* Which database from now on; NULL: none. Returns at once. */
void detail_follow_set(struct detail_follow *f, const char *database);
void detail_follow_every(struct detail_follow *f, double interval);
/* Readable when there may be something to take. */
int detail_follow_fd(const struct detail_follow *f);
/* The newest that was not yet taken, or NULL; the caller frees it. */
struct record *detail_follow_take(struct detail_follow *f);
void detail_follow_free(struct detail_follow *f);

#endif
