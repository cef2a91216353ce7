/* SPDX-License-Identifier: PostgreSQL */
/* What lies over the screens, and text that scrolls there. */
#include <stdlib.h>
#include <string.h>

#include "app_internal.h"
#include "draw_text.h"
#include "filter.h"
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
	/* The next one may get its address. */
	if (app->placed == overlay)
		app->placed = NULL;
	if (overlay->free)
		overlay->free(overlay->state);
	term_layer_free(app->term, overlay->layer);
	free(overlay);
	app_changed(app);
}

struct canvas
overlay_box(const struct app *app, const struct canvas *c, const char *title)
{
	if (app->height < OVERLAY_FRAMED)
		return *c;
	canvas_frame(c, title);
	return canvas_part(c, 1, 2, c->height - 2, c->width - 4);
}

/* --- text that scrolls ---------------------------------------------------- */

struct text {
	char *title;
	struct text_list lines;
	int width; /* for which lines were cut; 0: cut them anew */
	char *whole;
	/* makes whole anew for a width; NULL: it is the same for each */
	char *(*make)(struct app *app, int width);
	struct filter find; /* typed after "/" */
	int at;		    /* line that was found; -1: none */
	int from;	    /* top line when the typing began */
	struct list list;
	int page;
	bool retry; /* r closes it, and is for the screen */
};

static void
text_free(void *state)
{
	struct text *t = state;

	text_list_release(&t->lines);
	filter_clear(&t->find);
	free(t->title);
	free(t->whole);
	free(t);
}

static int
count(const struct text *t)
{
	return (int)t->lines.n;
}

/* --- what is found in it -------------------------------------------------- */

static const char *
match_in(const struct text *t, const char *line)
{
	return filter_is_set(&t->find) ? strcasestr(line, t->find.text) : NULL;
}

/* The next line that has it, from that one on, round the end. */
static void
find(struct text *t, int from, int step)
{
	int i, k;

	t->at = -1;
	for (k = 0; k < count(t); k++) {
		i = ((from + k * step) % count(t) + count(t)) % count(t);
		if (!match_in(t, t->lines.items[i]))
			continue;
		t->at = i;
		/* In sight, with what stands around it. */
		if (i < t->list.cursor || i >= t->list.cursor + t->page)
			t->list.cursor = i - t->page / 3;
		return;
	}
}

static void
cut_lines(struct app *app, struct text *t, int width)
{
	struct strbuf clean = STRBUF_INIT;
	char *copy, *rest, *line;

	if (width == t->width || width < 1)
		return;
	text_list_release(&t->lines);
	t->width = width;
	if (t->make) {
		free(t->whole);
		t->whole = t->make(app, width);
	}
	copy = rest = mem_strdup(t->whole);
	while ((line = strsep(&rest, "\n"))) {
		strbuf_reset(&clean);
		strbuf_scrub(&clean, line);
		text_hanging(&t->lines, clean.text, width);
	}
	strbuf_release(&clean);
	free(copy);
	/* Lines have other numbers now. */
	if (filter_is_set(&t->find))
		find(t, t->list.cursor, 1);
}

/* "n N  line 2 of 5" */
static char *
place_of_match(const struct text *t)
{
	int i, n = 0, k = 0;

	for (i = 0; i < count(t); i++) {
		n += match_in(t, t->lines.items[i]) != NULL;
		if (i == t->at)
			k = n;
	}
	return n > 0 ? mem_printf("n N  line %d of %d", k, n)
		     : mem_strdup("not found");
}

static void
draw_line(const struct text *t, const struct canvas *c, int y, int i)
{
	const char *line = t->lines.items[i], *match = line;
	size_t n = t->find.text ? strlen(t->find.text) : 0;
	char *before, *found;

	canvas_text(c, y, 1, c->width - 2, STYLE_TEXT, line);
	while ((match = match_in(t, match))) {
		before = mem_strndup(line, (size_t)(match - line));
		found = mem_strndup(match, n);
		canvas_text(c, y, 1 + text_width(before), -1,
			    i == t->at ? STYLE_HERE : STYLE_MATCH, found);
		free(before);
		free(found);
		match += n;
	}
}

/* Keys and where one is; what has no room is left out from the middle. */
static void
draw_foot(struct app *app, const struct text *t, const struct canvas *c)
{
	int y = c->height - 1, n = count(t), last = t->list.cursor + t->page;
	char *place = filter_is_set(&t->find)
			      ? place_of_match(t)
			      : mem_printf("%d-%d of %d",
					   n ? t->list.cursor + 1 : 0,
					   last < n ? last : n, n);
	int x = c->width - 1 - text_width(place);

	if (app_draw_message(app, c, y)) {
		free(place);
		return;
	}
	if (filter_is_shown(&t->find))
		filter_draw(app, &t->find, c, y, 1);
	else if (x > 42)
		canvas_text(c, y, 1, x - 2, STYLE_KEY,
			    t->retry ? "Esc close  r retry  y copy  o print  "
				       "/ find"
				     : "Esc close   PgUp PgDn scroll   / find");
	else
		canvas_text(c, y, 1, x - 2, STYLE_KEY, "Esc close  / find");
	canvas_text(c, y, x, -1, STYLE_TEXT, place);
	free(place);
}

