/* SPDX-License-Identifier: PostgreSQL */
/*
 * The terminal: the only user of ncurses. Keys come out as events, screens
 * draw into canvases by what a thing means (enum style), never by a colour.
 *
 * term_close gives the terminal back, from wherever it is called; a fatal
 * signal does so as well. A terminal that takes nothing stops nobody. Paste
 * arrives as one event, only between fields that want it; a lone Esc waits
 * 200 ms for the rest of a key.
 */
#ifndef PGREPUP_TERM_H
#define PGREPUP_TERM_H

#include <stdbool.h>
#include <wchar.h>

#include "err.h"

/* What a piece of the screen means. A theme says how that looks. */
enum style {
	STYLE_TEXT,
	STYLE_STRONG,	/* headings, what must be read first */
	STYLE_TITLE,	/* the first line */
	STYLE_HERE,	/* the step or page one is at */
	STYLE_FOCUS,	/* the row of the cursor, in the focused pane */
	STYLE_CURSOR,	/* the row of the cursor, elsewhere */
	STYLE_KEY,	/* a key in the bar */
	STYLE_FIELD,	/* a field to type in */
	STYLE_OK,	/* badges */
	STYLE_KO,
	STYLE_WARN,
	STYLE_RUN,
	STYLE_WAIT,
	STYLE_SKIP,
	STYLE_BAR,	/* the done part of a progress bar */
	STYLE_MATCH,	/* what a search found */
	STYLE_COUNT,
};

/* Themes by name: auto, blue, mono, high; the next after one, for the key. */
const char *theme_next(const char *name);

enum key {
	KEY_OF_NOTHING,
	KEY_OF_CHAR, /* ch */
	KEY_OF_CTRL, /* ch is the letter: 'c' for ^C */
	KEY_OF_ENTER,
	KEY_OF_ESC,
	KEY_OF_TAB,
	KEY_OF_BACKTAB,
	KEY_OF_BACKSPACE,
	KEY_OF_DELETE,
	KEY_OF_UP,
	KEY_OF_DOWN,
	KEY_OF_LEFT,
	KEY_OF_RIGHT,
	KEY_OF_PAGE_UP,
	KEY_OF_PAGE_DOWN,
	KEY_OF_HOME,
	KEY_OF_END,
	KEY_OF_F,      /* ch is the number */
	KEY_OF_PASTE,  /* text, borrowed and wiped at the next event */
	KEY_OF_CLICK,  /* y, x */
	KEY_OF_WHEEL,  /* ch is 'u' or 'd' */
};

struct event {
	enum key key;
	wchar_t ch;
	int y, x;
	const char *paste;
};

struct term;

struct term_options {
	const char *theme; /* NULL: auto */
	bool ascii;	   /* no line drawing beyond ASCII */
	bool mouse;
};

/* NULL when there is no usable terminal. */
struct term *term_open(const struct term_options *options, struct err *err);
void term_close(struct term *term);
/* Leaves the full screen for what prints by itself, and comes back. Leaving
 * waits a second at most for a terminal that takes nothing. */
void term_leave(struct term *term);
void term_enter(struct term *term);
/* Both, for somebody else may have left it in any state. */
void term_again(struct term *term);
/* Leaves it and prints there; until term_enter every line typed is an event
 * KEY_OF_ENTER. The text must have been scrubbed. */
void term_print(struct term *term, const char *text);
/* Stops the process, as ^Z does elsewhere; comes back by fg. */
void term_suspend(struct term *term);
/* The terminal may have another size now (SIGWINCH). */
void term_resize(struct term *term);
/* One event; false when there is none. Never waits. */
bool term_read(struct term *term, struct event *event);
/* Has a paste begun, and nothing more of it come for seconds? */
bool term_paste_hangs(const struct term *term);
void term_size(const struct term *term, int *height, int *width);
bool term_is_ascii(const struct term *term);
void term_set_theme(struct term *term, const char *name);
const char *term_theme(const struct term *term);
void term_set_mouse(struct term *term, bool on);
bool term_has_mouse(const struct term *term);
/* Sends what the terminal has not had yet: one frame. False when a part of it
 * is left, because the terminal takes no more. Never waits. */
bool term_flush(struct term *term);
/* Goes on with what is left, which term_fd tells when it is writable. */
bool term_send_rest(struct term *term);
int term_fd(const struct term *term);
/* False while what was sent before is still on its way. */
bool term_takes_more(const struct term *term);
/* Draws everything again at the next flush (^L). */
void term_redraw(struct term *term);
/* Sends bytes to the terminal as they are (OSC 52). */
void term_send(struct term *term, const char *bytes, size_t n);
/* Forgets what was typed ahead: before a dialog that asks. */
void term_forget_input(struct term *term);

/* A part of a layer: everything drawn is clipped to it. */
struct canvas {
	void *layer;
	int y, x, height, width;
	/* It is the line of the cursor: what has no colours of its own lies
	 * on one bar. */
	bool bar;
};

/* A layer over those made before (a dialog), and the screen itself. */
struct canvas term_screen(struct term *term);
void *term_layer_new(struct term *term, int y, int x, int height, int width);
void term_layer_free(struct term *term, void *layer);
struct canvas term_layer_canvas(void *layer);

/* A part of a canvas; clipped to it. */
struct canvas canvas_part(const struct canvas *c, int y, int x, int height,
			  int width);
void canvas_clear(const struct canvas *c);
/*
 * Text at a place, at most width columns (-1: as far as it goes), filled with
 * blanks to that width when it is shorter; cut with ".." when it is longer.
 * Returns the columns used. The text may hold anything: what would do harm is
 * shown as '?'.
 */
int canvas_text(const struct canvas *c, int y, int x, int width,
		enum style style, const char *text);
int canvas_printf(const struct canvas *c, int y, int x, int width,
		  enum style style, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
/* A horizontal rule over the width, with a caption in it when not NULL. */
void canvas_rule(const struct canvas *c, int y, const char *caption);
void canvas_frame(const struct canvas *c, const char *title);
/* A vertical rule. */
void canvas_pillar(const struct canvas *c, int x, int y, int height);
/* A bar of that many columns, done from 0 to 1. */
void canvas_bar(const struct canvas *c, int y, int x, int width, double done);
/* One column of a trend, level from 0 to 7. */
void canvas_level(const struct canvas *c, int y, int x, int level);
/* Shows the terminal's cursor there; hidden when nobody asks in a frame. */
void canvas_cursor(struct term *term, const struct canvas *c, int y, int x);

/* Columns that the text takes. */
int text_width(const char *text);
/* Bytes of the text that fit in so many columns. */
size_t text_fit(const char *text, int columns);

#endif
