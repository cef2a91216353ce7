/* SPDX-License-Identifier: PostgreSQL */
/*
 * The live panel: each database from initializing to replicating, and the
 * xlog difference. What it shows is the monitor's newest sample; when that is
 * old its age is shown, and nothing goes blank.
 */
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "mem.h"
#include "run_view.h"
#include "screen_live.h"
#include "tables_view.h"

static const struct record *
sample(const struct app *app, const struct live *s)
{
	if (s->paused && s->kept)
		return s->kept;
	return app->model ? app->model->status : NULL;
}

static void
draw_waiting(struct app *app, const struct canvas *c)
{
	canvas_text(c, 1, 2, c->width - 3, STYLE_TEXT,
		    app->model ? "Asking both servers ..."
			       : "There is no configuration yet.");
}

static void
live_draw(struct app *app, void *state, const struct canvas *c)
{
	struct live *s = state;
	const struct record *status = sample(app, s);

	if (status)
		live_paint(app, s, c, status);
	else
		draw_waiting(app, c);
}

static void *
live_open(struct app *app)
{
	(void)app;
	return MEM_NEW(struct live);
}

static void
live_close(void *state)
{
	struct live *s = state;

	live_rows_free(s);
	record_free(s->kept);
	filter_clear(&s->filter);
	free(s);
}

static void
toggle_pause(struct app *app, struct live *s)
{
	s->paused = !s->paused;
	record_free(s->kept);
	s->kept = s->paused && app->model && app->model->status
			  ? record_copy(app->model->status)
			  : NULL;
}

static void
change_interval(struct app *app, double factor)
{
	struct err err = ERR_INIT;
	double interval = app->model->interval * factor;

	if (interval < 0.5 || interval > 60)
		return;
	if (model_watch(app->model, interval, &err))
		app_say(app, "Every %.1f s", interval);
	else
		app_say(app, "%s", err.message);
	err_release(&err);
}

static void
run_it(struct app *app, void *arg)
{
	app_run(app, arg, NULL);
	if (strcmp(arg, "stop") == 0)
		app_go(app, SCREEN_STOP);
}

static void
add_detail(struct strbuf *text, const struct record *row)
{
	struct strbuf bytes = STRBUF_INIT;

	strbuf_addf(text, "Database         %s\nState            %s\n",
		    record_get(row, "database"), record_get(row, "state"));
	live_bytes(&bytes, row, "xlog_difference");
	strbuf_addf(text, "Xlog difference  %s (%lld bytes)\n", bytes.text,
		    record_get_int(row, "xlog_difference"));
	live_bytes(&bytes, row, "copied_bytes");
	strbuf_addf(text, "Copied           %s", bytes.text);
	live_bytes(&bytes, row, "total_bytes");
	strbuf_addf(text, " of %s\nTables           %lld of %lld\n",
		    bytes.text, record_get_int(row, "tables_ready"),
		    record_get_int(row, "tables"));
	if (record_get(row, "last_error"))
		strbuf_addf(text, "\nLast error\n%s\n",
			    record_get(row, "last_error"));
	strbuf_release(&bytes);
}

static const struct record *
find_row(const struct record *status, const char *database, struct record **row)
{
	size_t i, n = status ? record_count(status, "databases") : 0;

	for (i = 0; i < n; i++) {
		*row = record_item(status, "databases", i);
		if (strcmp(record_get(*row, "database"), database) == 0)
			return *row;
		record_free(*row);
	}
	*row = NULL;
	return NULL;
}

/* What the list over the screen shows of the database in arg. */
static void
feed(struct app *app, void *arg, struct table_list *list, struct strbuf *facts)
{
	struct record *row;

	(void)list;
	if (find_row(app->model->status, arg, &row))
		add_detail(facts, row);
	record_free(row);
}

static void
show_detail(struct app *app, const struct live *s)
{
	const char *name;

	if (s->list.cursor >= s->n)
		return;
	name = record_get(s->rows[s->list.cursor], "database");
	tables_open(app, name, feed, mem_strdup(name));
}

static void
ask_start(struct app *app)
{
	if (model_runner(app->model) > 0)
		app_say(app, "\"%s\" runs: one operation at a time.",
			model_command(app->model)
				? model_command(app->model)
				: "An operation");
	else
		overlay_ask(app, "start",
			    "Copies the data of every database to the "
			    "destination, builds indexes there, and "
			    "replicates from then on. The source stays in "
			    "full use; until a database is copied its slot "
			    "keeps WAL there.\n\nStart?",
			    run_it, mem_strdup("start"));
}

static void
retry(struct app *app)
{
	if (run_is_shown(app, "start") &&
	    (run_failed(app->model) || run_died(app->model)))
		app_run(app, "start", NULL);
	else
		app_say(app, "Nothing has failed here. ! runs start.");
}

static bool
live_act(struct app *app, void *state, enum action action)
{
	struct live *s = state;

	if (!app->model)
		return false;
	switch (action) {
	case ACTION_RUN:
		ask_start(app);
		return true;
	case ACTION_RERUN:
		retry(app);
		return true;
	case ACTION_STOP:
		overlay_ask(app, "stop",
			    "Waits for the last change, sets the sequences, "
			    "and hands every database over to the "
			    "destination.\n\nStop replication?",
			    run_it, mem_strdup("stop"));
		return true;
	case ACTION_SORT:
		if (!live_sort_name(++s->sort))
			s->sort = 0;
		return true;
	case ACTION_SORT_REVERSE:
		s->reverse = !s->reverse;
		return true;
	case ACTION_PAUSE:
		toggle_pause(app, s);
		return true;
	case ACTION_FASTER:
		change_interval(app, 0.5);
		return true;
	case ACTION_SLOWER:
		change_interval(app, 2);
		return true;
	case ACTION_OPEN:
		show_detail(app, s);
		return true;
	case ACTION_FILTER:
		s->filter.typing = true;
		return true;
	case ACTION_BACK:
		filter_clear(&s->filter);
		return true;
	default:
		return list_act(&s->list, action, s->n, s->page);
	}
}

static bool
live_event(struct app *app, void *state, const struct event *event)
{
	struct live *s = state;

	(void)app;
	return filter_event(&s->filter, event);
}

/* Ages and clocks move by themselves; nothing else does without news. */
static bool
live_tick(struct app *app, void *state)
{
	struct live *s = state;
	const struct model *model = app->model;
	double now = clock_now();

	if (!model || !model->status || now - s->drawn_at < 1)
		return false;
	if (now - model->status_at <= 3 * model->interval + 1 &&
	    record_count(model->status, "errors") == 0 &&
	    !live_starting(model))
		return false;
	s->drawn_at = now;
	return true;
}

static void
live_text(struct app *app, void *state, bool all, struct strbuf *text)
{
	struct live *s = state;
	int i;

	(void)app;
	for (i = 0; i < s->n; i++)
		if (all || i == s->list.cursor)
			add_detail(text, s->rows[i]);
}

const struct screen screen_replicate = {
	.title = "Replicate",
	.open = live_open,
	.close = live_close,
	.draw = live_draw,
	.act = live_act,
	.event = live_event,
	.tick = live_tick,
	.text = live_text,
};
