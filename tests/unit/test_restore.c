/* SPDX-License-Identifier: PostgreSQL */
/* Cutting what pg_dump writes into its entries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "restore.h"

#define HEAD(name, type, schema)                                               \
	"--\n-- Name: " name "; Type: " type "; Schema: " schema               \
	"; Owner: scott\n--\n\n"

static void
entries_have_type_schema_and_name(void **state)
{
	struct restore_script s;

	(void)state;
	restore_parse("SET a = 1;\n\n" HEAD("Tab le-1", "TABLE", "My Schema")
		      "CREATE TABLE x ();\n\n\n"
		      HEAD("fs", "SERVER", "-") "CREATE SERVER fs;\n",
		      &s);
	assert_int_equal(s.n, 2);
	assert_string_equal(s.preamble, "SET a = 1;\n\n");
	assert_string_equal(s.entries[0].type, "TABLE");
	assert_string_equal(s.entries[0].schema, "My Schema");
	assert_string_equal(s.entries[0].name, "Tab le-1");
	assert_non_null(strstr(s.entries[0].sql, "CREATE TABLE x ();"));
	assert_null(strstr(s.entries[0].sql, "SERVER"));
	assert_string_equal(s.entries[1].schema, "-");
	restore_script_release(&s);
}

static void
a_heading_within_quotes_is_none(void **state)
{
	struct restore_script s;

	(void)state;
	restore_parse(HEAD("f()", "FUNCTION", "public")
		      "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $_$\n"
		      HEAD("evil", "TABLE", "public") "SELECT 1;$_$;\n"
		      "COMMENT ON FUNCTION f() IS 'x\n"
		      HEAD("evil", "TABLE", "public") "';\n"
		      "ALTER FUNCTION f() OWNER TO \"a\n"
		      HEAD("evil", "TABLE", "public") "\";\n",
		      &s);
	assert_int_equal(s.n, 1);
	assert_non_null(strstr(s.entries[0].sql, "ALTER FUNCTION f()"));
	restore_script_release(&s);
}

static void
a_quote_in_a_heading_opens_nothing(void **state)
{
	struct restore_script s;

	(void)state;
	restore_parse(HEAD("it's $$ \" /*", "TABLE", "we'ird")
		      "CREATE TABLE a ();\n"
		      HEAD("b", "TABLE", "public") "CREATE TABLE b ();\n",
		      &s);
	assert_int_equal(s.n, 2);
	assert_string_equal(s.entries[0].name, "it's $$ \" /*");
	assert_string_equal(s.entries[0].schema, "we'ird");
	restore_script_release(&s);
}

static void
statements_of_an_entry_stay_together(void **state)
{
	struct restore_script s;

	(void)state;
	restore_parse(HEAD("f()", "FUNCTION", "public")
		      "CREATE FUNCTION f() RETURNS int\n    BEGIN ATOMIC\n"
		      " SELECT 1;\n SELECT 2;\nEND;\n\n\n"
		      "ALTER FUNCTION f() OWNER TO scott;\n",
		      &s);
	assert_int_equal(s.n, 1);
	assert_non_null(strstr(s.entries[0].sql, "SELECT 2;\nEND;"));
	assert_non_null(strstr(s.entries[0].sql, "OWNER TO scott;"));
	restore_script_release(&s);
}

static void
settings_between_entries_hold_for_all_later_ones(void **state)
{
	struct restore_script s;

	(void)state;
	restore_parse(HEAD("a", "TABLE", "public") "CREATE TABLE a ();\n\n"
		      "SET default_tablespace = \"my \"\"ts\";\n\n"
		      HEAD("b", "TABLE", "public") "CREATE TABLE b ();\n\n"
		      HEAD("c", "TABLE", "public") "CREATE TABLE c ();\n\n"
		      "SET default_tablespace = '';\n\n"
		      HEAD("d", "TABLE", "public") "CREATE TABLE d ();\n",
		      &s);
	assert_int_equal(s.n, 4);
	assert_null(strstr(s.entries[0].sql, "tablespace"));
	assert_non_null(strstr(s.entries[1].sql, "(s.name, 'my \"ts', true)"));
	assert_non_null(strstr(s.entries[2].sql, "(s.name, 'my \"ts', true)"));
	assert_non_null(strstr(s.entries[3].sql, "(s.name, '', true)"));
	assert_null(strstr(s.entries[3].sql, "my "));
	restore_script_release(&s);
}

/* As pg_dump wrote it until the minor releases of March 2018. */
static void
a_search_path_is_set_as_the_list_that_it_is(void **state)
{
	struct restore_script s;

	(void)state;
	restore_parse(HEAD("s", "SCHEMA", "-") "CREATE SCHEMA s;\n\n"
		      "SET search_path = \"a \"\"b\", pg_catalog;\n\n"
		      HEAD("x", "TABLE", "a \"b") "CREATE TABLE x ();\n\n"
		      "SET search_path = \"a, b\";\n\n"
		      HEAD("y", "TABLE", "a, b") "CREATE TABLE y ();\n\n"
		      "SET search_path = public, pg_catalog;\n\n"
		      HEAD("z", "TABLE", "public") "CREATE TABLE z ();\n\n",
		      &s);
	assert_int_equal(s.n, 4);
	assert_non_null(strstr(s.entries[1].sql,
			       "set_config(s.name, '\"a \"\"b\", pg_catalog',"));
	assert_non_null(strstr(s.entries[2].sql,
			       "set_config(s.name, '\"a, b\"',"));
	assert_non_null(strstr(s.entries[3].sql,
			       "set_config(s.name, 'public, pg_catalog',"));
	restore_script_release(&s);
}

