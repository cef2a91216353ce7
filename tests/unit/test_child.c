/* SPDX-License-Identifier: PostgreSQL */
/* Child programs: what they say, how they fail, how they are stopped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "child.h"

/* Runs a line of shell; the fields of child beside argv are kept. */
static bool
run_shell(struct child child, const char *line, struct strbuf *out,
	  struct strbuf *messages, struct err *err)
{
	const char *const argv[] = {"/bin/sh", "-c", line, NULL};

	child.argv = argv;
	return child_run(&child, out, messages, err);
}

static void
listens_to_both_streams_at_once(void **state)
{
	struct strbuf out = STRBUF_INIT, messages = STRBUF_INIT;
	struct err err = ERR_INIT;

	(void)state;
	/* More than a pipe holds, on both at once. */
	assert_true(run_shell((struct child){0},
			      "i=0; while [ $i -lt 9000 ]; do echo 0123456789;"
			      "echo 9876543210 >&2; i=$((i+1)); done",
			      &out, &messages, &err));
	assert_int_equal(out.len, 99000);
	assert_true(messages.len < 50000);
	strbuf_release(&out);
	strbuf_release(&messages);
}

/* It goes into a journal that somebody will read. */
static void
keeps_beginning_and_end_of_very_many_messages(void **state)
{
	struct err err = ERR_INIT;
	struct strbuf messages = STRBUF_INIT;

	(void)state;
	assert_false(run_shell((struct child){0},
			       "echo first >&2; head -c 9000000 /dev/zero | "
			       "tr '\\0' x >&2; echo >&2; echo 'x: error: no' "
			       ">&2; exit 1",
			       NULL, &messages, &err));
	assert_string_equal(err.message, "x: error: no");
	assert_true(strlen(err.detail) < 50000);
	assert_int_equal(strncmp(messages.text, "first\nxxx", 9), 0);
	assert_non_null(strstr(messages.text, "bytes are left out here]\nxxx"));
	strbuf_release(&messages);
	err_release(&err);
}

static void
tells_the_last_line_and_the_rest_of_a_failure(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_false(run_shell((struct child){0},
			       "echo first >&2; echo last >&2; exit 3", NULL,
			       NULL, &err));
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_string_equal(err.message, "last");
	assert_string_equal(err.detail, "first");
	err_release(&err);
}

static void
tells_the_line_that_says_error(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_false(run_shell((struct child){0},
			       "printf '%s\\n' hm 'x: error: no' 'it was' 1 "
			       ">&2; exit 1",
			       NULL, NULL, &err));
	assert_string_equal(err.message, "x: error: no");
	assert_string_equal(err.detail, "hm\nit was\n1");
	err_release(&err);
}

static void
tells_of_a_program_that_is_not_there(void **state)
{
	const char *const argv[] = {"/nonexistent/program", NULL};
	const struct child child = {.argv = argv};
	struct err err = ERR_INIT;

	(void)state;
	assert_false(child_run(&child, NULL, NULL, &err));
	assert_non_null(strstr(err.message, "/nonexistent/program"));
	err_release(&err);
}

static void
removes_our_own_settings_from_the_environment(void **state)
{
	const char *const env[] = {"PGPASSFILE=/given", NULL};
	struct strbuf out = STRBUF_INIT;
	struct err err = ERR_INIT;

	(void)state;
	setenv("PGHOST", "elsewhere", 1);
	setenv("LANG", "de_DE.UTF-8", 1);
	assert_true(run_shell((struct child){.env = env},
			      "echo \"$PGHOST|$LANG|$LC_ALL|$PGPASSFILE\"",
			      &out, NULL, &err));
	assert_string_equal(out.text, "||C|/given\n");
	unsetenv("PGHOST");
	unsetenv("LANG");
	strbuf_release(&out);
}

static void
writes_a_file_that_only_the_owner_reads(void **state)
{
	char path[] = "/tmp/test_child-XXXXXX";
	struct err err = ERR_INIT;
	struct stat st;

	(void)state;
	assert_true(mkstemp(path) >= 0);
	assert_int_equal(unlink(path), 0);
	assert_true(run_shell((struct child){.output_path = path}, "echo x",
			      NULL, NULL, &err));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, 2);
	unlink(path);
}

static void
an_interrupt_ends_the_program(void **state)
{
	struct err err = ERR_INIT;
	struct interrupt *in = interrupt_new(&err);
	double began = clock_now();

	(void)state;
	interrupt_raise(in);
	assert_false(run_shell((struct child){.interrupt = in},
			       "exec sleep 60", NULL, NULL, &err));
	assert_int_equal(err.kind, ERR_STOPPED);
	assert_true(clock_now() - began < 30);
	err_release(&err);
	interrupt_free(in);
}

static void
a_deadline_ends_a_program_that_ignores_the_request(void **state)
{
	struct err err = ERR_INIT;
	double began = clock_now();

	(void)state;
	assert_false(run_shell((struct child){.timeout = 0.1},
			       "trap '' TERM; exec sleep 60", NULL, NULL,
			       &err));
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_true(clock_now() - began < 30);
	err_release(&err);
}

/* A shell waits for its program, and holds neither signal nor pipe for it. */
static void
what_a_program_has_started_ends_with_it(void **state)
{
	static const char *const lines[] = {
		"sleep 60; true",
		"(trap '' TERM; sleep 60; true) & wait",
		"trap '' TERM; exec >&- 2>&-; sleep 60; true",
	};
	struct interrupt *in;
	double began;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct err err = ERR_INIT;

		in = interrupt_new(&err);
		began = clock_now();
		interrupt_raise(in);
		assert_false(run_shell((struct child){.interrupt = in},
				       lines[i], NULL, NULL, &err));
		assert_int_equal(err.kind, ERR_STOPPED);
		assert_true(clock_now() - began < 30);
		err_release(&err);
		interrupt_free(in);
	}
}

static void
one_that_has_left_the_group_is_not_waited_for(void **state)
{
	struct err err = ERR_INIT;
	double began = clock_now();

	(void)state;
	assert_false(run_shell((struct child){.timeout = 0.1},
			       "setsid sleep 30; true", NULL, NULL, &err));
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_true(clock_now() - began < 30);
	err_release(&err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listens_to_both_streams_at_once),
		cmocka_unit_test(keeps_beginning_and_end_of_very_many_messages),
		cmocka_unit_test(tells_the_last_line_and_the_rest_of_a_failure),
		cmocka_unit_test(tells_the_line_that_says_error),
		cmocka_unit_test(tells_of_a_program_that_is_not_there),
		cmocka_unit_test(removes_our_own_settings_from_the_environment),
		cmocka_unit_test(writes_a_file_that_only_the_owner_reads),
		cmocka_unit_test(an_interrupt_ends_the_program),
		cmocka_unit_test(
			a_deadline_ends_a_program_that_ignores_the_request),
		cmocka_unit_test(what_a_program_has_started_ends_with_it),
		cmocka_unit_test(one_that_has_left_the_group_is_not_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
