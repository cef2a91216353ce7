/* SPDX-License-Identifier: PostgreSQL */
/* The live test on the screen, stage by stage. */
#include <string.h>

#include "mem.h"
#include "wizard.h"

#define LABEL_WIDTH 14
#define NARROW 50 /* columns below which a reason stands below its label */

static bool
is_state(const struct record *said, const char *state)
{
	const char *own = record_get(said, "state");

	return own && strcmp(own, state) == 0;
}

const char *
wizard_page_state(const struct wizard *w, int page)
{
	const struct page_test *test = &w->tests[page];
	bool waits = false;
	size_t k;
	int i;

	for (i = 0; i < wizard_pages[page].n; i++)
		if (w->values[page][i].problem)
			return "ko";
	if (test->stale && !wizard_is_testing(w, page))
		return NULL;
	for (k = 0; k < test->said.n; k++) {
		if (is_state(test->said.items[k], "ko"))
			return "ko";
		waits = waits || is_state(test->said.items[k], "wait");
	}
	if (wizard_is_testing(w, page))
		return "run";
	return test->said.n == 0 || waits ? NULL : "ok";
}

int
wizard_wrap(const struct canvas *c, int y, int x, const char *text)
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

/* Draws one stage, a failure with what to do; returns the next free line. */
static int
draw_stage(const struct canvas *c, int y, const struct record *said)
{
	const char *label = probe_label(record_get(said, "id"));
	const char *hint = record_get(said, "hint");
	const char *text = record_get(said, "text");
	bool below = c->width < NARROW && is_state(said, "ko");
	int x = below ? 6 : 7 + LABEL_WIDTH;
	struct strbuf clean = STRBUF_INIT;

	draw_badge(c, y, 1, record_get(said, "state"));
	canvas_text(c, y, 6, LABEL_WIDTH, STYLE_TEXT, label);
	if (is_state(said, "ko")) {
		y = wizard_wrap(c, y + below, x, text);
		return hint ? wizard_wrap(c, y, x, hint) : y;
	}
	strbuf_scrub(&clean, text);
	if (hint)
		strbuf_addf(&clean, "; %s", hint);
	canvas_text(c, y, x, c->width - x, STYLE_TEXT, clean.text);
	strbuf_release(&clean);
	return y + 1;
}

static const char *
test_caption(const struct wizard *w)
{
	const struct page_test *test = &w->tests[w->page];
	int i;

	if (w->typed_at > 0)
		return "live test: 0.6 s after typing";
	if (w->untested && test->said.n == 0)
		return "live test: when the field is left";
	if (wizard_is_testing(w, w->page))
		return "live test: runs";
	for (i = 0; i < wizard_pages[w->page].n; i++)
		if (w->values[w->page][i].problem)
			return "live test: a field is wrong";
	return test->said.n > 0 ? "live test" : "live test: needs a host";
}

void
wizard_test_draw(struct wizard *w, const struct canvas *c)
{
	const struct record_list *said = &w->tests[w->page].said;
	/* After a stage that failed there is no next one. */
	bool running = wizard_is_testing(w, w->page) &&
		       (said->n == 0 ||
			!is_state(said->items[said->n - 1], "ko"));
	const char *next = probe_stage(wizard_pages[w->page].side,
				       (int)said->n);
	int i, y = 1, skip;

	canvas_rule(c, 0, test_caption(w));
	/* With little room, the last stages are those to see. */
	skip = (int)said->n + running - (c->height - 1);
	for (i = skip > 0 ? skip : 0; i < (int)said->n && y < c->height; i++)
		y = draw_stage(c, y, said->items[i]);
	if (running && y < c->height) {
		draw_badge(c, y, 1, "run");
		if (wizard_pages[w->page].test == PROBE_CONNECTION && next)
			canvas_text(c, y, 6, -1, STYLE_TEXT,
				    probe_label(next));
	}
}
