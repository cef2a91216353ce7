/* SPDX-License-Identifier: PostgreSQL */
/* One frame of the live panel: its head, the list, the panes around it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "mem.h"
#include "run_view.h"
#include "screen_live.h"

#define SIDE_WIDTH 120 /* from there on a database stands beside the list */
#define TALL 34	       /* lines of a screen of 40: plot and log below */

static const struct record *
row_under_cursor(const struct live *s)
{
	return s->list.cursor < s->n ? s->rows[s->list.cursor] : NULL;
}

/* The first in the order of need that has this difference. */
static const char *
worst_database(const struct live *s, const struct record *status)
{
	long long most = record_get_int(status, "xlog_difference");
	int i;

	for (i = 0; most > 0 && i < s->n; i++)
		if (record_get_int(s->rows[i], "xlog_difference") == most)
			return record_get(s->rows[i], "database");
	return NULL;
}

static void
draw_age(struct app *app, const struct live *s, const struct canvas *c)
{
	double age = clock_now() - app->model->status_at;
	struct strbuf text = STRBUF_INIT;
	int x = c->width - 8;

	if (s->paused) {
		canvas_text(c, 0, x, 7, STYLE_WARN, "paused");
	} else if (age > 3 * app->model->interval + 1) {
		add_duration(&text, age);
		strbuf_add(&text, " old");
		x = c->width - text_width(text.text) - 1;
		canvas_text(c, 0, x, -1, STYLE_WARN, text.text);
	} else {
		canvas_printf(c, 0, x, 7, STYLE_TEXT, "%5.3g s",
			      app->model->interval);
	}
	strbuf_release(&text);
}

static void
add_growth(struct strbuf *text, const struct model *model)
{
	double growth = model_growth(model);

	if (isnan(growth) || fabs(growth) < 1)
		return;
	strbuf_add(text, growth > 0 ? ", grows " : ", falls ");
	add_rate(text, growth);
}

static void
draw_headline(struct app *app, const struct live *s, const struct canvas *c,
	      const struct record *status)
{
	const char *worst = worst_database(s, status);
	struct strbuf text = STRBUF_INIT, bytes = STRBUF_INIT;
	int x;

	live_bytes(&bytes, status, "xlog_difference");
	x = canvas_printf(c, 0, 1, -1, STYLE_STRONG, "%s %s",
			  c->width < 60 ? "diff" : "Xlog difference",
			  bytes.text);
	if (worst) {
		strbuf_add(&text, c->width < 60 ? " " : "  worst: ");
		strbuf_scrub(&text, worst);
	}
	add_growth(&text, app->model);
	if (c->width - x - 14 > 0)
		canvas_text(c, 0, x + 1, c->width - x - 14, STYLE_TEXT,
			    text.text);
	draw_age(app, s, c);
	strbuf_release(&text);
	strbuf_release(&bytes);
}

/* --- counts and the filter ------------------------------------------------- */

static const char *const states[] = {
	"down",	 "unknown",    "initializing", "catching up",
	"ready", "not set up", "replicating",  "stopped",
};

static int
count_state(const struct record *status, const char *state)
{
	size_t i, n = record_count(status, "databases");
	int found = 0;

	for (i = 0; i < n; i++) {
		struct record *one = record_item(status, "databases", i);
		const char *now = record_get(one, "state");

		found += now && strcmp(now, state) == 0;
		record_free(one);
	}
	return found;
}

static void
draw_order(const struct model *model, const struct live *s,
	   const struct canvas *c, int y, int x)
{
	double writes = model_write_rate(model);
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "sort: %s%s", live_sort_name(s->sort),
		    s->reverse ? ", reversed" : "");
	if (!isnan(writes)) {
		strbuf_add(&text, "   source writes ");
		add_rate(&text, writes);
	}
	if (c->width - x > text_width(text.text))
		canvas_text(c, y, x, -1, STYLE_TEXT, text.text);
	strbuf_release(&text);
}

