/* SPDX-License-Identifier: PostgreSQL */
/* What lies over the screens: scrolling text, help, questions. */
#include <stdlib.h>
#include <string.h>

#include "app_internal.h"
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
	if (overlay->free)
		overlay->free(overlay->state);
	term_layer_free(app->term, overlay->layer);
	free(overlay);
	app_changed(app);
}

/* --- text that scrolls ---------------------------------------------------- */

#define WHEEL 3 /* lines of one turn */
/* From this width on, help has this screen left and all screens right. */
#define TWO_COLUMNS 76

struct text {
	char *title;
	char **lines;
	int n;
	int alloc;
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
	filter_clear(&t->find);
	free(t->title);
	free(t->whole);
	free(t);
}

static void
add_line(struct text *t, const char *line, size_t n, int indent)
{
	char *whole = mem_printf("%*s%.*s", indent, "", (int)n, line);

	MEM_GROW(t->lines, t->n, t->alloc);
	t->lines[t->n++] = whole;
}

/* Where what a line says begins: "  Detail  text" goes on under "text". */
static int
hanging_indent(const char *line, int width)
{
	size_t blanks = strspn(line, " "), word = blanks, gap;

	while (line[word] && strncmp(line + word, "  ", 2) != 0)
		word++;
	gap = strspn(line + word, " ");
	if (line[word + gap] && (int)(word + gap) < width / 2)
		return (int)(word + gap);
	return (int)blanks < width / 2 ? (int)blanks : 0;
}

