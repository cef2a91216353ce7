/* SPDX-License-Identifier: PostgreSQL */
/* Opening the terminal, reading keys from it, giving it back. */
#include "term.h"

#include <langinfo.h>
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

/* After a lone Esc, the rest of a key that came late is no key. */
#define LATE_SECONDS 0.5
#define PASTE_BEGIN 5000 /* codes given to define_key */
#define PASTE_END 5001

static void
write_bytes(const char *bytes, size_t n)
{
	ssize_t done;

	while (n > 0 && (done = write(STDOUT_FILENO, bytes, n)) > 0) {
		bytes += done;
		n -= (size_t)done;
	}
}

static void
bracketed_paste(bool on)
{
	const char *code = on ? "\033[?2004h" : "\033[?2004l";

	write_bytes(code, strlen(code));
}

/* As the terminal was before; for the handler, which has no other way. */
static struct termios modes_before;

/*
 * A crash must give the terminal back: only calls that a signal handler may
 * use, so the sequences are written as they are.
 */
static void
on_crash(int sig)
{
	static const char back[] = "\033[?2004l\033[?1000l\033[?25h\033[m"
				   "\033[?1049l\r\n";

	write_bytes(back, sizeof(back) - 1);
	tcsetattr(STDIN_FILENO, TCSANOW, &modes_before);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void
catch_crashes(void)
{
	static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL,
				      SIGABRT};
	size_t i;

	for (i = 0; i < LENGTH_OF(signals); i++)
		signal(signals[i], on_crash);
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
	define_key("\033[200~", PASTE_BEGIN);
	define_key("\033[201~", PASTE_END);
	bracketed_paste(true);
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

struct term *
term_open(const struct term_options *options, struct err *err)
{
	struct term *term;
	SCREEN *screen;

	set_environment();
	tcgetattr(STDIN_FILENO, &modes_before);
	screen = newterm(NULL, stdout, stdin);
	if (!screen) {
		err_set(err, ERR_USAGE, "the terminal \"%s\" is not known",
			getenv("TERM") ? getenv("TERM") : "");
		err_hint(err, "Set TERM to what the terminal is.");
		return NULL;
	}
	term = MEM_NEW(struct term);
	term->paste = (struct strbuf)STRBUF_INIT;
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
	catch_crashes();
	term_set_mouse(term, options->mouse);
	return term;
}

void
term_leave(struct term *term)
{
	if (!term->open)
		return;
	bracketed_paste(false);
	endwin();
	term->open = false;
}

void
term_enter(struct term *term)
{
	if (term->open)
		return;
	term->open = true;
	bracketed_paste(true);
	term_redraw(term);
	refresh();
}

void
term_close(struct term *term)
{
	if (!term)
		return;
	term_leave(term);
	del_panel(term->screen.panel);
	strbuf_release(&term->paste);
	free(term);
}

int
term_fd(const struct term *term)
{
	(void)term;
	return STDIN_FILENO;
}

/* --- keys ----------------------------------------------------------------- */

static const struct {
	int code;
	enum key key;
} codes[] = {
	{KEY_ENTER, KEY_OF_ENTER},     {KEY_BACKSPACE, KEY_OF_BACKSPACE},
	{KEY_DC, KEY_OF_DELETE},       {KEY_UP, KEY_OF_UP},
	{KEY_DOWN, KEY_OF_DOWN},       {KEY_LEFT, KEY_OF_LEFT},
	{KEY_RIGHT, KEY_OF_RIGHT},     {KEY_PPAGE, KEY_OF_PAGE_UP},
	{KEY_NPAGE, KEY_OF_PAGE_DOWN}, {KEY_HOME, KEY_OF_HOME},
	{KEY_END, KEY_OF_END},	       {KEY_BTAB, KEY_OF_BACKTAB},
	{KEY_RESIZE, KEY_OF_RESIZE},
};

/* Control characters that are keys of their own. */
static const struct {
	wchar_t ch;
	enum key key;
} controls[] = {
	{'\r', KEY_OF_ENTER}, {'\n', KEY_OF_ENTER},	{'\t', KEY_OF_TAB},
	{27, KEY_OF_ESC},     {127, KEY_OF_BACKSPACE}, {8, KEY_OF_BACKSPACE},
};

static bool
take_mouse(struct event *event)
{
	MEVENT mouse;

	if (getmouse(&mouse) != OK)
		return false;
	event->y = mouse.y;
	event->x = mouse.x;
	event->key = KEY_OF_CLICK;
	if (mouse.bstate & BUTTON4_PRESSED) {
		event->key = KEY_OF_WHEEL;
		event->ch = 'u';
	} else if (mouse.bstate & BUTTON5_PRESSED) {
		event->key = KEY_OF_WHEEL;
		event->ch = 'd';
	}
	return true;
}

static bool
take_code(int code, struct event *event)
{
	size_t i;

	if (code == KEY_MOUSE)
		return take_mouse(event);
	if (code >= KEY_F(1) && code <= KEY_F(12)) {
		event->key = KEY_OF_F;
		event->ch = code - KEY_F(0);
		return true;
	}
	for (i = 0; i < LENGTH_OF(codes); i++)
		if (codes[i].code == code)
			event->key = codes[i].key;
	return event->key != KEY_OF_NOTHING;
}

static void
take_char(struct term *term, wint_t ch, struct event *event)
{
	size_t i;

	event->ch = (wchar_t)ch;
	event->key = KEY_OF_CHAR;
	for (i = 0; i < LENGTH_OF(controls); i++) {
		if ((wint_t)controls[i].ch == ch) {
			event->key = controls[i].key;
			event->ch = 0;
		}
	}
	if (event->key == KEY_OF_CHAR && ch < 32) {
		event->key = KEY_OF_CTRL;
		event->ch = (wchar_t)(ch + 'a' - 1);
	}
	term->esc_at = event->key == KEY_OF_ESC ? clock_now() : 0;
}

/*
 * The rest of a key whose Esc came alone: O or [, and what follows it. On a
 * bad line it would act as three commands.
 */
static bool
is_late(struct term *term, wint_t ch)
{
	if (term->after_esc) {
		/* Parameters go on until a letter or ~ ends the sequence. */
		term->after_esc = (ch >= '0' && ch <= '9') || ch == ';';
		return true;
	}
	term->after_esc = term->esc_at > 0 && (ch == 'O' || ch == '[') &&
			  clock_now() - term->esc_at < LATE_SECONDS;
	term->esc_at = 0;
	return term->after_esc;
}

/* Everything up to the end of the paste, which has come or soon will. */
static void
take_paste(struct term *term, struct event *event)
{
	double end = clock_now() + 2;
	char bytes[8];
	wint_t ch;
	int rc, n;

	strbuf_reset(&term->paste);
	while (clock_now() < end) {
		rc = wget_wch(term->screen.window, &ch);
		if (rc == KEY_CODE_YES && ch == PASTE_END)
			break;
		if (rc != OK) {
			napms(1);
			continue;
		}
		n = wctomb(bytes, (wchar_t)ch);
		if (n > 0)
			strbuf_addn(&term->paste, bytes, (size_t)n);
	}
	event->key = KEY_OF_PASTE;
	event->paste = term->paste.text;
}

bool
term_read(struct term *term, struct event *event)
{
	wint_t ch;
	int rc;

	for (;;) {
		*event = (struct event){.key = KEY_OF_NOTHING};
		rc = wget_wch(term->screen.window, &ch);
		if (rc == ERR)
			return false;
		if (rc == KEY_CODE_YES && ch == PASTE_BEGIN) {
			take_paste(term, event);
			return true;
		}
		if (rc == KEY_CODE_YES) {
			if (take_code((int)ch, event))
				return true;
			continue;
		}
		if (is_late(term, ch))
			continue;
		take_char(term, ch, event);
		return true;
	}
}

void
term_forget_input(struct term *term)
{
	(void)term;
	flushinp();
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

void
term_flush(struct term *term)
{
	if (!term->open)
		return;
	update_panels();
	curs_set(term->cursor_y >= 0 ? 1 : 0);
	if (term->cursor_y >= 0)
		wmove(newscr, term->cursor_y, term->cursor_x);
	doupdate();
	term->cursor_y = -1;
}

void
term_send(struct term *term, const char *bytes, size_t n)
{
	(void)term;
	fflush(stdout);
	write_bytes(bytes, n);
}

void
term_bell(struct term *term)
{
	(void)term;
	beep();
}
