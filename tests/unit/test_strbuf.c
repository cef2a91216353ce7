/* SPDX-License-Identifier: PostgreSQL */
/* Quoting and scrubbing: what keeps hostile names harmless. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "strbuf.h"

static void
assert_text(struct strbuf *sb, const char *expected)
{
	assert_string_equal(sb->text, expected);
	strbuf_release(sb);
}

static void
empty_is_an_empty_text(void **state)
{
	struct strbuf sb = STRBUF_INIT;
	char *text;

	(void)state;
	assert_string_equal(sb.text, "");
	strbuf_sep(&sb, ", ");
	assert_string_equal(sb.text, "");
	text = strbuf_detach(&sb);
	assert_string_equal(text, "");
	free(text);
}

static void
identifiers_double_their_quotes(void **state)
{
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	strbuf_ident2(&sb, "we'ird", "t\"q\"; DROP TABLE x; --");
	assert_text(&sb, "\"we'ird\".\"t\"\"q\"\"; DROP TABLE x; --\"");
}

static void
literals_mean_the_same_whatever_the_setting(void **state)
{
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	strbuf_literal(&sb, "it's");
	assert_text(&sb, "'it''s'");
	strbuf_literal(&sb, "a\\'b");
	assert_text(&sb, " E'a\\\\''b'");
}

static void
connection_strings_escape_for_libpq(void **state)
{
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	strbuf_conninfo(&sb, "host", "h");
	strbuf_conninfo(&sb, "password", "r w'p\\x");
	assert_text(&sb, "host='h' password='r w\\'p\\\\x'");
}

static void
words_for_a_shell_are_what_it_reads(void **state)
{
	static const struct {
		const char *word;
		const char *expected;
	} words[] = {
		{"app@source:x.y=1", "app@source:x.y=1"},
		{"", "''"},
		{"it's a $(name)", "'it'\\''s a $(name)'"},
		{"\xd1\x8f", "'\xd1\x8f'"},
		{"a\n0b", "$'a\\0120b'"},
		{"it's\\\x1b", "$'it\\'s\\\\\\033'"},
		{"\xff\xd1\x8f", "$'\\377\xd1\x8f'"},
	};
	struct strbuf sb = STRBUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		strbuf_shell(&sb, words[i].word);
		assert_text(&sb, words[i].expected);
	}
}

static void
scrubs_what_a_terminal_would_obey(void **state)
{
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	strbuf_scrub(&sb, "a\033[31mb\r\n\tc\x7f");
	assert_text(&sb, "a?[31mb???c?");
	/* C1, a bidi override, an overlong form, a cut character */
	strbuf_scrub(&sb, "\xc2\x9b|\xe2\x80\xae|\xc0\xaf|\xe3\x81");
	assert_text(&sb, "?|?|\?\?|\?\?");
}

/* A family is one sign of 2 columns to one terminal, and three to another. */
static void
scrubs_what_joins_signs(void **state)
{
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	strbuf_scrub(&sb, "👨\u200d👩|a\u200bb|❤\ufe0f|a\u2060");
	assert_text(&sb, "👨?👩|a?b|❤?|a?");
	/* what only has no width is a person's letter */
	strbuf_scrub(&sb, "a\u0301\u200c");
	assert_text(&sb, "a\u0301\u200c");
}

static void
scrubbing_keeps_people_s_letters(void **state)
{
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	strbuf_scrub(&sb, "tablé ünï ключ 表 😀");
	assert_text(&sb, "tablé ünï ключ 表 😀");
}

static void
bytes_are_said_like_the_server_says_them(void **state)
{
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	strbuf_bytes(&sb, 10239);
	assert_text(&sb, "10239 bytes");
	strbuf_bytes(&sb, 10240);
	assert_text(&sb, "10 kB");
	strbuf_bytes(&sb, 5LL * 1024 * 1024 * 1024);
	assert_text(&sb, "5120 MB");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_is_an_empty_text),
		cmocka_unit_test(identifiers_double_their_quotes),
		cmocka_unit_test(literals_mean_the_same_whatever_the_setting),
		cmocka_unit_test(connection_strings_escape_for_libpq),
		cmocka_unit_test(words_for_a_shell_are_what_it_reads),
		cmocka_unit_test(scrubs_what_a_terminal_would_obey),
		cmocka_unit_test(scrubs_what_joins_signs),
		cmocka_unit_test(scrubbing_keeps_people_s_letters),
		cmocka_unit_test(bytes_are_said_like_the_server_says_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
