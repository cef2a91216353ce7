/* SPDX-License-Identifier: PostgreSQL */
/* Keys, pastes and clicks of the terminal as events. */
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interrupt.h"
#include "mem.h"
#include "secret.h"
#include "term_internal.h"

/* After a lone Esc, the rest of a key that came late is no key. */
#define LATE_SECONDS 0.5
/* After so long without its end a paste may be given up by Esc or ^C. */
#define PASTE_SECONDS 2.0
#define PASTE_END_BYTES "\033[201~"
#define CTRL_C 3
#define PASTE_BEGIN 5000 /* codes given to define_key */
#define PASTE_END 5001

void
keys_define(void)
{
	define_key("\033[200~", PASTE_BEGIN);
	define_key("\033[201~", PASTE_END);
}

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
	double now = clock_now();

	if (term->esc_at == 0 || now - term->esc_at >= LATE_SECONDS) {
		term->esc_at = 0;
		term->after_esc = false;
		return false;
	}
	if (!term->after_esc) {
		term->after_esc = ch == 'O' || ch == '[';
		term->esc_at = term->after_esc ? now : 0;
		return term->after_esc;
	}
	/* Parameters go on until a letter or ~ ends the sequence. */
	term->after_esc = (ch >= '0' && ch <= '9') || ch == ';';
	term->esc_at = term->after_esc ? now : 0;
	return true;
}

/* --- pastes --------------------------------------------------------------- */

void
paste_wipe(struct term *term)
{
	secret_wipe(term->paste, sizeof(term->paste));
	term->n_paste = 0;
}

static void
begin_paste(struct term *term)
{
	paste_wipe(term);
	term->pasting = true;
	term->n_end = 0;
	term->pasted_at = clock_now();
}

static bool
end_paste(struct term *term, struct event *event)
{
	if (!term->pasting)
		return false;
	term->pasting = false;
	event->key = KEY_OF_PASTE;
	event->paste = term->paste;
	return true;
}

bool
term_paste_hangs(const struct term *term)
{
	return term->pasting && clock_now() - term->pasted_at > PASTE_SECONDS;
}

/* On a bad line the end comes in pieces, which ncurses takes for characters. */
static bool
is_paste_end(struct term *term, wint_t ch)
{
	static const char end[] = PASTE_END_BYTES;

	term->n_end = ch == (wint_t)end[term->n_end] ? term->n_end + 1
		      : ch == (wint_t)end[0]	      ? 1
						      : 0;
	if (end[term->n_end] != '\0')
		return false;
	term->n_end = 0;
	return true;
}

static void
add_pasted(struct term *term, wint_t ch)
{
	char bytes[MB_LEN_MAX];
	int n = wctomb(bytes, (wchar_t)ch);

	/* What is too long for any field is cut. */
	if (n > 0 && term->n_paste + (size_t)n < sizeof(term->paste)) {
		memcpy(term->paste + term->n_paste, bytes, (size_t)n);
		term->n_paste += (size_t)n;
	}
	secret_wipe(bytes, sizeof(bytes));
}

/*
 * True when ch is a part of the paste, however late it comes: none of it may
 * act as a key. Who waits for the end of one that was cut off gives it up.
 */
static bool
take_pasted(struct term *term, wint_t ch, struct event *event)
{
	bool hangs = term_paste_hangs(term);

	if (!term->pasting)
		return false;
	term->pasted_at = clock_now();
	if (is_paste_end(term, ch)) {
		/* All of it but its last character was taken for text. */
		term->n_paste -= term->n_paste >= sizeof(PASTE_END_BYTES) - 2
					 ? sizeof(PASTE_END_BYTES) - 2
					 : term->n_paste;
		term->paste[term->n_paste] = '\0';
		end_paste(term, event);
	} else if (hangs && (ch == 27 || ch == CTRL_C)) {
		term->pasting = false;
		paste_wipe(term);
		/* The rest of an end that has begun is no key. */
		term->esc_at = ch == 27 ? clock_now() : 0;
	} else {
		add_pasted(term, ch);
	}
	return true;
}

/* --- reading -------------------------------------------------------------- */

/* Outside of the full screen: a whole line (or the end of input) is Enter. */
static bool
read_line(struct event *event)
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	char line[1024];

	if (poll(&p, 1, 0) <= 0)
		return false;
	if (read(STDIN_FILENO, line, sizeof(line)) < 0)
		return false;
	event->key = KEY_OF_ENTER;
	return true;
}

/* One code of ncurses as an event; false when it is none (yet). */
static bool
take(struct term *term, int rc, wint_t ch, struct event *event)
{
	if (rc == KEY_CODE_YES) {
		if (ch == PASTE_BEGIN)
			begin_paste(term);
		if (ch == PASTE_END)
			return end_paste(term, event);
		return !term->pasting && take_code((int)ch, event);
	}
	if (take_pasted(term, ch, event))
		return event->key == KEY_OF_PASTE;
	if (is_late(term, ch))
		return false;
	take_char(term, ch, event);
	return true;
}

bool
term_read(struct term *term, struct event *event)
{
	wint_t ch;
	int rc;

	*event = (struct event){.key = KEY_OF_NOTHING};
	if (!term->open)
		return read_line(event);
	if (!term->pasting && term->n_paste > 0)
		paste_wipe(term);
	while ((rc = wget_wch(term->screen.window, &ch)) != ERR)
		if (take(term, rc, ch, event))
			return true;
	return false;
}
