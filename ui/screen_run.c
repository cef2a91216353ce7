/* SPDX-License-Identifier: PostgreSQL */
/*
 * The run view: steps of an operation, what is under the step that runs, and
 * the end of its log. Three screens of one kind: Setup, Stop, Uninstall.
 */
#include <stdlib.h>
#include <string.h>

#include "app_internal.h"
#include "mem.h"

struct run {
	const char *command;
	const char *question;
	struct list list;
	int page;
	int n;
};

static struct run *
run_new(const char *command, const char *question)
{
	struct run *run = MEM_NEW(struct run);

	run->command = command;
	run->question = question;
	return run;
}

static void *
setup_open(struct app *app)
{
	(void)app;
	return run_new("setup",
		       "Checks both sides, then makes the replication role, "
		       "copies roles, databases and schemas to the "
		       "destination, and makes the replication nodes.\n\n"
		       "On the source: role, schema pgrepup and the extension "
		       "are added; no row is touched.\n\nRun setup?");
}

static void *
stop_open(struct app *app)
{
	(void)app;
	return run_new("stop",
		       "Waits until the destination has every change, sets "
		       "the sequences, hands the databases over, and ends "
		       "replication. It refuses while sessions are connected "
		       "to the source's databases.\n\nAfterwards the "
		       "destination is the truth.\n\nStop replication?");
}

static void *
uninstall_open(struct app *app)
{
	(void)app;
	return run_new("uninstall",
		       "Removes everything that pgrepup made on both "
		       "clusters: nodes, extension, role, grants, columns, "
		       "pg_hba.conf lines and settings that are still its "
		       "own. The destination keeps its data. A database that "
		       "was not handed over by stop no longer "
		       "follows.\n\nUninstall?");
}

static bool
is_shown(const struct app *app, const struct run *run)
{
	const char *command = app->model ? model_command(app->model) : NULL;

	return command && strcmp(command, run->command) == 0;
}

static int
draw_step(const struct canvas *c, int y, const struct record *step,
	  bool cursor)
{
	const char *state = record_get(step, "state");
	enum style style = cursor ? STYLE_CURSOR : STYLE_TEXT;

	canvas_text(c, y, 0, 1, style, cursor ? ">" : " ");
	draw_badge(c, y, 2, state);
	canvas_printf(c, y, 7, c->width - 18, style, "%2lld  %s",
		      record_get_int(step, "n"), record_get(step, "title"));
	if (record_has(step, "seconds"))
		canvas_printf(c, y, c->width - 10, 10, STYLE_TEXT, "%8.1f s",
			      record_get_real(step, "seconds"));
	return y + 1;
}

static void
draw_item(const struct canvas *c, int y, const struct record *item,
	  bool cursor)
{
	const char *database = record_get(item, "database");
	const char *object = record_get(item, "object");
	const char *detail = record_get(item, "detail");
	struct strbuf text = STRBUF_INIT, clean = STRBUF_INIT;

	strbuf_addf(&text, "%s%s%s%s%s", database ? database : "",
		    database && object ? ": " : "", object ? object : "",
		    detail ? "  " : "", detail ? detail : "");
	strbuf_scrub(&clean, text.text);
	canvas_text(c, y, 0, 1, STYLE_TEXT, cursor ? ">" : " ");
	draw_badge(c, y, 6, record_get(item, "state"));
	canvas_text(c, y, 11, c->width - 11,
		    cursor ? STYLE_CURSOR : STYLE_TEXT, clean.text);
	strbuf_release(&text);
	strbuf_release(&clean);
}

/* A line of the view: a step, or something under one. */
static const struct record *
line_at(const struct model *model, int i, bool *is_step)
{
	size_t k, j;
	int line = 0;
	bool last;

	for (k = 0; k < model->steps.n; k++) {
		*is_step = true;
		if (line++ == i)
			return model->steps.items[k];
		/* Items belong to the step that runs or ran last. */
		last = k + 1 == model->steps.n;
		*is_step = false;
		for (j = 0; last && j < model->items.n; j++)
			if (line++ == i)
				return model->items.items[j];
	}
	return NULL;
}

static void
draw_head(struct app *app, const struct run *run, const struct canvas *c)
{
	const struct model *model = app->model;
	size_t n = model->steps.n;
	const struct record *last = n ? model->steps.items[n - 1] : NULL;
	long long of = last ? record_get_int(last, "of") : 0;
	long long at = last ? record_get_int(last, "n") : 0;

	if (model->end && record_get_bool(model->end, "ok"))
		canvas_printf(c, 0, 1, -1, STYLE_STRONG, "%s: done",
			      run->command);
	else if (model->end)
		canvas_printf(c, 0, 1, c->width - 2, STYLE_STRONG,
			      "%s failed: %s", run->command,
			      record_get(model->end, "message"));
	else
		canvas_printf(c, 0, 1, -1, STYLE_STRONG,
			      "%s   step %lld of %lld", run->command, at, of);
	if (!model->end && of > 0 && c->width > 60)
		canvas_bar(c, 0, 36, 24, (double)(at - 1) / (double)of);
}

