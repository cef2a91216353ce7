/* SPDX-License-Identifier: PostgreSQL */
/* What lies over the screens: scrolling text, help, questions. */
#include <stdlib.h>
#include <string.h>

#include "app_internal.h"
#include "mem.h"

struct overlay *
overlay_open(struct app *app, const struct overlay *overlay)
{
	struct overlay *new = MEM_NEW(struct overlay);

	*new = *overlay;
	new->below = app->overlay;
	app->overlay = new;
	app_changed(app);
	return new;
}

void
overlay_close(struct app *app)
{
	struct overlay *overlay = app->overlay;

	if (!overlay)
		return;
	app->overlay = overlay->below;
	if (overlay->free)
		overlay->free(overlay->state);
	term_layer_free(app->term, overlay->layer);
	free(overlay);
	app_changed(app);
}

/* --- text that scrolls ---------------------------------------------------- */

struct text {
	char *title;
	char **lines;
	int n;
	int alloc;
	int width; /* for which lines were cut */
	char *whole;
	struct list list;
	int page;
};

static void
free_lines(struct text *t)
{
	int i;

	for (i = 0; i < t->n; i++)
		free(t->lines[i]);
	free(t->lines);
	t->lines = NULL;
	t->n = t->alloc = 0;
}

static void
text_free(void *state)
{
	struct text *t = state;

	free_lines(t);
	free(t->title);
	free(t->whole);
	free(t);
}

static void
add_line(struct text *t, const char *line, size_t n)
{
	MEM_GROW(t->lines, t->n, t->alloc);
	t->lines[t->n++] = mem_strndup(line, n);
}

/* Cuts a line to the width, at a blank where there is one. */
static void
wrap(struct text *t, const char *line, int width)
{
	size_t n, cut;

	while (text_width(line) > width) {
		n = text_fit(line, width);
		for (cut = n; cut > 0 && line[cut] != ' '; cut--)
			;
		if (cut == 0)
			cut = n ? n : 1;
		add_line(t, line, cut);
		line += cut;
		while (*line == ' ')
			line++;
	}
	add_line(t, line, strlen(line));
}

static void
cut_lines(struct text *t, int width)
{
	struct strbuf clean = STRBUF_INIT;
	char *copy, *rest, *line;

	if (width == t->width || width < 1)
		return;
	free_lines(t);
	t->width = width;
	copy = rest = mem_strdup(t->whole);
	while ((line = strsep(&rest, "\n"))) {
		strbuf_reset(&clean);
		strbuf_scrub(&clean, line);
		wrap(t, clean.text, width);
	}
	strbuf_release(&clean);
	free(copy);
}

static void
text_draw(struct app *app, void *state, const struct canvas *c)
{
	struct text *t = state;
	int i;

	(void)app;
	cut_lines(t, c->width - 2);
	t->page = c->height - 3;
	if (t->list.cursor < 0)
		t->list.cursor = 0;
	if (t->list.cursor > t->n - t->page)
		t->list.cursor = t->n > t->page ? t->n - t->page : 0;
	canvas_text(c, 0, 1, c->width - 2, STYLE_TITLE, t->title);
	canvas_rule(c, 1, NULL);
	for (i = 0; i < t->page && t->list.cursor + i < t->n; i++)
		canvas_text(c, 2 + i, 1, c->width - 2, STYLE_TEXT,
			    t->lines[t->list.cursor + i]);
	canvas_printf(c, c->height - 1, 1, c->width - 2, STYLE_KEY,
		      "Esc close   PgUp PgDn scroll   %d-%d of %d",
		      t->list.cursor + 1,
		      t->list.cursor + t->page < t->n
			      ? t->list.cursor + t->page
			      : t->n,
		      t->n);
}

static bool
text_event(struct app *app, void *state, const struct event *event)
{
	struct text *t = state;
	const struct key_row *row = key_find(event, app->screen);

	if (!row)
		return true;
	switch (row->action) {
	case ACTION_UP:
		t->list.cursor--;
		break;
	case ACTION_DOWN:
		t->list.cursor++;
		break;
	case ACTION_PAGE_UP:
		t->list.cursor -= t->page;
		break;
	case ACTION_PAGE_DOWN:
		t->list.cursor += t->page;
		break;
	case ACTION_TOP:
		t->list.cursor = 0;
		break;
	case ACTION_BOTTOM:
		t->list.cursor = t->n;
		break;
	case ACTION_REDRAW:
	case ACTION_SUSPEND:
		return false;
	case ACTION_BACK:
	case ACTION_QUIT:
	case ACTION_HELP:
	case ACTION_LOG:
	case ACTION_OPEN:
		overlay_close(app);
		break;
	default:
		break;
	}
	return true;
}

void
overlay_text(struct app *app, const char *title, char *text)
{
	struct text *t = MEM_NEW(struct text);

	t->title = mem_strdup(title);
	t->whole = text;
	overlay_open(app, &(struct overlay){
				  .state = t,
				  .draw = text_draw,
				  .event = text_event,
				  .free = text_free,
			  });
}

/* --- help ------------------------------------------------------------------ */

/* Keys of this screen alone, or those that every screen has. */
static void
add_keys(struct strbuf *text, enum screen_id screen, bool everywhere)
{
	const struct key_row *row;

	for (row = key_rows; row < key_rows + n_key_rows; row++)
		if (row->shown && (row->screens & ON_SCREEN(screen)) &&
		    (row->screens == ON_EVERY) == everywhere)
			strbuf_addf(text, "  %-8s %s\n", row->shown,
				    row->help);
}

void
overlay_help(struct app *app)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "Screen %s\n",
		    app_screen(app, app->screen)->title);
	add_keys(&text, app_keys(app), false);
	strbuf_add(&text, "\nEverywhere\n");
	add_keys(&text, app->screen, true);
	strbuf_add(&text,
		   "\nStates of a database\n"
		   "  replicating   all tables follow\n"
		   "  initializing  the first copy runs\n"
		   "  catching up   copied, nearly there\n"
		   "  down          no apply worker; the reason stands below\n"
		   "  stopped       handed over\n"
		   "\nThe xlog difference is the WAL, in bytes, that the "
		   "source has written and the destination has not "
		   "confirmed.\n\"...\" after a key: it asks first.\n");
	overlay_text(app, "Help", strbuf_detach(&text));
}
