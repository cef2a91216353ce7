/* SPDX-License-Identifier: PostgreSQL */
/* The wizard on the screen. */
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "mem.h"
#include "wizard.h"

#define PAGES_WIDTH 18
#define LABEL_WIDTH 13
#define ROOMY 60  /* columns from which the list of pages is shown */
#define STAGES 5

static const struct {
	const char *id;
	const char *label;
} stages[STAGES] = {
	{"resolve", "name resolves"}, {"port", "port answers"},
	{"ssl", "SSL"},		      {"login", "login"},
	{"version", "version"},
};

/* --- pages ---------------------------------------------------------------- */

static const char *
page_state(struct wizard *w, int page)
{
	struct side_test *test;
	int i;

	for (i = 0; i < wizard_pages[page].n; i++)
		if (w->values[page][i].problem)
			return "ko";
	if (wizard_pages[page].side == SIDE_NONE)
		return NULL;
	test = wizard_test_of(w, wizard_pages[page].side);
	if (test->stages.n == 0)
		return NULL;
	for (i = 0; i < (int)test->stages.n; i++)
		if (strcmp(record_get(test->stages.items[i], "state"), "ko") ==
		    0)
			return "ko";
	return test->stages.n == STAGES || test->done ? "ok" : "run";
}

static void
draw_pages(struct wizard *w, const struct canvas *c)
{
	int i;

	for (i = 0; i < PAGE_COUNT; i++) {
		bool here = i == w->page;

		canvas_text(c, 1 + i, 0, 1, STYLE_TEXT, here ? ">" : " ");
		draw_badge(c, 1 + i, 1, page_state(w, i));
		canvas_text(c, 1 + i, 6, 11, here ? STYLE_HERE : STYLE_TEXT,
			    wizard_pages[i].title);
	}
	canvas_pillar(c, PAGES_WIDTH - 1, 0, c->height);
}

/* --- fields --------------------------------------------------------------- */

static void
draw_secret_note(const struct value *v, const struct canvas *c, int y, int x)
{
	int n = entry_count(&v->entry);

	if (n > 0)
		canvas_printf(c, y, x, -1, STYLE_TEXT, "%d characters", n);
	else if (v->stored && !v->touched)
		canvas_text(c, y, x, -1, STYLE_TEXT, "stored, kept");
	else if (v->stored)
		canvas_text(c, y, x, -1, STYLE_TEXT, "taken away");
}

static void
draw_field(struct app *app, struct wizard *w, const struct canvas *c, int y,
	   int i)
{
	const struct field_row *row = &wizard_pages[w->page].fields[i];
	struct value *v = &w->values[w->page][i];
	int x = LABEL_WIDTH + 2, width = c->width - x - 1;
	bool focus = i == w->field;
	const char *text = entry_text(&v->entry);

	canvas_text(c, y, 0, 1, STYLE_TEXT, focus ? ">" : " ");
	canvas_text(c, y, 1, LABEL_WIDTH, focus ? STYLE_CURSOR : STYLE_TEXT,
		    row->label);
	if (v->problem)
		draw_badge(c, y, x - 5, "ko");
	if (row->choices) {
		canvas_printf(c, y, x, width, focus ? STYLE_FOCUS : STYLE_TEXT,
			      "< %s >", *text ? text : "default");
		return;
	}
	if (v->entry.secret && width > 34)
		width -= 16;
	entry_draw(app->term, &v->entry, c, y, x, width,
		   focus && !app->overlay);
	if (v->entry.secret)
		draw_secret_note(v, c, y, x + width + 1);
}

static void
draw_fields(struct app *app, struct wizard *w, const struct canvas *c)
{
	int n = wizard_pages[w->page].n, i;

	if (w->top > w->field)
		w->top = w->field;
	if (w->field >= w->top + c->height)
		w->top = w->field - c->height + 1;
	if (w->top > n - c->height)
		w->top = n > c->height ? n - c->height : 0;
	for (i = 0; i < c->height && w->top + i < n; i++)
		draw_field(app, w, c, i, w->top + i);
}

