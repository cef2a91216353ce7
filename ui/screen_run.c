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
	return run_new("setup",
		       "Checks both sides, then makes the replication role, "
		       "copies roles, databases and schemas to the "
		       "destination, and makes the replication nodes.\n\n"
		       "On the source: role, schema pgrepup and the extension "
		       "are added; no row is touched.\n\nRun setup?");
}

const char run_stop_question[] =
	"Waits until the destination has every change, sets the sequences, "
	"hands the databases over, and ends replication. It refuses while "
	"sessions are connected to the source's databases.\n\n"
	"Afterwards the destination is the truth.\n\nStop replication?";

static void *
stop_open(struct app *app)
{
	(void)app;
	return run_new("stop", run_stop_question);
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
