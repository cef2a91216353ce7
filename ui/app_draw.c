/* SPDX-License-Identifier: PostgreSQL */
/* One frame: title, steps, the screen, the message, the keys, overlays. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app_internal.h"
#include "config.h"
#include "draw_text.h"
#include "mem.h"

bool
app_clock_moved(struct app *app)
{
	time_t now = time(NULL);
	static const int minute = 60;

	if (now / minute == app->minute)
		return false;
	app->minute = now / minute;
	return true;
}

/* The first part of a name, as people call the machine; an address whole. */
static char *
short_host(const char *label)
{
	size_t n = strcspn(label, ".:");

	if (label[strspn(label, "0123456789.:[]abcdefABCDEF")] == '\0')
		return mem_strndup(label, strcspn(label, ":"));
	return mem_strndup(label, n);
}

static const char *
version_of(const struct app *app, int side)
{
	return app->model ? app->model->standing.versions[side] : NULL;
}

static void
add_side(const struct app *app, struct strbuf *text, int side, bool brief)
{
	const struct endpoint *ep = side ? &app->conf->destination
					 : &app->conf->source;
	const char *version = version_of(app, side);
	char *label = endpoint_label(ep), *host = short_host(label);

	strbuf_add(text, brief ? host : label);
	if (version)
		strbuf_addf(text, brief ? " %s" : " PG %s", version);
	free(label);
	free(host);
}

/* What is upgraded to what, as much of it as there is room for. */
static void
add_title(const struct app *app, struct strbuf *text, int width)
{
	strbuf_add(text, "pgrepup " PACKAGE_VERSION "   ");
	if (!app->conf) {
		strbuf_add(text, "no configuration yet");
		return;
	}
	add_side(app, text, 0, false);
	strbuf_add(text, "  ->  ");
	add_side(app, text, 1, false);
	if (text_width(text->text) <= width)
		return;
	strbuf_reset(text);
	strbuf_addf(text, "%s  ", app_screen(app, app->screen)->title);
	add_side(app, text, 0, true);
	strbuf_add(text, " > ");
	add_side(app, text, 1, true);
}

static void
draw_title(struct app *app, const struct canvas *c)
{
	struct strbuf text = STRBUF_INIT;
	char clock[16];
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(clock, sizeof(clock), "%H:%M", &tm);
	add_title(app, &text, c->width - 8);
	canvas_text(c, 0, 1, c->width - 8, STYLE_TITLE, text.text);
	canvas_text(c, 0, c->width - 6, 5, STYLE_TEXT, clock);
	strbuf_release(&text);
}

/* " 2 Check ok ", "[3 Setup >]"; without the title where room is short. */
static char *
step_text(struct app *app, enum screen_id id, bool with_title)
{
	static const char *const marks[] = {
		[MARK_NONE] = "",
		[MARK_OK] = " ok",
		[MARK_RUNS] = " >",
		[MARK_DRY] = " dry",
		[MARK_PAUSED] = " ||",
		[MARK_PROBLEM] = " !",
	};
	const char *mark = marks[standing_mark(app->model, id)];
	bool here = app->screen == id;

	return mem_printf("%s%d%s%s%s%s", here ? "[" : " ", (int)id + 1,
			  with_title || here ? " " : "",
			  with_title || here ? app_screen(app, id)->title : "",
			  mark, here ? "]" : " ");
}

static int
steps_width(struct app *app)
{
	int width = 0, i;
	char *text;

	for (i = 0; i < SCREEN_COUNT; i++) {
		text = step_text(app, (enum screen_id)i, true);
		width += text_width(text);
		free(text);
	}
	return width;
}

static void
draw_steps(struct app *app, const struct canvas *c)
{
	bool with_titles = steps_width(app) <= c->width;
	int x = 0, i;
	char *text;

	for (i = 0; i < SCREEN_COUNT; i++) {
		text = step_text(app, (enum screen_id)i, with_titles);
		x += canvas_text(c, 1, x, -1,
				 (int)app->screen == i ? STYLE_HERE
						       : STYLE_TEXT,
				 text);
		free(text);
	}
}

