/* SPDX-License-Identifier: PostgreSQL */
/* A line of text that is edited. */
#include "entry.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "mem.h"
#include "secret.h"
#include "strbuf.h"

const char *
entry_text(const struct entry *entry)
{
	return entry->text ? entry->text : "";
}

/* Grows by a copy, so that the former memory can be wiped. */
static void
reserve(struct entry *entry, size_t n)
{
	size_t alloc = entry->alloc ? entry->alloc : 64;
	char *text;

	if (n + 1 <= entry->alloc)
		return;
	while (alloc < n + 1)
		alloc *= 2;
	text = mem_zalloc(alloc, 1);
	if (entry->text) {
		memcpy(text, entry->text, entry->n);
		secret_wipe(entry->text, entry->alloc);
	}
	free(entry->text);
	entry->text = text;
	entry->alloc = alloc;
}

static void
insert(struct entry *entry, const char *bytes, size_t n)
{
	reserve(entry, entry->n + n);
	memmove(entry->text + entry->cursor + n, entry->text + entry->cursor,
		entry->n - entry->cursor + 1);
	memcpy(entry->text + entry->cursor, bytes, n);
	entry->n += n;
	entry->cursor += n;
}

static void
erase(struct entry *entry, size_t from, size_t to)
{
	if (from >= to)
		return;
	memmove(entry->text + from, entry->text + to, entry->n - to + 1);
	entry->n -= to - from;
	entry->cursor = from;
}

static bool
is_inside(const struct entry *entry, size_t at)
{
	return at < entry->n &&
	       ((unsigned char)entry->text[at] & 0xc0) == 0x80;
}

static size_t
before(const struct entry *entry, size_t at)
{
	if (at > 0)
		at--;
	while (at > 0 && is_inside(entry, at))
		at--;
	return at;
}

static size_t
after(const struct entry *entry, size_t at)
{
	if (at < entry->n)
		at++;
	while (is_inside(entry, at))
		at++;
	return at;
}

static size_t
word_before(const struct entry *entry, size_t at)
{
	while (at > 0 && entry->text[at - 1] == ' ')
		at--;
	while (at > 0 && entry->text[at - 1] != ' ')
		at--;
	return at;
}

void
entry_set(struct entry *entry, const char *text)
{
	if (entry->text)
		secret_wipe(entry->text, entry->alloc);
	entry->n = entry->cursor = 0;
	insert(entry, text, strlen(text));
}

static void
insert_char(struct entry *entry, wchar_t ch)
{
	char bytes[16];
	mbstate_t state = {0};
	size_t n = wcrtomb(bytes, ch, &state);

	if (n != (size_t)-1)
		insert(entry, bytes, n);
}

/* One line of it; blanks and line ends around it are no part of a value. */
static void
insert_paste(struct entry *entry, const char *text)
{
	size_t n;

	text += strspn(text, " \t\r\n");
	n = strcspn(text, "\r\n");
	while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
		n--;
	insert(entry, text, n);
}

static bool
change(struct entry *entry, const struct event *event)
{
	switch (event->key) {
	case KEY_OF_CHAR:
		insert_char(entry, event->ch);
		return true;
	case KEY_OF_PASTE:
		insert_paste(entry, event->paste);
		return true;
	case KEY_OF_BACKSPACE:
		erase(entry, before(entry, entry->cursor), entry->cursor);
		return true;
	case KEY_OF_DELETE:
		erase(entry, entry->cursor, after(entry, entry->cursor));
		return true;
	case KEY_OF_CTRL:
		if (event->ch == 'u')
			erase(entry, 0, entry->n);
		else if (event->ch == 'w')
			erase(entry, word_before(entry, entry->cursor),
			      entry->cursor);
		else
			return false;
		return true;
	default:
		return false;
	}
}

static bool
move(struct entry *entry, const struct event *event)
{
	switch (event->key) {
	case KEY_OF_LEFT:
		entry->cursor = before(entry, entry->cursor);
		return true;
	case KEY_OF_RIGHT:
		entry->cursor = after(entry, entry->cursor);
		return true;
	case KEY_OF_HOME:
		entry->cursor = 0;
		return true;
	case KEY_OF_END:
		entry->cursor = entry->n;
		return true;
	default:
		return false;
	}
}

bool
entry_event(struct entry *entry, const struct event *event, bool *changed)
{
	if (move(entry, event))
		return true;
	if (!change(entry, event))
		return false;
	*changed = true;
	return true;
}

int
entry_count(const struct entry *entry)
{
	size_t i;
	int n = 0;

	for (i = 0; i < entry->n; i++)
		n += !is_inside(entry, i);
	return n;
}

/* What is seen of text[0, n), one column a character for a secret. */
static char *
shown(const struct entry *entry, size_t n)
{
	struct strbuf text = STRBUF_INIT;
	char *part;
	size_t i;

	if (!entry->secret) {
		part = mem_strndup(entry_text(entry), n);
		strbuf_scrub(&text, part);
		free(part);
		return strbuf_detach(&text);
	}
	for (i = 0; i < n; i++)
		if (!is_inside(entry, i))
			strbuf_addc(&text, '*');
	return strbuf_detach(&text);
}

void
entry_draw(struct term *term, const struct entry *entry,
	   const struct canvas *c, int y, int x, int width, bool focus)
{
	char *whole = shown(entry, entry->n);
	char *left = shown(entry, entry->cursor);
	size_t skip = 0;

	/* The cursor stays in sight: what is left of it goes first. */
	while (focus && text_width(left + skip) >= width)
		skip += text_fit(left + skip, 1) ? text_fit(left + skip, 1)
						 : text_fit(left + skip, 2);
	canvas_text(c, y, x, width, STYLE_FIELD, whole + skip);
	if (focus)
		canvas_cursor(term, c, y, x + text_width(left + skip));
	free(whole);
	free(left);
}

void
entry_release(struct entry *entry)
{
	if (entry->text)
		secret_wipe(entry->text, entry->alloc);
	free(entry->text);
	*entry = (struct entry){0};
}
