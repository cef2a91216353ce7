/* SPDX-License-Identifier: PostgreSQL */
/*
 * Threads that work off items: a bounded number of databases or streams at a
 * time. Items are started in the order they were submitted.
 *
 *	struct work_pool *pool = work_pool_new(jobs);
 *	struct work_group group = WORK_GROUP_INIT;
 *	for (i = 0; i < n; i++)
 *		work_submit(pool, &group, copy_table, &tables[i]);
 *	work_wait(pool, &group);
 *	work_pool_free(pool);
 */
#ifndef PGREPUP_WORK_H
#define PGREPUP_WORK_H

#include <stdbool.h>
#include <stddef.h>

#include "interrupt.h"

struct work_pool;

/* How many items of a group are not yet done. One waiter a group. */
struct work_group {
	size_t pending;
};

#define WORK_GROUP_INIT                                                        \
	{                                                                      \
		.pending = 0                                                   \
	}

typedef void (*work_fn)(void *item);

/* At least one thread. */
struct work_pool *work_pool_new(size_t n_threads);
/* Waits for what runs, drops nothing. */
void work_pool_free(struct work_pool *pool);
void work_submit(struct work_pool *pool, struct work_group *group, work_fn fn,
		 void *item);
/* Returns when every item of the group is done. */
void work_wait(struct work_pool *pool, struct work_group *group);
/* Runs fn(arg, i) for i in [0, n) on at most n_threads threads, and waits. */
void work_each(size_t n_threads, size_t n, void (*fn)(void *arg, size_t i),
	       void *arg);

/*
 * A gate that lets a number of threads through at a time, in the order of
 * their coming: one budget of streams for several databases.
 */
struct work_gate;

struct work_gate *work_gate_new(size_t n);
void work_gate_free(struct work_gate *gate);
/* Waits for a place; false when interrupted. in is the same for all users of
 * the gate, and may be NULL. */
bool work_gate_enter(struct work_gate *gate, const struct interrupt *in);
/* Takes a place only if one is free and nobody waits for it. */
bool work_gate_try(struct work_gate *gate);
void work_gate_leave(struct work_gate *gate);
/* Does somebody wait? Then who holds a place for long should leave it. */
bool work_gate_crowded(struct work_gate *gate);

#endif
