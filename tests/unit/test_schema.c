/* SPDX-License-Identifier: PostgreSQL */
/* Differences between two schemas, as people read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mem.h"
#include "schema.h"

/* Rows of three values each; sorted by whoever writes the test. */
static struct rowset
rows_of(const char *const *values, size_t n_values)
{
	struct rowset rows = {.n_rows = n_values / 3, .n_columns = 3};
	size_t i;

	rows.columns = MEM_ARRAY(char *, 3);
	rows.columns[0] = mem_strdup("kind");
	rows.columns[1] = mem_strdup("name");
	rows.columns[2] = mem_strdup("definition");
	rows.values = MEM_ARRAY(char *, n_values);
	for (i = 0; i < n_values; i++)
		rows.values[i] = mem_strdup(values[i]);
	return rows;
}

static size_t
differences(const char *const *a, size_t n_a, const char *const *b,
	    size_t n_b, struct strbuf *text)
{
	struct rowset x = rows_of(a, n_a), y = rows_of(b, n_b);
	size_t n = schema_differences(&x, "on the source", &y,
				      "on the destination", text);

	rowset_release(&x);
	rowset_release(&y);
	return n;
}

static void
names_what_is_missing_on_either_side(void **state)
{
	static const char *const a[] = {"column", "public.t.x", "integer",
					"table",  "public.t",   NULL};
	static const char *const b[] = {"column", "public.t.x", "integer",
					"table",  "public.u",   NULL};
	struct strbuf text = STRBUF_INIT;

	(void)state;
	assert_int_equal(differences(a, LENGTH_OF(a), b, LENGTH_OF(b), &text),
			 2);
	assert_string_equal(text.text,
			    "table public.t is missing on the destination\n"
			    "table public.u is missing on the source");
	strbuf_release(&text);
}

static void
shows_both_definitions(void **state)
{
	static const char *const a[] = {"column", "public.t.x", "integer #1"};
	static const char *const b[] = {"column", "public.t.x", "text #2"};
	struct strbuf text = STRBUF_INIT;

	(void)state;
	assert_int_equal(differences(a, 3, b, 3, &text), 1);
	assert_string_equal(text.text,
			    "column public.t.x differs: \"integer\" on the "
			    "source, \"text\" on the destination");
	strbuf_release(&text);
}

static void
hashes_differ_but_are_not_shown(void **state)
{
	static const char *const a[] = {"function", "public.f()", "sql #aaa"};
	static const char *const b[] = {"function", "public.f()", "sql #bbb"};
	struct strbuf text = STRBUF_INIT;

	(void)state;
	assert_int_equal(differences(a, 3, b, 3, &text), 1);
	assert_string_equal(text.text, "function public.f() differs");
	strbuf_release(&text);
}

static void
equal_schemas_have_no_difference(void **state)
{
	static const char *const a[] = {"table", "public.t", NULL};
	static const char *const b[] = {"table", "public.t", ""};
	struct strbuf text = STRBUF_INIT;

	(void)state;
	assert_int_equal(differences(a, 3, b, 3, &text), 0);
	assert_int_equal(differences(NULL, 0, NULL, 0, &text), 0);
	assert_string_equal(text.text, "");
}

static void
counts_all_but_shows_twenty(void **state)
{
	const char *values[90];
	struct strbuf text = STRBUF_INIT;
	size_t i, lines = 0;
	const char *c;

	(void)state;
	for (i = 0; i < LENGTH_OF(values); i += 3) {
		values[i] = "table";
		values[i + 1] = "public.t";
		values[i + 2] = NULL;
	}
	assert_int_equal(differences(values, LENGTH_OF(values), NULL, 0, &text),
			 30);
	for (c = text.text; *c; c++)
		lines += *c == '\n';
	assert_int_equal(lines, 19);
	strbuf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_what_is_missing_on_either_side),
		cmocka_unit_test(shows_both_definitions),
		cmocka_unit_test(hashes_differ_but_are_not_shown),
		cmocka_unit_test(equal_schemas_have_no_difference),
		cmocka_unit_test(counts_all_but_shows_twenty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
