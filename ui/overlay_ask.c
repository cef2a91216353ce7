/* SPDX-License-Identifier: PostgreSQL */
/*
 * A question over the screens. The text is shown whole, scrolling when it
 * must; a capital Y says yes and everything else no, so that no key that
 * opened it, and no Enter, does it by accident. For what cannot be undone a
 * name must be typed instead. No key counts that was typed before all of it
 * stood on the terminal (struct overlay).
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
	void (*free_arg)(void *arg);
	struct ask_key *keys; /* besides Y; owned */
	size_t n_keys;
	void *keys_arg;
	const char *foot; /* see struct question */
	const char *(*idle)(const struct app *app, const void *arg);
	bool is_idle;
	bool notice; /* letters do nothing */
};

static void
ask_free(void *state)
{
	struct ask *ask = state;

	free(ask->title);
	free(ask->text);
	free(ask->name);
	free(ask->typed);
	if (ask->arg)
		ask->free_arg(ask->arg);
	free(ask->keys);
	free(ask);
}

static void
draw_keys(const struct ask *ask, const struct canvas *c, int y)
{
	char name[2] = "?";
	size_t i;
	int x = 0;

	for (i = 0; i < ask->n_keys; i++) {
		name[0] = (char)ask->keys[i].ch;
		x += canvas_text(c, y, x, -1, STYLE_KEY, name) + 1;
		x += canvas_text(c, y, x, -1, STYLE_TEXT,
				 ask->keys[i].label) + 3;
	}
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
	/* Where there is no line for it, nothing was. */
	return ask->page > 0 && ask->top + ask->page >= ask->lines;
}

/* Type "prod-16", Enter: ____ */
static void
draw_field(struct app *app, const struct ask *ask, const struct canvas *c)
{
	const char *typed = ask->typed ? ask->typed : "";
	char *label = mem_printf("Type \"%s\" and Enter: ", ask->name);
	int y = c->height - 1, x = text_width(label), width;

	/* The field must have room, whatever the name is. */
	if (x > c->width - 8)
		x = c->width - 8;
	canvas_text(c, y, 0, x, STYLE_KEY, label);
	width = text_width(ask->name) + 2;
	if (width > c->width - x)
		width = c->width - x;
	canvas_text(c, y, x, width, STYLE_FIELD, "");
	canvas_text(c, y, x, width, STYLE_FIELD, typed);
	if (c->width - x - width > 14)
		canvas_text(c, y, x + width + 2, -1, STYLE_KEY, "Esc: no");
	canvas_cursor(app->term, c, y, x + text_width(typed));
	free(label);
}

static const char closes[] = "Enter, Esc close";

static void
see_idleness(const struct app *app, struct ask *ask)
{
	const char *text = ask->idle && !ask->is_idle
				   ? ask->idle(app, ask->arg)
				   : NULL;

	if (!text)
		return;
	free(ask->text);
	ask->text = mem_strdup(text);
	ask->is_idle = true;
	ask->n_keys = 0;
	ask->top = 0;
	if (ask->foot)
		return;
	ask->foot = closes;
	ask->yes = NULL;
	free(ask->name);
	ask->name = NULL;
}

static void
ask_draw(struct app *app, void *state, const struct canvas *c)
{
	struct ask *ask = state;
	struct canvas box = overlay_box(app, c, ask->title), inner;
	bool framed = box.height < c->height;
	int above = framed ? 1 : 0;
	int below = framed || ask->n_keys > 0 ? 2 : 1;

	see_idleness(app, ask);
	inner = canvas_part(&box, above, 0, box.height - above - below,
			    box.width);
	ask->page = inner.height;
	ask->lines = draw_wrapped(&inner, ask->text, ask->top);
	draw_keys(ask, &box, box.height - 2);
	if (!was_read(ask))
		canvas_text(&box, box.height - 1, 0, box.width, STYLE_KEY,
			    ask->name ? "PgDn: there is more to read first"
				      : "PgDn: there is more to read before Y");
	else if (ask->name)
		draw_field(app, ask, &box);
	else
		canvas_text(&box, box.height - 1, 0, box.width, STYLE_KEY,
			    ask->foot ? ask->foot
				      : "[ No ] Enter, Esc   Yes: capital Y");
}

/* Closes the question, and does with what (of its argument) was chosen. */
static void
choose(struct app *app, struct ask *ask,
       void (*act)(struct app *app, void *arg), void *what)
{
	void (*free_arg)(void *) = ask->free_arg;
	void *arg = ask->arg;

	ask->arg = NULL;
	overlay_close(app);
	if (act)
		act(app, what);
	if (arg)
		free_arg(arg);
}

