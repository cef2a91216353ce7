/* SPDX-License-Identifier: PostgreSQL */
/* What the files of the terminal share; nobody else sees ncurses. */
#ifndef PGREPUP_TERM_INTERNAL_H
#define PGREPUP_TERM_INTERNAL_H

#include <curses.h>
#include <panel.h>

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
	const char *theme;
	attr_t attributes[STYLE_COUNT];
	int cursor_y, cursor_x; /* -1: hidden */
	double esc_at; /* when a lone Esc was read; 0: not lately */
	bool after_esc; /* an O or [ of a late sequence was swallowed */
	bool pasting; /* the end of a paste has not come yet */
	double pasted_at; /* its newest character */
	/* may be a password: of a fixed size, so that no copy is left behind */
	char paste[8192];
	size_t n_paste;
};

void theme_apply(struct term *term);
void keys_define(void);
void paste_wipe(struct term *term);

#endif