static void
draw_help(struct wizard *w, const struct canvas *c, int y)
{
	const struct field_row *row = wizard_row(w);
	char *key;

	if (!row)
		return;
	if (wizard_value(w)->problem) {
		canvas_text(c, y, 1, c->width - 2, STYLE_TEXT,
			    wizard_value(w)->problem);
		return;
	}
	key = wizard_key(w->page, w->field);
	canvas_text(c, y, 1, c->width - 2, STYLE_TEXT,
		    row->help ? row->help : conf_key_doc(key));
	free(key);
}

/* --- the live test -------------------------------------------------------- */

/* Text over as many lines as there are; returns the next free one. */
static int
draw_wrapped(const struct canvas *c, int y, int x, const char *text)
{
	struct strbuf clean = STRBUF_INIT;
	const char *rest;
	size_t n, cut;

	strbuf_scrub(&clean, text);
	for (rest = clean.text; *rest && y < c->height; y++) {
		n = cut = text_fit(rest, c->width - x);
		while (rest[n] && cut > 0 && rest[cut] != ' ')
			cut--;
		if (rest[n] && cut > 0)
			n = cut;
		if (n == 0)
			break;
		canvas_printf(c, y, x, c->width - x, STYLE_TEXT, "%.*s",
			      (int)n, rest);
		rest += n + (rest[n] == ' ');
	}
	strbuf_release(&clean);
	return y;
}

static const struct record *
stage_find(const struct side_test *test, const char *id)
{
	size_t i;

	for (i = 0; i < test->stages.n; i++)
		if (strcmp(record_get(test->stages.items[i], "id"), id) == 0)
			return test->stages.items[i];
	return NULL;
}

/* Draws one stage; returns the next free line, or none after a failure. */
static int
draw_stage(const struct canvas *c, int y, const char *label,
	   const struct record *stage)
{
	const char *state = record_get(stage, "state");
	const char *hint = record_get(stage, "hint");
	int x = c->width < ROOMY / 2 ? 6 : 21;

	draw_badge(c, y, 1, state);
	canvas_text(c, y, 6, 14, STYLE_TEXT, label);
	if (strcmp(state, "ko") != 0) {
		canvas_text(c, y, x, c->width - x, STYLE_TEXT,
			    record_get(stage, "text"));
		return y + 1;
	}
	y = draw_wrapped(c, y, x, record_get(stage, "text"));
	if (hint)
		draw_wrapped(c, y, x, hint);
	return c->height;
}

static const char *
test_caption(const struct wizard *w, const struct side_test *test)
{
	int i;

	if (w->typed_at > 0)
		return "live test: 0.6 s after typing";
	if (!test->done && w->answers)
		return "live test: runs";
	for (i = 0; i < wizard_pages[w->page].n; i++)
		if (w->values[w->page][i].problem)
			return "live test: a field is wrong";
	return test->stages.n > 0 ? "live test" : "live test: needs a host";
}

static void
draw_test(struct wizard *w, const struct canvas *c)
{
	enum side side = wizard_pages[w->page].side;
	struct side_test *test = wizard_test_of(w, side);
	const struct record *stage;
	bool running = w->answers && w->testing == side;
	int i, y = 1, skip;

	canvas_rule(c, 0, test_caption(w, test));
	/* With little room, the last stages are those to see. */
	skip = (int)test->stages.n + running - (c->height - 1);
	for (i = 0; i < STAGES && y < c->height; i++) {
		stage = stage_find(test, stages[i].id);
		if (stage && skip-- > 0)
			continue;
		if (stage) {
			y = draw_stage(c, y, stages[i].label, stage);
		} else if (running && i >= (int)test->stages.n) {
			draw_badge(c, y, 1, "run");
			canvas_text(c, y++, 6, -1, STYLE_TEXT,
				    stages[i].label);
			break;
		}
	}
}

