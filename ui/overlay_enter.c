/* SPDX-License-Identifier: PostgreSQL */
/* A line of text to be entered, over the screens. */
#include <stdlib.h>
#include <string.h>

#include "app_internal.h"
#include "draw_text.h"
#include "mem.h"

#define WIDTH 72
#define HEIGHT 11

struct enter {
	char *title;
	char *text;
	char *line;
	void (*done)(struct app *app, void *arg, const char *line);
	void *arg;
};

static void
enter_free(void *state)
{
	struct enter *e = state;

	free(e->title);
	free(e->text);
	free(e->line);
	free(e->arg);
	free(e);
}

/* The end of a line that is longer than the field is what one types at. */
static const char *
visible(const char *line, int width)
{
	while (text_width(line) > width)
		do
			line++;
		while (((unsigned char)*line & 0xc0) == 0x80);
	return line;
}

static void
enter_draw(struct app *app, void *state, const struct canvas *c)
{
	struct enter *e = state;
	struct canvas box = overlay_box(app, c, e->title), inner;
	const char *line = visible(e->line ? e->line : "", box.width - 1);
	int gap = box.height < c->height ? 1 : 0;
	int y = box.height - 2 - gap;

	inner = canvas_part(&box, gap, 0, y - 2 * gap, box.width);
	draw_wrapped(&inner, 0, STYLE_TEXT, e->text);
	canvas_text(&box, y, 0, box.width, STYLE_FIELD, line);
	canvas_cursor(app->term, &box, y, text_width(line));
	canvas_text(&box, box.height - 1, 0, box.width, STYLE_KEY,
		    "Enter: done   Esc: leave");
}

static bool
is_blank(const char *line)
{
	return !line || line[strspn(line, " ")] == '\0';
}

static bool
enter_event(struct app *app, void *state, const struct event *event)
{
	struct enter *e = state;
	void (*done)(struct app *, void *, const char *) = e->done;
	char *line;
	void *arg;

	bool cancel = event->key == KEY_OF_CTRL && event->ch == 'c';

	if (!cancel && field_event(&e->line, event))
		return true;
	if (event->key == KEY_OF_ENTER && is_blank(e->line))
		return true;
	line = e->line;
	arg = e->arg;
	e->line = NULL;
	e->arg = NULL;
	overlay_close(app);
	if (event->key == KEY_OF_ENTER)
		done(app, arg, line);
	free(line);
	free(arg);
	return true;
}

void
overlay_enter(struct app *app, const char *title, const char *text,
	      void (*done)(struct app *app, void *arg, const char *line),
	      void *arg)
{
	struct enter *e = MEM_NEW(struct enter);
	struct strbuf clean = STRBUF_INIT;

	strbuf_scrub(&clean, title);
	e->title = strbuf_detach(&clean);
	e->text = mem_strdup(text);
	e->done = done;
	e->arg = arg;
	term_forget_input(app->term);
	overlay_open(app, &(struct overlay){
				  .state = e,
				  .draw = enter_draw,
				  .event = enter_event,
				  .free = enter_free,
				  .height = HEIGHT,
				  .width = WIDTH,
				  .answers = true,
			  });
}
