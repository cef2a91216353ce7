/* SPDX-License-Identifier: PostgreSQL */
/* What statements of pg_dump's are about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mem.h"
#include "statement.h"

static const struct row {
	const char *text;
	struct {
		const char *verb, *class, *schema, *name, *does;
	} is;
} rows[] = {
	{"CREATE TABLE public.\"SUBSCRIPTION PLAN\" (\n    id integer\n);",
	 {"CREATE", "TABLE", "public", "SUBSCRIPTION PLAN", ""}},
	{"CREATE UNLOGGED TABLE s.t (id integer);",
	 {"CREATE", "TABLE", "s", "t", ""}},
	{"CREATE OR REPLACE VIEW \"a.b\".\"c\"\"d\" AS\n SELECT 1;",
	 {"CREATE", "VIEW", "a.b", "c\"d", "AS SELECT"}},
	{"CREATE UNIQUE INDEX \"ON\" ON ONLY s.t USING btree (a);",
	 {"CREATE", "INDEX", "s", "ON", "ON ONLY USING"}},
	{"CREATE INDEX i ON \"S; Type: X\".t USING btree (a);",
	 {"CREATE", "INDEX", "S; Type: X", "i", "ON USING"}},
	{"ALTER TABLE ONLY s.t\n    ADD CONSTRAINT \"FOREIGN KEY\" PRIMARY KEY "
	 "(id);",
	 {"ALTER", "TABLE", "s", "t", "ADD CONSTRAINT PRIMARY KEY"}},
	{"ALTER TABLE ONLY s.t\n    ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES "
	 "s.u(id);",
	 {"ALTER", "TABLE", "s", "t", "ADD CONSTRAINT FOREIGN KEY"}},
	{"ALTER TABLE ONLY s.t\n    ADD CONSTRAINT e EXCLUDE USING gist (a "
	 "WITH =);",
	 {"ALTER", "TABLE", "s", "t", "ADD CONSTRAINT EXCLUDE USING"}},
	{"ALTER INDEX s.i ATTACH PARTITION s.j;",
	 {"ALTER", "INDEX", "s", "i", "ATTACH PARTITION"}},
	{"CREATE EVENT TRIGGER e ON ddl_command_end\n   EXECUTE FUNCTION f();",
	 {"CREATE", "EVENT TRIGGER", "", "e", "ON EXECUTE FUNCTION"}},
	{"COMMENT ON EVENT TRIGGER \"COMMENT ON TABLE\" IS 'ON x';",
	 {"COMMENT", "EVENT TRIGGER", "", "COMMENT ON TABLE", "IS"}},
	{"COMMENT ON COLUMN s.t.c IS 'x';",
	 {"COMMENT", "COLUMN", "s", "t", "IS"}},
	{"COMMENT ON CONSTRAINT c ON DOMAIN s.d IS 'x';",
	 {"COMMENT", "CONSTRAINT", "s", "c", "ON DOMAIN IS"}},
	{"SECURITY LABEL FOR \"ON SCHEMA\" ON SCHEMA x IS 'y';",
	 {"SECURITY", "SCHEMA", "", "x", "IS"}},
	{"GRANT SELECT(\"ON\"),UPDATE(b) ON TABLE s.t TO \"ON\";",
	 {"GRANT", "TABLE", "s", "t", "TO"}},
	{"REVOKE GRANT OPTION FOR ALL ON FUNCTION s.f(a text) FROM x;",
	 {"REVOKE", "FUNCTION", "s", "f", "FROM"}},
	{"-- *not* creating schema\n\nALTER SCHEMA public OWNER TO x;",
	 {"ALTER", "SCHEMA", "", "public", "OWNER TO"}},
	{"CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA public;",
	 {"CREATE", "EXTENSION", "", "uuid-ossp", "WITH SCHEMA"}},
	{"ALTER PUBLICATION p ADD TABLE ONLY s.t WHERE ((a > 1));",
	 {"ALTER", "PUBLICATION", "", "p", "ADD TABLE ONLY WHERE"}},
	{"CREATE OPERATOR s.<> (\n    FUNCTION = s.f\n);",
	 {"CREATE", "OPERATOR", "s", "<>", ""}},
	{"CREATE CAST (s.a AS s.b) WITH FUNCTION s.f(s.a);",
	 {"CREATE", "CAST", "", "", "WITH FUNCTION"}},
	{"", {"", "", "", "", ""}},
};

static void
tells_what_a_statement_is_about(void **state)
{
	struct statement s;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH_OF(rows); i++) {
		statement_read(rows[i].text,
			       rows[i].text + strlen(rows[i].text), &s);
		assert_string_equal(s.verb, rows[i].is.verb);
		assert_string_equal(s.class, rows[i].is.class);
		assert_string_equal(s.schema, rows[i].is.schema);
		assert_string_equal(s.name, rows[i].is.name);
		assert_string_equal(s.does, rows[i].is.does);
		statement_release(&s);
	}
}

static void
looks_no_further_than_its_end(void **state)
{
	static const char text[] = "ALTER TABLE s.t OWNER TO x; GRANT ALL ON";
	struct statement s;

	(void)state;
	statement_read(text, strchr(text, 'O'), &s);
	assert_string_equal(s.name, "t");
	assert_string_equal(s.does, "");
	statement_release(&s);
}

static void
reads_names_of_the_catalog_too(void **state)
{
	char *schema, *name;

	(void)state;
	statement_names("\"A.b\".f(integer)", &schema, &name);
	assert_string_equal(schema, "A.b");
	assert_string_equal(name, "f");
	free(schema);
	free(name);
	statement_names("\"A \"\"\"", &schema, &name);
	assert_string_equal(schema, "");
	assert_string_equal(name, "A \"");
	free(schema);
	free(name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_a_statement_is_about),
		cmocka_unit_test(looks_no_further_than_its_end),
		cmocka_unit_test(reads_names_of_the_catalog_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
