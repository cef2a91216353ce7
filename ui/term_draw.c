/* SPDX-License-Identifier: PostgreSQL */
/* Canvases: clipped drawing by meaning, on layers that lie over each other. */
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "mem.h"
#include "strbuf.h"
#include "term_internal.h"

/* Line drawing, in UTF-8 and without it. */
enum sign {
	SIGN_HORIZONTAL,
	SIGN_VERTICAL,
	SIGN_TOP_LEFT,
	SIGN_TOP_RIGHT,
	SIGN_BOTTOM_LEFT,
	SIGN_BOTTOM_RIGHT,
	SIGN_DONE,
	SIGN_LEFT,
};

static const struct {
	const char *utf8;
	const char *ascii;
} signs[] = {
	[SIGN_HORIZONTAL] = {"─", "-"},	 [SIGN_VERTICAL] = {"│", "|"},
	[SIGN_TOP_LEFT] = {"┌", "+"},	 [SIGN_TOP_RIGHT] = {"┐", "+"},
	[SIGN_BOTTOM_LEFT] = {"└", "+"}, [SIGN_BOTTOM_RIGHT] = {"┘", "+"},
	[SIGN_DONE] = {"█", "#"},	 [SIGN_LEFT] = {"░", "-"},
};

static const char *const levels_utf8[] = {"▁", "▂", "▃", "▄",
					  "▅", "▆", "▇", "█"};
static const char *const levels_ascii[] = {".", ":", "-", "=",
					   "+", "*", "#", "@"};

static WINDOW *
window_of(const struct canvas *c)
{
	return ((struct layer *)c->layer)->window;
}

static struct term *
term_of(const struct canvas *c)
{
	return ((struct layer *)c->layer)->term;
}

struct canvas
term_screen(struct term *term)
{
	return term_layer_canvas(&term->screen);
}

void *
term_layer_new(struct term *term, int y, int x, int height, int width)
{
	struct layer *layer = MEM_NEW(struct layer);

	layer->term = term;
	layer->window = newwin(height, width, y, x);
	/* No room at all: draw where it is seen by nobody. */
	if (!layer->window)
		layer->window = newpad(height > 0 ? height : 1,
				       width > 0 ? width : 1);
	else
		layer->panel = new_panel(layer->window);
	return layer;
}

void
term_layer_free(struct term *term, void *l)
{
	struct layer *layer = l;

	(void)term;
	if (!layer)
		return;
	if (layer->panel)
		del_panel(layer->panel);
	delwin(layer->window);
	free(layer);
}

struct canvas
term_layer_canvas(void *l)
{
	struct layer *layer = l;
	struct canvas c = {.layer = layer};

	getmaxyx(layer->window, c.height, c.width);
	return c;
}

struct canvas
canvas_part(const struct canvas *c, int y, int x, int height, int width)
{
	struct canvas part = {.layer = c->layer, .bar = c->bar};

	if (y > c->height)
		y = c->height;
	if (x > c->width)
		x = c->width;
	part.y = c->y + y;
	part.x = c->x + x;
	part.height = height < c->height - y ? height : c->height - y;
	part.width = width < c->width - x ? width : c->width - x;
	if (part.height < 0)
		part.height = 0;
	if (part.width < 0)
		part.width = 0;
	return part;
}

void
canvas_clear(const struct canvas *c)
{
	int y;

	for (y = 0; y < c->height; y++)
		canvas_text(c, y, 0, c->width, STYLE_TEXT, "");
}

/*
 * One character's bytes, and its columns. What must not reach a terminal, or
 * what this one cannot show, is a '?' of one column: then *shown is false.
 */
static size_t
next_char(const char *text, int *columns, bool *shown)
{
	uint32_t code;
	size_t n = strbuf_char(text, &code);

	*columns = code < 0x7f ? 1 : wcwidth((wchar_t)code);
	*shown = code != 0 && *columns >= 0;
	if (!*shown)
		*columns = 1;
	return n;
}

/* Bytes that fit, and the columns that they take. */
static size_t
measure(const char *text, int columns, int *used)
{
	size_t n, at = 0;
	bool shown;
	int w;

	for (*used = 0; text[at]; at += n, *used += w) {
		n = next_char(text + at, &w, &shown);
		if (w > columns - *used)
			break;
	}
	return at;
}

size_t
text_fit(const char *text, int columns)
{
	int used;

	return measure(text, columns, &used);
}

int
text_width(const char *text)
{
	int used;

	measure(text, INT_MAX, &used);
	return used;
}

/* The only way for text to the terminal: whatever it holds, it is harmless
 * from here on. */
static void
put(const struct canvas *c, int y, int x, const char *text, size_t n)
{
	WINDOW *window = window_of(c);
	size_t at, bytes, begin = 0;
	bool shown;
	int w;

	wmove(window, c->y + y, c->x + x);
	for (at = 0; at < n; at += bytes) {
		bytes = next_char(text + at, &w, &shown);
		if (shown)
			continue;
		if (at > begin)
			waddnstr(window, text + begin, (int)(at - begin));
		waddstr(window, "?");
		begin = at + bytes;
	}
	if (n > begin)
		waddnstr(window, text + begin, (int)(n - begin));
}