static void
draw_counts(struct app *app, const struct live *s, const struct canvas *c,
	    int y, const struct record *status)
{
	int x = 1, n;
	size_t i;

	for (i = 0; i < LENGTH_OF(states); i++) {
		n = count_state(status, states[i]);
		if (n == 0)
			continue;
		x += canvas_text(c, y, x, -1, style_of_state(states[i]),
				 states[i]);
		x += canvas_printf(c, y, x, -1, STYLE_STRONG, " %d", n) + 2;
	}
	if (filter_is_shown(&s->filter))
		filter_draw(app, &s->filter, c, y, x);
	else
		draw_order(app->model, s, c, y, x + 2);
}

/* --- what is wrong, or runs ------------------------------------------------ */

static void
draw_silence(const struct model *model, const struct canvas *c, int y,
	     const struct record *error)
{
	const char *side = record_get(error, "side");
	int i = side && strcmp(side, "destination") == 0;
	double since = model->answered[i] > 0 ? model->answered[i]
					      : model->began;
	struct strbuf text = STRBUF_INIT, line = STRBUF_INIT;
	char *label = endpoint_label(conf_endpoint(
		model->conf, i ? SIDE_DESTINATION : SIDE_SOURCE));

	strbuf_addf(&text, "%s %s did not answer for ", side ? side : "",
		    label);
	add_duration(&text, clock_now() - since);
	strbuf_addf(&text, ": %s", record_get(error, "message"));
	strbuf_scrub(&line, text.text);
	canvas_text(c, y, 1, c->width - 2, STYLE_WARN, line.text);
	strbuf_release(&line);
	strbuf_release(&text);
	free(label);
}

/* Databases of which the copy is through, whatever came after it. */
static int
count_through(const struct record *status)
{
	return count_state(status, "replicating") +
	       count_state(status, "catching up") +
	       count_state(status, "stopped");
}

static void
draw_start(const struct model *model, const struct canvas *c, int y,
	   const struct record *status)
{
	int n = (int)record_count(status, "databases"), x;
	int done = count_through(status);
	pid_t runner = model_runner(model);
	struct strbuf text = STRBUF_INIT;

	if (runner == 0) {
		canvas_text(c, y, 1, c->width - 2, STYLE_WARN,
			    "start ended without a word: r takes it up again");
		return;
	}
	add_clock(&text, run_seconds(model));
	x = 1 + canvas_printf(c, y, 1, -1, STYLE_RUN,
			      "start runs, %s, %d of %d", text.text, done, n);
	if (n > 0 && c->width > x + 28) {
		canvas_bar(c, y, x + 2, 24, (double)done / n);
		x += 28;
	}
	if (model->runner != runner && c->width > x + 10)
		canvas_printf(c, y, x, c->width - x, STYLE_TEXT,
			      "attached to process %d", (int)runner);
	strbuf_release(&text);
}

static void
draw_start_failed(const struct model *model, const struct canvas *c, int y)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_add(&text, "start failed (r retries): ");
	strbuf_scrub(&text, record_get(model->end, "message"));
	canvas_text(c, y, 1, c->width - 2, STYLE_KO, text.text);
	strbuf_release(&text);
}

/* Lines between the headline and the list; the next free one. */
static int
draw_news(struct app *app, const struct canvas *c, int y,
	  const struct record *status)
{
	const struct model *model = app->model;
	struct record *error;
	size_t i;

	for (i = 0; i < record_count(status, "errors"); i++) {
		error = record_item(status, "errors", i);
		draw_silence(model, c, y++, error);
		record_free(error);
	}
	if (live_starting(model))
		draw_start(model, c, y++, status);
	else if (run_is_shown(app, "start") && run_failed(model))
		draw_start_failed(model, c, y++);
	return y;
}

/* --- the frame ------------------------------------------------------------- */

static void
draw_list(struct app *app, struct live *s, const struct canvas *c, bool head)
{
	struct live_layout at = live_lay_out(c->width);
	int i, line;

	if (head)
		live_headings(c, 0, &at);
	s->page = c->height - head;
	list_fit(&s->list, s->n, s->page);
	for (i = 0; i < s->page && s->list.top + i < s->n; i++) {
		line = s->list.top + i;
		live_row(app->model, c, i + head, &at, s->rows[line],
			 line == s->list.cursor);
	}
}

