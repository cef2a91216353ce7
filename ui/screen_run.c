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

static void *
setup_open(struct app *app)
{
	(void)app;
	return run_new("setup");
}

static void *
stop_open(struct app *app)
{
	(void)app;
	return run_new("stop");
}

static void *
uninstall_open(struct app *app)
{
	(void)app;
	return run_new("uninstall");
}

static void
close_run(void *state)
{
	run_free(state);
}

static void
draw(struct app *app, void *state, const struct canvas *c)
{
	run_draw(app, state, c);
}

static bool
act(struct app *app, void *state, enum action action)
{
	return run_act(app, state, action);
}

static bool
event(struct app *app, void *state, const struct event *event)
{
	(void)app;
	return run_event(state, event);
}

static bool
tick(struct app *app, void *state)
{
	return run_tick(app, state);
}

static void
text(struct app *app, void *state, bool all, struct strbuf *text)
{
	run_text(app, state, all, text);
}

static void
click(void *state, const struct event *event)
{
	run_click(state, event);
}

static bool
wheel(struct app *app, void *state, const struct event *event)
{
	return run_wheel(app, state, event);
}

#define RUN_SCREEN(name)                                                       \
	.close = close_run, .draw = draw, .act = act, .event = event,          \
	.tick = tick, .text = text, .click = click, .wheel = wheel,            \
	.title = (name)

const struct screen screen_setup = {RUN_SCREEN("Setup"), .open = setup_open};
const struct screen screen_stop = {RUN_SCREEN("Stop"), .open = stop_open};
const struct screen screen_uninstall = {RUN_SCREEN("Uninstall"),
					.open = uninstall_open};
