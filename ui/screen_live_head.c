/* SPDX-License-Identifier: PostgreSQL */
/* The head of the live panel: the worst of all, who is silent, counts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "mem.h"
#include "run_view.h"
#include "screen_live.h"

#define TREND_SECONDS 300.0
#define ROOMY 15 /* lines of the screen, from which the head has all of it */

/* The first in the order of need that has this difference. */
static const char *
worst_database(const struct live *s, const struct sample *sample)
{
	long long most = record_get_int(sample->whole, "xlog_difference");
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

	if (s->frozen) {
		canvas_text(c, 0, x, 7, STYLE_WARN, "frozen");
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

	if (isnan(growth))
		return;
	strbuf_add(text, ", ");
	live_growth(text, growth);
}

static void
add_writes(struct strbuf *text, const struct model *model)
{
	double writes = model_write_rate(model);

	if (isnan(writes))
		return;
	strbuf_add(text, "   source writes ");
	add_rate(text, writes);
}

static void
draw_headline(struct app *app, const struct live *s, const struct canvas *c,
	      const struct sample *sample)
{
	const char *worst = worst_database(s, sample);
	struct strbuf text = STRBUF_INIT, bytes = STRBUF_INIT;
	int x;

	live_bytes(&bytes, sample->whole, "xlog_difference");
	x = canvas_printf(c, 0, 1, -1, STYLE_STRONG, "%s %s",
			  c->width < 60 ? "diff" : "Xlog difference",
			  bytes.text);
	if (worst) {
		strbuf_add(&text, c->width < 60 ? " " : "  worst: ");
		strbuf_scrub(&text, worst);
	}
	if (c->height < ROOMY)
		add_growth(&text, app->model);
	else
		add_writes(&text, app->model);
	if (c->width - x - 10 > 0)
		canvas_text(c, 0, x + 1, c->width - x - 10, STYLE_TEXT,
			    text.text);
	draw_age(app, s, c);
	strbuf_release(&text);
	strbuf_release(&bytes);
}

/* --- counts and the filter ------------------------------------------------ */

static const char *const states[] = {
	"gap",		"down",	 "unknown",    "initializing",
	"catching up",	"ready", "not set up", "replicating",
	"stopped",
};

static void
draw_order(const struct live *s, const struct canvas *c, int y, int x)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "sort: %s%s", live_sort_name(s->sort),
		    s->reverse ? ", reversed" : "");
	if (c->width - x > text_width(text.text))
		canvas_text(c, y, c->width - text_width(text.text) - 1, -1,
			    STYLE_TEXT, text.text);
	strbuf_release(&text);
}

static void
draw_counts(struct app *app, const struct live *s, const struct canvas *c,
	    int y, const struct sample *sample)
{
	int x = 1, n;
	size_t i;

	for (i = 0; i < LENGTH_OF(states); i++) {
		n = sample_count(sample, states[i]);
		if (n == 0)
			continue;
		x += canvas_text(c, y, x, -1, style_of_state(states[i]),
				 states[i]);
		x += canvas_printf(c, y, x, -1, STYLE_STRONG, " %d", n) + 2;
	}
	if (filter_is_shown(&s->filter))
		filter_draw(app, &s->filter, c, y, x);
	else
		draw_order(s, c, y, x + 2);
}

/* --- what is wrong, or runs ----------------------------------------------- */

static struct record *
error_of(const struct sample *sample, const char *side)
{
	struct record *error;
	const char *is;
	size_t i;

	for (i = 0; i < record_count(sample->whole, "errors"); i++) {
		error = record_item(sample->whole, "errors", i);
		is = record_get(error, "side");
		if (is && strcmp(is, side) == 0)
			return error;
		record_free(error);
	}
	return NULL;
}

static void
draw_silence(const struct model *model, const struct canvas *c, int y,
	     enum side side, double age, const struct record *error)
{
	struct strbuf text = STRBUF_INIT, line = STRBUF_INIT;
	char *label = endpoint_label(conf_endpoint(model->conf, side));

	strbuf_addf(&text, "%s %s did not answer for ", side_name(side),
		    label);
	add_duration(&text, age);
	if (error)
		strbuf_addf(&text, ": %s", record_get(error, "message"));
	strbuf_scrub(&line, text.text);
	canvas_text(c, y, 1, c->width - 2, STYLE_WARN, line.text);
	strbuf_release(&line);
	strbuf_release(&text);
	free(label);
}

/* Each side that failed, or is silent for longer than it should be. */
static int
draw_sides(const struct model *model, const struct canvas *c, int y,
	   const struct sample *sample)
{
	static const enum side sides[] = {SIDE_SOURCE, SIDE_DESTINATION};
	struct record *error;
	double since, age;
	size_t i;

	for (i = 0; i < LENGTH_OF(sides); i++) {
		error = error_of(sample, side_name(sides[i]));
		since = model->answered[i] > 0 ? model->answered[i]
					       : model->began;
		age = clock_now() - since;
		if (error || age > 3 * model->interval + 1)
			draw_silence(model, c, y++, sides[i], age, error);
		record_free(error);
	}
	return y;
}

