/* SPDX-License-Identifier: PostgreSQL */
/*
 * A question over the screens. The text is shown whole, scrolling when it
 * must; a capital Y says yes and everything else no, so that no key that
 * opened it, and no Enter, does it by accident.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "mem.h"

#define WIDTH 72

struct ask {
	char *title;
	char *text;
	int top;
	int lines; /* of the text at its width */
	int page;
	void (*yes)(struct app *app, void *arg);
	void *arg;
};

static void
ask_free(void *state)
{
	struct ask *ask = state;

	free(ask->title);
	free(ask->text);
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

static void
ask_draw(struct app *app, void *state, const struct canvas *c)
{
	struct ask *ask = state;
	struct canvas inner =
		canvas_part(c, 2, 2, c->height - 5, c->width - 4);
	bool more;

	(void)app;
	canvas_frame(c, ask->title);
	ask->page = inner.height;
	ask->lines = draw_wrapped(&inner, ask->text, ask->top);
	more = ask->top + ask->page < ask->lines;
	canvas_text(c, c->height - 2, 2, c->width - 4, STYLE_KEY,
		    more ? "PgDn: there is more to read before Y"
			 : "[ No ] Enter, Esc   Yes: capital Y");
}

static bool
ask_event(struct app *app, void *state, const struct event *event)
{
	struct ask *ask = state;
	void (*yes)(struct app *, void *) = ask->yes;
	void *arg;

	if (event->key == KEY_OF_PAGE_DOWN || event->key == KEY_OF_DOWN) {
		if (ask->top + ask->page < ask->lines)
			ask->top += event->key == KEY_OF_DOWN ? 1 : ask->page;
		return true;
	}
	if (event->key == KEY_OF_PAGE_UP || event->key == KEY_OF_UP) {
		ask->top -= event->key == KEY_OF_UP ? 1 : ask->page;
		if (ask->top < 0)
			ask->top = 0;
		return true;
	}
	if (event->key == KEY_OF_PASTE ||
	    (event->key == KEY_OF_CTRL && event->ch == 'l'))
		return event->key == KEY_OF_PASTE;
	if (event->key == KEY_OF_CHAR && event->ch == 'Y') {
		/* What was not read cannot be agreed to. */
		if (ask->top + ask->page < ask->lines)
			return true;
		arg = ask->arg;
		ask->arg = NULL;
		overlay_close(app);
		yes(app, arg);
		free(arg);
		return true;
	}
	overlay_close(app);
	return true;
}

void
overlay_ask(struct app *app, const char *title, const char *text,
	    void (*yes)(struct app *app, void *arg), void *arg)
{
	struct ask *ask = MEM_NEW(struct ask);
	struct canvas none = {.width = WIDTH - 4};
	struct strbuf clean = STRBUF_INIT;
	int lines;

	strbuf_scrub_lines(&clean, text);
	ask->title = mem_strdup(title);
	ask->text = strbuf_detach(&clean);
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
