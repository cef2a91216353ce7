/* SPDX-License-Identifier: PostgreSQL */
/* The wizard on the screen: pages, fields, and where the rest goes. */
#include <stdlib.h>
#include <string.h>

#include "draw_text.h"
#include "mem.h"
#include "wizard.h"

#define PAGES_WIDTH 18
#define LABEL_WIDTH 13
#define ROOMY 60   /* columns from which the list of pages is shown */
#define TWO 50	   /* columns from which two fields stand on a line */
#define WIDE 110   /* columns from which the test stands beside the fields */
#define FORM 64	   /* columns of the fields there */
#define TEST_LINES 7

/* --- pages ---------------------------------------------------------------- */

static void
draw_pages(struct wizard *w, const struct canvas *c)
{
	int i;

	for (i = 0; i < PAGE_COUNT; i++) {
		bool here = i == w->page;

		canvas_text(c, 1 + i, 0, 1, STYLE_TEXT, here ? ">" : " ");
		draw_badge(c, 1 + i, 1, wizard_page_state(w, i));
		canvas_text(c, 1 + i, 6, 11, here ? STYLE_HERE : STYLE_TEXT,
			    wizard_pages[i].title);
	}
	canvas_pillar(c, PAGES_WIDTH - 1, 0, c->height);
}

/* --- fields --------------------------------------------------------------- */

/* Where a field stands: its line among all, its columns. */
struct place {
	int line;
	int x;	   /* of the label */
	int field; /* column of the field itself */
	int width;
};

static bool
is_beside(const struct wizard *w, const struct canvas *c, int i)
{
	return c->width >= TWO && wizard_pages[w->page].fields[i].beside;
}

static bool
has_beside(const struct wizard *w, const struct canvas *c, int i)
{
	return i + 1 < wizard_pages[w->page].n && is_beside(w, c, i + 1) &&
	       wizard_shows(w, w->page, i + 1);
}

/* Room that a field leaves to the one beside it. */
static int
beside_at(const struct canvas *c)
{
	return LABEL_WIDTH + 2 + (c->width - LABEL_WIDTH - 2) / 3 + 2;
}

static struct place
place_of(const struct wizard *w, const struct canvas *c, int i, int line)
{
	const char *label = wizard_pages[w->page].fields[i].label;
	struct place p = {.line = line, .field = LABEL_WIDTH + 2};

	p.width = c->width - p.field - 1;
	if (is_beside(w, c, i)) {
		p.x = beside_at(c);
		p.field = *label ? p.x + 10 : p.x;
		p.width = c->width - p.field - 1;
	} else if (has_beside(w, c, i)) {
		p.width = beside_at(c) - p.field - 2;
	}
	return p;
}

/* Calls draw (may be NULL) for each field to see; returns how many lines. */
static int
each_field(struct app *app, struct wizard *w, const struct canvas *c,
	   void (*draw)(struct app *app, struct wizard *w,
			const struct canvas *c, const struct place *place,
			int i))
{
	struct place place;
	int i, line = -1;

	for (i = 0; i < wizard_pages[w->page].n; i++) {
		if (!wizard_shows(w, w->page, i))
			continue;
		if (!is_beside(w, c, i))
			line++;
		place = place_of(w, c, i, line);
		if (draw)
			draw(app, w, c, &place, i);
	}
	return line + 1;
}

static int
line_of_cursor(const struct wizard *w, const struct canvas *c)
{
	int i, line = -1;

	for (i = 0; i <= w->field && i < wizard_pages[w->page].n; i++)
		if (wizard_shows(w, w->page, i) && !is_beside(w, c, i))
			line++;
	return line;
}

/* Is the password the one that the file has? */
static bool
is_saved(const struct wizard *w)
{
	enum side side = wizard_pages[w->page].side;
	const struct secret *saved, *now;

	if (side == SIDE_NONE)
		return true;
	saved = w->saved[w->page == PAGE_SOURCE ? 0 : 1];
	now = conf_endpoint(w->conf, side)->password;
	return saved && now &&
	       strcmp(secret_text(saved), secret_text(now)) == 0;
}

static const char *
secret_note(const struct wizard *w, const struct value *v)
{
	bool ask = w->field < wizard_pages[w->page].n &&
		   wizard_pages[w->page].side != SIDE_NONE &&
		   strcmp(wizard_password_way(w, w->page), "ask") == 0;

	if (ask)
		return "not kept";
	if (v->stored && !v->touched)
		return is_saved(w) ? "stored, kept" : "not saved yet";
	return v->stored ? "taken away" : NULL;
}