static void
draw_failure(const struct model *model, const struct canvas *c)
{
	struct strbuf text = STRBUF_INIT;
	const char *hint;
	int y = 0;

	canvas_rule(c, y++, model->end && !record_get_bool(model->end, "ok")
				    ? "what to do"
				    : "log");
	if (model->end && (hint = record_get(model->end, "hint"))) {
		strbuf_scrub(&text, hint);
		canvas_text(c, y++, 1, c->width - 2, STYLE_TEXT, text.text);
	}
	for (size_t i = model->logs.n; i > 0 && y < c->height; i--) {
		const struct record *r = model->logs.items[i - 1];
		const char *database = record_get(r, "database");
		const char *message = record_get(r, "message");

		strbuf_reset(&text);
		strbuf_scrub(&text, message ? message : "");
		canvas_printf(c, y++, 1, c->width - 2,
			      record_is(r, "error") ? STYLE_STRONG
						    : STYLE_TEXT,
			      "%s%s%s", database ? database : "",
			      database ? ": " : "", text.text);
	}
	strbuf_release(&text);
}

static void
draw_empty(const struct run *run, const struct canvas *c)
{
	canvas_printf(c, 1, 2, c->width - 3, STYLE_TEXT,
		      "%s has not run yet in this session. ! runs it; a "
		      "question comes first.",
		      run->command);
}

static void
run_draw(struct app *app, void *state, const struct canvas *c)
{
	struct run *run = state;
	struct canvas log;
	bool is_step = false;
	int log_height = c->height > 12 ? 6 : 0, i, n;
	const struct record *line;

	if (!is_shown(app, run)) {
		draw_empty(run, c);
		return;
	}
	draw_head(app, run, c);
	n = (int)(app->model->steps.n + app->model->items.n);
	run->page = c->height - 1 - log_height;
	/* Follow what comes, until the cursor was moved up. */
	if (run->list.cursor >= run->n - 1)
		run->list.cursor = n - 1;
	run->n = n;
	list_fit(&run->list, n, run->page);
	for (i = 0; i < run->page; i++) {
		line = line_at(app->model, run->list.top + i, &is_step);
		if (line && is_step)
			draw_step(c, 1 + i, line,
				  run->list.top + i == run->list.cursor);
		else if (line)
			draw_item(c, 1 + i, line,
				  run->list.top + i == run->list.cursor);
	}
	log = canvas_part(c, c->height - log_height, 0, log_height, c->width);
	if (log_height)
		draw_failure(app->model, &log);
}

static void
run_it(struct app *app, void *arg)
{
	app_run(app, arg, NULL);
}

static void
show_line(struct app *app, struct run *run)
{
	struct strbuf text = STRBUF_INIT;
	bool is_step = false;
	const struct record *line =
		app->model ? line_at(app->model, run->list.cursor, &is_step)
			   : NULL;

	if (!line)
		return;
	if (record_get(line, "title"))
		strbuf_addf(&text, "%s\n", record_get(line, "title"));
	if (record_get(line, "database"))
		strbuf_addf(&text, "Database  %s\n",
			    record_get(line, "database"));
	if (record_get(line, "object"))
		strbuf_addf(&text, "Object    %s\n",
			    record_get(line, "object"));
	strbuf_addf(&text, "State     %s\n", record_get(line, "state"));
	if (record_get(line, "detail"))
		strbuf_addf(&text, "\n%s\n", record_get(line, "detail"));
	overlay_text(app, run->command, strbuf_detach(&text));
}

static bool
run_act(struct app *app, void *state, enum action action)
{
	struct run *run = state;

	switch (action) {
	case ACTION_RUN:
		overlay_ask(app, run->command, run->question, run_it,
			    mem_strdup(run->command));
		return true;
	case ACTION_OPEN:
		if (is_shown(app, run))
			show_line(app, run);
		return true;
	default:
		return list_act(&run->list, action, run->n, run->page);
	}
}

static void
run_text(struct app *app, void *state, bool all, struct strbuf *text)
{
	struct run *run = state;
	const struct record *line;
	bool is_step = false;
	int i;

	if (!is_shown(app, run))
		return;
	for (i = 0; i < run->n; i++) {
		line = line_at(app->model, i, &is_step);
		if (line && (all || i == run->list.cursor))
			strbuf_addf(text, "%s %s %s %s\n",
				    record_get(line, "state"),
				    is_step ? record_get(line, "title") : "",
				    record_get(line, "database")
					    ? record_get(line, "database")
					    : "",
				    record_get(line, "detail")
					    ? record_get(line, "detail")
					    : "");
	}
}

const struct screen screen_setup = {
	.title = "Setup",
	.open = setup_open,
	.close = free,
	.draw = run_draw,
	.act = run_act,
	.text = run_text,
};

const struct screen screen_stop = {
	.title = "Stop",
	.open = stop_open,
	.close = free,
	.draw = run_draw,
	.act = run_act,
	.text = run_text,
};

const struct screen screen_uninstall = {
	.title = "Uninstall",
	.open = uninstall_open,
	.close = free,
	.draw = run_draw,
	.act = run_act,
	.text = run_text,
};
