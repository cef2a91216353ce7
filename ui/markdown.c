/* SPDX-License-Identifier: PostgreSQL */
/* Parts of a Markdown document. */
#include "markdown.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* Within a word neither these nor what stands around them is markup. */
static bool
is_in_word(const char *start, const char *at)
{
	return at > start && isalnum((unsigned char)at[-1]) &&
	       isalnum((unsigned char)at[1]);
}

static bool
is_markup(const char *start, const char *at)
{
	if (strchr("\\`*[]<>|~$", *at))
		return true;
	if (*at == '_')
		return !is_in_word(start, at);
	if (*at == '&')
		return at[1] == '#' || isalpha((unsigned char)at[1]);
	/* at the start of a line: a heading or a list */
	return at == start && strchr("#+-=", *at);
}

/* As it may be shown, line feeds and tabs as blanks. */
static char *
one_line(const char *text)
{
	struct strbuf clean = STRBUF_INIT;
	char *copy = mem_strdup(text), *at;

	for (at = copy; *at; at++)
		if (*at == '\n' || *at == '\t')
			*at = ' ';
	strbuf_scrub(&clean, copy);
	free(copy);
	return strbuf_detach(&clean);
}

void
md_text(struct strbuf *sb, const char *text)
{
	char *clean = one_line(text), *at;

	for (at = clean; *at; at++) {
		if (is_markup(clean, at))
			strbuf_addc(sb, '\\');
		strbuf_addc(sb, *at);
	}
	free(clean);
}

/* The longest run of backticks, and one more: what can hold the text. */
static int
fence_of(const char *text, int least)
{
	int run = 0, longest = 0;

	for (; *text; text++) {
		run = *text == '`' ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest < least ? least : longest + 1;
}

static void
add_times(struct strbuf *sb, char c, int n)
{
	while (n-- > 0)
		strbuf_addc(sb, c);
}

/* A "|" would end a cell of a table even within backticks, and a backslash
 * before it shows outside of one: so in HTML, where nothing is markup. */
static void
add_entities(struct strbuf *sb, const char *text)
{
	strbuf_add(sb, "<code>");
	for (; *text; text++)
		if (ispunct((unsigned char)*text))
			strbuf_addf(sb, "&#%d;", *text);
		else
			strbuf_addc(sb, *text);
	strbuf_add(sb, "</code>");
}

static void
add_span(struct strbuf *sb, const char *text)
{
	int fence = fence_of(text, 1);
	bool padded = *text == '`' || text[strlen(text) - 1] == '`';

	add_times(sb, '`', fence);
	add_times(sb, ' ', padded);
	strbuf_add(sb, text);
	add_times(sb, ' ', padded);
	add_times(sb, '`', fence);
}

void
md_code(struct strbuf *sb, const char *text)
{
	char *clean;

	if (!text || !*text)
		return;
	clean = one_line(text);
	if (strchr(clean, '|'))
		add_entities(sb, clean);
	else
		add_span(sb, clean);
	free(clean);
}

void
md_block(struct strbuf *sb, const char *language, const char *text,
	 int indent)
{
	int fence = fence_of(text, 3);
	char *copy = mem_strdup(text), *rest = copy, *line;

	add_times(sb, ' ', indent);
	add_times(sb, '`', fence);
	strbuf_addf(sb, "%s\n", language);
	while ((line = strsep(&rest, "\n"))) {
		if (!rest && !*line)
			break;
		add_times(sb, ' ', indent);
		strbuf_scrub(sb, line);
		strbuf_addc(sb, '\n');
	}
	add_times(sb, ' ', indent);
	add_times(sb, '`', fence);
	strbuf_addc(sb, '\n');
	free(copy);
}

void
md_head(struct strbuf *sb, const char *titles)
{
	const char *at;

	strbuf_addf(sb, "| %s |\n| ---", titles);
	for (at = titles; *at; at++)
		if (*at == '|')
			strbuf_add(sb, " | ---");
	strbuf_add(sb, " |\n");
}

void
md_seconds(struct strbuf *sb, double seconds)
{
	long long s = (long long)(seconds + 0.5);

	if (seconds < 60)
		strbuf_addf(sb, "%.1f s", seconds);
	else if (s < 3600)
		strbuf_addf(sb, "%lld min %02lld s", s / 60, s % 60);
	else
		strbuf_addf(sb, "%lld h %02lld min", s / 3600, s / 60 % 60);
}