/* Text cut to the width, ".." for the rest; the columns that were used. */
static int
put_cut(const struct canvas *c, int y, int x, int width, const char *text)
{
	int used;
	size_t n = measure(text, width, &used);

	if (text[n] && width > 4) {
		n = measure(text, width - 2, &used);
		put(c, y, x, text, n);
		put(c, y, x + used, "..", 2);
		return used + 2;
	}
	put(c, y, x, text, n);
	return used;
}

/* On the bar of the cursor a state keeps its colours, and what it has of
 * other signs; a line that is drawn there stays a line. */
static attr_t
attributes_of(const struct canvas *c, enum style style)
{
	const attr_t *attributes = term_of(c)->attributes;
	attr_t own = attributes[style];

	if (!c->bar || PAIR_NUMBER((int)own) != 0)
		return own;
	return attributes[STYLE_FOCUS] | (own & A_UNDERLINE);
}

int
canvas_text(const struct canvas *c, int y, int x, int width,
	    enum style style, const char *text)
{
	WINDOW *window = window_of(c);
	int used, room = c->width - x;

	if (y < 0 || y >= c->height || x < 0 || room <= 0)
		return 0;
	if (width < 0)
		width = text_width(text);
	if (width > room)
		width = room;
	wattrset(window, (int)attributes_of(c, style));
	used = put_cut(c, y, x, width, text);
	if (used < width)
		mvwhline(window, c->y + y, c->x + x + used, ' ',
			 width - used);
	wattrset(window, A_NORMAL);
	return width;
}

int
canvas_printf(const struct canvas *c, int y, int x, int width,
	      enum style style, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int used;

	va_start(ap, fmt);
	text = mem_vprintf(fmt, ap);
	va_end(ap);
	used = canvas_text(c, y, x, width, style, text);
	free(text);
	return used;
}

static const char *
sign(const struct canvas *c, enum sign which)
{
	return term_of(c)->ascii ? signs[which].ascii : signs[which].utf8;
}

/* So many of a sign, in one piece. */
static void
put_signs(const struct canvas *c, int y, int x, int n, enum sign which)
{
	struct strbuf text = STRBUF_INIT;
	int i;

	for (i = 0; i < n; i++)
		strbuf_add(&text, sign(c, which));
	canvas_text(c, y, x, n, STYLE_TEXT, text.text);
	strbuf_release(&text);
}

void
canvas_rule(const struct canvas *c, int y, const char *caption)
{
	put_signs(c, y, 0, c->width, SIGN_HORIZONTAL);
	if (caption && *caption)
		canvas_printf(c, y, 2, -1, STYLE_STRONG, " %s ", caption);
}

void
canvas_pillar(const struct canvas *c, int x, int y, int height)
{
	int i;

	for (i = 0; i < height; i++)
		canvas_text(c, y + i, x, 1, STYLE_TEXT,
			    sign(c, SIGN_VERTICAL));
}

void
canvas_frame(const struct canvas *c, const char *title)
{
	int bottom = c->height - 1, right = c->width - 1;

	canvas_rule(c, 0, title);
	canvas_rule(c, bottom, NULL);
	canvas_pillar(c, 0, 1, c->height - 2);
	canvas_pillar(c, right, 1, c->height - 2);
	canvas_text(c, 0, 0, 1, STYLE_TEXT, sign(c, SIGN_TOP_LEFT));
	canvas_text(c, 0, right, 1, STYLE_TEXT, sign(c, SIGN_TOP_RIGHT));
	canvas_text(c, bottom, 0, 1, STYLE_TEXT, sign(c, SIGN_BOTTOM_LEFT));
	canvas_text(c, bottom, right, 1, STYLE_TEXT,
		    sign(c, SIGN_BOTTOM_RIGHT));
}

void
canvas_bar(const struct canvas *c, int y, int x, int width, double done)
{
	int full;

	if (done < 0)
		done = 0;
	if (done > 1)
		done = 1;
	full = (int)(done * width);
	put_signs(c, y, x, full, SIGN_DONE);
	put_signs(c, y, x + full, width - full, SIGN_LEFT);
}

void
canvas_level(const struct canvas *c, int y, int x, int level)
{
	if (level < 0)
		level = 0;
	if (level > 7)
		level = 7;
	canvas_text(c, y, x, 1, STYLE_TEXT,
		    term_of(c)->ascii ? levels_ascii[level]
				      : levels_utf8[level]);
}

void
canvas_cursor(struct term *term, const struct canvas *c, int y, int x)
{
	int top, left;

	if (y < 0 || y >= c->height || x < 0 || x >= c->width)
		return;
	getbegyx(window_of(c), top, left);
	term->cursor_y = top + c->y + y;
	term->cursor_x = left + c->x + x;
}
