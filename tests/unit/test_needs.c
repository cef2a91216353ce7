/* SPDX-License-Identifier: PostgreSQL */
/* Values of settings: lists as lists, sameness, and what is enough. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "needs.h"

static void
assert_list(const char *value, size_t n, const char *const *items)
{
	struct text_list list = need_list_parse(value);
	size_t i;

	assert_int_equal(list.n, n);
	for (i = 0; i < n; i++)
		assert_string_equal(list.items[i], items[i]);
	text_list_release(&list);
}

static void
a_list_is_cut_at_commas_outside_quotes(void **state)
{
	(void)state;
	assert_list("", 0, NULL);
	assert_list("  ", 0, NULL);
	assert_list("a", 1, (const char *const[]){"a"});
	assert_list("a, b ,c", 3, (const char *const[]){"a", "b", "c"});
	assert_list("\"a, b\", \"c\"\"d\"", 2,
		    (const char *const[]){"a, b", "c\"d"});
	assert_list("$libdir/x,\"\"", 1, (const char *const[]){"$libdir/x"});
	assert_list("\"unclosed", 1, (const char *const[]){"unclosed"});
}

static void
assert_sql(const char *setting, const char *value, const char *expected)
{
	struct strbuf sql = STRBUF_INIT;

	need_alter_sql(need_find(setting, NULL), value, &sql);
	assert_string_equal(sql.text, expected);
	strbuf_release(&sql);
}

static void
a_list_is_set_as_a_list_and_not_as_one_name(void **state)
{
	(void)state;
	assert_sql("shared_preload_libraries", "pg_stat_statements, pglogical",
		   "ALTER SYSTEM SET shared_preload_libraries = "
		   "'pg_stat_statements', 'pglogical'");
	assert_sql("shared_preload_libraries", "",
		   "ALTER SYSTEM SET shared_preload_libraries = ''");
	assert_sql("wal_level", "logical",
		   "ALTER SYSTEM SET wal_level = 'logical'");
	assert_sql("wal_level", NULL,
		   "ALTER SYSTEM SET wal_level = DEFAULT");
}

static void
lists_are_the_same_whatever_their_spaces_and_quotes(void **state)
{
	const struct need *list = need_find("shared_preload_libraries", NULL);

	(void)state;
	assert_true(need_same(list, "a,b", "\"a\", b"));
	assert_false(need_same(list, "a,b", "b,a"));
	assert_false(need_same(list, "a", NULL));
	assert_true(need_same(list, NULL, NULL));
	assert_false(need_same(need_find("wal_level", NULL), "logical", "replica"));
}

static void
a_list_needs_the_very_name(void **state)
{
	const struct need *list = need_find("shared_preload_libraries", NULL);

	(void)state;
	assert_true(need_satisfied(list, "x, pglogical", 0));
	assert_false(need_satisfied(list, "pglogical_output", 0));
	assert_false(need_satisfied(list, "\"x, pglogical\"", 0));
	assert_false(need_satisfied(list, "", 0));
}

static void
a_number_is_enough_from_the_least_on(void **state)
{
	const struct need *n = need_find("max_wal_senders", NULL);

	(void)state;
	assert_true(need_satisfied(n, "10", 10));
	assert_false(need_satisfied(n, "9", 10));
	assert_false(need_satisfied(n, NULL, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_cut_at_commas_outside_quotes),
		cmocka_unit_test(a_list_is_set_as_a_list_and_not_as_one_name),
		cmocka_unit_test(
			lists_are_the_same_whatever_their_spaces_and_quotes),
		cmocka_unit_test(a_list_needs_the_very_name),
		cmocka_unit_test(a_number_is_enough_from_the_least_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