static void
draw_secret(struct app *app, struct wizard *w, const struct canvas *c, int y,
	    const struct place *p, int i)
{
	struct value *v = &w->values[w->page][i];
	int n = entry_count(&v->entry), note = p->width > 24 ? 15 : 0;
	bool focus = i == w->field && !app->overlay;

	entry_draw(app->term, &v->entry, c, y, p->field, p->width - note,
		   focus);
	if (!note)
		return;
	if (n > 0)
		canvas_printf(c, y, p->field + p->width - note + 1, -1,
			      STYLE_TEXT, "%d characters", n);
	else if (secret_note(w, v))
		canvas_text(c, y, p->field + p->width - note + 1, -1,
			    STYLE_TEXT, secret_note(w, v));
}

/* All of them to the right, where there is room and they are few. */
static void
draw_choices(const struct canvas *c, int y, const struct place *p,
	     const struct field_row *row)
{
	struct strbuf text = STRBUF_INIT;
	int i, x = beside_at(c) > p->field + 16 ? beside_at(c) : p->field + 16;

	for (i = 0; row->choices[i]; i++) {
		strbuf_sep(&text, " / ");
		strbuf_add(&text, row->choices[i]);
	}
	if (*row->choices[0] && text_width(text.text) < c->width - x)
		canvas_text(c, y, x, -1, STYLE_TEXT, text.text);
	strbuf_release(&text);
}

static void
draw_field(struct app *app, struct wizard *w, const struct canvas *c,
	   const struct place *p, int i)
{
	const struct field_row *row = &wizard_pages[w->page].fields[i];
	struct value *v = &w->values[w->page][i];
	bool focus = i == w->field;
	const char *text = entry_text(&v->entry);
	int y = p->line - w->top;

	if (y < 0 || y >= c->height)
		return;
	canvas_text(c, y, p->x, 1, STYLE_TEXT, focus ? ">" : " ");
	canvas_text(c, y, p->x + 1, p->x ? 8 : LABEL_WIDTH,
		    focus ? STYLE_CURSOR : STYLE_TEXT, row->label);
	if (v->problem)
		draw_badge(c, y, p->field - 5, "ko");
	if (row->choices) {
		canvas_printf(c, y, p->field, -1,
			      focus ? STYLE_FOCUS : STYLE_TEXT, "< %s >",
			      *text ? text : "default");
		if (c->width >= TWO && !has_beside(w, c, i))
			draw_choices(c, y, p, row);
	} else if (v->entry.secret) {
		draw_secret(app, w, c, y, p, i);
	} else {
		entry_draw(app->term, &v->entry, c, y, p->field, p->width,
			   focus && !app->overlay);
	}
}

static void
draw_fields(struct app *app, struct wizard *w, const struct canvas *c)
{
	int n = each_field(app, w, c, NULL), at = line_of_cursor(w, c);

	if (w->top > at)
		w->top = at;
	if (at >= w->top + c->height)
		w->top = at - c->height + 1;
	if (w->top > n - c->height)
		w->top = n > c->height ? n - c->height : 0;
	each_field(app, w, c, draw_field);
}

/* --- what is said below --------------------------------------------------- */

/* All of it, as what to do comes last: upwards from a line. */
static void
draw_problem(const struct canvas *c, int y, const char *problem)
{
	struct text_list lines = {.n = 0};
	int i, n;

	text_lines(&lines, problem, c->width - 2);
	n = (int)lines.n;
	for (i = 0; i < n && i < y; i++)
		canvas_text(c, y - i, 1, c->width - 1, STYLE_TEXT,
			    lines.items[n - 1 - i]);
	text_list_release(&lines);
}

static void
draw_help(struct wizard *w, const struct canvas *c, int y)
{
	const struct field_row *row = wizard_row(w);
	const struct value *v = wizard_value(w);
	char *key;

	if (!row) {
		if (wizard_list_count(w) > 0)
			canvas_text(c, y, 1, c->width - 2, STYLE_TEXT,
				    "Space takes the database in or out.");
		return;
	}
	if (v->problem) {
		draw_problem(c, y, v->problem);
		return;
	}
	key = wizard_key(w->page, w->field);
	if (v->from)
		canvas_printf(c, y, 1, c->width - 2, STYLE_TEXT, "from %s; %s",
			      v->from,
			      row->help ? row->help : conf_key_doc(key));
	else
		canvas_text(c, y, 1, c->width - 2, STYLE_TEXT,
			    row->help ? row->help : conf_key_doc(key));
	free(key);
}

