/* SPDX-License-Identifier: PostgreSQL */
/* Records, the journal, and worker threads. */
#include "state_fixture.h"

#include <stdatomic.h>

#include "journal.h"
#include "work.h"

static void
write_begin(const char *run)
{
	struct err err = ERR_INIT;
	struct journal *j = journal_open(dir, run, &err);
	struct record *begin = record_new("begin");

	assert_non_null(j);
	record_text(begin, "command", "check");
	journal_write(j, begin);
	journal_log(j, "info", "app", "said by %s", run);
	assert_true(journal_is_whole(j, &err));
	journal_close(j);
}

/* As a disk that was full leaves it. */
static void
half_a_line_swallows_no_record(void **state)
{
	struct err err = ERR_INIT;
	char *path = path_in("journal");
	struct journal_reader *reader;
	FILE *file = fopen(path, "a");

	(void)state;
	assert_non_null(file);
	fputs("{\"type\":\"log\",\"mess", file);
	fclose(file);
	free(path);
	write_begin("after");
	reader = journal_reader_open(dir, &err);
	assert_true(journal_reader_seek_run(reader, "after"));
	journal_reader_close(reader);
}

static void
text_that_is_no_utf8_is_mended(void **state)
{
	struct record *r = record_new("log");
	char *line;

	(void)state;
	record_text(r, "message", "a\xff""b");
	record_text(r, "none", NULL);
	line = record_line(r);
	assert_string_equal(line, "{\"type\":\"log\",\"message\":"
				  "\"a\xef\xbf\xbd""b\",\"none\":null}");
	free(line);
	record_free(r);
}

/* What is kept by the thousand reads as it did, and can still be changed. */
static void
a_lean_record_reads_the_same(void **state)
{
	struct record *r = record_parse(
		"{\"type\":\"check\",\"id\":\"a\",\"object\":null,\"n\":7,"
		"\"fixable\":true,\"fixed\":false,\"run\":\"1\"}");
	struct record *lean = record_lean(r), *copy;
	char *line;

	(void)state;
	assert_true(record_is(lean, "check"));
	assert_string_equal(record_get(lean, "id"), "a");
	assert_null(record_get(lean, "object"));
	assert_false(record_has(lean, "run"));
	assert_true(record_has(lean, "id"));
	assert_int_equal(record_get_int(lean, "n"), 7);
	assert_true(record_get_bool(lean, "fixable"));
	assert_false(record_get_bool(lean, "fixed"));
	copy = record_copy(lean);
	assert_string_equal(record_get(copy, "id"), "a");
	record_text(lean, "id", "b");
	record_drop(lean, "n");
	assert_string_equal(record_get(lean, "id"), "b");
	line = record_line(lean);
	assert_string_equal(
		line, "{\"fixable\":true,\"type\":\"check\",\"id\":\"b\"}");
	free(line);
	record_free(copy);
	record_free(lean);
	record_free(r);
}

static void
an_error_survives_the_journal(void **state)
{
	struct err in = ERR_INIT, out = ERR_INIT;
	struct record *r = record_new("error"), *read;
	char *line;

	(void)state;
	err_set(&in, ERR_SERVER, "no");
	err_sqlstate(&in, "42P01");
	err_hint(&in, "Do.");
	record_err(r, &in);
	line = record_line(r);
	read = record_parse(line);
	record_get_err(read, &out);
	assert_int_equal(out.kind, ERR_SERVER);
	assert_true(err_is(&out, "42P01"));
	assert_string_equal(out.message, "no");
	assert_string_equal(out.hint, "Do.");
	assert_null(out.detail);
	free(line);
	record_free(r);
	record_free(read);
	err_release(&in);
	err_release(&out);
}

static void
reads_from_the_newest_run(void **state)
{
	struct err err = ERR_INIT;
	struct journal_reader *reader;
	struct record *r;

	(void)state;
	write_begin("one");
	write_begin("two");
	reader = journal_reader_open(dir, &err);
	assert_true(journal_reader_seek_run(reader, NULL));
	r = journal_reader_next(reader);
	assert_string_equal(record_get(r, "run"), "two");
	record_free(r);
	assert_true(journal_reader_seek_run(reader, "one"));
	record_free(journal_reader_next(reader));
	r = journal_reader_next(reader);
	assert_string_equal(record_get(r, "message"), "said by one");
	record_free(r);
	assert_false(journal_reader_seek_run(reader, "three"));
	journal_reader_close(reader);
}

static void
half_a_line_is_waited_for(void **state)
{
	struct err err = ERR_INIT;
	struct journal_reader *reader;
	char *path = path_in("journal");
	FILE *file = fopen(path, "w");
	struct record *r;

	(void)state;
	fputs("{\"type\":\"oth", file);
	fflush(file);
	reader = journal_reader_open(dir, &err);
	assert_null(journal_reader_next(reader));
	fputs("er\"}\nnot a record\n{\"type\":\"end\"}\n"
	      "{\"type\":\"end\",\"command\":\"check\"}\n",
	      file);
	fclose(file);
	r = journal_reader_next(reader);
	assert_true(record_is(r, "other"));
	record_free(r);
	r = journal_reader_next(reader);
	assert_true(record_is(r, "end"));
	record_free(r);
	journal_reader_close(reader);
	free(path);
}

struct counting {
	atomic_int now;
	atomic_int most;
	atomic_int done;
};

static void
count(void *arg, size_t i)
{
	struct counting *c = arg;
	int now = atomic_fetch_add(&c->now, 1) + 1;
	int most = atomic_load(&c->most);

	(void)i;
	while (now > most &&
	       !atomic_compare_exchange_weak(&c->most, &most, now))
		;
	usleep(1000);
	atomic_fetch_add(&c->done, 1);
	atomic_fetch_sub(&c->now, 1);
}

static void
no_more_than_the_threads_work_at_once(void **state)
{
	struct counting c = {0};

	(void)state;
	work_each(3, 40, count, &c);
	assert_int_equal(atomic_load(&c.done), 40);
	assert_int_equal(atomic_load(&c.most), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_that_is_no_utf8_is_mended),
		cmocka_unit_test(an_error_survives_the_journal),
		cmocka_unit_test(a_lean_record_reads_the_same),
		IN_DIR(reads_from_the_newest_run),
		IN_DIR(half_a_line_swallows_no_record),
		IN_DIR(half_a_line_is_waited_for),
		cmocka_unit_test(no_more_than_the_threads_work_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
