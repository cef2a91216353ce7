/* SPDX-License-Identifier: PostgreSQL */
/* Threads: never more than the gate lets through, and none is forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "work.h"

#define N_ITEMS 200
#define N_PLACES 3

struct counter {
	struct work_gate *gate;
	pthread_mutex_t lock;
	int inside;
	int most;
	int done;
};

static void
pass(void *arg, size_t i)
{
	struct counter *c = arg;

	(void)i;
	if (!work_gate_enter(c->gate, NULL))
		return;
	pthread_mutex_lock(&c->lock);
	c->inside++;
	if (c->inside > c->most)
		c->most = c->inside;
	pthread_mutex_unlock(&c->lock);
	pthread_mutex_lock(&c->lock);
	c->inside--;
	c->done++;
	pthread_mutex_unlock(&c->lock);
	work_gate_leave(c->gate);
}

static void
gate_lets_through_only_so_many(void **state)
{
	struct counter c = {.lock = PTHREAD_MUTEX_INITIALIZER};

	(void)state;
	c.gate = work_gate_new(N_PLACES);
	work_each(10, N_ITEMS, pass, &c);
	assert_int_equal(c.done, N_ITEMS);
	assert_in_range(c.most, 1, N_PLACES);
	work_gate_free(c.gate);
}

static void
free_places_are_taken_and_no_more(void **state)
{
	struct work_gate *gate = work_gate_new(2);

	(void)state;
	assert_true(work_gate_try(gate));
	assert_true(work_gate_enter(gate, NULL));
	assert_false(work_gate_try(gate));
	assert_false(work_gate_crowded(gate));
	work_gate_leave(gate);
	assert_true(work_gate_try(gate));
	work_gate_free(gate);
}

static void
who_waits_leaves_when_interrupted(void **state)
{
	struct work_gate *gate = work_gate_new(1);
	struct err err = ERR_INIT;
	struct interrupt *in = interrupt_new(&err);

	(void)state;
	assert_true(work_gate_enter(gate, in));
	interrupt_raise(in);
	assert_false(work_gate_enter(gate, in));
	assert_false(work_gate_crowded(gate));
	work_gate_leave(gate);
	assert_true(work_gate_try(gate));
	interrupt_free(in);
	work_gate_free(gate);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gate_lets_through_only_so_many),
		cmocka_unit_test(free_places_are_taken_and_no_more),
		cmocka_unit_test(who_waits_leaves_when_interrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
