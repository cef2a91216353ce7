/* SPDX-License-Identifier: PostgreSQL */
/*
 * Replicate: two views of one screen, the live panel and the steps of start.
 * What runs, fails or was paused is taken up from either.
 */
#include <stdlib.h>

#include "mem.h"
#include "run_view.h"
#include "screen_live.h"

struct start_view {
	void *live;
	struct run *run;
	bool steps; /* these are shown */
};

static void *
start_open(struct app *app)
{
	struct start_view *s = MEM_NEW(struct start_view);

	s->live = screen_live.open(app);
	s->run = run_new("start");
	return s;
}

static void
start_close(void *state)
{
	struct start_view *s = state;

	screen_live.close(s->live);
	run_free(s->run);
	free(s);
}

static void
start_draw(struct app *app, void *state, const struct canvas *c)
{
	struct start_view *s = state;

	if (s->steps)
		run_draw(app, s->run, c);
	else
		screen_live.draw(app, s->live, c);
}

static bool
start_act(struct app *app, void *state, enum action action)
{
	struct start_view *s = state;

	switch (action) {
	case ACTION_VIEW:
		s->steps = !s->steps;
		return true;
	case ACTION_RUN:
	case ACTION_RERUN:
		return run_act(app, s->run, action);
	default:
		return s->steps ? run_act(app, s->run, action)
				: screen_live.act(app, s->live, action);
	}
}

static bool
start_event(struct app *app, void *state, const struct event *event)
{
	struct start_view *s = state;

	return s->steps ? run_event(s->run, event)
			: screen_live.event(app, s->live, event);
}

static bool
start_tick(struct app *app, void *state)
{
	struct start_view *s = state;

	return s->steps ? run_tick(app, s->run)
			: screen_live.tick(app, s->live);
}

static void
start_text(struct app *app, void *state, bool all, struct strbuf *text)
{
	struct start_view *s = state;

	if (s->steps)
		run_text(app, s->run, all, text);
	else
		screen_live.text(app, s->live, all, text);
}

static void
start_click(void *state, const struct event *event)
{
	struct start_view *s = state;

	if (s->steps)
		run_click(s->run, event);
	else
		screen_live.click(s->live, event);
}

static bool
start_wheel(struct app *app, void *state, const struct event *event)
{
	struct start_view *s = state;

	return s->steps && run_wheel(app, s->run, event);
}

static enum screen_id
start_keys(const void *state)
{
	const struct start_view *s = state;

	return s->steps ? KEYS_START : SCREEN_REPLICATE;
}

const struct screen screen_replicate = {
	.title = "Replicate",
	.open = start_open,
	.close = start_close,
	.draw = start_draw,
	.act = start_act,
	.event = start_event,
	.tick = start_tick,
	.text = start_text,
	.click = start_click,
	.wheel = start_wheel,
	.keys = start_keys,
};
