/* SPDX-License-Identifier: PostgreSQL */
/* A field to type in: a line of text that is edited at its end. */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "app_internal.h"
#include "mem.h"

static void
append(char **text, const char *more, size_t n)
{
	char *new = mem_printf("%s%.*s", *text ? *text : "", (int)n, more);

	free(*text);
	*text = new;
}

static void
append_char(char **text, wchar_t ch)
{
	char bytes[16];
	mbstate_t state = {0};
	size_t n = wcrtomb(bytes, ch, &state);

	if (n != (size_t)-1)
		append(text, bytes, n);
}

/* Takes the last character away, all bytes of it. */
static void
chop(char *text)
{
	size_t n = text ? strlen(text) : 0;

	while (n > 0 && ((unsigned char)text[n - 1] & 0xc0) == 0x80)
		n--;
	if (n > 0)
		text[n - 1] = '\0';
}

static void
chop_word(char *text)
{
	size_t n = text ? strlen(text) : 0;

	while (n > 0 && text[n - 1] == ' ')
		n--;
	while (n > 0 && text[n - 1] != ' ')
		n--;
	if (text)
		text[n] = '\0';
}

static void
clear(char **text)
{
	free(*text);
	*text = NULL;
}

static void
control(char **text, wchar_t letter)
{
	if (letter == 'u')
		clear(text);
	else if (letter == 'w')
		chop_word(*text);
}

bool
field_event(char **text, const struct event *event)
{
	switch (event->key) {
	case KEY_OF_CHAR:
		append_char(text, event->ch);
		return true;
	case KEY_OF_PASTE:
		append(text, event->paste, strcspn(event->paste, "\r\n"));
		return true;
	case KEY_OF_BACKSPACE:
		chop(*text);
		return true;
	case KEY_OF_CTRL:
		control(text, event->ch);
		return true;
	case KEY_OF_ESC:
		clear(text);
		return false;
	case KEY_OF_ENTER:
		return false;
	default:
		return true;
	}
}
