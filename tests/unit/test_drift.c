/* SPDX-License-Identifier: PostgreSQL */
/* Which differences between tables keep changes from being applied, and how
 * they are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "drift.h"
#include "drift_words.h"
#include "mem.h"

#define COLUMNS 8

static const char *const columns[COLUMNS] = {
	"table",      "owner",	     "kind",	     "name",
	"definition", "is_not_null", "fills_itself", "is_generated",
};

/* Rows of kind, name and definition of table public.t of role app. */
static struct rowset
rows_of(const char *const *values, size_t n_values)
{
	struct rowset rows = {.n_rows = n_values / 3, .n_columns = COLUMNS};
	size_t i, k;

	rows.columns = MEM_ARRAY(char *, COLUMNS);
	for (i = 0; i < COLUMNS; i++)
		rows.columns[i] = mem_strdup(columns[i]);
	rows.values = MEM_ARRAY(char *, rows.n_rows * COLUMNS + 1);
	for (i = 0; i < rows.n_rows; i++) {
		rows.values[i * COLUMNS] = mem_strdup("public.t");
		rows.values[i * COLUMNS + 1] = mem_strdup("app");
		for (k = 0; k < 3; k++)
			rows.values[i * COLUMNS + 2 + k] =
				mem_strdup(values[i * 3 + k]);
	}
	return rows;
}

static void
compare(const char *const *a, size_t n_a, const char *const *b, size_t n_b,
	struct drift *drift)
{
	struct rowset x = rows_of(a, n_a), y = rows_of(b, n_b);

	drift_compare(&x, &y, drift);
	rowset_release(&x);
	rowset_release(&y);
}

static void
tells_each_difference_once_with_table_and_owner(void **state)
{
	static const char *const a[] = {
		"table",    "",	   "",	      "column", "id", "bigint",
		"column",   "x",   "text",    "column", "z",  "integer",
		"identity", "",	   "(id)",    "value",
		"'b' of type public.e", ""};
	static const char *const b[] = {
		"unique", "(x)", "t_x_key", "table",  "",   "",
		"column", "x",	 "text",    "column", "id", "integer",
		"identity", "", "(id)"};
	struct drift drift;

	(void)state;
	compare(a, LENGTH_OF(a), b, LENGTH_OF(b), &drift);
	assert_int_equal(drift.total, 1);
	assert_int_equal(drift.n, 1);
	assert_string_equal(drift.tables[0].name, "public.t");
	assert_string_equal(drift.tables[0].owner, "app");
	assert_int_equal(drift.tables[0].differences.n, 4);
	assert_string_equal(drift.tables[0].differences.items[0],
			    "column \"id\" is bigint on the source and "
			    "integer on the destination");
	assert_string_equal(drift.tables[0].differences.items[1],
			    "column \"z\" integer is missing on the "
			    "destination");
	assert_string_equal(drift.tables[0].differences.items[2],
			    "unique index \"t_x_key\" (x) is on the "
			    "destination alone");
	assert_string_equal(drift.tables[0].differences.items[3],
			    "value 'b' of type public.e is missing on the "
			    "destination");
	drift_release(&drift);
}

static void
a_missing_table_is_all_that_is_told_of_it(void **state)
{
	static const char *const a[] = {"table",  "",	"",
					"column", "id", "bigint"};
	struct drift drift, again;

	(void)state;
	compare(a, LENGTH_OF(a), NULL, 0, &drift);
	assert_int_equal(drift.n, 1);
	assert_int_equal(drift.tables[0].differences.n, 1);
	assert_string_equal(drift.tables[0].differences.items[0],
			    DRIFT_MISSING);
	drift_copy(&again, &drift);
	assert_true(drift_is_same(&again, &drift));
	again.total++;
	assert_false(drift_is_same(&again, &drift));
	drift_release(&again);
	drift_release(&drift);
	/* one that the destination alone has gets no changes */
	compare(NULL, 0, a, LENGTH_OF(a), &drift);
	assert_int_equal(drift.total, 0);
	drift_release(&drift);
}

