/* SPDX-License-Identifier: PostgreSQL */
/*
 * A question over the screens. The text is shown whole, scrolling when it
 * must; a capital Y says yes and everything else no, so that no key that
 * opened it, and no Enter, does it by accident. For what cannot be undone a
 * name must be typed instead.
 */
#include <stdlib.h>
#include <string.h>

#include "app_internal.h"
#include "mem.h"

#define WIDTH 72

struct ask {
	char *title;
	char *text;
	int top;
	int lines; /* of the text at its width */
	int page;
	char *name;  /* to be typed; NULL: a capital Y will do */
	char *typed; /* so far; NULL: nothing */
	void (*yes)(struct app *app, void *arg);
	void *arg;
};

static void
ask_free(void *state)
{
	struct ask *ask = state;

	free(ask->title);
	free(ask->text);
	free(ask->name);
	free(ask->typed);
	free(ask->arg);
	free(ask);
}

/* Draws lines from top on; returns how many the text has at that width. */
static int
draw_wrapped(const struct canvas *c, const char *text, int top)
{
	int line = 0;
	size_t n, cut;

	while (*text) {
		n = strcspn(text, "\n");
		cut = text_fit(text, c->width);
		if (cut < n) {
			for (n = cut; n > 0 && text[n] != ' '; n--)
				;
			n = n ? n : cut ? cut : 1;
		}
		if (line >= top)
			canvas_printf(c, line - top, 0, c->width, STYLE_TEXT,
				      "%.*s", (int)n, text);
		text += n;
		if (*text == '\n' || *text == ' ')
			text++;
		line++;
	}
	return line;
}

static bool
was_read(const struct ask *ask)
{
	return ask->top + ask->page >= ask->lines;
}

/* Type "prod-16", Enter: ____ */
static void
draw_field(struct app *app, const struct ask *ask, const struct canvas *c)
{
	const char *typed = ask->typed ? ask->typed : "";
	char *label = mem_printf("Type \"%s\" and Enter: ", ask->name);
	int y = c->height - 2, x = text_width(label), width;

	/* The field must have room, whatever the name is. */
	if (x > c->width - 12)
		x = c->width - 12;
	x += 2;
	canvas_text(c, y, 2, x - 2, STYLE_KEY, label);
	width = text_width(ask->name) + 2;
	if (width > c->width - 2 - x)
		width = c->width - 2 - x;
	canvas_text(c, y, x, width, STYLE_FIELD, "");
	canvas_text(c, y, x, width, STYLE_FIELD, typed);
	if (c->width - x - width > 16)
		canvas_text(c, y, x + width + 2, -1, STYLE_KEY, "Esc: no");
	canvas_cursor(app->term, c, y, x + text_width(typed));
	free(label);
}

static void
ask_draw(struct app *app, void *state, const struct canvas *c)
{
	struct ask *ask = state;
	struct canvas inner =
		canvas_part(c, 2, 2, c->height - 5, c->width - 4);

	canvas_frame(c, ask->title);
	ask->page = inner.height;
	ask->lines = draw_wrapped(&inner, ask->text, ask->top);
	if (!was_read(ask))
		canvas_text(c, c->height - 2, 2, c->width - 4, STYLE_KEY,
			    ask->name ? "PgDn: there is more to read first"
				      : "PgDn: there is more to read before Y");
	else if (ask->name)
		draw_field(app, ask, c);
	else
		canvas_text(c, c->height - 2, 2, c->width - 4, STYLE_KEY,
			    "[ No ] Enter, Esc   Yes: capital Y");
}

static void
say_yes(struct app *app, struct ask *ask)
{
	void (*yes)(struct app *, void *) = ask->yes;
	void *arg = ask->arg;

	ask->arg = NULL;
	overlay_close(app);
	yes(app, arg);
	free(arg);
}

/* Enter with nothing typed says no, as everywhere. */
static void
type_name(struct app *app, struct ask *ask, const struct event *event)
{
	if (field_event(&ask->typed, event))
		return;
	if (!ask->typed || !*ask->typed) {
		overlay_close(app);
	} else if (strcmp(ask->typed, ask->name) == 0) {
		say_yes(app, ask);
	} else {
		free(ask->typed);
		ask->typed = NULL;
	}
}

/* True when it was a key of scrolling. */
static bool
scroll(struct ask *ask, const struct event *event)
{
	bool page = event->key == KEY_OF_PAGE_DOWN ||
		    event->key == KEY_OF_PAGE_UP;
	int by = page ? ask->page : 1;

	if (event->key == KEY_OF_PAGE_DOWN || event->key == KEY_OF_DOWN) {
		if (!was_read(ask))
			ask->top += by;
		return true;
	}
	if (event->key != KEY_OF_PAGE_UP && event->key != KEY_OF_UP)
		return false;
	ask->top = ask->top > by ? ask->top - by : 0;
	return true;
}

static bool
ask_event(struct app *app, void *state, const struct event *event)
{
	struct ask *ask = state;
	bool yes = event->key == KEY_OF_CHAR && event->ch == 'Y';

	if (event->key == KEY_OF_CTRL && event->ch == 'l')
		return false;
	if (event->key == KEY_OF_PASTE || scroll(ask, event))
		return true;
	/* What was not read cannot be agreed to. */
	if (!was_read(ask) && event->key == KEY_OF_CHAR && (yes || ask->name))
		return true;
	if (ask->name)
		type_name(app, ask, event);
	else if (yes)
		say_yes(app, ask);
	else
		overlay_close(app);
	return true;
}

void
overlay_ask_name(struct app *app, const char *title, const char *text,
		 void (*yes)(struct app *app, void *arg), void *arg,
		 const char *name)
{
	struct ask *ask = MEM_NEW(struct ask);
	struct canvas none = {.width = WIDTH - 4};
	struct strbuf clean = STRBUF_INIT;
	int lines;

	strbuf_scrub_lines(&clean, text);
	ask->title = mem_strdup(title);
	ask->text = strbuf_detach(&clean);
	ask->name = mem_strdup(name);
	ask->yes = yes;
	ask->arg = arg;
	/* Nothing is drawn on a canvas of no height: this only counts. */
	lines = draw_wrapped(&none, ask->text, 1 << 30);
	/* Until it is drawn, none of it was seen. */
	ask->lines = lines;
	term_forget_input(app->term);
	overlay_open(app, &(struct overlay){
				  .state = ask,
				  .draw = ask_draw,
				  .event = ask_event,
				  .free = ask_free,
				  .height = lines + 6,
				  .width = WIDTH,
			  });
}

void
overlay_ask(struct app *app, const char *title, const char *text,
	    void (*yes)(struct app *app, void *arg), void *arg)
{
	overlay_ask_name(app, title, text, yes, arg, NULL);
}
