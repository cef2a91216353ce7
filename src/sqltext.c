/* SPDX-License-Identifier: PostgreSQL */
/* Walking over SQL text, aware of what is quoted. */
#include "sqltext.h"

#include <ctype.h>
#include <string.h>

/* Can it be within an identifier? Bytes of other alphabets can. */
static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' ||
	       (unsigned char)c >= 0x80;
}

/* After the quote that ends what began before p; doubled ones do not. */
static const char *
skip_quoted(const char *p, char quote, bool backslash)
{
	for (; *p; p++) {
		if (backslash && *p == '\\' && p[1]) {
			p++;
		} else if (*p == quote) {
			if (p[1] != quote)
				return p + 1;
			p++;
		}
	}
	return p;
}

/* Is the quote at p that of an E'' string? */
static bool
is_escape_string(const char *text, const char *p)
{
	return p > text && (p[-1] == 'E' || p[-1] == 'e') &&
	       (p - 1 == text || !is_word(p[-2]));
}

static const char *
skip_block_comment(const char *p)
{
	int depth = 0;

	for (; *p; p++) {
		if (p[0] == '/' && p[1] == '*') {
			depth++;
			p++;
		} else if (p[0] == '*' && p[1] == '/') {
			p++;
			if (--depth == 0)
				return p + 1;
		}
	}
	return p;
}

/* Length of "$tag$" at p; 0 when there is none. */
static size_t
dollar_tag(const char *text, const char *p)
{
	const char *end = p + 1;

	if (p > text && is_word(p[-1]))
		return 0;
	if (isdigit((unsigned char)*end))
		return 0;
	while (is_word(*end) && *end != '$')
		end++;
	return *end == '$' ? (size_t)(end - p) + 1 : 0;
}

static const char *
skip_dollar(const char *text, const char *p)
{
	size_t n = dollar_tag(text, p);
	const char *end;

	if (n == 0)
		return p + 1;
	for (end = strchr(p + n, '$'); end; end = strchr(end + 1, '$'))
		if (strncmp(end, p, n) == 0)
			return end + n;
	return p + strlen(p);
}

bool
sqltext_is_comment(const char *p)
{
	return (p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*');
}

const char *
sqltext_skip(const char *text, const char *p)
{
	if (p[0] == '-' && p[1] == '-')
		return p + strcspn(p, "\n");
	if (p[0] == '/' && p[1] == '*')
		return skip_block_comment(p);
	switch (*p) {
	case '\'':
		return skip_quoted(p + 1, '\'', is_escape_string(text, p));
	case '"':
		return skip_quoted(p + 1, '"', false);
	case '$':
		return skip_dollar(text, p);
	default:
		return *p ? p + 1 : p;
	}
}

const char *
sqltext_next_word(const char *text, const char *p)
{
	while (*p && (isspace((unsigned char)*p) || sqltext_is_comment(p)))
		p = sqltext_skip(text, p);
	return p;
}

const char *
sqltext_statement_end(const char *text, const char *p)
{
	while (*p) {
		if (*p == ';')
			return p + 1;
		p = sqltext_skip(text, p);
	}
	return p;
}