/* Which fields the environment has filled. */
static char *
from_environment(const struct wizard *w)
{
	struct strbuf text = STRBUF_INIT;
	const struct value *v;
	int i;

	for (i = 0; i < wizard_pages[w->page].n; i++) {
		v = &w->values[w->page][i];
		if (!v->from || !wizard_shows(w, w->page, i))
			continue;
		strbuf_add(&text, text.len ? ", " : "");
		strbuf_addf(&text, "%s from %s",
			    wizard_pages[w->page].fields[i].label, v->from);
	}
	if (text.len)
		return strbuf_detach(&text);
	strbuf_release(&text);
	return NULL;
}

static void
draw_note(struct wizard *w, const struct canvas *c, int y)
{
	struct strbuf clean = STRBUF_INIT;
	char *text = from_environment(w);

	if (!text && wizard_pages[w->page].side != SIDE_NONE)
		text = wizard_pgpass(w, w->page);
	if (text)
		strbuf_scrub(&clean, text);
	if (clean.len)
		canvas_text(c, y, 1, c->width - 2, STYLE_TEXT, clean.text);
	strbuf_release(&clean);
	free(text);
}

/* --- all of it ------------------------------------------------------------ */

static void
draw_heading(const struct wizard *w, const struct canvas *c)
{
	canvas_text(c, 0, 1, c->width - 6, STYLE_STRONG,
		    wizard_pages[w->page].heading);
	canvas_printf(c, 0, c->width - 4, 4, STYLE_TEXT, "%d/%d", w->page + 1,
		      PAGE_COUNT);
}

static void
draw_below(struct wizard *w, const struct canvas *c)
{
	if (wizard_pages[w->page].test == PROBE_DATABASES)
		wizard_list_draw(w, c);
	else
		wizard_test_draw(w, c);
}

/* Fields, below them the test, and two lines that explain. */
static void
draw_form(struct app *app, struct wizard *w, const struct canvas *c,
	  bool tested)
{
	bool small = c->height < 14;
	int room = c->height - 1 - (small ? 0 : 2);
	int n = each_field(app, w, c, NULL), lines = n;
	struct canvas part;

	/* With little room a group of fields is seen at a time. */
	if (tested && lines > room - TEST_LINES)
		lines = small ? (room + 1) / 2 : room - TEST_LINES;
	if (lines > n)
		lines = n;
	if (lines > room || !tested)
		lines = room;
	draw_heading(w, c);
	part = canvas_part(c, 1, 0, lines, c->width);
	draw_fields(app, w, &part);
	if (tested) {
		part = canvas_part(c, 1 + lines, 0, room - lines, c->width);
		draw_below(w, &part);
	}
	if (!small) {
		draw_note(w, c, c->height - 2);
		draw_help(w, c, c->height - 1);
	}
}

/* The test at the right, and below it the file as it will be. */
static void
draw_beside(struct wizard *w, const struct canvas *c, bool tested)
{
	int top = tested ? c->height / 2 : 0;
	struct canvas part = canvas_part(c, 0, 0, top, c->width);

	if (tested)
		draw_below(w, &part);
	canvas_rule(c, top, "the file as it will be");
	part = canvas_part(c, top + 1, 1, c->height - top - 1, c->width - 1);
	wizard_file_draw(w, &part, 0);
}

static void
draw_page(struct app *app, struct wizard *w, const struct canvas *c)
{
	bool tested = wizard_pages[w->page].is_tested;
	struct canvas part;

	if (w->page == PAGE_REVIEW) {
		draw_heading(w, c);
		part = canvas_part(c, 1, 0, c->height - 1, c->width);
		wizard_review_draw(w, &part);
	} else if (c->width < WIDE) {
		draw_form(app, w, c, tested);
	} else {
		part = canvas_part(c, 0, 0, c->height, FORM);
		draw_form(app, w, &part, false);
		canvas_pillar(c, FORM, 0, c->height);
		part = canvas_part(c, 0, FORM + 1, c->height,
				   c->width - FORM - 1);
		draw_beside(w, &part, tested);
	}
}

void
wizard_draw(struct app *app, struct wizard *w, const struct canvas *c)
{
	struct canvas page;

	if (c->width < ROOMY) {
		draw_page(app, w, c);
		return;
	}
	draw_pages(w, c);
	page = canvas_part(c, 0, PAGES_WIDTH, c->height,
			   c->width - PAGES_WIDTH);
	draw_page(app, w, &page);
}