/* Cuts a line to the width, at a blank where there is one. */
static void
wrap(struct text *t, const char *line, int width)
{
	int hang = hanging_indent(line, width), indent = 0;
	size_t n, cut;

	while (text_width(line) > width - indent) {
		n = text_fit(line, width - indent);
		for (cut = n; cut > (size_t)(hang - indent) && line[cut] != ' ';
		     cut--)
			;
		if (cut <= (size_t)(hang - indent))
			cut = n ? n : 1;
		add_line(t, line, cut, indent);
		line += cut;
		while (*line == ' ')
			line++;
		indent = hang;
	}
	add_line(t, line, strlen(line), indent);
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
	for (k = 0; k < t->n; k++) {
		i = ((from + k * step) % t->n + t->n) % t->n;
		if (!match_in(t, t->lines[i]))
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
	free_lines(t);
	t->width = width;
	if (t->make) {
		free(t->whole);
		t->whole = t->make(app, width);
	}
	copy = rest = mem_strdup(t->whole);
	while ((line = strsep(&rest, "\n"))) {
		strbuf_reset(&clean);
		strbuf_scrub(&clean, line);
		wrap(t, clean.text, width);
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

	for (i = 0; i < t->n; i++) {
		n += match_in(t, t->lines[i]) != NULL;
		if (i == t->at)
			k = n;
	}
	return n > 0 ? mem_printf("n N  line %d of %d", k, n)
		     : mem_strdup("not found");
}

static void
draw_line(const struct text *t, const struct canvas *c, int y, int i)
{
	const char *line = t->lines[i], *match = line;
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
	int y = c->height - 1, last = t->list.cursor + t->page;
	char *place = filter_is_set(&t->find)
			      ? place_of_match(t)
			      : mem_printf("%d-%d of %d",
					   t->n ? t->list.cursor + 1 : 0,
					   last < t->n ? last : t->n, t->n);
	int x = c->width - 1 - text_width(place);

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
	int of = t->page > 0 ? (t->n + t->page - 1) / t->page : 0;
	int at = t->page > 0 ? (t->list.cursor + t->page - 1) / t->page : 0;
	char *text = mem_printf("page %d of %d", at + 1, of);
	int x = c->width - 1 - text_width(text);

	if (of > 1 && x > text_width(t->title) + 2)
		canvas_text(c, 0, x, -1, STYLE_TEXT, text);
	free(text);
}

static void
text_draw(struct app *app, void *state, const struct canvas *c)
{
	struct text *t = state;
	int i;

	cut_lines(app, t, c->width - 2);
	t->page = c->height - 3;
	if (t->list.cursor < 0)
		t->list.cursor = 0;
	if (t->list.cursor > t->n - t->page)
		t->list.cursor = t->n > t->page ? t->n - t->page : 0;
	canvas_text(c, 0, 1, c->width - 2, STYLE_TITLE, t->title);
	draw_page(t, c);
	canvas_rule(c, 1, NULL);
	for (i = 0; i < t->page && t->list.cursor + i < t->n; i++)
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

static bool
text_event(struct app *app, void *state, const struct event *event)
{
	struct text *t = state;
	const struct key_row *row = key_find(event, app->screen);

	if (event->key == KEY_OF_WHEEL)
		t->list.cursor += event->ch == 'u' ? -WHEEL : WHEEL;
	if (find_event(t, event) || !row)
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
	case ACTION_COPY:
	case ACTION_COPY_ALL:
		app_copy(app, t->whole);
		break;
	case ACTION_PRINT:
		app_print(app, t->whole);
		break;
	case ACTION_RERUN:
		if (!t->retry)
			break;
		overlay_close(app);
		return false;
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

static struct text *
open_text(struct app *app, const char *title)
{
	struct text *t = MEM_NEW(struct text);

	t->title = mem_strdup(title);
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
	open_text(app, title)->whole = text;
}

void
overlay_text_retry(struct app *app, const char *title, char *text)
{
	struct text *t = open_text(app, title);

	t->whole = text;
	t->retry = true;
}

/* --- help ----------------------------------------------------------------- */

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

static const char states[] =
	"States of a database\n"
	"  replicating   all tables follow\n"
	"  initializing  the first copy runs\n"
	"  catching up   copied, nearly there\n"
	"  down          no apply worker; the reason stands below\n"
	"  stopped       handed over\n";
static const char words[] =
	"\nThe xlog difference is the WAL, in bytes, that the source has "
	"written and the destination has not confirmed.\n"
	"\"...\" after a key: it asks first.\n";

static void
wrap_lines(struct text *t, char *lines, int width)
{
	char *line;

	while ((line = strsep(&lines, "\n")))
		wrap(t, line, width);
}

/* Both texts side by side, each wrapped to its half; takes both. */
static void
add_columns(struct strbuf *text, char *left, char *right, int width)
{
	int half = width / 2, i;
	struct text l = {0}, r = {0};

	wrap_lines(&l, left, half - 2);
	wrap_lines(&r, right, width - half);
	for (i = 0; i < l.n || i < r.n; i++)
		strbuf_addf(text, "%-*s%s\n", half,
			    i < l.n ? l.lines[i] : "",
			    i < r.n ? r.lines[i] : "");
	free_lines(&l);
	free_lines(&r);
	free(left);
	free(right);
}

/* This screen left, every screen right, where there is room for both. */
static char *
make_help(struct app *app, int width)
{
	struct strbuf here = STRBUF_INIT, every = STRBUF_INIT;
	struct strbuf text = STRBUF_INIT;

	strbuf_add(&here, "This screen\n");
	add_keys(&here, app_keys(app), false);
	strbuf_addf(&here, "\n%s", states);
	strbuf_add(&every, "Everywhere\n");
	add_keys(&every, app->screen, true);
	if (width >= TWO_COLUMNS) {
		add_columns(&text, strbuf_detach(&here),
			    strbuf_detach(&every), width);
	} else {
		strbuf_addf(&text, "%s\n%s", here.text, every.text);
		strbuf_release(&here);
		strbuf_release(&every);
	}
	strbuf_add(&text, words);
	return strbuf_detach(&text);
}

static const char *
help_title(const struct app *app)
{
	switch (app_keys(app)) {
	case KEYS_TABLES:
		return "tables";
	case KEYS_LOG:
		return "log";
	default:
		return app_screen(app, app->screen)->title;
	}
}

void
overlay_help(struct app *app)
{
	char *title = mem_printf("Help: %s", help_title(app));

	open_text(app, title)->make = make_help;
	free(title);
}
