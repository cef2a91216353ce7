/* SPDX-License-Identifier: PostgreSQL */
/* Drawing a run view: its head, its lines, its log, and what failed. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "draw_text.h"
#include "log_text.h"
#include "mem.h"
#include "run_view.h"

#define BESIDE 140   /* columns from which on the log has its own */
#define LIST_MOST 100 /* columns of the steps beside it */

bool
run_is_shown(const struct app *app, const char *command)
{
	const char *newest = app->model ? model_command(app->model) : NULL;

	return newest && strcmp(newest, command) == 0;
}

bool
run_paused(const struct model *model)
{
	return model->end && record_get_bool(model->end, "paused");
}

bool
run_failed(const struct model *model)
{
	return model->end && !record_get_bool(model->end, "ok") &&
	       !run_paused(model);
}

bool
run_is_dry(const struct model *model)
{
	return model->begin && record_get_bool(model->begin, "dry_run");
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

/* --- the head ------------------------------------------------------------- */

static void
add_outcome(struct strbuf *text, const struct model *model)
{
	const struct told *told = &model->told;

	if (run_paused(model))
		strbuf_add(text, run_is_dry(model) ? "paused"
						   : "paused: r goes on");
	else if (run_failed(model))
		strbuf_add(text, "failed");
	else if (model->end)
		strbuf_add(text, "done");
	else if (run_died(model))
		strbuf_addf(text, "ended without a word%s",
			    run_is_dry(model) ? "" : ": r takes it up again");
	else if (told->steps.n > 0)
		strbuf_addf(text, "step %zu of %zu", told->step + 1,
			    told->steps.n);
	else
		strbuf_add(text, "begins");
	if (!model->end && model->pausing)
		strbuf_add(text, ", then it pauses");
}

/* Who may say anything to it, when it is not this dashboard. */
static void
draw_owner(const struct model *model, const struct canvas *c, int x)
{
	pid_t pid = model->end ? 0 : model_runner(model);

	if (pid <= 0 || x >= c->width || pid == model->runner)
		return;
	if (model->owner > 0)
		canvas_printf(c, 0, x, c->width - x, STYLE_STRONG,
			      "read only: process %d has it",
			      (int)model->owner);
	else
		canvas_printf(c, 0, x, c->width - x, STYLE_TEXT,
			      "attached to process %d", (int)pid);
}

static void
draw_head(const struct model *model, const struct canvas *c)
{
	struct strbuf text = STRBUF_INIT, clock = STRBUF_INIT;
	double done = run_progress(model);
	int x, bar = c->width >= 110 ? 24 : 12;

	log_add_run(&text, model->begin);
	strbuf_add(&text, "   ");
	add_outcome(&text, model);
	x = canvas_text(c, 0, 1, -1, STYLE_STRONG, text.text) + 3;
	add_clock(&clock, run_seconds(model));
	/* Whose it is says more than a bar. */
	if (!model->end && model->told.steps.n > 0 && model->runner > 0 &&
	    c->width >= x + bar + 28) {
		canvas_bar(c, 0, x, bar, done);
		canvas_printf(c, 0, x + bar + 1, 5, STYLE_TEXT, "%3d%%",
			      (int)(done * 100));
		x += bar + 7;
	}
	/* When it died is not known. */
	if (c->width >= x + 9 && !run_died(model)) {
		canvas_printf(c, 0, x, -1, STYLE_TEXT, "%s%s",
			      c->width >= x + 17 ? "elapsed " : "",
			      clock.text);
		x += c->width >= x + 17 ? 19 : 11;
	}
	draw_owner(model, c, x);
	strbuf_release(&text);
	strbuf_release(&clock);
}

/* --- the steps ------------------------------------------------------------ */

static void
draw_lines(struct app *app, struct run *run, const struct canvas *c)
{
	bool here;
	int i, line;

	run->page = c->height;
	list_place(&run->list, c, 0, run->n, run->page);
	for (i = 0; i < run->page; i++) {
		line = run->list.top + i;
		if (line >= run->n)
			break;
		here = line == run->list.cursor;
		canvas_text(c, i, 0, 1, STYLE_TEXT, here ? ">" : " ");
		run_line_draw(app->model, c, i, &run->lines[line],
			      !here	    ? STYLE_TEXT
			      : run->in_log ? STYLE_CURSOR
					    : STYLE_FOCUS);
	}
	if (run->n == 0 && filter_is_set(&run->filter))
		canvas_text(c, 0, 2, c->width - 2, STYLE_TEXT,
			    "Nothing passes the filter.");
}

/* --- what is below or beside ---------------------------------------------- */

/* The first of those that the end only counts; NULL: there is none. */
static const struct record *
database_error(const struct model *model)
{
	size_t i;

	for (i = model->logs_run; i < model->logs.n; i++)
		if (record_is(model->logs.items[i], "error") &&
		    record_get(model->logs.items[i], "database"))
			return model->logs.items[i];
	return NULL;
}

static int
draw_error(const struct canvas *c, int y, const struct record *error)
{
	char *text = mem_printf("%s: %s", record_get(error, "database"),
				record_get(error, "message"));

	y = draw_wrapped(c, y, STYLE_STRONG, text);
	free(text);
	y = draw_wrapped(c, y, STYLE_TEXT, record_get(error, "detail"));
	return draw_wrapped(c, y, STYLE_TEXT, record_get(error, "hint"));
}

static void
draw_trouble(const struct model *model, const struct canvas *c)
{
	const struct record *end = model->end;
	int y;

	canvas_rule(c, 0, run_paused(model) ? "paused" : "what failed");
	if (!end) {
		draw_wrapped(c, 1, STYLE_TEXT,
			     run_is_dry(model) ? run_was_dry : run_death);
		return;
	}
	y = draw_wrapped(c, 1, STYLE_STRONG, record_get(end, "message"));
	if (database_error(model)) {
		y = draw_error(c, y, database_error(model));
	} else {
		y = draw_wrapped(c, y, STYLE_TEXT, record_get(end, "where"));
		y = draw_wrapped(c, y, STYLE_TEXT, record_get(end, "detail"));
		y = draw_wrapped(c, y, STYLE_TEXT, record_get(end, "hint"));
	}
	if (y < c->height)
		canvas_text(c, y, 0, c->width, STYLE_TEXT,
			    run_is_dry(model) ? run_was_dry
			    : run_paused(model)
				    ? "r goes on with what is left."
			    : model->told.steps.n == 0
				    ? "It had not begun: nothing was changed. "
				      "r runs it again."
				    : "r runs it again: what is done stays "
				      "done. Enter at KO says more.");
}

static bool
has_trouble(const struct model *model)
{
	return run_failed(model) || run_paused(model) || run_died(model);
}

static void
draw_log_pane(struct app *app, struct run *run, const struct canvas *c)
{
	struct canvas part = canvas_part(c, 1, 0, c->height - 1, c->width);
	const struct filter *filter = &run->log.filter;

	if (c->height < 2)
		return;
	canvas_rule(c, 0, run->log.still ? "log   G follows again"
					 : "log   follow");
	if (filter_is_shown(filter))
		filter_draw(app, filter, c, 0, 24);
	log_view_draw(app, &run->log, &part, run->in_log);
}

/* Lines for what failed, and for the log, below the steps. */
static void
share(const struct run *run, const struct model *model, int height,
      int *trouble, int *log)
{
	int most = height / 3 > 12 ? 12 : height / 3;

	*trouble = *log = 0;
	if (height < 8) {
		*trouble = has_trouble(model) && height > 4 ? 3 : 0;
		return;
	}
	if (has_trouble(model))
		*trouble = model->told.steps.n == 0 ? height / 2
			   : most > 6		    ? 6
						    : most;
	if (*trouble == 0 || most - *trouble >= 3 || run->in_log)
		*log = most - (run->in_log ? 0 : *trouble);
}

static void
paint_below(struct app *app, struct run *run, const struct canvas *c)
{
	int trouble, log, height = c->height - 1;
	struct canvas part;

	share(run, app->model, height, &trouble, &log);
	/* Without room for both, the log has it all while one is in it. */
	if (run->in_log && log == 0) {
		log = height;
		trouble = 0;
	}
	if (!run->in_log && log > 0) {
		int said = log_view_count(&run->log, app->model, log - 1);

		log = said > 0 || filter_is_shown(&run->log.filter)
			      ? said + 1
			      : 0;
	}
	part = canvas_part(c, 1, 0, height - trouble - log, c->width);
	draw_lines(app, run, &part);
	part = canvas_part(c, c->height - trouble - log, 0, trouble, c->width);
	if (trouble > 0)
		draw_trouble(app->model, &part);
	part = canvas_part(c, c->height - log, 0, log, c->width);
	if (log > 0)
		draw_log_pane(app, run, &part);
}

static void
paint_beside(struct app *app, struct run *run, const struct canvas *c)
{
	int height = c->height - 1, trouble = 0;
	int left = c->width * 3 / 5 < LIST_MOST ? c->width * 3 / 5 : LIST_MOST;
	struct canvas part;

	if (has_trouble(app->model))
		trouble = height / 3 > 10 ? 10 : height / 3;
	part = canvas_part(c, 1, 0, height - trouble, left);
	draw_lines(app, run, &part);
	part = canvas_part(c, c->height - trouble, 0, trouble, left);
	if (trouble > 0)
		draw_trouble(app->model, &part);
	canvas_pillar(c, left, 1, height);
	part = canvas_part(c, 1, left + 1, height, c->width - left - 1);
	draw_log_pane(app, run, &part);
}

/* What a screen is for, as long as nothing runs or ran there last. */
static const struct {
	const char *command;
	const char *text;
} purposes[] = {
	{"setup", "Setup takes roles, databases and schema to the "
		  "destination and prepares the replication. The source stays "
		  "in full use; no row is copied yet."},
	{"start", "Start copies the data of every database and keeps it in "
		  "step from there on. The source stays in full use."},
	{"stop", "Stop waits until the last change has arrived, sets the "
		 "sequences and hands the databases over. Stop what writes to "
		 "the source first."},
	{"uninstall", "Uninstall takes away what pgrepup made, on both sides. "
		      "The databases and their rows stay."},
};

static void
draw_empty(const struct model *model, const struct run *run,
	   const struct canvas *c)
{
	const char *why = standing_why(&model->standing, run->command);
	enum mark mark = standing_of(model, run->command);
	struct canvas part = canvas_part(c, 1, 2, c->height - 1, c->width - 3);
	struct strbuf text = STRBUF_INIT;
	size_t i;

	for (i = 0; i < LENGTH_OF(purposes); i++)
		if (strcmp(purposes[i].command, run->command) == 0)
			strbuf_addf(&text, "%s\n\n", purposes[i].text);
	if (mark == MARK_PAUSED)
		strbuf_add(&text, "It is paused: r goes on.");
	else if (why)
		strbuf_addf(&text, "The last one failed: %s\n\nr takes it up "
				   "again: what is done stays done. \"pgrepup "
				   "log\" shows what it said.", why);
	else
		strbuf_addf(&text, "! runs %s, after a question.",
			    run->command);
	draw_wrapped(&part, 0, STYLE_TEXT, text.text);
	strbuf_release(&text);
}

void
run_draw(struct app *app, struct run *run, const struct canvas *c)
{
	if (!run_is_shown(app, run->command)) {
		draw_empty(app->model, run, c);
		return;
	}
	run_place(run, app->model);
	/* Nothing is where the log was. */
	run->log.list.width = 0;
	draw_head(app->model, c);
	if (filter_is_shown(&run->filter))
		filter_draw(app, &run->filter, c, 0, c->width - 26);
	if (c->width >= BESIDE)
		paint_beside(app, run, c);
	else
		paint_below(app, run, c);
}
