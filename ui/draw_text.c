/* SPDX-License-Identifier: PostgreSQL */
/* Text on canvases: wrapped, as a log, as times. */
#include "draw_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"

/* Bytes of the next line: cut at a blank when there is one. */
static size_t
line_length(const char *text, int width)
{
	size_t cut = text_fit(text, width), n;

	if (!text[cut])
		return cut;
	for (n = cut; n > 0 && text[n] != ' '; n--)
		;
	if (n > 0)
		return n;
	return cut ? cut : 1;
}

static int
draw_paragraph(const struct canvas *c, int y, enum style style,
	       const char *text)
{
	size_t n;

	do {
		n = line_length(text, c->width);
		canvas_printf(c, y++, 0, c->width, style, "%.*s", (int)n,
			      text);
		text += n;
		text += strspn(text, " ");
	} while (*text);
	return y;
}

int
draw_wrapped(const struct canvas *c, int y, enum style style,
	     const char *text)
{
	struct strbuf clean = STRBUF_INIT;
	char *line;
	size_t n;

	while (text && *text && y < c->height && c->width > 0) {
		n = strcspn(text, "\n");
		line = mem_strndup(text, n);
		strbuf_reset(&clean);
		strbuf_scrub(&clean, line);
		free(line);
		y = draw_paragraph(c, y, style, clean.text);
		text += text[n] ? n + 1 : n;
	}
	strbuf_release(&clean);
	return y;
}

static void
add_paragraph(struct text_list *lines, const char *text, int width)
{
	char *line;
	size_t n;

	do {
		n = line_length(text, width);
		line = mem_strndup(text, n);
		text_list_add(lines, line);
		free(line);
		text += n;
		text += strspn(text, " ");
	} while (*text);
}

void
text_lines(struct text_list *lines, const char *text, int width)
{
	struct strbuf clean = STRBUF_INIT;
	char *line;
	size_t n;

	while (*text && width > 0) {
		n = strcspn(text, "\n");
		line = mem_strndup(text, n);
		strbuf_reset(&clean);
		strbuf_scrub(&clean, line);
		free(line);
		add_paragraph(lines, clean.text, width);
		text += text[n] ? n + 1 : n;
	}
	strbuf_release(&clean);
}

static void
add_line(struct text_list *lines, const char *line, size_t n, int indent)
{
	char *whole = mem_printf("%*s%.*s", indent, "", (int)n, line);

	text_list_add(lines, whole);
	free(whole);
}

/* Where what a line says begins: "  Detail  text" goes on under "text". */
static int
hanging_indent(const char *line, int width)
{
	size_t blanks = strspn(line, " "), word = blanks, gap;

	while (line[word] && strncmp(line + word, "  ", 2) != 0)
		word++;
	gap = strspn(line + word, " ");
	if (line[word + gap] && (int)(word + gap) < width / 2)
		return (int)(word + gap);
	return (int)blanks < width / 2 ? (int)blanks : 0;
}

void
text_hanging(struct text_list *lines, const char *line, int width)
{
	int hang = hanging_indent(line, width), indent = 0;
	size_t n, cut;

	while (text_width(line) > width - indent) {
		n = text_fit(line, width - indent);
		for (cut = n; cut > (size_t)(hang - indent) && line[cut] != ' ';
		     cut--)
			;
		if (cut <= (size_t)(hang - indent))
			cut = n ? n : 1;
		add_line(lines, line, cut, indent);
		line += cut;
		while (*line == ' ')
			line++;
		indent = hang;
	}
	add_line(lines, line, strlen(line), indent);
}

int
draw_fact(const struct canvas *c, int y, const char *label,
	  const char *value)
{
	struct strbuf clean = STRBUF_INIT;

	if (!value || !*value)
		return y;
	strbuf_scrub(&clean, value);
	canvas_printf(c, y, 0, c->width, STYLE_TEXT, "%-14s %s", label,
		      clean.text);
	strbuf_release(&clean);
	return y + 1;
}

/* --- times ---------------------------------------------------------------- */

void
add_duration(struct strbuf *text, double seconds)
{
	long long s = seconds > 0 ? (long long)seconds : 0;

	if (s < 60)
		strbuf_addf(text, "%llds", s);
	else if (s < 600)
		strbuf_addf(text, "%lldm%02lld", s / 60, s % 60);
	else if (s < 3600)
		strbuf_addf(text, "%lldm", s / 60);
	else if (s < 86400)
		strbuf_addf(text, "%lldh%02lld", s / 3600, s / 60 % 60);
	else
		strbuf_addf(text, "%lldd%02lldh", s / 86400, s / 3600 % 24);
}

void
add_clock(struct strbuf *text, double seconds)
{
	long long s = seconds > 0 ? (long long)seconds : 0;

	strbuf_addf(text, "%02lld:%02lld:%02lld", s / 3600, s / 60 % 60,
		    s % 60);
}

void
add_rate(struct strbuf *text, double rate)
{
	if (isnan(rate)) {
		strbuf_addc(text, '-');
		return;
	}
	if (fabs(rate) < 10240)
		strbuf_addf(text, "%lld B", (long long)fabs(rate));
	else
		strbuf_bytes(text, (long long)fabs(rate));
	strbuf_add(text, "/s");
}

/* --- the log -------------------------------------------------------------- */

static bool
is_said(const struct record *r, const char *database)
{
	const char *level = record_get(r, "level");
	const char *of = record_get(r, "database");

	if ((level && strcmp(level, "debug") == 0) || record_is(r, "end"))
		return false;
	return record_get(r, "message") &&
	       (!database || (of && strcmp(of, database) == 0));
}

static void
draw_message(const struct canvas *c, int y, const struct record *r,
	     bool with_database)
{
	const char *database = with_database ? record_get(r, "database") : NULL;
	time_t at = (time_t)record_time(r);
	struct strbuf text = STRBUF_INIT;
	char clock[16];
	struct tm tm;

	localtime_r(&at, &tm);
	strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	if (database) {
		strbuf_scrub(&text, database);
		strbuf_add(&text, ": ");
	}
	strbuf_scrub(&text, record_get(r, "message"));
	canvas_printf(c, y, 0, c->width,
		      record_is(r, "error") ? STYLE_STRONG : STYLE_TEXT,
		      "%s %s", clock, text.text);
	strbuf_release(&text);
}

int
log_lines(const struct model *model, const char *database, int max)
{
	size_t i;
	int n = 0;

	for (i = model->logs.n; i > model->logs_run && n < max; i--)
		n += is_said(model->logs.items[i - 1], database);
	return n;
}

void
draw_log(const struct canvas *c, const struct model *model,
	 const char *database)
{
	int y = log_lines(model, database, c->height);
	const struct record *r;
	size_t i;

	for (i = model->logs.n; i > model->logs_run && y > 0; i--) {
		r = model->logs.items[i - 1];
		if (is_said(r, database))
			draw_message(c, --y, r, !database);
	}
}
