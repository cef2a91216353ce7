/* SPDX-License-Identifier: PostgreSQL */
/* Drawing a run view: its head, its lines, and what it says. */
#include <string.h>
#include <time.h>

#include "draw_text.h"
#include "mem.h"
#include "run_view.h"

bool
run_is_shown(const struct app *app, const char *command)
{
	const char *newest = app->model ? model_command(app->model) : NULL;

	return newest && strcmp(newest, command) == 0;
}

bool
run_failed(const struct model *model)
{
	return model->end && !record_get_bool(model->end, "ok");
}

bool
run_died(const struct model *model)
{
	return model->begin && !model->end && model_runner(model) == 0;
}

double
run_seconds(const struct model *model)
{
	double from = record_time(model->begin);
	double to = model->end ? record_time(model->end) : (double)time(NULL);

	return from > 0 && to > from ? to - from : 0;
}

static void
draw_attached(const struct model *model, const struct canvas *c, int x)
{
	pid_t pid = model->end ? 0 : model_runner(model);

	if (pid > 0 && pid != model->runner)
		canvas_printf(c, 0, x, c->width - x, STYLE_TEXT,
			      "attached to process %d", (int)pid);
}

/* How many steps are done, and of how many. */
static long long
steps_done(const struct model *model, long long *of)
{
	size_t n = model->steps.n;
	const struct record *last = n ? model->steps.items[n - 1] : NULL;
	const char *state = last ? record_get(last, "state") : NULL;
	long long at = last ? record_get_int(last, "n") : 0;

	*of = last ? record_get_int(last, "of") : 0;
	return state && strcmp(state, "ok") == 0 ? at : at > 0 ? at - 1 : 0;
}

static void
add_outcome(struct strbuf *text, const struct model *model, long long at,
	    long long of)
{
	if (run_failed(model))
		strbuf_add(text, "failed");
	else if (model->end)
		strbuf_add(text, "done");
	else if (run_died(model))
		strbuf_add(text, "ended without a word: r takes it up again");
	else
		strbuf_addf(text, "step %lld of %lld",
			    at < of ? at + 1 : of, of);
}

static void
draw_head(const struct model *model, const struct run *run,
	  const struct canvas *c)
{
	struct strbuf text = STRBUF_INIT, clock = STRBUF_INIT;
	long long of, at = steps_done(model, &of);
	int x;

	strbuf_addf(&text, "%s   ", run->command);
	add_outcome(&text, model, at, of);
	x = canvas_text(c, 0, 1, -1, STYLE_STRONG, text.text) + 4;
	add_clock(&clock, run_seconds(model));
	if (!model->end && of > 0 && c->width >= x + 60) {
		canvas_bar(c, 0, x, 24, (double)at / (double)of);
		canvas_printf(c, 0, x + 25, 5, STYLE_TEXT, "%3lld%%",
			      at * 100 / of);
		x += 32;
	}
	/* When it died is not known. */
	if (c->width >= x + 9 && !run_died(model))
		canvas_printf(c, 0, x, -1, STYLE_TEXT, "%s%s",
			      c->width >= x + 17 ? "elapsed " : "",
			      clock.text);
	x += 20;
	if (x < c->width)
		draw_attached(model, c, x);
	strbuf_release(&text);
	strbuf_release(&clock);
}

static const char *
part_of(const struct record *r, const char *key)
{
	const char *text = record_get(r, key);

	return text ? text : "";
}

static void
add_text(struct strbuf *text, const struct run_line *line)
{
	const struct record *r = line->record;
	const char *database = record_get(r, "database");
	const char *object = record_get(r, "object");

	if (line->kind == RUN_STEP)
		strbuf_addf(text, "%2lld  %s", record_get_int(r, "n"),
			    part_of(r, "title"));
	else if (line->kind == RUN_DATABASE)
		strbuf_addf(text, "%-12s  %s%s%s", database,
			    object ? object : "", object ? "  " : "",
			    part_of(r, "detail"));
	else
		strbuf_addf(text, "%s%s%s", object ? object : part_of(r, "step"),
			    record_get(r, "detail") ? "  " : "",
			    part_of(r, "detail"));
}

