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

#define END "--\n-- PostgreSQL database dump complete\n--\n\n"

/* A dump to its end. */
static void
cut(const char *text, struct restore_script *s)
{
	struct err err = ERR_INIT;
	char *whole = mem_printf("%s\n" END, text);

	assert_true(restore_parse(whole, s, &err));
	free(whole);
}

/* One that is refused with such an error. */
static void
refused(const char *text, const char *message)
{
	struct restore_script s;
	struct err err = ERR_INIT;

	assert_false(restore_parse(text, &s, &err));
	assert_non_null(strstr(err.message, message));
	assert_int_equal(s.n, 0);
	err_release(&err);
}

static void
entries_have_type_schema_and_name(void **state)
{
	struct restore_script s;

	(void)state;
	cut("SET a = 1;\n\n" HEAD("Tab le-1", "TABLE", "My Schema")
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
	cut(HEAD("f()", "FUNCTION", "public")
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
	cut(HEAD("it's $$ \" /*", "TABLE", "we'ird")
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
	cut(HEAD("f()", "FUNCTION", "public")
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
	cut(HEAD("a", "TABLE", "public") "CREATE TABLE a ();\n\n"
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

static void
lines_for_psql_are_dropped_outside_of_quotes_only(void **state)
{
	struct restore_script s;

	(void)state;
	cut("\\restrict abc'def\nSET a = 1;\n"
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
	cut(HEAD("pglogical", "EXTENSION", "-")
	    "CREATE EXTENSION IF NOT EXISTS pglogical WITH SCHEMA x;\n"
	    HEAD("EXTENSION pglogical", "COMMENT", "-")
	    "COMMENT ON EXTENSION pglogical IS 'x';\n"
	    HEAD("SCHEMA pglogical", "ACL", "-")
	    "GRANT USAGE ON SCHEMA pglogical TO scott;\n"
	    HEAD("pgrepup", "SCHEMA", "-") "CREATE SCHEMA pgrepup;\n"
	    HEAD("TABLE load", "ACL", "pgrepup")
	    "GRANT SELECT(\"ON\"),INSERT ON TABLE pgrepup.load TO scott;\n"
	    HEAD("load p", "POLICY", "pgrepup")
	    "CREATE POLICY p ON pgrepup.load USING (true);\n"
	    HEAD("p", "PUBLICATION", "-") "CREATE PUBLICATION p;\n"
	    HEAD("p t", "PUBLICATION TABLE", "public")
	    "ALTER PUBLICATION p ADD TABLE ONLY public.t;\n"
	    HEAD("s", "SUBSCRIPTION", "-")
	    "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p;\n"
	    HEAD("PUBLICATION p", "COMMENT", "-")
	    "COMMENT ON PUBLICATION p IS 'x';\n"
	    HEAD("pglogical", "TABLE", "public")
	    "CREATE TABLE public.pglogical ();\n"
	    HEAD("pgrepup_insert", "SCHEMA", "-")
	    "CREATE SCHEMA pgrepup_insert;\n"
	    HEAD("hstore", "EXTENSION", "-")
	    "CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;\n",
	    &s);
	assert_int_equal(s.n, 3);
	assert_string_equal(s.entries[0].type, "TABLE");
	assert_string_equal(s.entries[1].name, "pgrepup_insert");
	assert_string_equal(s.entries[2].name, "hstore");
	restore_script_release(&s);
}

/* What a heading says is what the owner of a name wants it to say. */
static void
no_name_leaves_its_entry_out(void **state)
{
	struct restore_script s;

	(void)state;
	cut(HEAD("x; Type: SUBSCRIPTION; Schema: pgrepup; Owner: x", "TABLE",
		 "public")
	    "CREATE TABLE public.\"x; Type: SUBSCRIPTION; Schema: pgrepup; "
	    "Owner: x\" (id integer);\n"
	    HEAD("SUBSCRIPTION PLAN", "TABLE", "public")
	    "CREATE TABLE public.\"SUBSCRIPTION PLAN\" (id integer);\n"
	    HEAD("t", "TABLE", "a; Type: PUBLICATION; Schema: pgrepup")
	    "CREATE TABLE \"a; Type: PUBLICATION; Schema: pgrepup\".t ();\n"
	    HEAD("SCHEMA pgrepup", "TABLE", "public")
	    "CREATE TABLE public.\"SCHEMA pgrepup\" (id integer);\n"
	    HEAD("EXTENSION pglogical", "TABLE", "public")
	    "CREATE TABLE public.\"EXTENSION pglogical\" (id integer);\n"
	    HEAD("PUBLICATION p", "COMMENT", "public")
	    "COMMENT ON TABLE public.\"PUBLICATION p\" IS 'x';\n"
	    HEAD("ON PUBLICATION p", "ACL", "public")
	    "GRANT SELECT(\"ON PUBLICATION\") ON TABLE public.t TO \"ON\";\n",
	    &s);
	assert_int_equal(s.n, 7);
	assert_string_equal(s.entries[0].type, "TABLE");
	assert_string_equal(s.entries[0].schema, "public");
	assert_string_equal(s.entries[0].name,
			    "x; Type: SUBSCRIPTION; Schema: pgrepup; "
			    "Owner: x");
	restore_script_release(&s);
}

static void
a_published_name_is_that_of_the_statement(void **state)
{
	struct restore_script s;
	struct err err = ERR_INIT;

	(void)state;
	assert_true(restore_parse_publications(
		HEAD("x; Type: PUBLICATION; Schema: -; Owner: y", "TABLE",
		     "public")
		"CREATE TABLE public.x ();\n"
		HEAD("pgrepup", "PUBLICATION", "-")
		"CREATE PUBLICATION pgrepup;\n"
		HEAD("pgrepup x", "PUBLICATION", "-")
		"CREATE PUBLICATION \"pgrepup x\";\n"
		HEAD("pgrepup x t", "PUBLICATION TABLE", "public")
		"ALTER PUBLICATION \"pgrepup x\" ADD TABLE ONLY public.t;\n"
		HEAD("pgrepup t", "PUBLICATION TABLE", "public")
		"ALTER PUBLICATION pgrepup ADD TABLE ONLY public.t;\n" END,
		&s, &err));
	assert_int_equal(s.n, 2);
	assert_string_equal(s.entries[0].about.name, "pgrepup x");
	assert_string_equal(s.entries[1].about.verb, "ALTER");
	restore_script_release(&s);
}

static void
what_pg_dump_does_not_write_is_refused(void **state)
{
	(void)state;
	refused("SET a = 1;\n" HEAD("a", "TABLE", "public")
		"CREATE TABLE public.a ();\n",
		"not whole");
	refused("", "not whole");
	refused(HEAD("a", "TABLE", "public") "COMMENT ON TABLE a IS '\n" END,
		"not whole");
	refused(END HEAD("a", "TABLE", "public") "CREATE TABLE a ();\n",
		"not whole");
	refused("--\n-- Name: nl\n--\n-- Name: evil; Type: TABLE; Schema: "
		"public; Owner: x\n--\n\nCREATE TABLE a ();\n" END,
		"a heading that is none: nl");
	refused("--\n-- Name: a; Type: TABLE; Schema: s; Owner: x\nDROP TABLE "
		"t;\n--\n\nCREATE TABLE a ();\n" END,
		"a heading that is none: a");
	refused("SET standard_conforming_strings = off;\n" END,
		"standard_conforming_strings");
}

/* As pg_dump wrote it until the minor releases of March 2018. */
static void
a_search_path_that_the_owner_has_chosen_is_refused(void **state)
{
	(void)state;
	refused(HEAD("s", "SCHEMA", "-") "CREATE SCHEMA s;\n\n"
		"SET search_path = s, pg_catalog;\n\n"
		HEAD("x", "TABLE", "s") "CREATE TABLE x ();\n" END,
		"this pg_dump is too old");
}

/* The names of our own statements there mean what they say. */
static void
settings_are_set_without_looking_up_an_operator(void **state)
{
	struct restore_script s;

	(void)state;
	cut("SET default_tablespace = x;\n"
	    HEAD("a", "TABLE", "public") "CREATE TABLE a ();\n\n"
	    "SET default_tablespace = x;\n\n"
	    HEAD("b", "TABLE", "public") "CREATE TABLE b ();\n",
	    &s);
	assert_non_null(strstr(s.entries[1].sql,
			       "s.name OPERATOR(pg_catalog.=) "
			       "'default_tablespace'"));
	assert_null(strstr(s.entries[1].sql, " = "));
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
	cut(text, &a);
	cut(text, &b);
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

	cut(text, &s);
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
		cmocka_unit_test(
			lines_for_psql_are_dropped_outside_of_quotes_only),
		cmocka_unit_test(what_is_our_own_is_left_out),
		cmocka_unit_test(no_name_leaves_its_entry_out),
		cmocka_unit_test(a_published_name_is_that_of_the_statement),
		cmocka_unit_test(what_pg_dump_does_not_write_is_refused),
		cmocka_unit_test(
			a_search_path_that_the_owner_has_chosen_is_refused),
		cmocka_unit_test(
			settings_are_set_without_looking_up_an_operator),
		cmocka_unit_test(keys_tell_entries_apart_and_stay_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