static void
draw_page(const struct text *t, const struct canvas *c)
{
	int of = t->page > 0 ? (count(t) + t->page - 1) / t->page : 0;
	int at = t->page > 0 ? (t->list.cursor + t->page - 1) / t->page : 0;
	char *text = mem_printf("page %d of %d", at + 1, of);
	int x = c->width - 1 - text_width(text);

	if (of > 1 && x > text_width(t->title) + 2)
		canvas_text(c, 0, x, -1, STYLE_TEXT, text);
	free(text);
}

/* The first line in sight, so that a page is full where there is one. */
static void
stay_in_text(struct text *t)
{
	int most = count(t) > t->page ? count(t) - t->page : 0;

	if (t->list.cursor > most)
		t->list.cursor = most;
	if (t->list.cursor < 0)
		t->list.cursor = 0;
}

static void
lay_out(struct app *app, struct text *t, int height, int width)
{
	t->page = height - 3;
	cut_lines(app, t, width - 2);
	stay_in_text(t);
}

static void
text_draw(struct app *app, void *state, const struct canvas *c)
{
	struct text *t = state;
	int i;

	lay_out(app, t, c->height, c->width);
	canvas_text(c, 0, 1, c->width - 2, STYLE_TITLE, t->title);
	draw_page(t, c);
	canvas_rule(c, 1, NULL);
	for (i = 0; i < t->page && t->list.cursor + i < count(t); i++)
		draw_line(t, c, 2 + i, t->list.cursor + i);
	draw_foot(app, t, c);
}

/* "/" and what is typed after it; then n and N, until Esc. */
static bool
find_event(struct text *t, const struct event *event)
{
	bool set = filter_is_set(&t->find);

	if (filter_event(&t->find, event)) {
		if (t->find.typing)
			t->list.cursor = t->from;
		find(t, t->from, 1);
		return true;
	}
	if (set && event->key == KEY_OF_ESC) {
		filter_clear(&t->find);
		t->at = -1;
		return true;
	}
	if (event->key != KEY_OF_CHAR)
		return false;
	if (event->ch == '/') {
		t->find.typing = true;
		t->from = t->list.cursor;
	} else if (set && (event->ch == 'n' || event->ch == 'N')) {
		find(t, t->at + (event->ch == 'n' ? 1 : -1),
		     event->ch == 'n' ? 1 : -1);
	} else {
		return false;
	}
	return true;
}

static void
move(struct text *t, enum action action)
{
	switch (action) {
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
		t->list.cursor = count(t);
		break;
	default:
		break;
	}
	stay_in_text(t);
}

/* false: it is not for the text */
static bool
text_act(struct app *app, struct text *t, enum action action)
{
	switch (action) {
	case ACTION_COPY:
	case ACTION_COPY_ALL:
		app_copy(app, t->whole);
		return true;
	case ACTION_PRINT:
		app_print(app, t->whole);
		return true;
	case ACTION_RERUN:
		if (!t->retry)
			return true;
		overlay_close(app);
		return false;
	case ACTION_BACK:
	case ACTION_QUIT:
	case ACTION_HELP:
	case ACTION_LOG:
	case ACTION_OPEN:
		overlay_close(app);
		return true;
	case ACTION_SCREEN:
	case ACTION_PAUSE:
	case ACTION_MOUSE:
	case ACTION_THEME:
		/* The same everywhere. */
		return false;
	default:
		move(t, action);
		return true;
	}
}

static bool
text_event(struct app *app, void *state, const struct event *event)
{
	struct text *t = state;
	const struct key_row *row = key_find(event, app->screen);
	int height, width;

	/* Keys may come before the first frame, or of another size. */
	term_size(app->term, &height, &width);
	lay_out(app, t, height, width);
	app_hush(app);
	if (find_event(t, event))
		return true;
	/* F keys are the screens'. */
	if (!row)
		return event->key != KEY_OF_F;
	return text_act(app, t, row->action);
}

static struct text *
open_text(struct app *app, const char *title, char *whole)
{
	struct text *t = MEM_NEW(struct text);

	t->title = mem_strdup(title);
	t->whole = whole;
	t->at = -1;
	overlay_open(app, &(struct overlay){
				  .state = t,
				  .draw = text_draw,
				  .event = text_event,
				  .free = text_free,
			  });
	return t;
}

void
overlay_text(struct app *app, const char *title, char *text)
{
	open_text(app, title, text);
}

void
overlay_text_retry(struct app *app, const char *title, char *text)
{
	open_text(app, title, text)->retry = true;
}

void
overlay_text_made(struct app *app, const char *title,
		  char *(*make)(struct app *app, int width))
{
	open_text(app, title, NULL)->make = make;
}
