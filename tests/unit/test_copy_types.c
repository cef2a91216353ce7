/* SPDX-License-Identifier: PostgreSQL */
/* Which types are copied in binary. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "copy_types.h"

#define TYPE(s, n, k, e)                                                       \
	(&(struct copy_type){                                                  \
	    .schema = (s), .name = (n), .kind = (k), .embedded = (e)})

static void
listed_base_types_are_binary(void **state)
{
	(void)state;
	assert_true(copy_type_is_portable(TYPE("pg_catalog", "int4", 'b', 0)));
	assert_true(copy_type_is_portable(TYPE("pg_catalog", "text", 'b', 1)));
}

static void
numbers_of_one_cluster_are_text(void **state)
{
	static const char *const names[] = {"oid",     "xid",     "regclass",
					    "regproc", "regtype", "oidvector",
					    "regrole"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_false(copy_type_is_portable(
		    TYPE("pg_catalog", names[i], 'b', 0)));
}

static void
a_type_of_the_same_name_elsewhere_is_text(void **state)
{
	(void)state;
	assert_false(copy_type_is_portable(TYPE("public", "int4", 'b', 0)));
	assert_false(copy_type_is_portable(TYPE("public", "hstore", 'b', 0)));
}

static void
enums_are_binary_where_their_oid_does_not_travel(void **state)
{
	(void)state;
	assert_true(copy_type_is_portable(TYPE("public", "mood", 'e', 0)));
	assert_false(copy_type_is_portable(TYPE("public", "mood", 'e', 1)));
}

static void
own_types_within_arrays_and_composites_are_text(void **state)
{
	(void)state;
	assert_true(copy_type_is_portable(TYPE("public", "posint", 'd', 0)));
	assert_false(copy_type_is_portable(TYPE("public", "posint", 'd', 1)));
	assert_false(copy_type_is_portable(TYPE("public", "pair", 'c', 1)));
	assert_false(copy_type_is_portable(TYPE("public", "_mood", 'a', 1)));
	assert_true(copy_type_is_portable(TYPE("pg_catalog", "_int4", 'a', 1)));
}

static void
kinds_not_known_are_text(void **state)
{
	(void)state;
	assert_false(copy_type_is_portable(TYPE("pg_catalog", "int4", 'p', 0)));
	assert_false(copy_type_is_portable(TYPE("pg_catalog", "int4", '?', 0)));
}

static void
one_type_that_is_not_portable_makes_the_table_text(void **state)
{
	static char text[16][16] = {
	    "schema", "name", "kind",       "embedded", /* columns */
	    "public", "oids", "d",          "f",        "pg_catalog", "_oid",
	    "a",      "f",    "pg_catalog", "oid",      "b",          "t",
	};
	char *all[16];
	struct rowset rows = {
	    .n_rows = 2, .n_columns = 4, .columns = all, .values = all + 4};
	size_t i;

	(void)state;
	for (i = 0; i < 16; i++)
		all[i] = text[i];
	assert_true(copy_types_are_portable(&rows));
	rows.n_rows = 3;
	assert_false(copy_types_are_portable(&rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(listed_base_types_are_binary),
	    cmocka_unit_test(numbers_of_one_cluster_are_text),
	    cmocka_unit_test(a_type_of_the_same_name_elsewhere_is_text),
	    cmocka_unit_test(enums_are_binary_where_their_oid_does_not_travel),
	    cmocka_unit_test(own_types_within_arrays_and_composites_are_text),
	    cmocka_unit_test(kinds_not_known_are_text),
	    cmocka_unit_test(
		one_type_that_is_not_portable_makes_the_table_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