/* Without an answer. Who typed more than one letter in one go meant all of
 * them for the question. */
static void
leave(struct app *app, const struct event *event)
{
	if (event->key == KEY_OF_CHAR)
		term_forget_input(app->term);
	overlay_close(app);
}

/* True when it was one of the question's own keys. */
static bool
other_key(struct app *app, struct ask *ask, const struct event *event)
{
	const struct ask_key *key;

	for (key = ask->keys; key < ask->keys + ask->n_keys; key++) {
		if (event->key != KEY_OF_CHAR || event->ch != key->ch)
			continue;
		if (key->stays)
			key->act(app, ask->keys_arg);
		else
			choose(app, ask, key->act, ask->keys_arg);
		return true;
	}
	return false;
}

/* Enter with nothing typed says no, as everywhere. */
static void
type_name(struct app *app, struct ask *ask, const struct event *event)
{
	if (field_event(&ask->typed, event))
		return;
	if (!ask->typed || !*ask->typed) {
		leave(app, event);
	} else if (strcmp(ask->typed, ask->name) == 0) {
		choose(app, ask, ask->yes, ask->arg);
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
	int by = page && ask->page > 0 ? ask->page : 1;

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
	bool yes = (event->key == KEY_OF_CHAR && event->ch == 'Y') ||
		   (event->key == KEY_OF_ENTER && ask->foot);

	if (event->key == KEY_OF_PASTE || scroll(ask, event))
		return true;
	if (ask->notice && event->key == KEY_OF_CHAR)
		return true;
	/* What was not read cannot be agreed to. */
	if (!was_read(ask) && event->key == KEY_OF_CHAR && (yes || ask->name))
		return true;
	if (ask->name)
		type_name(app, ask, event);
	else if (other_key(app, ask, event))
		return true;
	else if (yes)
		choose(app, ask, ask->yes, ask->arg);
	else
		leave(app, event);
	return true;
}

int
overlay_ask_width(const struct app *app)
{
	int height, width;

	term_size(app->term, &height, &width);
	return (width < WIDTH ? width : WIDTH) - 4;
}

static struct ask *
new_ask(const struct question *question)
{
	struct ask *ask = MEM_NEW(struct ask);
	struct strbuf clean = STRBUF_INIT, title = STRBUF_INIT;

	strbuf_scrub(&title, question->title);
	ask->title = strbuf_detach(&title);
	strbuf_scrub_lines(&clean, question->text);
	ask->text = strbuf_detach(&clean);
	ask->name = mem_strdup(question->name);
	ask->yes = question->yes;
	ask->arg = question->arg;
	ask->free_arg = question->free_arg ? question->free_arg : free;
	ask->keys = MEM_ARRAY(struct ask_key, question->n_keys);
	ask->n_keys = question->n_keys;
	ask->keys_arg = question->keys_arg ? question->keys_arg
					   : question->arg;
	ask->foot = question->foot;
	ask->idle = question->idle;
	if (question->n_keys > 0)
		memcpy(ask->keys, question->keys,
		       question->n_keys * sizeof(*ask->keys));
	return ask;
}

static void
open_ask(struct app *app, struct ask *ask)
{
	struct canvas none = {.width = overlay_ask_width(app)};

	/* Nothing is drawn on a canvas of no height: this only counts. Until
	 * it is drawn, none of it was seen. */
	ask->lines = draw_wrapped(&none, ask->text, 1 << 30);
	term_forget_input(app->term);
	overlay_open(app, &(struct overlay){
				  .state = ask,
				  .draw = ask_draw,
				  .event = ask_event,
				  .free = ask_free,
				  .height = ask->lines + 6,
				  .width = WIDTH,
				  .answers = true,
			  });
}

void
overlay_question(struct app *app, const struct question *question)
{
	open_ask(app, new_ask(question));
}

void
overlay_notice(struct app *app, const char *title, const char *text)
{
	struct ask *ask = new_ask(&(struct question){
		.title = title,
		.text = text,
		.foot = closes,
	});

	ask->notice = true;
	open_ask(app, ask);
}

void
overlay_ask(struct app *app, const char *title, const char *text,
	    void (*yes)(struct app *app, void *arg), void *arg)
{
	overlay_question(app, &(struct question){
				      .title = title,
				      .text = text,
				      .yes = yes,
				      .arg = arg,
			      });
}
