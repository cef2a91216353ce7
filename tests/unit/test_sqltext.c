/* SPDX-License-Identifier: PostgreSQL */
/* What is quoted in SQL text, and where statements end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mem.h"
#include "sqltext.h"

/* Texts of one statement each, with a semicolon in every quoted place. */
static const char *const whole[] = {
	"SELECT 'a;b';",
	"SELECT 'it''s;';",
	"SELECT 'back\\';",
	"SELECT E'quote\\';still';",
	"SELECT e'\\\\';",
	"SELECT type'\\';",
	"CREATE TABLE \"a;b\" (\"c\"\";d\" int);",
	"CREATE TABLE \"a\nb;--\" ();",
	"SELECT $$a;b$$;",
	"SELECT $_$a;$$;b$_$;",
	"SELECT $f1$;$f$;$f1$;",
	"SELECT 1 -- a;b\n;",
	"SELECT 1 /* a; /* b; */ c; */;",
	"SELECT '/*', 2;",
	"SELECT a$1$b, '$1$';",
	"SELECT \"ключ;\", 'ü;';",
};

static void
a_quoted_semicolon_ends_nothing(void **state)
{
	const char *text;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH_OF(whole); i++) {
		text = whole[i];
		if (sqltext_statement_end(text, text) != text + strlen(text))
			fail_msg("%s", text);
	}
}

static void
statements_end_one_after_the_other(void **state)
{
	const char text[] = "SET a = 1;\n-- x;\nSET b = ';';\n";
	const char *p = sqltext_statement_end(text, text);

	(void)state;
	assert_ptr_equal(p, text + 10);
	p = sqltext_next_word(text, p);
	assert_int_equal(strncmp(p, "SET b", 5), 0);
	p = sqltext_statement_end(text, p);
	assert_string_equal(p, "\n");
	assert_string_equal(sqltext_next_word(text, p), "");
}

static void
what_is_not_finished_ends_with_the_text(void **state)
{
	static const char *const open[] = {"'abc", "\"abc", "$$abc", "/* abc",
					   "E'abc\\", "$tag$ $tag", "-- abc"};
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH_OF(open); i++)
		assert_string_equal(sqltext_statement_end(open[i], open[i]),
				    "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quoted_semicolon_ends_nothing),
		cmocka_unit_test(statements_end_one_after_the_other),
		cmocka_unit_test(what_is_not_finished_ends_with_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
