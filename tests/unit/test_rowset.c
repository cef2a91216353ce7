/* SPDX-License-Identifier: PostgreSQL */
/* Answers that no server gives: what may not be null is, or is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rowset.h"

static char name[] = "name", owner[] = "owner", size[] = "size";
static char *columns[] = {name, owner, size};
/* two rows each, of whatever values */
static char *full[] = {name, owner, size, name, owner, size};
static char *no_owner[] = {name, owner, size, name, NULL, size};
static char *no_size[] = {name, owner, size, name, NULL, NULL};

static struct rowset
two_rows(char **values)
{
	return (struct rowset){
		.n_rows = 2,
		.n_columns = 3,
		.columns = columns,
		.values = values,
	};
}

static bool
is(const struct rowset *rows, const char *said, const char *message)
{
	struct err err = ERR_INIT;
	bool ok = rowset_is(rows, said, &err);

	if (!ok)
		assert_string_equal(err.message, message);
	err_release(&err);
	return ok;
}

static void
takes_what_is_as_its_statement_says(void **state)
{
	struct rowset rows = two_rows(full);

	(void)state;
	assert_true(is(&rows, "name, owner, size", ""));
	assert_true(is(&rows, "name?, owner?, size?", ""));
}

static void
takes_null_only_where_it_may_be(void **state)
{
	struct rowset rows = two_rows(no_owner);

	(void)state;
	assert_true(is(&rows, "name, owner?, size", ""));
	assert_false(is(&rows, "name, owner, size",
			"the server gave no value for \"owner\""));
	rows = two_rows(no_size);
	assert_false(is(&rows, "name, owner?, size",
			"the server gave no value for \"size\""));
}

static void
refuses_other_columns(void **state)
{
	struct rowset rows = two_rows(full);

	(void)state;
	assert_false(is(&rows, "name, owner, size, limit",
			"the server gave no value for \"limit\""));
	assert_false(is(&rows, "name, owners, size",
			"the server gave no value for \"owners\""));
	assert_false(is(&rows, "name, own, size",
			"the server gave no value for \"own\""));
	assert_false(is(&rows, "owner, name, size",
			"the server gave no value for \"owner\""));
	assert_false(is(&rows, "name, owner",
			"the server gave a value too many"));
	assert_false(is(&rows, "", "the server gave a value too many"));
	rows.n_columns = 0;
	assert_false(is(&rows, "name?", "the server gave no value for \"name\""));
}

static void
no_rows_lack_nothing(void **state)
{
	struct rowset rows = ROWSET_INIT;

	(void)state;
	assert_true(is(&rows, "name, owner", ""));
	assert_string_equal(rowset_text(&rows, 0, "name"), "");
	assert_null(rowset_get(&rows, 0, "name"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_is_as_its_statement_says),
		cmocka_unit_test(takes_null_only_where_it_may_be),
		cmocka_unit_test(refuses_other_columns),
		cmocka_unit_test(no_rows_lack_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
