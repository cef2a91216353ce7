/* SPDX-License-Identifier: PostgreSQL */
/* Filtering lists by words. */
#include "filter.h"

#include <stdlib.h>
#include <string.h>

#include "app_internal.h"
#include "mem.h"

#define WIDTH 24
#define WIDTH_MOST 60
#define STATE "state:"

bool
filter_is_set(const struct filter *filter)
{
	return filter->text && *filter->text;
}

bool
filter_is_shown(const struct filter *filter)
{
	return filter->typing || filter_is_set(filter);
}

bool
filter_event(struct filter *filter, const struct event *event)
{
	if (!filter->typing)
		return false;
	filter->typing = field_event(&filter->text, event);
	return true;
}

void
filter_clear(struct filter *filter)
{
	free(filter->text);
	*filter = (struct filter){.text = NULL};
}

static bool
word_is_in(const char *word, const char *state, const char *const *texts,
	   size_t n)
{
	size_t i;

	if (strncasecmp(word, STATE, strlen(STATE)) == 0)
		return state && strcasestr(state, word + strlen(STATE));
	for (i = 0; i < n; i++)
		if (texts[i] && strcasestr(texts[i], word))
			return true;
	return false;
}

bool
filter_passes(const struct filter *filter, const char *state,
	      const char *const *texts, size_t n)
{
	char *copy, *rest, *word;
	bool passes = true;

	if (!filter_is_set(filter))
		return true;
	copy = rest = mem_strdup(filter->text);
	while (passes && (word = strsep(&rest, " ")))
		passes = !*word || word_is_in(word, state, texts, n);
	free(copy);
	return passes;
}

void
filter_draw(struct app *app, const struct filter *filter,
	    const struct canvas *c, int y, int x)
{
	const char *text = filter->text ? filter->text : "";
	int width = WIDTH;

	if (x > c->width - WIDTH / 2)
		x = c->width > WIDTH / 2 ? c->width - WIDTH / 2 : 0;
	x += canvas_text(c, y, x, -1, STYLE_KEY, "/");
	if (c->width - x - 1 > width)
		width = c->width - x - 1;
	width = width > WIDTH_MOST ? WIDTH_MOST : width;
	canvas_text(c, y, x, width, STYLE_FIELD, text);
	if (filter->typing)
		canvas_cursor(app->term, c, y, x + text_width(text));
}
