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

/* At the detail of what the cursor passes by nobody looks. */
#define REST 0.3
/* Seconds for which a frame tells ages well enough: a little more than from
 * sample to sample. */
#define STEADY 1.1

static struct sample *
shown_sample(const struct app *app, const struct live *s)
{
	if (s->frozen && s->kept)
		return s->kept;
	return app->model ? app->model->sample : NULL;
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
	struct sample *sample = shown_sample(app, s);

	if (sample)
		live_paint(app, s, c, sample);
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
	sample_release(s->kept);
	table_list_release(&s->tables);
	filter_clear(&s->filter);
	free(s);
}

static void
freeze(struct app *app, struct live *s)
{
	s->frozen = !s->frozen;
	sample_release(s->kept);
	s->kept = s->frozen ? sample_use(app->model->sample) : NULL;
}

static const double intervals[] = {1, 2, 5, 10, 30, 60};

static void
change_interval(struct app *app, int by)
{
	int i = 0, n = (int)LENGTH_OF(intervals);

	while (i < n - 1 && intervals[i] < app->model->interval)
		i++;
	i += by;
	if (i < 0 || i >= n)
		return;
	model_every(app->model, intervals[i]);
	app_say(app, "Every %g s", intervals[i]);
}

/* The row under the cursor; NULL, and said: there is none. */
static const struct record *
at_hand(struct app *app, const struct live *s)
{
	if (s->list.cursor < s->n)
		return s->rows[s->list.cursor];
	if (!s->sample)
		app_say(app, "The servers have not answered yet.");
	return NULL;
}

static bool
is_state(const struct record *row, const char *state)
{
	const char *its = record_get(row, "state");

	return its && strcmp(its, state) == 0;
}

static void
show_detail(struct app *app, const struct live *s)
{
	const struct record *row = at_hand(app, s);

	if (row)
		live_open_detail(app, record_get(row, "database"));
}

/* An operation of the database at hand alone. */
static void
start_one(struct app *app, const char *command, const struct record *row)
{
	struct op_options options = {.yes = false};

	text_list_add(&options.only, record_get(row, "database"));
	app_start(app, &(struct start){
			       .command = command,
			       .options = &options,
		       });
	text_list_release(&options.only);
}

static void
disable(struct app *app, const struct live *s)
{
	const struct record *row = at_hand(app, s);

	if (row && !is_state(row, "replicating") &&
	    !is_state(row, "catching up") && !is_state(row, "down") &&
	    !is_state(row, "gap"))
		app_say(app, "Only what replicates can be disabled.");
	else if (row)
		start_one(app, "disable", row);
}

/* Start does it, and would copy what was not copied yet. */
static void
enable(struct app *app, const struct live *s)
{
	const struct record *row = at_hand(app, s);

	if (row && !is_state(row, "down"))
		app_say(app, "It is not disabled.");
	else if (row)
		start_one(app, "start", row);
}

/* Keys may come faster than frames: after a filter they act on what a frame
 * would show now, else on what the last one has shown. */
static void
catch_up(struct app *app, struct live *s)
{
	struct sample *sample = shown_sample(app, s);

	if (!sample || (s->rows && !s->stale))
		return;
	live_rows(s, sample);
	list_fit(&s->list, s->n, s->page);
}

static bool
live_act(struct app *app, void *state, enum action action)
{
	struct live *s = state;
	bool moved;

	if (!app->model)
		return false;
	catch_up(app, s);
	switch (action) {
	case ACTION_STOP:
		app_start(app, &(struct start){
				       .command = "stop",
				       .screen = SCREEN_STOP,
			       });
		return true;
	case ACTION_DISABLE:
		disable(app, s);
		return true;
	case ACTION_ENABLE:
		enable(app, s);
		return true;
	case ACTION_SORT:
		if (!live_sort_name(++s->sort))
			s->sort = 0;
		s->stale = true;
		return true;
	case ACTION_SORT_REVERSE:
		s->reverse = !s->reverse;
		s->stale = true;
		return true;
	case ACTION_FREEZE:
		freeze(app, s);
		return true;
	case ACTION_FASTER:
		change_interval(app, -1);
		return true;
	case ACTION_SLOWER:
		change_interval(app, 1);
		return true;
	case ACTION_OPEN:
		show_detail(app, s);
		return true;
	case ACTION_FILTER:
		s->filter.typing = true;
		return true;
	case ACTION_BACK:
		filter_clear(&s->filter);
		s->stale = true;
		return true;
	default:
		moved = list_act(&s->list, action, s->n, s->page);
		if (moved) {
			live_keep_cursor(s);
			app_wake(app, REST);
		}
		return moved;
	}
}

static bool
live_event(struct app *app, void *state, const struct event *event)
{
	struct live *s = state;

	(void)app;
	if (!filter_event(&s->filter, event))
		return false;
	s->stale = true;
	return true;
}

/* The detail beside the list is that of the cursor, once it rests; a question
 * leaves it to be seen. */
static void
look_at_cursor(struct app *app, const struct live *s)
{
	bool covered = app->overlay && app->overlay->height == 0;
	int height, width;

	term_size(app->term, &height, &width);
	if (width < LIVE_SIDE_WIDTH || covered || s->list.cursor >= s->n)
		return;
	if (clock_now() - s->moved_at >= REST)
		model_look(app->model, record_get(s->rows[s->list.cursor],
						  "database"));
}

/* Ages and clocks move by themselves; nothing else does without news. */
static bool
live_tick(struct app *app, void *state)
{
	struct live *s = state;
	const struct model *model = app->model;
	double now = clock_now();

	if (!model || !model->sample)
		return false;
	look_at_cursor(app, s);
	if (now - model->status_at <= 3 * model->interval + 1 &&
	    record_count(model->sample->whole, "errors") == 0 &&
	    !live_starting(model))
		return false;
	/* A frame for the next sample makes one for the ages needless. */
	if (now - app->drawn_at < STEADY) {
		app_wake(app, app->drawn_at + STEADY - now);
		return false;
	}
	return true;
}

static void
live_text(struct app *app, void *state, bool all, struct strbuf *text)
{
	struct live *s = state;
	int i;

	for (i = 0; app->model && i < s->n; i++)
		if (all || i == s->list.cursor)
			live_facts(text, app->model,
				   record_get(s->rows[i], "database"),
				   s->rows[i]);
}

static void
live_click(void *state, const struct event *event)
{
	struct live *s = state;

	if (list_click(&s->list, event))
		live_keep_cursor(s);
}

const struct screen screen_live = {
	.title = "Replicate",
	.open = live_open,
	.close = live_close,
	.draw = live_draw,
	.act = live_act,
	.event = live_event,
	.tick = live_tick,
	.text = live_text,
	.click = live_click,
};
