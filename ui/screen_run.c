/* SPDX-License-Identifier: PostgreSQL */
/*
 * The run view: steps of an operation, what is under the step that runs, and
 * the end of its log. Three screens of one kind: Setup, Stop, Uninstall.
 */
#include <stdlib.h>
#include <string.h>

#include "draw_text.h"
#include "mem.h"
#include "run_view.h"

static struct run *
run_new(const char *command, const char *question)
{
	struct run *run = MEM_NEW(struct run);

	run->command = command;
	run->question = question;
	run->follow = true;
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

static void
run_close(void *state)
{
	struct run *run = state;

	text_list_release(&run->turned);
	free(run->lines);
	free(run);
}

static void
draw_empty(const struct run *run, const struct canvas *c)
{
	struct canvas part = canvas_part(c, 1, 2, c->height - 1, c->width - 3);
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text,
		    "Here one follows %s; it is not what ran last.\n\n"
		    "! runs it. A question comes first.",
		    run->command);
	draw_wrapped(&part, 0, STYLE_TEXT, text.text);
	strbuf_release(&text);
}

static void
run_draw(struct app *app, void *state, const struct canvas *c)
{
	struct run *run = state;

	if (run_is_shown(app, run->command))
		run_paint(app, run, c);
	else
		draw_empty(run, c);
}

static void
ask(struct app *app, struct run *run)
{
	if (model_runner(app->model) > 0)
		app_say(app, "\"%s\" runs: one operation at a time.",
			model_command(app->model)
				? model_command(app->model)
				: "An operation");
	else
		app_ask_run(app, run->command, run->question);
}

/* Takes up what failed: steps that were done find that they are. */
static void
retry(struct app *app, struct run *run)
{
	if (run_is_shown(app, run->command) &&
	    (run_failed(app->model) || run_died(app->model)))
		app_run(app, run->command, NULL);
	else
		app_say(app, "Nothing has failed here. ! runs %s.",
			run->command);
}

static void
add_line_text(struct strbuf *text, const struct run_line *line)
{
	static const char *const keys[] = {"title", "database", "object",
					   "detail"};
	size_t i;

	strbuf_add(text, line->state ? line->state : "?");
	for (i = 0; i < LENGTH_OF(keys); i++)
		if (record_get(line->record, keys[i]))
			strbuf_addf(text, "  %s",
				    record_get(line->record, keys[i]));
	strbuf_addc(text, '\n');
}

static void
show_line(struct app *app, struct run *run)
{
	struct strbuf text = STRBUF_INIT;
	const struct run_line *line;

	if (run->list.cursor >= run->n)
		return;
	line = &run->lines[run->list.cursor];
	if (run_line_turn(run, line)) {
		run->follow = false;
		return;
	}
	add_line_text(&text, line);
	overlay_text(app, run->command, strbuf_detach(&text));
}

static bool
move(struct run *run, enum action action)
{
	bool moved = list_act(&run->list, action, run->n, run->page);

	if (moved)
		run->follow = run->list.cursor >= run->n - 1;
	return moved;
}

static bool
run_act(struct app *app, void *state, enum action action)
{
	struct run *run = state;

	if (!app->model)
		return false;
	switch (action) {
	case ACTION_RUN:
		ask(app, run);
		return true;
	case ACTION_RERUN:
		retry(app, run);
		return true;
	case ACTION_OPEN:
		if (run_is_shown(app, run->command)) {
			run_lines(run, app->model);
			show_line(app, run);
		}
		return true;
	default:
		return move(run, action);
	}
}

/* The clock of what runs moves once a second. */
static bool
run_tick(struct app *app, void *state)
{
	struct run *run = state;
	double now;

	if (!run_is_shown(app, run->command) || app->model->end)
		return false;
	now = run_seconds(app->model);
	if ((long long)now == (long long)run->drawn_seconds)
		return false;
	run->drawn_seconds = now;
	return true;
}

static void
run_text(struct app *app, void *state, bool all, struct strbuf *text)
{
	struct run *run = state;
	int i;

	if (!run_is_shown(app, run->command))
		return;
	run_lines(run, app->model);
	for (i = 0; i < run->n; i++)
		if (all || i == run->list.cursor)
			add_line_text(text, &run->lines[i]);
	if (run_failed(app->model))
		strbuf_addf(text, "%s\n",
			    record_get(app->model->end, "message"));
}

static void
run_click(void *state, int y)
{
	struct run *run = state;

	if (list_click(&run->list, y))
		run->follow = run->list.cursor >= run->n - 1;
}

const struct screen screen_setup = {
	.title = "Setup",
	.open = setup_open,
	.close = run_close,
	.draw = run_draw,
	.act = run_act,
	.tick = run_tick,
	.text = run_text,
	.click = run_click,
};

const struct screen screen_stop = {
	.title = "Stop",
	.open = stop_open,
	.close = run_close,
	.draw = run_draw,
	.act = run_act,
	.tick = run_tick,
	.text = run_text,
	.click = run_click,
};

const struct screen screen_uninstall = {
	.title = "Uninstall",
	.open = uninstall_open,
	.close = run_close,
	.draw = run_draw,
	.act = run_act,
	.tick = run_tick,
	.text = run_text,
	.click = run_click,
};
