/* SPDX-License-Identifier: PostgreSQL */
/* What the keys do in a run view. */
#include <stdlib.h>
#include <string.h>

#include "draw_text.h"
#include "mem.h"
#include "run_view.h"

static void
start(struct app *app, struct run *run, const struct op_options *options)
{
	run->follow = true;
	app_start(app, &(struct start){.command = run->command,
				       .options = options});
}

static bool
is_shown_dry(const struct app *app, const struct run *run)
{
	return run_is_shown(app, run->command) && run_is_dry(app->model);
}

/* Takes up what failed, died or was paused, of the same databases: steps that
 * were done find that they are. What a dry run did not do, there is nothing of
 * to take up. */
static void
retry(struct app *app, struct run *run)
{
	if (standing_is_half(app->model, run->command))
		start(app, run, standing_scope(&app->model->standing,
					       run->command));
	else if (app_is_free(app))
		app_say(app, "Nothing has failed here%s. ! runs %s.",
			is_shown_dry(app, run) ? ": a dry run changes nothing"
					       : "",
			run->command);
}

static bool
is_ko(const struct run_line *line)
{
	return line->state && strcmp(line->state, "ko") == 0;
}

static void
show_text(struct app *app, const struct run *run, const struct run_line *line)
{
	struct strbuf text = STRBUF_INIT;

	run_line_text(&text, line);
	overlay_text(app, run->command, strbuf_detach(&text));
}

/* What failed says why; a database that copies, its tables; what has lines
 * below it shows or hides them. */
static void
show_line(struct app *app, struct run *run)
{
	const struct run_line *line;

	if (run->n == 0)
		return;
	line = &run->lines[run->list.cursor];
	if (line->kind == RUN_STEP && is_ko(line)) {
		run_show_error(app);
	} else if (line->kind == RUN_DATABASE && line->copy) {
		run_show_tables(app, line->database);
	} else if (run_line_turn(run, line)) {
		run->follow = false;
	} else {
		show_text(app, run, line);
	}
}

static void
back(struct run *run)
{
	if (run->in_log && filter_is_set(&run->log.filter))
		filter_clear(&run->log.filter);
	else if (filter_is_set(&run->filter))
		filter_clear(&run->filter);
	else if (run->in_log)
		run->in_log = false;
	else
		run->follow = true;
}

static bool
move_lines(struct run *run, enum action action)
{
	if (!list_act(&run->list, action, run->n, run->page))
		return false;
	run->follow = run->list.cursor == run_newest_line(run);
	return true;
}

/* What there is to see of a run, when it is of this command. */
static bool
look(struct app *app, struct run *run, enum action action)
{
	/* A line must be there still; to move, those that were drawn do. */
	if (run->stale || action == ACTION_OPEN)
		run_place(run, app->model);
	run->stale = true;
	switch (action) {
	case ACTION_OPEN:
		if (!run->in_log)
			show_line(app, run);
		return true;
	case ACTION_PANE_NEXT:
	case ACTION_PANE_PREVIOUS:
		run->in_log = !run->in_log;
		return true;
	case ACTION_FILTER:
		if (run->in_log)
			run->log.filter.typing = true;
		else
			run->filter.typing = true;
		return true;
	case ACTION_BACK:
		back(run);
		return true;
	default:
		run->stale = false;
		return run->in_log ? log_view_act(&run->log, app->model,
						  action)
				   : move_lines(run, action);
	}
}

bool
run_act(struct app *app, struct run *run, enum action action)
{
	if (!app->model)
		return false;
	switch (action) {
	case ACTION_RUN:
		start(app, run, NULL);
		return true;
	case ACTION_RERUN:
		retry(app, run);
		return true;
	default:
		return run_is_shown(app, run->command) &&
		       look(app, run, action);
	}
}

void
run_click(struct run *run, const struct event *event)
{
	if (log_view_click(&run->log, event)) {
		run->in_log = true;
	} else if (list_click(&run->list, event)) {
		run->in_log = false;
		run->follow = run->list.cursor == run_newest_line(run);
	}
}

bool
run_wheel(const struct app *app, struct run *run, const struct event *event)
{
	enum action action = event->ch == 'u' ? ACTION_UP : ACTION_DOWN;

	if (list_is_at(&run->log.list, event))
		log_view_act(&run->log, app->model, action);
	else if (run->in_log)
		move_lines(run, action);
	else
		return false;
	return true;
}

bool
run_event(struct run *run, const struct event *event)
{
	if (!filter_event(&run->filter, event))
		return filter_event(&run->log.filter, event);
	run->stale = true;
	return true;
}

/* The clock of what runs moves once a second. */
bool
run_tick(const struct app *app, struct run *run)
{
	double now;

	if (!run_is_shown(app, run->command) || app->model->end)
		return false;
	now = run_seconds(app->model);
	if ((long long)now == (long long)run->drawn_seconds)
		return false;
	run->drawn_seconds = now;
	return true;
}

void
run_text(struct app *app, struct run *run, bool all, struct strbuf *text)
{
	int i;

	if (!run_is_shown(app, run->command))
		return;
	if (run->in_log) {
		log_view_text(&run->log, app->model, all, text);
		return;
	}
	run_place(run, app->model);
	for (i = 0; i < run->n; i++)
		if (all || i == run->list.cursor)
			run_line_text(text, &run->lines[i]);
	if (run_failed(app->model))
		run_error_text(app->model, text);
}
