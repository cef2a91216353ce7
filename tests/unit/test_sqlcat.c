/* SPDX-License-Identifier: PostgreSQL */
/* The embedded statements, and how one is found for a server's version. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sqlcat.h"

static void
statements_are_embedded_and_sorted_by_name(void **state)
{
	size_t i;

	(void)state;
	assert_true(sqlcat_n_entries > 0);
	for (i = 1; i < sqlcat_n_entries; i++)
		assert_true(strcmp(sqlcat_entries[i - 1].name,
				   sqlcat_entries[i].name) <= 0);
}

static void
embedded_text_begins_with_the_statement(void **state)
{
	const char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sqlcat_n_entries; i++) {
		text = sqlcat_entries[i].text;
		assert_true(strlen(text) > 0);
		assert_false(strncmp(text, "--", 2) == 0);
		assert_true(text[strlen(text) - 1] == '\n');
	}
}

static void
finds_each_entry_at_both_ends_of_its_range(void **state)
{
	const struct sqlcat_entry *e;
	size_t i;

	(void)state;
	for (i = 0; i < sqlcat_n_entries; i++) {
		e = &sqlcat_entries[i];
		assert_ptr_equal(sqlcat_find(e->name, e->min), e->text);
		assert_ptr_equal(sqlcat_find(e->name, e->max), e->text);
	}
}

static void
entries_tell_what_is_answered(void **state)
{
	const struct sqlcat_entry *e = sqlcat_get("current_lsn", 170000);

	(void)state;
	assert_true(e->one_row);
	assert_string_equal(e->columns, "lsn");
	e = sqlcat_get("monitor_source", 170000);
	assert_false(e->one_row);
	assert_string_equal(e->columns, "lsn, slot?, database?, active?, "
					"difference?, retained?, safe?, lost");
	assert_string_equal(sqlcat_get("reload", 170000)->columns,
			    "pg_reload_conf");
	assert_string_equal(sqlcat_get("registry_mark", 170000)->columns, "");
}

static void
finds_nothing_for_an_unknown_name(void **state)
{
	(void)state;
	assert_null(sqlcat_find("no_such_statement", 170000));
	assert_null(sqlcat_find("", 170000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statements_are_embedded_and_sorted_by_name),
		cmocka_unit_test(embedded_text_begins_with_the_statement),
		cmocka_unit_test(finds_each_entry_at_both_ends_of_its_range),
		cmocka_unit_test(entries_tell_what_is_answered),
		cmocka_unit_test(finds_nothing_for_an_unknown_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