static void
many_differences_are_counted(void **state)
{
	struct rowset rows;
	const char *values[27];
	struct drift drift;
	size_t i;

	(void)state;
	for (i = 0; i < 27; i++)
		values[i] = i % 3 == 0 ? "table" : "";
	for (i = 3; i < 27; i += 3)
		values[i] = "value";
	compare(values, LENGTH_OF(values), values, 3, &drift);
	assert_int_equal(drift.tables[0].differences.n, DRIFT_DIFFERENCES + 1);
	assert_string_equal(
		drift.tables[0].differences.items[DRIFT_DIFFERENCES],
		"3 more");
	drift_release(&drift);
	/* as many tables */
	rows = rows_of(values, LENGTH_OF(values));
	for (i = 0; i < rows.n_rows; i++) {
		free(rows.values[i * COLUMNS]);
		rows.values[i * COLUMNS] = mem_printf("public.t%zu", i);
	}
	drift_compare(&rows, &(struct rowset)ROWSET_INIT, &drift);
	assert_int_equal(drift.n, DRIFT_TABLES);
	assert_int_equal(drift.total, 9);
	drift_release(&drift);
	rowset_release(&rows);
}

#define FACT(...) (&(const struct drift_fact){.table = "t", __VA_ARGS__})
#define COLUMN(...) FACT(.kind = "column", .name = "c", __VA_ARGS__)

static void
expect(const char *expected, const struct drift_fact *source,
       const struct drift_fact *destination)
{
	char *text = drift_words(source, destination);

	if (!expected)
		assert_null(text);
	else
		assert_string_equal(text, expected);
	free(text);
}

static void
only_what_can_stop_changes_is_told(void **state)
{
	const struct drift_fact *text = COLUMN(.definition = "text");

	(void)state;
	/* a column that is not sent takes its default, or nothing */
	expect(NULL, NULL, text);
	expect(NULL, NULL, COLUMN(.definition = "text", .is_not_null = true,
				  .fills_itself = true));
	expect("column \"c\" text NOT NULL is on the destination alone", NULL,
	       COLUMN(.definition = "text", .is_not_null = true));
	expect(NULL, COLUMN(.definition = "text", .is_generated = true), NULL);
	/* one that is sent may be null, whatever its default */
	expect("column \"c\" is NOT NULL on the destination alone", text,
	       COLUMN(.definition = "text", .is_not_null = true,
		      .fills_itself = true));
	expect(NULL, COLUMN(.definition = "text", .is_not_null = true), text);
	expect("column \"c\" is GENERATED on the destination alone", text,
	       COLUMN(.definition = "text", .fills_itself = true,
		      .is_generated = true));
	expect(NULL, text, text);
}

static void
conditions_are_compared_without_parentheses(void **state)
{
	const struct drift_fact *a = FACT(.kind = "constraint", .name = "k",
					  .definition = "CHECK ((a > 0))");
	const struct drift_fact *same = FACT(.kind = "constraint", .name = "k",
					     .definition = "CHECK (a > 0)");
	const struct drift_fact *other = FACT(.kind = "constraint",
					      .name = "k",
					      .definition = "CHECK (a > 1)");

	(void)state;
	expect(NULL, a, same);
	expect(NULL, a, NULL);
	expect("constraint \"k\" CHECK (a > 1) is on the destination alone",
	       NULL, other);
	expect("constraint \"k\" is CHECK ((a > 0)) on the source and CHECK "
	       "(a > 1) on the destination",
	       a, other);
}

static void
rows_must_be_found_by_the_key_that_is_sent(void **state)
{
	const struct drift_fact *id = FACT(.kind = "identity", .name = "",
					   .definition = "(id)");
	const struct drift_fact *both = FACT(.kind = "identity", .name = "",
					     .definition = "(a, id)");
	const struct drift_fact *full = FACT(.kind = "identity", .name = "",
					     .definition = "FULL");

	(void)state;
	expect("its replica identity is (a, id) on the source and (id) on the "
	       "destination",
	       both, id);
	expect(NULL, full, id);
	expect(NULL, id, id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			tells_each_difference_once_with_table_and_owner),
		cmocka_unit_test(a_missing_table_is_all_that_is_told_of_it),
		cmocka_unit_test(many_differences_are_counted),
		cmocka_unit_test(only_what_can_stop_changes_is_told),
		cmocka_unit_test(conditions_are_compared_without_parentheses),
		cmocka_unit_test(rows_must_be_found_by_the_key_that_is_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
