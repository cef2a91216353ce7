/* SPDX-License-Identifier: PostgreSQL */
/* From facts about a database to its state, and to the phase of them all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "monitor_internal.h"

/* Both sides answer. */
static const struct monitor both = {
	.source = {.at = 1},
	.destination = {.at = 1},
};

static struct watched
replicating(void)
{
	static char name[] = "app";

	return (struct watched){
		.name = name,
		.exists = true,
		.applying = true,
		.has_slot = true,
		.slot_active = true,
		.looked = true,
		.load = {.state = LOAD_SUBSCRIBED},
		.subscription = SUBSCRIPTION_REPLICATING,
	};
}

static void
replicates_only_when_slot_worker_and_tables_say_so(void **state)
{
	struct watched w = replicating();
	char *hint;

	(void)state;
	assert_int_equal(monitor_state(&both, &w), DATABASE_REPLICATING);
	w.slot_active = false;
	assert_int_equal(monitor_state(&both, &w), DATABASE_DOWN);
	w = replicating();
	w.applying = false;
	assert_int_equal(monitor_state(&both, &w), DATABASE_DOWN);
	w = replicating();
	w.slot_lost = true;
	assert_int_equal(monitor_state(&both, &w), DATABASE_DOWN);
	assert_non_null(strstr(monitor_reason(&both, &w), "WAL"));
	hint = monitor_hint(&both, &w);
	assert_non_null(strstr(hint, "max_slot_wal_keep_size"));
	assert_non_null(strstr(hint, "setup --again --only=app`"));
	free(hint);
	w = replicating();
	w.subscription = SUBSCRIPTION_INITIALIZING;
	assert_int_equal(monitor_state(&both, &w), DATABASE_INITIALIZING);
}

static void
far_behind_is_catching_up(void **state)
{
	struct watched w = replicating();

	(void)state;
	w.difference = 16LL * 1024 * 1024;
	assert_int_equal(monitor_state(&both, &w), DATABASE_REPLICATING);
	w.difference++;
	assert_int_equal(monitor_state(&both, &w), DATABASE_CATCHING_UP);
}

static void
handed_over_stays_stopped_whatever_answers(void **state)
{
	struct monitor none = {.n = 0};
	struct watched w = {.looked = true};

	(void)state;
	w.load.state = LOAD_HANDED_OVER;
	assert_int_equal(monitor_state(&none, &w), DATABASE_STOPPED);
	w.load.state = LOAD_SUBSCRIBED;
	assert_int_equal(monitor_state(&none, &w), DATABASE_UNKNOWN);
}

static void
expect_phase(const char *expected, enum database_state a,
	     enum database_state b)
{
	struct database_status two[] = {{.state = a}, {.state = b}};

	assert_string_equal(monitor_phase(two, 2), expected);
}

static void
phase_is_the_step_that_has_begun_last(void **state)
{
	(void)state;
	assert_string_equal(monitor_phase(NULL, 0), "config");
	expect_phase("config", DATABASE_NOT_SET_UP, DATABASE_NOT_SET_UP);
	expect_phase("setup", DATABASE_NOT_SET_UP, DATABASE_READY);
	expect_phase("start", DATABASE_READY, DATABASE_INITIALIZING);
	expect_phase("start", DATABASE_REPLICATING, DATABASE_READY);
	expect_phase("replicating", DATABASE_REPLICATING, DATABASE_DOWN);
	expect_phase("stop", DATABASE_STOPPED, DATABASE_REPLICATING);
	expect_phase("stopped", DATABASE_STOPPED, DATABASE_STOPPED);
	expect_phase("unknown", DATABASE_UNKNOWN, DATABASE_UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			replicates_only_when_slot_worker_and_tables_say_so),
		cmocka_unit_test(far_behind_is_catching_up),
		cmocka_unit_test(handed_over_stays_stopped_whatever_answers),
		cmocka_unit_test(phase_is_the_step_that_has_begun_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
