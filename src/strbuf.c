/* SPDX-License-Identifier: PostgreSQL */
/* Text that grows, and the one place where names and values are quoted. */
#include "strbuf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "secret.h"

/* What text points at before the first allocation; never written to. */
char strbuf_empty[1];

/* By a copy, since there may be a password in it: realloc leaves the former
 * memory as it is. */
static void
grow(struct strbuf *sb, size_t alloc)
{
	char *text = mem_resize(NULL, alloc, 1);

	memcpy(text, sb->text, sb->len);
	text[sb->len] = '\0';
	if (sb->alloc) {
		secret_wipe(sb->text, sb->len);
		free(sb->text);
	}
	sb->text = text;
	sb->alloc = alloc;
}

static void
reserve(struct strbuf *sb, size_t more)
{
	size_t want = sb->len + more + 1;

	if (want <= sb->alloc)
		return;
	if (want < sb->alloc * 2)
		want = sb->alloc * 2;
	if (want < 64)
		want = 64;
	grow(sb, want);
}

void
strbuf_addn(struct strbuf *sb, const char *text, size_t n)
{
	reserve(sb, n);
	memcpy(sb->text + sb->len, text, n);
	sb->len += n;
	sb->text[sb->len] = '\0';
}

void
strbuf_add(struct strbuf *sb, const char *text)
{
	strbuf_addn(sb, text, strlen(text));
}

void
strbuf_addc(struct strbuf *sb, char c)
{
	strbuf_addn(sb, &c, 1);
}

void
strbuf_addf(struct strbuf *sb, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = mem_vprintf(fmt, ap);
	va_end(ap);
	strbuf_add(sb, text);
	free(text);
}

static void
add_doubling(struct strbuf *sb, const char *text, const char *doubled)
{
	for (; *text; text++) {
		if (strchr(doubled, *text))
			strbuf_addc(sb, *text);
		strbuf_addc(sb, *text);
	}
}

void
strbuf_ident(struct strbuf *sb, const char *name)
{
	strbuf_addc(sb, '"');
	add_doubling(sb, name, "\"");
	strbuf_addc(sb, '"');
}

void
strbuf_ident2(struct strbuf *sb, const char *schema, const char *name)
{
	strbuf_ident(sb, schema);
	strbuf_addc(sb, '.');
	strbuf_ident(sb, name);
}

void
strbuf_literal(struct strbuf *sb, const char *value)
{
	bool escape = strchr(value, '\\') != NULL;

	strbuf_add(sb, escape ? " E'" : "'");
	add_doubling(sb, value, escape ? "'\\" : "'");
	strbuf_addc(sb, '\'');
}

void
strbuf_conninfo(struct strbuf *sb, const char *keyword, const char *value)
{
	const char *c;

	strbuf_sep(sb, " ");
	strbuf_add(sb, keyword);
	strbuf_add(sb, "='");
	for (c = value; *c; c++) {
		if (*c == '\'' || *c == '\\')
			strbuf_addc(sb, '\\');
		strbuf_addc(sb, *c);
	}
	strbuf_addc(sb, '\'');
}

void
strbuf_array(struct strbuf *sb, const char *item)
{
	strbuf_addc(sb, sb->len > 0 ? ',' : '{');
	strbuf_addc(sb, '"');
	for (; *item; item++) {
		if (*item == '"' || *item == '\\')
			strbuf_addc(sb, '\\');
		strbuf_addc(sb, *item);
	}
	strbuf_addc(sb, '"');
}

void
strbuf_array_end(struct strbuf *sb)
{
	strbuf_add(sb, sb->len > 0 ? "}" : "{}");
}

/* Does it stand on a terminal as it is? */
bool
strbuf_is_shown(const char *text)
{
	uint32_t code = 1;

	for (; *text && code != 0; text += strbuf_char(text, &code))
		;
	return code != 0;
}

