/* SPDX-License-Identifier: PostgreSQL */
/* What was started from the dashboard: that it runs, and how it ended. */
#include <stdlib.h>
#include <string.h>

#include "app_internal.h"
#include "log_text.h"
#include "mem.h"
#include "tools.h"

bool
app_check_runs(const struct app *app)
{
	return app->model && model_checks(app->model);
}

bool
app_is_free(struct app *app)
{
	char *why = app->model ? model_busy(app->model) : NULL;
	bool is_free = !why;

	if (why)
		app_say(app, "%s", why);
	free(why);
	return is_free;
}

/* What a key has said meanwhile is not talked over for a "done". */
static bool
may_say_done(const struct app *app)
{
	return !app->message ||
	       (app->said && strcmp(app->message, app->said) == 0);
}

static const char *
next_of(const struct model *model, const char *command)
{
	static const struct {
		const char *command;
		enum screen_id screen, next;
		const char *text;
	} nexts[] = {
		{"check", SCREEN_CHECK, SCREEN_SETUP, ". Next: 3, setup"},
		{"setup", SCREEN_SETUP, SCREEN_REPLICATE,
		 ". Next: 4, start"},
		{"stop", SCREEN_STOP, SCREEN_UNINSTALL,
		 ". Next: point the applications to the destination, then 6"},
	};
	size_t i;

	for (i = 0; i < LENGTH_OF(nexts); i++)
		if (strcmp(nexts[i].command, command) == 0 &&
		    standing_mark(model, nexts[i].screen) == MARK_OK &&
		    standing_mark(model, nexts[i].next) == MARK_NONE)
			return nexts[i].text;
	return "";
}

/* A plan is followed by its question, or by what the checklist says. */
static void
say_result(struct app *app, const struct record *begin,
	   const struct record *end)
{
	const char *command = record_get(begin, "command");
	const char *message = record_get(end, "message");
	struct strbuf name = STRBUF_INIT;

	if (record_get_bool(end, "ok") && record_get_bool(begin, "dry_run")) {
		if (may_say_done(app)) {
			free(app->message);
			app->message = NULL;
		}
		return;
	}
	log_add_run(&name, begin);
	if (record_get_bool(end, "paused"))
		app_say(app, "%s: paused; the same again goes on", name.text);
	else if (!record_get_bool(end, "ok"))
		app_say(app, "%s: %s%s", name.text, message ? message : "failed",
			strcmp(command, "check") == 0 &&
					record_count(begin, "targets") > 0
				? ", of those asked again"
				: "");
	else if (may_say_done(app))
		app_say(app, "%s: done%s", command,
			next_of(app->model, command));
	strbuf_release(&name);
}

/*
 * What was started here is gone without its last word: it was killed. Its end
 * may have come after the journal was read: once more it is looked for.
 */
static void
see_death(struct app *app)
{
	if (app->model->runner > 0 || app->model->behind)
		return;
	app_wake(app, 0.02);
	if (!app->gone) {
		app->gone = true;
		return;
	}
	free(app->started);
	app->started = NULL;
	tools_tmp_sweep(app->conf);
	app_say(app, "%s ended without a word, as when it is killed. What is "
		     "done stays done; r takes it up again.",
		app->model->runner_command);
}

void
app_tell_end(struct app *app)
{
	const struct model *model = app->model;
	const char *run = model && model->end ? record_get(model->end, "run")
					      : NULL;

	if (!app->started)
		return;
	if (!run || strcmp(run, app->started) != 0) {
		see_death(app);
		return;
	}
	free(app->started);
	app->started = NULL;
	say_result(app, model->begin, model->end);
}

bool
app_is_ending(const struct app *app)
{
	return app->model && app->model->end && model_runner(app->model) > 0;
}
