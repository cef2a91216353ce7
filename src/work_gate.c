/* SPDX-License-Identifier: PostgreSQL */
/* A gate for threads: so many at a time, first come first served. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "mem.h"
#include "work.h"

struct work_gate {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t free;
	unsigned long next_ticket;
	unsigned long serving; /* the ticket whose turn it is */
	size_t waiting;
};

struct work_gate *
work_gate_new(size_t n)
{
	struct work_gate *gate = MEM_NEW(struct work_gate);
	pthread_condattr_t attr;

	pthread_mutex_init(&gate->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&gate->changed, &attr);
	pthread_condattr_destroy(&attr);
	gate->free = n > 0 ? n : 1;
	return gate;
}

void
work_gate_free(struct work_gate *gate)
{
	if (!gate)
		return;
	pthread_cond_destroy(&gate->changed);
	pthread_mutex_destroy(&gate->lock);
	free(gate);
}

/* A short wait: the interrupt is not a condition variable. */
static void
wait_a_little(struct work_gate *gate)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += 100000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_cond_timedwait(&gate->changed, &gate->lock, &until);
}

bool
work_gate_enter(struct work_gate *gate, const struct interrupt *in)
{
	unsigned long ticket;
	bool ok;

	pthread_mutex_lock(&gate->lock);
	ticket = gate->next_ticket++;
	gate->waiting++;
	/* Once interrupted all leave, whatever their turn. */
	while ((ticket != gate->serving || gate->free == 0) &&
	       !interrupt_raised(in))
		wait_a_little(gate);
	gate->waiting--;
	ok = !interrupt_raised(in);
	if (ok)
		gate->free--;
	gate->serving++;
	pthread_cond_broadcast(&gate->changed);
	pthread_mutex_unlock(&gate->lock);
	return ok;
}

bool
work_gate_try(struct work_gate *gate)
{
	bool ok;

	pthread_mutex_lock(&gate->lock);
	ok = gate->free > 0 && gate->waiting == 0;
	if (ok)
		gate->free--;
	pthread_mutex_unlock(&gate->lock);
	return ok;
}

void
work_gate_leave(struct work_gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	gate->free++;
	pthread_cond_broadcast(&gate->changed);
	pthread_mutex_unlock(&gate->lock);
}

bool
work_gate_crowded(struct work_gate *gate)
{
	bool crowded;

	pthread_mutex_lock(&gate->lock);
	crowded = gate->waiting > 0;
	pthread_mutex_unlock(&gate->lock);
	return crowded;
}