/* $'a\012b': three octal digits end by themselves, whatever follows. */
static void
shell_escaped(struct strbuf *sb, const char *word)
{
	uint32_t code = 0;
	size_t n, i;

	strbuf_add(sb, "$'");
	for (; *word; word += n) {
		n = strbuf_char(word, &code);
		if (*word == '\\' || *word == '\'')
			strbuf_addf(sb, "\\%c", *word);
		else if (code != 0)
			strbuf_addn(sb, word, n);
		else
			for (i = 0; i < n; i++)
				strbuf_addf(sb, "\\%03o",
					    (unsigned char)word[i]);
	}
	strbuf_addc(sb, '\'');
}

void
strbuf_shell(struct strbuf *sb, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_@:.=/+-";

	if (*word && word[strspn(word, plain)] == '\0') {
		strbuf_add(sb, word);
		return;
	}
	if (!strbuf_is_shown(word)) {
		shell_escaped(sb, word);
		return;
	}
	strbuf_addc(sb, '\'');
	for (; *word; word++)
		if (*word == '\'')
			strbuf_add(sb, "'\\''");
		else
			strbuf_addc(sb, *word);
	strbuf_addc(sb, '\'');
}

void
strbuf_sep(struct strbuf *sb, const char *sep)
{
	if (sb->len > 0)
		strbuf_add(sb, sep);
}

void
strbuf_bytes(struct strbuf *sb, long long bytes)
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
	size_t i = 0;
	double n = (double)bytes;

	if (bytes < 10240) {
		strbuf_addf(sb, "%lld bytes", bytes);
		return;
	}
	while (n >= 10240 && i + 1 < LENGTH_OF(units)) {
		n /= 1024;
		i++;
	}
	strbuf_addf(sb, "%.0f %s", n, units[i]);
}

/* Bytes of the valid UTF-8 character at s, 0 when it is not one. */
static size_t
utf8_length(const unsigned char *s, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n, i;

	if (s[0] < 0x80) {
		*code = s[0];
		return 1;
	}
	n = (s[0] & 0xe0) == 0xc0   ? 2
	    : (s[0] & 0xf0) == 0xe0 ? 3
	    : (s[0] & 0xf8) == 0xf0 ? 4
				    : 0;
	if (n == 0)
		return 0;
	*code = s[0] & (0xffu >> (n + 1));
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*code = (*code << 6) | (s[i] & 0x3fu);
	}
	if (*code < least[n] || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return n;
}

/* What terminals obey, hide, or join with its neighbours to a sign of another
 * width, which leaves rests of the last screen in the line. */
static bool
is_harmful(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c ||
	       (c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0x200b || c == 0x200d ||
	       (c >= 0x2060 && c <= 0x2064) || c == 0xfeff ||
	       (c >= 0xfe00 && c <= 0xfe0f);
}

size_t
strbuf_char(const char *text, uint32_t *code)
{
	size_t n = utf8_length((const unsigned char *)text, code);

	if (n == 0 || is_harmful(*code))
		*code = 0;
	return n ? n : 1;
}

static void
scrub(struct strbuf *sb, const char *text, char allowed)
{
	uint32_t code = 0;
	size_t n;

	for (; *text; text += n) {
		n = strbuf_char(text, &code);
		if (code == 0 && (*text != allowed || n > 1))
			strbuf_addc(sb, '?');
		else
			strbuf_addn(sb, text, n);
	}
}

void
strbuf_scrub(struct strbuf *sb, const char *text)
{
	scrub(sb, text, '\0');
}

void
strbuf_scrub_lines(struct strbuf *sb, const char *text)
{
	scrub(sb, text, '\n');
}

void
strbuf_reset(struct strbuf *sb)
{
	sb->len = 0;
	if (sb->alloc)
		sb->text[0] = '\0';
}

void
strbuf_release(struct strbuf *sb)
{
	if (sb->alloc)
		free(sb->text);
	*sb = (struct strbuf)STRBUF_INIT;
}

char *
strbuf_detach(struct strbuf *sb)
{
	char *text;

	reserve(sb, 0);
	text = sb->text;
	*sb = (struct strbuf)STRBUF_INIT;
	return text;
}