static int
key_width(const struct key_row *row)
{
	return text_width(row->shown) + text_width(row->label) + 3;
}

enum screen_id
app_keys(const struct app *app)
{
	const struct screen *screen = app_screen(app, app->screen);
	const struct overlay *overlay;

	for (overlay = app->overlay; overlay; overlay = overlay->below)
		if (overlay->keys)
			return overlay->keys;
	return screen->keys ? screen->keys(app->states[app->screen])
			    : app->screen;
}

bool
app_draw_message(const struct app *app, const struct canvas *c, int y)
{
	struct text_list lines = {.n = 0};
	struct canvas part;
	int i, n;

	if (!app->message)
		return false;
	/* The end of an error is its reason: it takes lines from above. */
	text_lines(&lines, app->message, c->width - 2);
	n = (int)lines.n < c->height / 2 ? (int)lines.n : c->height / 2;
	n = n > 0 ? n : 1;
	part = canvas_part(c, y - n + 1, 0, n, c->width);
	canvas_clear(&part);
	for (i = 0; i < n && i < (int)lines.n; i++)
		canvas_text(&part, i, 1, c->width - 2, STYLE_STRONG,
			    lines.items[i]);
	text_list_release(&lines);
	return true;
}

static const struct key_row *
help_row(enum screen_id keys)
{
	const struct key_row *row = key_rows;

	while (row->action != ACTION_HELP ||
	       !(row->screens & ON_SCREEN(keys)))
		row++;
	return row;
}

/* The keys of this screen, as many as fit; help always does. */
static void
draw_keys(struct app *app, const struct canvas *c, int y)
{
	enum screen_id keys = app_keys(app);
	const struct key_row *row, *help = help_row(keys);
	int x = 1, room;

	for (row = key_rows; row < key_rows + n_key_rows; row++) {
		if (!row->label || !row->shown ||
		    !(row->screens & ON_SCREEN(keys)))
			continue;
		room = c->width - x - (row < help ? key_width(help) : 0);
		if (key_width(row) > room)
			continue;
		x += canvas_text(c, y, x, -1, STYLE_KEY, row->shown) + 1;
		x += canvas_text(c, y, x, -1, STYLE_TEXT, row->label) + 2;
	}
}

static void
draw_overlay(struct app *app, struct overlay *overlay)
{
	struct canvas c;

	if (!overlay)
		return;
	draw_overlay(app, overlay->below);
	c = term_layer_canvas(overlay->layer);
	canvas_clear(&c);
	overlay->draw(app, overlay->state, &c);
}

/* A layer has the size that it had when it was made: made anew on resize. */
static void
place_overlay(struct app *app, struct overlay *overlay)
{
	int height, width, h, w;

	if (!overlay)
		return;
	place_overlay(app, overlay->below);
	term_size(app->term, &height, &width);
	h = overlay->height && overlay->height < height &&
			    height >= OVERLAY_FRAMED
		    ? overlay->height
		    : height;
	w = overlay->width && overlay->width < width ? overlay->width : width;
	term_layer_free(app->term, overlay->layer);
	overlay->layer = term_layer_new(app->term, (height - h) / 2,
					(width - w) / 2, h, w);
}

static void
place_overlays(struct app *app)
{
	int height, width;

	term_size(app->term, &height, &width);
	if (height == app->height && width == app->width &&
	    app->placed == app->overlay)
		return;
	app->height = height;
	app->width = width;
	app->placed = app->overlay;
	place_overlay(app, app->overlay);
}

