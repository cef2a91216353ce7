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

#include <stddef.h>

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

#endif