/* What stands at the right: how much is below, how long it took. */
static void
add_right(struct strbuf *text, const struct run_line *line)
{
	if (line->kind != RUN_OBJECT && line->n > 1)
		strbuf_addf(text, "%d of %d", line->ok, line->n);
	if (record_has(line->record, "seconds"))
		strbuf_addf(text, "%9.1f s",
			    record_get_real(line->record, "seconds"));
	else if (text->len > 0 && line->kind == RUN_STEP)
		strbuf_add(text, "           ");
}

static void
draw_line(const struct canvas *c, int y, const struct run_line *line,
	  bool cursor)
{
	static const int indents[] = {2, 6, 10};
	struct strbuf text = STRBUF_INIT, clean = STRBUF_INIT;
	struct strbuf right = STRBUF_INIT;
	enum style style = cursor ? STYLE_FOCUS : STYLE_TEXT;
	int indent = indents[line->kind] / (c->width < 60 ? 2 : 1);
	int x = indent + 5, room, used;

	add_text(&text, line);
	strbuf_scrub(&clean, text.text);
	if (c->width >= 50)
		add_right(&right, line);
	used = text_width(right.text);
	room = c->width - x - (used > 0 ? used + 1 : 0);
	canvas_text(c, y, 0, 1, style, cursor ? ">" : " ");
	if (run_line_opens(line))
		canvas_text(c, y, indent - 1, 1, style,
			    line->open ? "-" : "+");
	draw_badge(c, y, indent, line->state);
	if (room > 0)
		canvas_text(c, y, x, room, style, clean.text);
	if (used > 0)
		canvas_text(c, y, c->width - used, used, STYLE_TEXT,
			    right.text);
	strbuf_release(&text);
	strbuf_release(&clean);
	strbuf_release(&right);
}

static void
draw_trouble(const struct model *model, const struct canvas *c)
{
	const struct record *end = model->end;
	int y;

	canvas_rule(c, 0, "what failed");
	y = draw_wrapped(c, 1, STYLE_STRONG, record_get(end, "message"));
	y = draw_wrapped(c, y, STYLE_TEXT, record_get(end, "detail"));
	y = draw_wrapped(c, y, STYLE_TEXT, record_get(end, "hint"));
	if (y < c->height)
		canvas_text(c, y, 0, c->width, STYLE_TEXT,
			    "r runs it again: what is done stays done.");
}

static int
below_height(const struct model *model, int height)
{
	int most = height / 3 > 12 ? 12 : height / 3, log;

	if (height < 8)
		return run_failed(model) && height > 3 ? 3 : 0;
	if (run_failed(model))
		return most;
	log = log_lines(model, NULL, most - 1);
	return log > 0 ? log + 1 : 0;
}

/* What failed, and the log beside or below it. */
static void
draw_below(const struct model *model, const struct canvas *c)
{
	int n = run_failed(model) ? c->height : 0;
	struct canvas log, trouble;

	if (n > 0 && model->logs.n > 0 && c->height > 7)
		n = 6;
	trouble = canvas_part(c, 0, 0, n, c->width);
	if (n > 0)
		draw_trouble(model, &trouble);
	if (n == c->height)
		return;
	log = canvas_part(c, n, 0, c->height - n, c->width);
	canvas_rule(&log, 0, "log");
	log = canvas_part(&log, 1, 1, log.height - 1, log.width - 1);
	draw_log(&log, model, NULL);
}

void
run_paint(struct app *app, struct run *run, const struct canvas *c)
{
	int below = below_height(app->model, c->height), i, line;
	struct canvas part;

	run_lines(run, app->model);
	draw_head(app->model, run, c);
	run->page = c->height - 1 - below;
	if (run->follow)
		run->list.cursor = run->n - 1;
	list_place(&run->list, c, 1, run->n, run->page);
	for (i = 0; i < run->page; i++) {
		line = run->list.top + i;
		if (line < run->n)
			draw_line(c, 1 + i, &run->lines[line],
				  line == run->list.cursor);
	}
	part = canvas_part(c, c->height - below, 0, below, c->width);
	if (below > 0)
		draw_below(app->model, &part);
}
