/* SPDX-License-Identifier: PostgreSQL */
/* What the files of the terminal share; nobody else sees ncurses. */
#ifndef PGREPUP_TERM_INTERNAL_H
#define PGREPUP_TERM_INTERNAL_H

#include <curses.h>
#include <panel.h>
#include <termios.h>

#include "strbuf.h"
#include "term.h"

struct layer {
	struct term *term;
	WINDOW *window;
	PANEL *panel;
};

/* What is on its way to the terminal. */
struct term_out {
	FILE *file;  /* that ncurses writes to */
	int memory;  /* where that lies */
	int fd;	     /* the terminal */
	bool blocks; /* fd does: there is no other way to this terminal */
	struct strbuf rest; /* what it has not had yet, from done on */
	size_t done;
};

struct term {
	struct term_out out;
	struct layer screen;
	struct termios modes; /* of the full screen */
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
	size_t n_end; /* bytes of its end that came as characters */
};

/* False when there is no way to write. file is the terminal itself until
 * out_capture, so that ncurses finds out what it is. */
bool out_open(struct term_out *out);
void out_capture(struct term_out *out);
void out_close(struct term_out *out);
/* Takes what ncurses has written. */
void out_collect(struct term_out *out);
void out_add(struct term_out *out, const char *bytes, size_t n);
/* Sends what the terminal takes now; true when nothing is left. */
bool out_send(struct term_out *out);
/* The same, for so long at most. */
void out_drain(struct term_out *out, double seconds);
bool out_takes_more(const struct term_out *out);

void theme_apply(struct term *term);
void keys_define(void);
void paste_wipe(struct term *term);

#endif