/* --- review --------------------------------------------------------------- */

static void
draw_review(struct wizard *w, const struct canvas *c)
{
	struct text_list keys = conf_keys(w->conf);
	struct strbuf clean = STRBUF_INIT;
	int line = 0, shown = 0;
	char *value;
	size_t i;

	if (w->scroll < 0)
		w->scroll = 0;
	for (i = 0; i < keys.n; i++) {
		if (!conf_is_set(w->conf, keys.items[i]) ||
		    strncmp(keys.items[i], "security.", 9) == 0 ||
		    line++ < w->scroll || shown >= c->height)
			continue;
		value = conf_get(w->conf, keys.items[i]);
		strbuf_reset(&clean);
		strbuf_scrub(&clean, value ? value : "");
		canvas_text(c, shown, 1, 22, STYLE_TEXT, keys.items[i]);
		canvas_text(c, shown++, 24, c->width - 24, STYLE_TEXT,
			    clean.text);
		free(value);
	}
	if (w->scroll > line - c->height)
		w->scroll = line > c->height ? line - c->height : 0;
	strbuf_release(&clean);
	text_list_release(&keys);
}

/* What the last test of a side has said. */
static int
draw_review_side(struct wizard *w, const struct canvas *c, int page, int x)
{
	const char *state = page_state(w, page);

	x += canvas_printf(c, 2, x, -1, STYLE_TEXT, "%s ",
			   wizard_pages[page].title);
	if (!state)
		return x + canvas_text(c, 2, x, -1, STYLE_TEXT, "untested ");
	draw_badge(c, 2, x, state);
	return x + 6;
}

static void
draw_review_page(struct wizard *w, const struct canvas *c)
{
	const char *seal = entry_text(&w->values[PAGE_SECRETS][0].entry);
	struct canvas list = canvas_part(c, 4, 0, c->height - 4, c->width);
	int x;

	canvas_printf(c, 0, 1, c->width - 2, STYLE_TEXT, "File      %s",
		      w->conf->path);
	canvas_printf(c, 1, 1, c->width - 2, STYLE_TEXT, "Passwords %s",
		      strcmp(seal, "yes") == 0 ? "sealed with a passphrase"
					       : "in clear, file mode 0600");
	x = draw_review_side(w, c, PAGE_SOURCE, 1);
	draw_review_side(w, c, PAGE_DESTINATION, x + 1);
	canvas_text(c, 3, 1, c->width - 2, STYLE_STRONG,
		    !w->is_new && conf_has_comments(w->conf)
			    ? "Enter saves; comments are lost, FILE~ has them."
			    : "Enter saves it.");
	draw_review(w, &list);
}

/* --- all of it ------------------------------------------------------------ */

static void
draw_page(struct app *app, struct wizard *w, const struct canvas *c)
{
	const struct page_row *row = &wizard_pages[w->page];
	bool small = c->height < 14;
	int test = row->side == SIDE_NONE ? 0
		   : small		  ? c->height / 2
					  : STAGES + 1;
	struct canvas part;

	canvas_text(c, 0, 1, c->width - 6, STYLE_STRONG, row->heading);
	canvas_printf(c, 0, c->width - 4, 4, STYLE_TEXT, "%d/%d", w->page + 1,
		      PAGE_COUNT);
	if (w->page == PAGE_REVIEW) {
		part = canvas_part(c, 1, 0, c->height - 1, c->width);
		draw_review_page(w, &part);
		return;
	}
	part = canvas_part(c, 1, 0, c->height - 1 - test - !small, c->width);
	draw_fields(app, w, &part);
	if (test > 0) {
		part = canvas_part(c, c->height - test - !small, 0, test,
				   c->width);
		draw_test(w, &part);
	}
	if (!small)
		draw_help(w, c, c->height - 1);
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
