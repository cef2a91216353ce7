/* SPDX-License-Identifier: PostgreSQL */
/* Cutting what pg_dump writes into its entries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mem.h"
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

/* The SQL of the only entry, which is that statement of pg_dump's. */
static const char *
restored(const char *type, const char *statement)
{
	static char sql[1000];
	char *text = mem_printf("--\n-- Name: x; Type: %s; Schema: public; "
				"Owner: scott\n--\n\n%s",
				type, statement);
	struct restore_script s;

	restore_parse(text, &s);
	assert_int_equal(s.n, 1);
	snprintf(sql, sizeof(sql), "%s", s.entries[0].sql);
	restore_script_release(&s);
	free(text);
	return sql + strspn(sql, "-\n"); /* the heading's last lines */
}

static void
options_of_one_release_of_the_server_are_left_out(void **state)
{
	(void)state;
	assert_string_equal(
		restored("TABLE",
			 "CREATE TABLE t (a int);\n"
			 "ALTER TABLE ONLY t ALTER COLUMN a SET "
			 "(pg_attver=22119920);\n"
			 "ALTER FOREIGN TABLE ONLY t ALTER COLUMN b SET "
			 "(pg_attver=1, n_distinct=5, "
			 "n_distinct_inherited=7);\n"
			 "ALTER TABLE ONLY t ALTER COLUMN c SET "
			 "(n_distinct=5, pg_attver=1);\n"
			 "ALTER TABLE t OWNER TO scott;"),
		"CREATE TABLE t (a int);\n\n"
		"ALTER FOREIGN TABLE ONLY t ALTER COLUMN b SET "
		"(n_distinct=5, n_distinct_inherited=7);\n"
		"ALTER TABLE ONLY t ALTER COLUMN c SET (n_distinct=5);\n"
		"ALTER TABLE t OWNER TO scott;");
	assert_string_equal(
		restored("INDEX",
			 "CREATE INDEX i ON t USING btree (b) WITH "
			 "(recheck_on_update='false', fillfactor='70') "
			 "WHERE (b > 0);"),
		"CREATE INDEX i ON t USING btree (b) WITH (fillfactor='70') "
		"WHERE (b > 0);");
	assert_string_equal(
		restored("CONSTRAINT",
			 "ALTER TABLE ONLY t ADD CONSTRAINT u UNIQUE (a) WITH "
			 "(recheck_on_update='true');"),
		"ALTER TABLE ONLY t ADD CONSTRAINT u UNIQUE (a) ;");
}

/* What only looks like such an option. */
static void
names_and_texts_are_no_options(void **state)
{
	static const char *const kept[] = {
		"ALTER TABLE ONLY t ALTER COLUMN pg_attver SET "
		"(n_distinct=3);",
		"ALTER TABLE ONLY t ALTER COLUMN \" SET (pg_attver=1)\" SET "
		"DEFAULT ' SET (pg_attver=1)';",
		"CREATE RULE r AS ON INSERT TO v DO INSTEAD UPDATE t SET "
		"(pg_attver, b) = (SELECT 1, 2);",
		"CREATE INDEX i ON t USING btree (pg_attver, "
		"(f(' WITH (recheck_on_update=1)'))) WITH (fillfactor='70');",
		"CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$SELECT "
		"'; ALTER TABLE t ALTER a SET (pg_attver=1);'$$;",
		"ALTER TABLE ONLY t ALTER COLUMN a SET (pg_attver2=1);",
		"COMMENT ON TABLE t IS 'ALTER TABLE t ALTER a SET "
		"(pg_attver=1)';",
	};
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH_OF(kept); i++)
		assert_string_equal(restored("X", kept[i]), kept[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			options_of_one_release_of_the_server_are_left_out),
		cmocka_unit_test(names_and_texts_are_no_options),
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
