/* SPDX-License-Identifier: PostgreSQL */
/* Finding why a background worker ended, in the text of a server's log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "server_log.h"

#define WORKER "pglogical apply 16384:7"
#define EXITED "background worker \"" WORKER "\" (PID 4711) exited with exit code 1"

#define REPLICATION_EXITED(pid) \
	"t [99] LOG:  background worker \"logical replication apply worker\" " \
	"(PID " pid ") exited with exit code 1\n"

static const char plain[] =
	"x 47110 ERROR:  of another process\n"
	"x [4711] ERROR:  too early\n"
	"x [4711] ERROR:  relation \"public.b\" does not exist\n"
	"x [4711] DETAIL:  dsn was:  host=a password=hidden\n"
	"x [4711] LOG:  apply worker [4711] exiting with error\n"
	"x [99] LOG:  " EXITED "\n"
	"x [47110] ERROR:  later, of another process\n";

static const char csv[] =
	"t,,,4711,,6.1,1,,t,3/2,0,ERROR,42P01,\"table \"\"b\"\" is missing, "
	"really\",\"dsn was: password=hidden\",,,,,,,,\"\"\n"
	"t,,,99,,6.1,1,,t,,0,LOG,00000,\"background worker \"\"" WORKER
	"\"\" (PID 4711) exited with exit code 1\",,,,\n";

static void
expect(const char *log, const char *worker, const char *expected)
{
	char *found = server_log_find(log, "99", worker);

	if (expected)
		assert_string_equal(found, expected);
	else
		assert_null(found);
	free(found);
}

static void
takes_the_last_error_of_the_worker_that_ended(void **state)
{
	(void)state;
	expect(plain, WORKER, "relation \"public.b\" does not exist");
}

static void
reads_csv_lines(void **state)
{
	(void)state;
	expect(csv, WORKER, "table \"b\" is missing, really");
}

static void
says_nothing_without_an_end_of_the_worker(void **state)
{
	(void)state;
	expect(plain, "pglogical apply 16384:8", NULL);
	expect("", WORKER, NULL);
	expect("\n\n" EXITED, WORKER, NULL);
}

static void
takes_the_last_error_of_a_subscription(void **state)
{
	char *found;

	(void)state;
	found = server_log_find_subscription(
		"t [12] LOG:  worker for subscription \"pgrepup_a\" has started\n"
		"t [13] LOG:  worker for subscription \"pgrepup_b\" has started\n"
		"t [12] ERROR:  of a\n"
		"t [13] ERROR:  of b\n" REPLICATION_EXITED("12")
			REPLICATION_EXITED("13"),
		"99", "pgrepup_a");
	assert_string_equal(found, "of a");
	free(found);
	assert_null(server_log_find_subscription("t [13] ERROR:  of b\n", "99",
						 "pgrepup_a"));
}

/* Sessions write what they like: [66] is a tenant's. */
static void
does_not_believe_a_session(void **state)
{
	static const char *const logs[] = {
		/* that it is the worker, and that it has ended */
		"t [66] LOG:  worker for subscription \"pgrepup_a\" has started\n"
		"t [66] ERROR:  lie\n"
		"t [66] LOG:  background worker \"logical replication worker\" "
		"(PID 66) exited with exit code 1\n",
		/* the same in one message of many lines */
		"t [66] LOG:  x\n"
		"\tt [12] LOG:  for subscription \"pgrepup_a\" has started\n"
		"\tt [12] ERROR:  lie\n"
		"\tt [99] LOG:  background worker \"logical replication worker\" "
		"(PID 12) exited with exit code 1\n",
		"2 UTC,\"a,b\",\"d\",66,,6.1,1,,t,,0,LOG,00000,\"x\n"
		"2 UTC,,,12,,6.1,1,,t,,0,LOG,00000,\"\"subscription pgrepup_a\n"
		"2 UTC,,,99,,6.1,1,,t,,0,LOG,00000,\"\"" EXITED "\",,,,\n",
		/* numbers in the words */
		"t [66] LOG:  [99] " EXITED "\n"
		"t [66] ERROR:  [4711] lie\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(logs) / sizeof(*logs); i++) {
		assert_null(server_log_find_subscription(logs[i], "99",
							 "pgrepup_a"));
		assert_null(server_log_find(logs[i], "99", WORKER));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_the_last_error_of_the_worker_that_ended),
		cmocka_unit_test(reads_csv_lines),
		cmocka_unit_test(takes_the_last_error_of_a_subscription),
		cmocka_unit_test(does_not_believe_a_session),
		cmocka_unit_test(says_nothing_without_an_end_of_the_worker),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