bool
app_draw(struct app *app)
{
	const struct screen *screen = app_screen(app, app->screen);
	struct canvas c = term_screen(app->term), body;
	/* A small terminal gives its lines to the screen. */
	bool small = c.height < 14;
	int top = small ? 1 : 3, bottom = small ? 2 : 3;

	canvas_clear(&c);
	if (!app->overlay && app_draw_line(app, &c))
		return term_flush(app->term);
	draw_title(app, &c);
	if (!small) {
		draw_steps(app, &c);
		canvas_rule(&c, 2, NULL);
		canvas_rule(&c, c.height - 2, NULL);
	}
	body = canvas_part(&c, top, 0, c.height - top - bottom, c.width);
	screen->draw(app, app->states[app->screen], &body);
	app_draw_message(app, &c, c.height - bottom);
	draw_keys(app, &c, c.height - 1);
	place_overlays(app);
	draw_overlay(app, app->overlay);
	return term_flush(app->term);
}

/* --- parts of screens ----------------------------------------------------- */

static const struct {
	const char *state;
	const char *badge;
	enum style style;
} badges[] = {
	{"ok", " OK ", STYLE_OK},	 {"ko", " KO ", STYLE_KO},
	{"warn", "WARN", STYLE_WARN},	 {"run", "RUN ", STYLE_RUN},
	{"wait", "WAIT", STYLE_WAIT},	 {"skip", "SKIP", STYLE_SKIP},
	{"ignored", "IGN ", STYLE_SKIP},
	{"plan", "PLAN", STYLE_RUN},	 {"replicating", "", STYLE_OK},
	{"initializing", "", STYLE_RUN}, {"catching up", "", STYLE_RUN},
	{"down", "", STYLE_KO},		 {"stopped", "", STYLE_OK},
	{"gap", "", STYLE_KO},
	{"ready", "", STYLE_WAIT},	 {"unknown", "", STYLE_WARN},
	{"not set up", "", STYLE_WAIT},
};

enum style
style_of_state(const char *state)
{
	size_t i;

	for (i = 0; state && i < LENGTH_OF(badges); i++)
		if (strcmp(badges[i].state, state) == 0)
			return badges[i].style;
	return STYLE_TEXT;
}

void
draw_badge(const struct canvas *c, int y, int x, const char *state)
{
	size_t i;

	for (i = 0; state && i < LENGTH_OF(badges); i++)
		if (strcmp(badges[i].state, state) == 0)
			canvas_text(c, y, x, 4, badges[i].style,
				    badges[i].badge);
}

bool
list_act(struct list *list, enum action action, int n, int page)
{
	switch (action) {
	case ACTION_UP:
		list->cursor--;
		break;
	case ACTION_DOWN:
		list->cursor++;
		break;
	case ACTION_PAGE_UP:
		list->cursor -= page;
		break;
	case ACTION_PAGE_DOWN:
		list->cursor += page;
		break;
	case ACTION_TOP:
		list->cursor = 0;
		break;
	case ACTION_BOTTOM:
		list->cursor = n - 1;
		break;
	default:
		return false;
	}
	list_fit(list, n, page);
	return true;
}

void
list_fit(struct list *list, int n, int page)
{
	if (list->cursor >= n)
		list->cursor = n - 1;
	if (list->cursor < 0)
		list->cursor = 0;
	if (list->top > list->cursor)
		list->top = list->cursor;
	if (page > 0 && list->cursor >= list->top + page)
		list->top = list->cursor - page + 1;
	if (list->top > n - page)
		list->top = n - page;
	if (list->top < 0)
		list->top = 0;
}

void
list_place(struct list *list, const struct canvas *c, int y, int n, int page)
{
	list_fit(list, n, page);
	list->row = c->y + y;
	list->column = c->x;
	list->width = c->width;
	list->n = n;
	list->page = page;
}

bool
list_is_at(const struct list *list, const struct event *event)
{
	return event->y >= list->row && event->y < list->row + list->page &&
	       event->x >= list->column &&
	       event->x < list->column + list->width;
}

bool
list_click(struct list *list, const struct event *event)
{
	int line = list->top + event->y - list->row;

	if (!list_is_at(list, event) || line >= list->n)
		return false;
	list->cursor = line;
	return true;
}