/* Databases of which the copy is through, whatever came after it. */
static int
count_through(const struct sample *sample)
{
	return sample_count(sample, "replicating") +
	       sample_count(sample, "catching up") +
	       sample_count(sample, "stopped");
}

static void
draw_start(const struct model *model, const struct canvas *c, int y,
	   const struct sample *sample)
{
	int n = (int)sample->n, x;
	int done = count_through(sample);
	pid_t runner = model_runner(model);
	struct strbuf text = STRBUF_INIT;

	if (runner == 0) {
		canvas_text(c, y, 1, c->width - 2, STYLE_WARN,
			    "start ended without a word: r takes it up again");
		return;
	}
	add_clock(&text, run_seconds(model));
	draw_badge(c, y, 1, "run");
	x = 6 + canvas_printf(c, y, 6, -1, STYLE_TEXT, "start  %s  %d of %d",
			      text.text, done, n);
	if (n > 0 && c->width > x + 28) {
		canvas_bar(c, y, x + 2, 24, (double)done / n);
		x += 28;
	}
	if (model->runner != runner && c->width > x + 10)
		canvas_printf(c, y, x, c->width - x, STYLE_TEXT,
			      "attached to process %d", (int)runner);
	strbuf_release(&text);
}

/* How start ended, when not well, whatever ran after it; the next free
 * line. */
static int
draw_start_end(const struct standing *standing, const struct canvas *c, int y)
{
	const char *why = standing->why[SCREEN_REPLICATE];
	bool paused = standing->marks[SCREEN_REPLICATE] == MARK_PAUSED;
	struct strbuf text = STRBUF_INIT;

	if ((!why && !paused) || standing->marks[SCREEN_STOP] == MARK_OK)
		return y;
	strbuf_add(&text, paused ? "start is paused: r goes on"
				 : "start failed, r retries: ");
	if (why)
		strbuf_scrub(&text, why);
	draw_badge(c, y, 1, paused ? "wait" : "ko");
	canvas_text(c, y, 6, c->width - 7, STYLE_STRONG, text.text);
	strbuf_release(&text);
	return y + 1;
}

/* Lines between the headline and the list; the next free one. */
static int
draw_news(struct app *app, const struct canvas *c, int y,
	  const struct sample *sample)
{
	const struct model *model = app->model;

	y = draw_sides(model, c, y, sample);
	if (live_starting(model))
		draw_start(model, c, y++, sample);
	else
		y = draw_start_end(&model->standing, c, y);
	return y;
}

/* --- lines for which a screen must have room ------------------------------ */

static void
draw_trend(const struct model *model, const struct canvas *c, int y)
{
	struct strbuf text = STRBUF_INIT;
	int width = c->width / 3, x;

	x = 1 + canvas_text(c, y, 1, -1, STYLE_TEXT, "last 5 min        ");
	live_sparkline(model, c, y, x, width, TREND_SECONDS);
	add_growth(&text, model);
	/* Without its comma. */
	if (text.len > 2)
		canvas_text(c, y, x + width + 2, c->width - x - width - 3,
			    STYLE_TEXT, text.text + 2);
	strbuf_release(&text);
}

/* How long what may still be written lasts, as it is written now. */
static void
add_room(struct strbuf *text, const struct model *model,
	 const struct record *whole)
{
	double writes = model_write_rate(model);

	if (!record_has(whole, "safe_bytes"))
		return;
	strbuf_add(text, "; one is lost after ");
	strbuf_bytes(text, record_get_int(whole, "safe_bytes"));
	strbuf_add(text, " more");
	if (isnan(writes) || writes < 1)
		return;
	strbuf_add(text, ", ~");
	add_duration(text, (double)record_get_int(whole, "safe_bytes") /
				   writes);
}

static bool
draw_kept(const struct model *model, const struct canvas *c, int y,
	  const struct record *whole)
{
	long long slots = record_get_int(whole, "slots");
	struct strbuf text = STRBUF_INIT;
	char *label;

	if (slots == 0 || !record_has(whole, "retained_bytes"))
		return false;
	label = endpoint_label(&model->conf->source);
	strbuf_addf(&text, "%s keeps ", label);
	strbuf_bytes(&text, record_get_int(whole, "retained_bytes"));
	strbuf_addf(&text, " of WAL for %lld slot%s", slots,
		    slots == 1 ? "" : "s");
	add_room(&text, model, whole);
	canvas_text(c, y, 1, c->width - 2, STYLE_TEXT, text.text);
	strbuf_release(&text);
	free(label);
	return true;
}

int
live_head(struct app *app, struct live *s, const struct canvas *c,
	  const struct sample *sample)
{
	int y = 1;

	draw_headline(app, s, c, sample);
	if (c->height >= ROOMY) {
		draw_trend(app->model, c, y++);
		y += draw_kept(app->model, c, y, sample->whole);
	}
	y = draw_news(app, c, y, sample);
	if (c->height >= 7 || s->filter.typing)
		draw_counts(app, s, c, y++, sample);
	return y;
}
