/* SPDX-License-Identifier: PostgreSQL */
/* The limits at which servers refuse to start, by version. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "limit.h"
#include "mem.h"

/* A server of that version that runs with defaults. */
static struct restart
server(int version)
{
	static const char *const values[][2] = {
		{"superuser_reserved_connections", "3"},
		{"reserved_connections", "0"},
		{"max_connections", "100"},
		{"max_wal_senders", "10"},
		{"max_worker_processes", "8"},
		{"autovacuum_max_workers", "3"},
		{"autovacuum_worker_slots", "16"},
		{"wal_level", "replica"},
		{"archive_mode", "off"},
		{"summarize_wal", "off"},
		{"max_replication_slots", "10"},
		{"max_active_replication_origins", "10"},
		{"max_prepared_transactions", "0"},
		{"replication slots", "0"},
		{"logical replication slots", "0"},
		{"physical replication slots", "0"},
		{"replication origins", "0"},
		{"prepared transactions", "0"},
	};
	struct restart r = {.version = version};
	size_t i;

	for (i = 0; i < LENGTH_OF(values); i++)
		restart_set(&r, values[i][0], values[i][1]);
	return r;
}

static void
assert_starts(int version, const char *name, const char *value,
	      const char *other, const char *other_value, const char *why)
{
	struct restart r = server(version);
	char *said;

	if (other)
		restart_set(&r, other, other_value);
	said = restart_change(&r, name, value, RESTART_NO_WORSE, NULL);
	if (why)
		assert_string_equal(said, why);
	else
		assert_null(said);
	free(said);
	restart_release(&r);
}

static void
senders_are_connections_up_to_11(void **state)
{
	(void)state;
	assert_starts(90400, "max_wal_senders", "99", NULL, NULL, NULL);
	assert_starts(100023, "max_wal_senders", "100", NULL, NULL,
		      "max_wal_senders (100) must be less than "
		      "max_connections (100)");
	assert_starts(110000, "max_wal_senders", "96", NULL, NULL, NULL);
	assert_starts(110022, "max_wal_senders", "97", NULL, NULL,
		      "superuser_reserved_connections (3) plus "
		      "max_wal_senders (97) must be less than "
		      "max_connections (100)");
	assert_starts(120000, "max_wal_senders", "200", NULL, NULL, NULL);
	assert_starts(150000, "max_connections", "3", NULL, NULL,
		      "superuser_reserved_connections (3) must be less than "
		      "max_connections (3)");
	assert_starts(160000, "reserved_connections", "97", NULL, NULL,
		      "superuser_reserved_connections (3) plus "
		      "reserved_connections (97) must be less than "
		      "max_connections (100)");
}

static void
processes_have_a_number_of_bits(void **state)
{
	(void)state;
	assert_starts(90500, "max_worker_processes", "262143", NULL, NULL,
		      NULL);
	assert_starts(90600, "max_worker_processes", "262039", NULL, NULL,
		      NULL);
	assert_starts(90600, "max_worker_processes", "262040", NULL, NULL,
		      "max_connections (100) plus max_worker_processes "
		      "(262040) plus autovacuum_max_workers (3) must not be "
		      "more than 262142");
	assert_starts(130000, "max_worker_processes", "262030", NULL, NULL,
		      "max_connections (100) plus max_worker_processes "
		      "(262030) plus max_wal_senders (10) plus "
		      "autovacuum_max_workers (3) must not be more than "
		      "262142");
	assert_starts(180000, "autovacuum_worker_slots", "262023", NULL, NULL,
		      NULL);
	assert_starts(180000, "autovacuum_worker_slots", "262024", NULL, NULL,
		      "max_connections (100) plus max_worker_processes (8) "
		      "plus max_wal_senders (10) plus autovacuum_worker_slots "
		      "(262024) must not be more than 262141");
}

