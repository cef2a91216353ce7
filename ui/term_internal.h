/* SPDX-License-Identifier: PostgreSQL */
/* What the files of the terminal share; nobody else sees ncurses. */
#ifndef PGREPUP_TERM_INTERNAL_H
#define PGREPUP_TERM_INTERNAL_H

#include <curses.h>
#include <panel.h>

#include "strbuf.h"
#include "term.h"

struct layer {
	struct term *term;
	WINDOW *window;
	PANEL *panel;
};

struct term {
	struct layer screen;
	bool open;
	bool ascii;
	bool mouse;
	bool mono; /* no colours, by the terminal or NO_COLOR */
	bool resized;
	const char *theme;
	attr_t attributes[STYLE_COUNT];
	int cursor_y, cursor_x; /* -1: hidden */
	double esc_at; /* when a lone Esc was read; 0: not lately */
	bool after_esc; /* an O or [ of a late sequence was swallowed */
	struct strbuf paste;
	char pending[16]; /* bytes of a multibyte character */
	size_t n_pending;
};

void theme_apply(struct term *term);

#endif
