/* SPDX-License-Identifier: PostgreSQL */
/* Threads that work off items, a bounded number at a time. */
#include "work.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "mem.h"

struct item {
	work_fn fn;
	void *arg;
	struct work_group *group;
	struct item *next;
};

struct work_pool {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct item *first;
	struct item **last;
	pthread_t *threads;
	size_t n_threads;
	bool closing;
};

static struct item *
take(struct work_pool *pool)
{
	struct item *item;

	while (!pool->first && !pool->closing)
		pthread_cond_wait(&pool->changed, &pool->lock);
	item = pool->first;
	if (item) {
		pool->first = item->next;
		if (!pool->first)
			pool->last = &pool->first;
	}
	return item;
}

static void *
work_main(void *arg)
{
	struct work_pool *pool = arg;
	struct item *item;

	pthread_mutex_lock(&pool->lock);
	while ((item = take(pool))) {
		pthread_mutex_unlock(&pool->lock);
		item->fn(item->arg);
		pthread_mutex_lock(&pool->lock);
		item->group->pending--;
		free(item);
		pthread_cond_broadcast(&pool->changed);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

struct work_pool *
work_pool_new(size_t n_threads)
{
	struct work_pool *pool = MEM_NEW(struct work_pool);
	size_t i;

	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->changed, NULL);
	pool->last = &pool->first;
	if (n_threads == 0)
		n_threads = 1;
	pool->threads = MEM_ARRAY(pthread_t, n_threads);
	for (i = 0; i < n_threads; i++)
		if (pthread_create(&pool->threads[i], NULL, work_main, pool))
			break;
	pool->n_threads = i;
	/* Without a single thread nothing could ever be done. */
	if (i == 0)
		abort();
	return pool;
}

void
work_pool_free(struct work_pool *pool)
{
	size_t i;

	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->closing = true;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
	for (i = 0; i < pool->n_threads; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_cond_destroy(&pool->changed);
	pthread_mutex_destroy(&pool->lock);
	free(pool->threads);
	free(pool);
}

void
work_submit(struct work_pool *pool, struct work_group *group, work_fn fn,
	    void *arg)
{
	struct item *item = MEM_NEW(struct item);

	*item = (struct item){.fn = fn, .arg = arg, .group = group};
	pthread_mutex_lock(&pool->lock);
	group->pending++;
	*pool->last = item;
	pool->last = &item->next;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
}

void
work_wait(struct work_pool *pool, struct work_group *group)
{
	pthread_mutex_lock(&pool->lock);
	while (group->pending > 0)
		pthread_cond_wait(&pool->changed, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
}

struct each {
	void (*fn)(void *arg, size_t i);
	void *arg;
	size_t i;
};

static void
each_run(void *item)
{
	struct each *each = item;

	each->fn(each->arg, each->i);
}

void
work_each(size_t n_threads, size_t n, void (*fn)(void *arg, size_t i),
	  void *arg)
{
	struct work_pool *pool = work_pool_new(n_threads < n ? n_threads : n);
	struct work_group group = WORK_GROUP_INIT;
	struct each *items = MEM_ARRAY(struct each, n);
	size_t i;

	for (i = 0; i < n; i++) {
		items[i] = (struct each){.fn = fn, .arg = arg, .i = i};
		work_submit(pool, &group, each_run, &items[i]);
	}
	work_wait(pool, &group);
	work_pool_free(pool);
	free(items);
}
