/* SPDX-License-Identifier: PostgreSQL */
/*
 * What a terminal sends, as events: through ncurses, from a pipe, whole and
 * byte by byte. Nothing of a paste may act as a key, and none is longer than
 * what came.
 */
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "mem.h"
#include "term_internal.h"

static struct term *term;
static int keyboard; /* where its bytes come from */

/* A terminal that is a pipe, and shows nothing. */
static void
open_terminal(void)
{
	FILE *nothing = fopen("/dev/null", "r+e");
	int ends[2];
	FILE *in;

	setlocale(LC_ALL, "C.UTF-8");
	if (!nothing || pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0 ||
	    !(in = fdopen(ends[0], "re")) ||
	    !newterm("xterm-256color", nothing, in))
		fuzz_fail("no terminal");
	keyboard = ends[1];
	term = MEM_NEW(struct term);
	term->open = true;
	term->screen.window = stdscr;
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	meta(stdscr, TRUE);
	set_escdelay(0);
	mousemask(ALL_MOUSE_EVENTS, NULL);
	mouseinterval(0);
	keys_define();
}

static void
look_at(const struct event *event, size_t size)
{
	if (event->key == KEY_OF_NOTHING)
		fuzz_fail("an event that is none");
	if ((event->key == KEY_OF_PASTE) != (event->paste != NULL))
		fuzz_fail("a paste without its text, or a text without one");
	if (event->paste && strlen(event->paste) > size)
		fuzz_fail("a paste of more than was sent");
	if (event->key == KEY_OF_CHAR && event->ch < 32)
		fuzz_fail("a control character as a letter");
	if (event->key == KEY_OF_PASTE && term->pasting)
		fuzz_fail("a paste before its end");
}

static void
read_events(size_t size)
{
	struct event event;
	size_t n = 0;

	while (term_read(term, &event)) {
		look_at(&event, size);
		if (n++ > size)
			fuzz_fail("more events than bytes");
	}
	if (term->n_paste >= sizeof(term->paste))
		fuzz_fail("a paste without an end");
}

/* From one input to the next nothing is left. */
static void
forget(void)
{
	flushinp();
	paste_wipe(term);
	term->pasting = term->after_esc = false;
	term->esc_at = 0;
	term->n_end = 0;
}

static void
send(const uint8_t *data, size_t n)
{
	if (write(keyboard, data, n) != (ssize_t)n)
		fuzz_fail("the pipe takes nothing");
}

/* What a terminal pastes: all of it is one event, in whatever pieces it and
 * its end come. */
static void
expect_paste(const uint8_t *data, size_t size, size_t piece)
{
	static const char begin[] = "\033[200~", end[] = "\033[201~";
	struct strbuf text = STRBUF_INIT;
	struct event event;
	size_t i, n = 0, length;

	for (i = 0; i < size; i++)
		if (data[i] >= ' ' && data[i] <= '~')
			strbuf_addc(&text, (char)data[i]);
	length = text.len;
	strbuf_add(&text, end);
	send((const uint8_t *)begin, strlen(begin));
	for (i = 0; i < text.len; i += piece) {
		send((const uint8_t *)text.text + i,
		     text.len - i < piece ? text.len - i : piece);
		while (term_read(term, &event)) {
			if (n++ > 0 || event.key != KEY_OF_PASTE ||
			    strlen(event.paste) != length ||
			    strncmp(event.paste, text.text, length) != 0)
				fuzz_fail("key %d out of a paste", event.key);
		}
	}
	if (n != 1)
		fuzz_fail("%zu events out of a paste", n);
	strbuf_release(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t i;

	if (!term)
		open_terminal();
	if (size > 4096)
		return 0;
	expect_paste(data, size, size + 16);
	forget();
	expect_paste(data, size, 1 + size % 7);
	forget();
	send(data, size);
	read_events(size);
	forget();
	for (i = 0; i < size; i++) {
		send(data + i, 1);
		read_events(size);
	}
	forget();
	return 0;
}
