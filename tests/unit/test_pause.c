/* SPDX-License-Identifier: PostgreSQL */
/* When an operation can be paused, and whose wish a file is. */
#include "state_fixture.h"

#include "pause.h"

static struct record *
make_plan(int n, bool pauses)
{
	struct record *plan = record_new("plan"), *step;

	for (int i = 1; i <= n; i++) {
		step = record_new(NULL);
		record_bool(step, "pauses", pauses && i == n);
		record_append(plan, "steps", step);
		record_free(step);
	}
	return plan;
}

static bool
is_possible(int n, bool pauses, int at)
{
	struct record *plan = n > 0 ? make_plan(n, pauses) : NULL;
	struct record *step = at > 0 ? record_new("step") : NULL;
	struct err err = ERR_INIT;
	bool possible;

	if (step)
		record_int(step, "n", at);
	possible = pause_is_possible("setup", plan, step, &err);
	assert_int_equal(err.kind, possible ? ERR_NONE : ERR_STATE);
	err_release(&err);
	record_free(plan);
	record_free(step);
	return possible;
}

static void
the_last_step_cannot_be_paused_after(void **state)
{
	(void)state;
	assert_true(is_possible(3, false, 0));
	assert_true(is_possible(3, false, 2));
	assert_false(is_possible(3, false, 3));
	assert_true(is_possible(3, true, 3));
	assert_false(is_possible(0, false, 0));
}

static void
a_wish_is_of_one_run_and_taken_back(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_false(pause_is_asked(dir, "one"));
	assert_true(pause_ask(dir, "one", &err));
	assert_true(pause_is_asked(dir, "one"));
	assert_false(pause_is_asked(dir, "on"));
	pause_forget(dir, "two");
	assert_true(pause_is_asked(dir, "one"));
	assert_true(pause_take_back(dir, &err));
	assert_false(pause_is_asked(dir, "one"));
	assert_true(pause_take_back(dir, &err));
	assert_true(pause_ask(dir, "two", &err));
	pause_forget(dir, "two");
	assert_false(pause_is_asked(dir, "two"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_step_cannot_be_paused_after),
		IN_DIR(a_wish_is_of_one_run_and_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
