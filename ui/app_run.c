/* SPDX-License-Identifier: PostgreSQL */
/* Starting operations from the dashboard. */
#include <stdlib.h>
#include <string.h>

#include "app_internal.h"
#include "mem.h"
#include "op.h"
#include "runner.h"


static void
copy_list(struct text_list *to, const struct text_list *from)
{
	size_t i;

	for (i = 0; from && i < from->n; i++)
		text_list_add(to, from->items[i]);
}

bool
app_check_runs(const struct app *app)
{
	return app->model && model_checks(app->model);
}

bool
app_is_free(struct app *app)
{
	char *command;
	pid_t pid = model_running(app->model, &command);

	if (pid > 0)
		app_say(app, "\"%s\" runs (process %d): one operation at a "
			     "time.",
			command ? command : "?", (int)pid);
	free(command);
	return pid == 0;
}

static void
say_started(struct app *app, const char *command, bool dry_run)
{
	free(app->said);
	app->said = dry_run ? mem_strdup("Asking what would run ...")
		    : strcmp(command, "check") == 0
			    ? mem_strdup("Checking ...")
			    : mem_printf("%s runs. It goes on without this "
					 "terminal, too.", command);
	app_say(app, "%s", app->said);
}

/* The id of the run; NULL when it was not started, which is said. */
static char *
start(struct app *app, const char *command, const struct text_list *targets,
      const struct op_options *options)
{
	struct runner_request request = {
		.command = command,
		.config = app->conf ? app->conf->path : NULL,
		.options = *options,
	};
	struct err err = ERR_INIT;

	if (!app->model) {
		app_say(app, "There is no configuration yet.");
		return NULL;
	}
	if (!app_is_free(app))
		return NULL;
	model_own(app->model, "the dashboard");
	copy_list(&request.options.targets, targets);
	free(app->started);
	app->started = NULL;
	if (runner_start(app->conf, &request, &app->model->runner, &err)) {
		free(app->model->runner_command);
		app->model->runner_command = mem_strdup(command);
		say_started(app, command, options->dry_run);
		app->gone = false;
		app->started = mem_strdup(request.run);
	} else {
		app_say_err(app, &err);
		free(request.run);
		request.run = NULL;
	}
	text_list_release(&request.options.targets);
	err_release(&err);
	return request.run;
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

	if (record_get_bool(end, "ok") && record_get_bool(begin, "dry_run")) {
		if (may_say_done(app)) {
			free(app->message);
			app->message = NULL;
		}
		return;
	}
	if (record_get_bool(end, "paused"))
		app_say(app, "%s: paused; the same again goes on", command);
	else if (!record_get_bool(end, "ok"))
		app_say(app, "%s: %s%s", command, message ? message : "failed",
			strcmp(command, "check") == 0 &&
					record_count(begin, "targets") > 0
				? ", of those asked again"
				: "");
	else if (may_say_done(app))
		app_say(app, "%s: done%s", command,
			next_of(app->model, command));
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

/* It has said its end, and is gone in a moment. */
static bool
is_ending(const struct app *app)
{
	return app->model && app->model->end && model_runner(app->model) > 0;
}

void
app_start_queued(struct app *app)
{
	char *command = app->queued;

	if (!command)
		return;
	if (app_check_runs(app) || is_ending(app)) {
		if (app->model->end)
			app_wake(app, 0.02);
		return;
	}
	app->queued = NULL;
	app_run(app, command, NULL);
	free(command);
}

bool
app_drop_queued(struct app *app)
{
	if (!app->queued)
		return false;
	app_say(app, "%s will not begin.", app->queued);
	free(app->queued);
	app->queued = NULL;
	return true;
}

/* The dashboard checks by itself: an answer given meanwhile is not lost. */
static void
run_it(struct app *app, void *arg)
{
	if (app_check_runs(app)) {
		free(app->queued);
		app->queued = mem_strdup(arg);
		app_say(app, "%s begins when the check has ended.",
			app->queued);
	} else {
		app_run(app, arg, NULL);
	}
	/* It is asked for on the live panel, and has a screen of its own. */
	if (strcmp(arg, "stop") == 0)
		app_go(app, SCREEN_STOP);
}

void
app_ask_run(struct app *app, const char *command, const char *question)
{
	static const struct op_options none = {.yes = false};
	const struct op_question *asked =
		operation_question(operation_find(command), &none);

	overlay_question(app, &(struct question){
		.title = command,
		.text = question,
		.yes = run_it,
		.arg = mem_strdup(command),
		.name = asked->asks == OP_ASKS_NAME ? app->conf->name : NULL,
	});
}

/* One block, as the question frees it. */
struct single {
	const char *command; /* static */
	char database[];
};

static void
run_single(struct app *app, void *arg)
{
	struct single *single = arg;
	struct op_options options = {.yes = true};

	text_list_add(&options.only, single->database);
	free(start(app, single->command, NULL, &options));
	text_list_release(&options.only);
}

void
app_ask_run_of(struct app *app, const char *command, const char *database,
	       const char *question)
{
	size_t n = strlen(database) + 1;
	struct single *single = mem_zalloc(1, sizeof(*single) + n);
	char *text = mem_printf("Database \"%s\"\n\n%s", database, question);

	single->command = command;
	memcpy(single->database, database, n);
	overlay_ask(app, command, text, run_single, single);
	free(text);
}

void
app_run(struct app *app, const char *command, const struct text_list *targets)
{
	if (!targets && is_ending(app)) {
		free(app->queued);
		app->queued = mem_strdup(command);
		app_wake(app, 0.02);
		return;
	}
	free(start(app, command, targets, &(struct op_options){.yes = true}));
}

char *
app_fix(struct app *app, const struct text_list *targets,
	const struct op_options *options)
{
	return start(app, "fix", targets, options);
}