static void
lines_for_psql_are_dropped_outside_of_quotes_only(void **state)
{
	struct restore_script s;

	(void)state;
	restore_parse("\\restrict abc'def\nSET a = 1;\n"
		      HEAD("t", "COMMENT", "public")
		      "COMMENT ON TABLE t IS 'x\n\\restrict kept';\n"
		      "\\unrestrict abc'def\n",
		      &s);
	assert_int_equal(s.n, 1);
	assert_null(strstr(s.preamble, "restrict"));
	assert_non_null(strstr(s.entries[0].sql, "\\restrict kept"));
	assert_null(strstr(s.entries[0].sql, "unrestrict"));
	restore_script_release(&s);
}

static void
what_is_our_own_is_left_out(void **state)
{
	struct restore_script s;

	(void)state;
	restore_parse(HEAD("pglogical", "EXTENSION", "-") "CREATE;\n"
		      HEAD("EXTENSION pglogical", "COMMENT", "-") "COMMENT;\n"
		      HEAD("SCHEMA pglogical", "ACL", "-") "GRANT;\n"
		      HEAD("pgrepup", "SCHEMA", "-") "CREATE;\n"
		      HEAD("TABLE load", "ACL", "pgrepup") "GRANT;\n"
		      HEAD("p", "PUBLICATION", "-") "CREATE;\n"
		      HEAD("p t", "PUBLICATION TABLE", "public") "ALTER;\n"
		      HEAD("s", "SUBSCRIPTION", "-") "CREATE;\n"
		      HEAD("PUBLICATION p", "COMMENT", "-") "COMMENT;\n"
		      HEAD("pglogical", "TABLE", "public") "CREATE;\n"
		      HEAD("hstore", "EXTENSION", "-") "CREATE;\n",
		      &s);
	assert_int_equal(s.n, 2);
	assert_string_equal(s.entries[0].type, "TABLE");
	assert_string_equal(s.entries[1].name, "hstore");
	restore_script_release(&s);
}

static void
keys_tell_entries_apart_and_stay_the_same(void **state)
{
	static const char text[] =
		HEAD("+", "OPERATOR", "public") "CREATE OPERATOR + (int);\n"
		HEAD("+", "OPERATOR", "public") "CREATE OPERATOR + (text);\n";
	struct restore_script a, b;

	(void)state;
	restore_parse(text, &a);
	restore_parse(text, &b);
	assert_string_not_equal(a.entries[0].key, a.entries[1].key);
	assert_string_equal(a.entries[0].key, b.entries[0].key);
	assert_string_equal(a.entries[1].key, b.entries[1].key);
	restore_script_release(&a);
	restore_script_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_have_type_schema_and_name),
		cmocka_unit_test(a_heading_within_quotes_is_none),
		cmocka_unit_test(a_quote_in_a_heading_opens_nothing),
		cmocka_unit_test(statements_of_an_entry_stay_together),
		cmocka_unit_test(
			settings_between_entries_hold_for_all_later_ones),
		cmocka_unit_test(a_search_path_is_set_as_the_list_that_it_is),
		cmocka_unit_test(
			lines_for_psql_are_dropped_outside_of_quotes_only),
		cmocka_unit_test(what_is_our_own_is_left_out),
		cmocka_unit_test(keys_tell_entries_apart_and_stay_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
