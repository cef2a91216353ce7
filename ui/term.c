/* SPDX-License-Identifier: PostgreSQL */
/* Opening the terminal, giving it back, what is sent to it. */
#include "term.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "interrupt.h"
#include "mem.h"
#include "term_internal.h"

/* A line that takes nothing for so long is taken for dead. */
#define PATIENCE 1.0

static void
bracketed_paste(struct term *term, bool on)
{
	const char *code = on ? "\033[?2004h" : "\033[?2004l";

	out_add(&term->out, code, strlen(code));
}

/* The terminal as it was before, for the handler, which has no other way. */
static struct termios modes_before;
static int crash_fd;

/*
 * A crash must give the terminal back: only calls that a signal handler may
 * use, so the sequences are written as they are: paste, mouse, attributes,
 * cursor, keypad, alternate screen.
 */
static void
on_crash(int sig)
{
	static const char back[] = "\033[?2004l\033[?1006;1000l\033[m"
				   "\033[?25h\033[?1l\033>\033[?1049l\r\n";
	struct pollfd p = {.fd = crash_fd, .events = POLLOUT};
	ssize_t ignored = 0;

	if (poll(&p, 1, (int)(PATIENCE * 1000)) > 0)
		ignored = write(crash_fd, back, sizeof(back) - 1);
	(void)ignored;
	tcsetattr(STDIN_FILENO, TCSANOW, &modes_before);
	signal(sig, SIG_DFL);
	raise(sig);
}

/* A stack that has overflowed has no room for the handler. */
static void
set_handler_stack(void)
{
	static char room[65536];
	stack_t stack = {.ss_sp = room, .ss_size = sizeof(room)}, old;

	if (sigaltstack(NULL, &old) == 0 && (old.ss_flags & SS_DISABLE))
		sigaltstack(&stack, NULL);
}

/* All that end a process and that the loop does not take. */
static void
catch_crashes(void)
{
	static const int signals[] = {SIGSEGV, SIGBUS,	SIGFPE,	 SIGILL,
				      SIGABRT, SIGTRAP, SIGSYS,	 SIGQUIT,
				      SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU,
				      SIGXFSZ};
	struct sigaction action = {
		.sa_handler = on_crash,
		.sa_flags = SA_ONSTACK | SA_NODEFER,
	};
	size_t i;

	set_handler_stack();
	for (i = 0; i < LENGTH_OF(signals); i++)
		sigaction(signals[i], &action, NULL);
}

static void
set_environment(void)
{
	/* ncursesw would send ESC ( 0 line drawing even in UTF-8. */
	if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
		setenv("NCURSES_NO_UTF8_ACS", "1", 0);
}

static void
set_modes(struct term *term)
{
	raw();
	noecho();
	nonl();
	keypad(term->screen.window, TRUE);
	nodelay(term->screen.window, TRUE);
	meta(term->screen.window, TRUE);
	if (!getenv("ESCDELAY"))
		set_escdelay(200);
	keys_define();
	bracketed_paste(term, true);
}

static void
set_colors(struct term *term)
{
	const char *no_color = getenv("NO_COLOR");

	term->mono = (no_color && *no_color) || !has_colors();
	if (!term->mono) {
		start_color();
		use_default_colors();
		term->mono = COLORS < 8;
	}
	theme_apply(term);
}

static bool
open_screen(struct term *term, struct err *err)
{
	if (!out_open(&term->out)) {
		err_set(err, ERR_SYSTEM, "could not write to the terminal: %s",
			strerror(errno));
		return false;
	}
	if (newterm(NULL, term->out.file, stdin))
		return true;
	err_set(err, ERR_USAGE, "the terminal \"%s\" is not known",
		getenv("TERM") ? getenv("TERM") : "");
	err_hint(err, "Set TERM to what the terminal is.");
	return false;
}

struct term *
term_open(const struct term_options *options, struct err *err)
{
	struct term *term = MEM_NEW(struct term);

	set_environment();
	tcgetattr(STDIN_FILENO, &modes_before);
	if (!open_screen(term, err)) {
		out_close(&term->out);
		free(term);
		return NULL;
	}
	term->theme = options->theme ? options->theme : "auto";
	term->ascii = options->ascii ||
		      strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	term->screen.term = term;
	term->screen.window = stdscr;
	term->screen.panel = new_panel(stdscr);
	term->open = true;
	term->cursor_y = -1;
	set_modes(term);
	set_colors(term);
	tcgetattr(STDIN_FILENO, &term->modes);
	out_capture(&term->out);
	crash_fd = term->out.fd;
	catch_crashes();
	term_set_mouse(term, options->mouse);
	return term;
}