/* Why the one under the cursor is as it is; the log when all is well. */
static void
draw_below(struct app *app, const struct live *s, const struct canvas *c)
{
	const struct record *row = row_under_cursor(s);
	const char *error = row ? record_get(row, "last_error") : NULL;
	struct strbuf title = STRBUF_INIT;
	struct canvas part = canvas_part(c, 1, 1, c->height - 1, c->width - 1);

	if (error) {
		strbuf_scrub(&title, record_get(row, "database"));
		strbuf_add(&title, ": ");
		live_state(&title, app->model, row);
	}
	canvas_rule(c, 0, error ? title.text : "log");
	if (error)
		draw_wrapped(&part, 0, STYLE_TEXT, error);
	else
		draw_log(&part, app->model, NULL);
	strbuf_release(&title);
}

static void
draw_bottom(struct app *app, const struct live *s, const struct canvas *c)
{
	struct canvas plot = canvas_part(c, 0, 0, 9, c->width);
	struct canvas log = canvas_part(c, 9, 0, c->height - 9, c->width);

	if (c->height < 14) {
		draw_below(app, s, c);
		return;
	}
	live_plot(app->model, &plot);
	draw_below(app, s, &log);
}

static int
bottom_height(int height)
{
	if (height >= TALL)
		return 15;
	if (height >= 18)
		return 5;
	return height >= 9 ? 2 : 0;
}

/* The list, and beside it what Enter would open. */
static void
draw_middle(struct app *app, struct live *s, const struct canvas *c)
{
	int side = c->width >= SIDE_WIDTH ? c->width * 2 / 5 : 0;
	struct canvas list =
		canvas_part(c, 0, 0, c->height, c->width - side - (side > 0));
	struct canvas detail = canvas_part(c, 0, c->width - side + 1,
					   c->height, side - 1);

	draw_list(app, s, &list, c->height > 6);
	if (side > 0)
		canvas_pillar(c, c->width - side - 1, 0, c->height);
	if (side > 0 && row_under_cursor(s))
		live_detail(app->model, &detail, row_under_cursor(s));
}

static void
draw_name(const struct canvas *c, int y, const struct record *row)
{
	struct strbuf name = STRBUF_INIT;

	if (row)
		strbuf_scrub(&name, record_get(row, "database"));
	canvas_text(c, y, 0, c->width, STYLE_TEXT, name.text);
	strbuf_release(&name);
}

/* No room for a list: how many are in the worst state, and how far behind. */
static void
draw_tiny(const struct model *model, const struct live *s,
	  const struct canvas *c, const struct record *status)
{
	const char *state = s->n > 0 ? record_get(s->rows[0], "state") : NULL;
	struct strbuf bytes = STRBUF_INIT;
	int x = 0;

	if (state) {
		x = canvas_printf(c, 0, 0, -1, style_of_state(state), "%d %s",
				  count_state(status, state), state);
		live_difference(&bytes, model, s->rows[0]);
	}
	canvas_text(c, 0, x + 1, -1, STYLE_STRONG, bytes.text);
	if (c->height > 1)
		draw_name(c, 1, s->n > 0 ? s->rows[0] : NULL);
	strbuf_release(&bytes);
}

void
live_paint(struct app *app, struct live *s, const struct canvas *c,
	   const struct record *status)
{
	int bottom = bottom_height(c->height), y = 0;
	struct canvas part;

	live_rows(s, status);
	if (c->height < 3 && !s->filter.typing) {
		draw_tiny(app->model, s, c, status);
		return;
	}
	draw_headline(app, s, c, status);
	y = draw_news(app, c, 1, status);
	if (c->height >= 7 || s->filter.typing)
		draw_counts(app, s, c, y++, status);
	part = canvas_part(c, y, 0, c->height - y - bottom, c->width);
	draw_middle(app, s, &part);
	part = canvas_part(c, c->height - bottom, 0, bottom, c->width);
	if (bottom > 0)
		draw_bottom(app, s, &part);
}
