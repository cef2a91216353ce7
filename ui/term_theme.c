/* SPDX-License-Identifier: PostgreSQL */
/*
 * Themes: a matrix of meanings. Plain text keeps the terminal's own colours,
 * on whatever background; badges set both colours, so that they can be read
 * on any; every state has its word, for eyes and terminals without colour.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "term_internal.h"

struct look {
	short foreground; /* -1: the terminal's own */
	short background;
	attr_t attributes;
};

#define PLAIN(a) {-1, -1, (a)}

static const struct theme {
	const char *name;
	struct look looks[STYLE_COUNT];
} themes[] = {
	{
		.name = "auto",
		.looks = {
			[STYLE_TEXT] = PLAIN(A_NORMAL),
			[STYLE_STRONG] = PLAIN(A_BOLD),
			[STYLE_TITLE] = PLAIN(A_BOLD),
			[STYLE_HERE] = PLAIN(A_REVERSE),
			[STYLE_FOCUS] = PLAIN(A_REVERSE | A_BOLD),
			[STYLE_CURSOR] = PLAIN(A_BOLD),
			[STYLE_KEY] = PLAIN(A_BOLD),
			[STYLE_FIELD] = PLAIN(A_UNDERLINE),
			[STYLE_OK] = {COLOR_BLACK, COLOR_GREEN, A_NORMAL},
			[STYLE_KO] = {COLOR_WHITE, COLOR_RED, A_BOLD},
			[STYLE_WARN] = {COLOR_BLACK, COLOR_YELLOW, A_NORMAL},
			[STYLE_RUN] = {COLOR_BLACK, COLOR_CYAN, A_NORMAL},
			[STYLE_WAIT] = PLAIN(A_NORMAL),
			[STYLE_SKIP] = PLAIN(A_NORMAL),
			[STYLE_BAR] = {COLOR_BLACK, COLOR_CYAN, A_NORMAL},
			[STYLE_MATCH] = PLAIN(A_UNDERLINE | A_BOLD),
		},
	},
	{
		/* For those who see red and green alike. */
		.name = "blue",
		.looks = {
			[STYLE_TEXT] = PLAIN(A_NORMAL),
			[STYLE_STRONG] = PLAIN(A_BOLD),
			[STYLE_TITLE] = PLAIN(A_BOLD),
			[STYLE_HERE] = PLAIN(A_REVERSE),
			[STYLE_FOCUS] = PLAIN(A_REVERSE | A_BOLD),
			[STYLE_CURSOR] = PLAIN(A_BOLD),
			[STYLE_KEY] = PLAIN(A_BOLD),
			[STYLE_FIELD] = PLAIN(A_UNDERLINE),
			[STYLE_OK] = {COLOR_WHITE, COLOR_BLUE, A_BOLD},
			[STYLE_KO] = {COLOR_WHITE, COLOR_RED, A_BOLD},
			[STYLE_WARN] = {COLOR_BLACK, COLOR_YELLOW, A_NORMAL},
			[STYLE_RUN] = {COLOR_BLACK, COLOR_CYAN, A_NORMAL},
			[STYLE_WAIT] = PLAIN(A_NORMAL),
			[STYLE_SKIP] = PLAIN(A_NORMAL),
			[STYLE_BAR] = {COLOR_WHITE, COLOR_BLUE, A_BOLD},
			[STYLE_MATCH] = PLAIN(A_UNDERLINE | A_BOLD),
		},
	},
	{
		.name = "mono",
		.looks = {
			[STYLE_TEXT] = PLAIN(A_NORMAL),
			[STYLE_STRONG] = PLAIN(A_BOLD),
			[STYLE_TITLE] = PLAIN(A_BOLD),
			[STYLE_HERE] = PLAIN(A_REVERSE),
			[STYLE_FOCUS] = PLAIN(A_REVERSE | A_BOLD),
			[STYLE_CURSOR] = PLAIN(A_BOLD),
			[STYLE_KEY] = PLAIN(A_BOLD),
			[STYLE_FIELD] = PLAIN(A_UNDERLINE),
			[STYLE_OK] = PLAIN(A_NORMAL),
			[STYLE_KO] = PLAIN(A_BOLD | A_REVERSE),
			[STYLE_WARN] = PLAIN(A_BOLD | A_UNDERLINE),
			[STYLE_RUN] = PLAIN(A_UNDERLINE),
			[STYLE_WAIT] = PLAIN(A_NORMAL),
			[STYLE_SKIP] = PLAIN(A_NORMAL),
			[STYLE_BAR] = PLAIN(A_REVERSE),
			[STYLE_MATCH] = PLAIN(A_UNDERLINE | A_BOLD),
		},
	},
	{
		/* Strongest contrast: whole badges, whole rows. */
		.name = "high",
		.looks = {
			[STYLE_TEXT] = PLAIN(A_BOLD),
			[STYLE_STRONG] = PLAIN(A_BOLD | A_UNDERLINE),
			[STYLE_TITLE] = PLAIN(A_REVERSE | A_BOLD),
			[STYLE_HERE] = PLAIN(A_REVERSE | A_BOLD),
			[STYLE_FOCUS] = PLAIN(A_REVERSE | A_BOLD),
			[STYLE_CURSOR] = PLAIN(A_BOLD | A_UNDERLINE),
			[STYLE_KEY] = PLAIN(A_REVERSE | A_BOLD),
			[STYLE_FIELD] = PLAIN(A_UNDERLINE | A_BOLD),
			[STYLE_OK] = {COLOR_BLACK, COLOR_WHITE, A_NORMAL},
			[STYLE_KO] = {COLOR_WHITE, COLOR_RED, A_BOLD},
			[STYLE_WARN] = {COLOR_BLACK, COLOR_YELLOW, A_NORMAL},
			[STYLE_RUN] = {COLOR_BLACK, COLOR_CYAN, A_NORMAL},
			[STYLE_WAIT] = PLAIN(A_BOLD),
			[STYLE_SKIP] = PLAIN(A_BOLD),
			[STYLE_BAR] = PLAIN(A_REVERSE),
			[STYLE_MATCH] = PLAIN(A_REVERSE),
		},
	},
};

static const struct theme *
theme_find(const char *name)
{
	size_t i;

	for (i = 0; name && i < LENGTH_OF(themes); i++)
		if (strcmp(themes[i].name, name) == 0)
			return &themes[i];
	return &themes[0];
}

const char *
theme_next(const char *name)
{
	size_t i = (size_t)(theme_find(name) - themes);

	return themes[(i + 1) % LENGTH_OF(themes)].name;
}

void
theme_apply(struct term *term)
{
	const struct theme *theme = theme_find(term->mono ? "mono"
							  : term->theme);
	const struct look *look;
	short pair = 1;
	int i;

	for (i = 0; i < STYLE_COUNT; i++) {
		look = &theme->looks[i];
		term->attributes[i] = look->attributes;
		if (look->background < 0 || term->mono)
			continue;
		init_pair(pair, look->foreground, look->background);
		term->attributes[i] |= (attr_t)COLOR_PAIR(pair);
		pair++;
	}
}