/* ncurses knows no terminal behind its memory: its modes are ours. */
static void
end_screen(struct term *term)
{
	bracketed_paste(term, false);
	endwin();
	tcsetattr(STDIN_FILENO, TCSANOW, &modes_before);
	term->open = false;
}

void
term_leave(struct term *term)
{
	if (term->open)
		end_screen(term);
	out_drain(&term->out, PATIENCE);
}

void
term_enter(struct term *term)
{
	if (term->open)
		return;
	term->open = true;
	tcsetattr(STDIN_FILENO, TCSANOW, &term->modes);
	bracketed_paste(term, true);
	term_resize(term);
	term_redraw(term);
	refresh();
	keypad(term->screen.window, TRUE);
}

void
term_again(struct term *term)
{
	if (term->open)
		end_screen(term);
	term_enter(term);
}

void
term_resize(struct term *term)
{
	struct winsize size;
	int height, width;

	if (!term->open || ioctl(STDIN_FILENO, TIOCGWINSZ, &size) != 0 ||
	    size.ws_row == 0 || size.ws_col == 0)
		return;
	getmaxyx(stdscr, height, width);
	if (size.ws_row != height || size.ws_col != width)
		resize_term(size.ws_row, size.ws_col);
	/* Whatever the size is now, the terminal has moved what it showed. */
	clearok(curscr, TRUE);
}

void
term_suspend(struct term *term)
{
	struct sigaction stop = {.sa_handler = SIG_DFL}, before;
	bool open = term->open;

	term_leave(term);
	sigaction(SIGTSTP, &stop, &before);
	/* All of its group, so that the shell behind a script stops it too. */
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &before, NULL);
	if (open)
		term_enter(term);
}

void
term_print(struct term *term, const char *text)
{
	term_leave(term);
	out_add(&term->out, text, strlen(text));
	out_send(&term->out);
}

void
term_close(struct term *term)
{
	if (!term)
		return;
	term_leave(term);
	del_panel(term->screen.panel);
	paste_wipe(term);
	crash_fd = STDOUT_FILENO;
	out_close(&term->out);
	free(term);
}

void
term_forget_input(struct term *term)
{
	(void)term;
	flushinp();
	tcflush(STDIN_FILENO, TCIFLUSH);
}

void
term_set_mouse(struct term *term, bool on)
{
	term->mouse = on;
	mousemask(on ? BUTTON1_CLICKED | BUTTON1_PRESSED | BUTTON4_PRESSED |
			       BUTTON5_PRESSED
		     : 0,
		  NULL);
	mouseinterval(0);
}

bool
term_has_mouse(const struct term *term)
{
	return term->mouse;
}

void
term_size(const struct term *term, int *height, int *width)
{
	(void)term;
	getmaxyx(stdscr, *height, *width);
}

bool
term_is_ascii(const struct term *term)
{
	return term->ascii;
}

void
term_set_theme(struct term *term, const char *name)
{
	term->theme = name;
	theme_apply(term);
	term_redraw(term);
}

const char *
term_theme(const struct term *term)
{
	return term->theme;
}

void
term_redraw(struct term *term)
{
	(void)term;
	clearok(curscr, TRUE);
}

bool
term_takes_more(const struct term *term)
{
	return out_takes_more(&term->out);
}

bool
term_flush(struct term *term)
{
	if (!term->open)
		return term_send_rest(term);
	update_panels();
	curs_set(term->cursor_y >= 0 ? 1 : 0);
	if (term->cursor_y >= 0)
		wmove(newscr, term->cursor_y, term->cursor_x);
	doupdate();
	term->cursor_y = -1;
	return term_send_rest(term);
}

bool
term_send_rest(struct term *term)
{
	return out_send(&term->out);
}

int
term_fd(const struct term *term)
{
	return term->out.fd;
}

void
term_send(struct term *term, const char *bytes, size_t n)
{
	out_add(&term->out, bytes, n);
	out_send(&term->out);
}