static void
what_needs_a_level_has_it(void **state)
{
	(void)state;
	assert_starts(90400, "wal_level", "hot_standby", NULL, NULL, NULL);
	assert_starts(90400, "wal_level", "minimal", NULL, NULL,
		      "max_wal_senders (10) must not go with wal_level "
		      "(minimal)");
	assert_starts(170000, "wal_level", "minimal", "max_wal_senders", "0",
		      NULL);
	assert_starts(160000, "summarize_wal", "on", "wal_level", "minimal",
		      NULL);
	assert_starts(170000, "summarize_wal", "true", "wal_level", "Minimal",
		      "summarize_wal (true) must not go with wal_level "
		      "(Minimal)");
	assert_starts(130000, "archive_mode", "always", "wal_level",
		      "minimal",
		      "archive_mode (always) must not go with wal_level "
		      "(minimal)");
	assert_starts(130000, "logical replication slots", "2", NULL, NULL,
		      "logical replication slots (2) must not go with "
		      "wal_level (replica)");
}

static void
what_is_on_disk_has_room(void **state)
{
	(void)state;
	assert_starts(130000, "max_replication_slots", "2",
		      "replication slots", "2", NULL);
	assert_starts(130000, "max_replication_slots", "1",
		      "replication slots", "2",
		      "replication slots (2) must not be more than "
		      "max_replication_slots (1)");
	assert_starts(170000, "max_replication_slots", "1",
		      "replication origins", "2",
		      "replication origins (2) must not be more than "
		      "max_replication_slots (1)");
	assert_starts(180000, "max_replication_slots", "1",
		      "replication origins", "2", NULL);
	assert_starts(180000, "max_active_replication_origins", "1",
		      "replication origins", "2",
		      "replication origins (2) must not be more than "
		      "max_active_replication_origins (1)");
}

/* Nearer to a start is allowed; as far from it as before is not. */
static void
a_change_that_heals_may_be_made(void **state)
{
	struct restart r = server(110000);
	const struct limit *limit;
	char *why, *hint;

	(void)state;
	restart_set(&r, "wal_level", "minimal");
	restart_set(&r, "max_connections", "5");
	why = restart_change(&r, "max_replication_slots", "12",
			     RESTART_STARTS, &limit);
	assert_non_null(why);
	hint = limit_hint(limit, &r);
	assert_string_equal(hint, "run on that server: ALTER SYSTEM SET "
				  "max_connections = '14'");
	assert_null(restart_change(&r, "max_replication_slots", "13",
				   RESTART_NO_WORSE, NULL));
	assert_null(restart_change(&r, "wal_level", "logical", RESTART_STARTS,
				   NULL));
	assert_int_equal(restart_least(&r, "max_connections"), 14);
	assert_null(restart_change(&r, "max_connections", "14",
				   RESTART_STARTS, NULL));
	free(hint);
	free(why);
	restart_release(&r);
}

/* Of a setting that is not known a limit says nothing: a misspelt one would
 * never speak. */
static void
every_row_speaks_of_settings_that_are_known(void **state)
{
	const struct limit *l;
	struct restart r = server(180000);
	size_t i;

	(void)state;
	for (l = limits; l < limits + n_limits; l++) {
		assert_true(l->where && *l->where && l->terms[0]);
		assert_true(l->last == 0 || l->last >= l->first);
		assert_true((l->kind == LIMIT_MOST) == !l->bound);
		for (i = 0; i < LIMIT_TERMS && l->terms[i]; i++)
			assert_non_null(restart_value(&r, l->terms[i]));
		assert_true(!l->bound || restart_value(&r, l->bound));
	}
	restart_release(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_speaks_of_settings_that_are_known),
		cmocka_unit_test(senders_are_connections_up_to_11),
		cmocka_unit_test(processes_have_a_number_of_bits),
		cmocka_unit_test(what_needs_a_level_has_it),
		cmocka_unit_test(what_is_on_disk_has_room),
		cmocka_unit_test(a_change_that_heals_may_be_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
