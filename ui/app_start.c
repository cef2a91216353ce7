/* SPDX-License-Identifier: PostgreSQL */
/*
 * The one door to every operation that the dashboard starts: by a key, as a
 * retry, taking up what was paused, or behind a check. What its row says that
 * it asks (op.h) is asked here. begin() is called for a wish that needs no
 * answer, or has one: from nowhere else, and from no other file.
 *
 * An answer is to what was asked: when the file is of another upgrade by then,
 * or something has been done to this one meanwhile, it is none.
 */
#include <stdlib.h>
#include <string.h>

#include "app_internal.h"
#include "mem.h"
#include "runner.h"

struct wish {
	const struct operation *operation;
	const struct op_question *question;
	struct op_options options;
	void (*begun)(struct app *app, const char *run);
	enum screen_id screen;
	unsigned done; /* of the standing, when it was asked */
};

static struct wish *
wish_new(const struct app *app, const struct start *start)
{
	static const struct op_options none = {.yes = false};
	struct wish *wish = MEM_NEW(struct wish);

	op_options_copy(&wish->options,
			start->options ? start->options : &none);
	wish->operation = operation_find(start->command);
	wish->question = operation_question(wish->operation, &wish->options);
	wish->options.yes = !wish->options.dry_run;
	wish->begun = start->begun;
	wish->screen = start->screen;
	wish->done = app->model->standing.done;
	return wish;
}

static void
wish_free(struct wish *wish)
{
	if (!wish)
		return;
	op_options_release(&wish->options);
	free(wish);
}

/* --- why not -------------------------------------------------------------- */

static const char done_meanwhile[] =
	"Something else was run meanwhile, so this question is out of date."
	"\n\nAsk again once you have seen what it has done.";

static bool
is_out_of_date(const struct app *app, const struct wish *wish)
{
	return wish->question->asks != OP_ASKS_NOTHING &&
	       wish->done != app->model->standing.done;
}

static bool
is_check(const struct wish *wish)
{
	return !operation_changes(wish->operation->name);
}

/* May it wait for what runs? A check ends soon, and what is ending sooner. */
static bool
is_to_wait(const struct app *app, const struct wish *wish)
{
	return app_is_ending(app) || (app_check_runs(app) && !is_check(wish));
}

/* NULL: nothing is in the way. The caller frees it. */
static char *
obstacle(const struct app *app, const struct wish *wish)
{
	if (is_out_of_date(app, wish))
		return mem_strdup(done_meanwhile);
	if (wish->question->asks != OP_ASKS_NOTHING && !app->model->caught_up)
		return mem_strdup("What was run before is still being read. "
				  "Ask again in a moment.");
	return is_to_wait(app, wish) ? NULL : model_busy(app->model);
}

/* Who is about to type a name must not type it to the screen. */
static void
refuse(struct app *app, const struct wish *wish, const char *why)
{
	if (wish->question->asks == OP_ASKS_NAME)
		overlay_notice(app, wish->operation->name, why);
	else
		app_say(app, "%s", why);
}

static bool
is_possible(struct app *app, const struct wish *wish)
{
	char *why = obstacle(app, wish);
	bool possible = !why;

	if (why)
		refuse(app, wish, why);
	free(why);
	return possible && app_conf_is_current(app);
}

/* --- beginning ------------------------------------------------------------ */

static void
say_started(struct app *app, const struct wish *wish)
{
	free(app->said);
	app->said = wish->options.dry_run
			    ? mem_strdup("Asking what would run ...")
		    : is_check(wish)
			    ? mem_strdup("Checking ...")
			    : mem_printf("%s runs. It goes on without this "
					 "terminal, too.",
					 wish->operation->name);
	app_say(app, "%s", app->said);
}

static void
take_started(struct app *app, const struct wish *wish, const char *run)
{
	free(app->model->runner_command);
	app->model->runner_command = mem_strdup(wish->operation->name);
	say_started(app, wish);
	app->gone = false;
	app->started = mem_strdup(run);
	if (wish->begun)
		wish->begun(app, run);
}

/* Takes the wish, which was agreed to or needs no answer. */
static void
begin(struct app *app, struct wish *wish)
{
	struct runner_request request = {
		.command = wish->operation->name,
		.config = app->conf->path,
		.options = wish->options,
	};
	struct err err = ERR_INIT;

	model_own(app->model, "the dashboard");
	free(app->started);
	app->started = NULL;
	if (runner_start(app->conf, &request, &app->model->runner, &err))
		take_started(app, wish, request.run);
	else
		app_say_err(app, &err);
	free(request.run);
	err_release(&err);
	wish_free(wish);
}

/* --- waiting for what runs ------------------------------------------------ */

static void
queue(struct app *app, struct wish *wish)
{
	app_forget_queued(app);
	app->queued = wish;
	if (app_is_ending(app))
		app_wake(app, 0.02);
	else if (wish->options.dry_run)
		app_say(app, "When the check that runs is through ...");
	else
		app_say(app, "%s begins when the check has ended.",
			wish->operation->name);
}

/* Takes the wish. */
static void
begin_or_wait(struct app *app, struct wish *wish)
{
	if (!is_possible(app, wish))
		wish_free(wish);
	else if (is_to_wait(app, wish))
		queue(app, wish);
	else
		begin(app, wish);
}

void
app_start_queued(struct app *app)
{
	struct wish *wish = app->queued;

	if (!wish)
		return;
	if (is_to_wait(app, wish)) {
		if (app->model->end)
			app_wake(app, 0.02);
		return;
	}
	app->queued = NULL;
	begin_or_wait(app, wish);
}

void
app_forget_queued(struct app *app)
{
	wish_free(app->queued);
	app->queued = NULL;
}

bool
app_drop_queued(struct app *app)
{
	if (!app->queued)
		return false;
	app_say(app, "%s will not begin.", app->queued->operation->name);
	app_forget_queued(app);
	return true;
}

/* --- asking --------------------------------------------------------------- */

/* What a question is about, and what its keys beside Y need. */
struct asked {
	struct wish *wish; /* NULL: it was answered with yes */
	void *arg;
	void (*free_arg)(void *arg);
};

static void
asked_free(void *arg)
{
	struct asked *asked = arg;

	wish_free(asked->wish);
	if (asked->arg)
		asked->free_arg(asked->arg);
	free(asked);
}

static void
agreed(struct app *app, void *arg)
{
	struct asked *asked = arg;
	struct wish *wish = asked->wish;
	enum screen_id screen = wish->screen;

	asked->wish = NULL;
	/* What others have done is known only as far as it is read. */
	app->dirty |= model_read(app->model);
	if (screen != SCREEN_CONFIG)
		app_go(app, screen);
	begin_or_wait(app, wish);
}

static const char *
out_of_date(const struct app *app, const void *arg)
{
	const struct asked *asked = arg;

	return is_out_of_date(app, asked->wish) ? done_meanwhile : NULL;
}

/* Up to so many names; more are counted. */
#define NAMES_MAX 8

static void
add_names(struct strbuf *text, const struct text_list *only)
{
	size_t i;

	for (i = 0; i < only->n && i < NAMES_MAX; i++)
		strbuf_addf(text, "%s\"%s\"", i > 0 ? ", " : "",
			    only->items[i]);
	if (only->n > NAMES_MAX)
		strbuf_addf(text, " and %zu more", only->n - NAMES_MAX);
}

/* It is not the first time: how the last one ended, and whether this is of the
 * same. */
static void
add_last(struct strbuf *text, const struct app *app, const struct wish *wish)
{
	const struct model *model = app->model;
	const char *command = wish->operation->name;
	const char *why = standing_why(&model->standing, command);
	const struct op_options *last = standing_scope(&model->standing,
						       command);
	bool paused = standing_of(model, command) == MARK_PAUSED;

	if (!standing_is_half(model, command) ||
	    (wish->options.only.n > 0 &&
	     !op_options_same_scope(last, &wish->options)))
		return;
	strbuf_addf(text, "The last %s", command);
	if (last->only.n > 0) {
		strbuf_add(text, ", of ");
		add_names(text, &last->only);
		strbuf_add(text, " only,");
	}
	if (last->without_source)
		strbuf_add(text, " without the source");
	if (paused)
		strbuf_add(text, " was paused");
	else
		strbuf_addf(text, " failed: %s",
			    why ? why : "it ended without a word.");
	if (!op_options_same_scope(last, &wish->options))
		strbuf_add(text, paused ? ".\nThis one is of everything.\n\n"
					: "\nThis one is of everything.\n\n");
	else
		strbuf_add(text, paused ? ": this goes on with what is left."
					  "\n\n"
					: "\nThis takes it up again: what is "
					  "done stays done.\n\n");
}

static void
add_question(struct strbuf *text, const struct app *app,
	     const struct wish *wish)
{
	const struct text_list *only = &wish->options.only;

	add_last(text, app, wish);
	if (only->n > 0) {
		strbuf_add(text, only->n == 1 ? "Database " : "Databases ");
		add_names(text, only);
		strbuf_add(text, "\n\n");
	}
	strbuf_add(text, wish->question->text);
}

/* Takes the wish, and what the keys of the plan need. */
static void
ask(struct app *app, struct wish *wish, const struct question *plan)
{
	struct asked *asked = MEM_NEW(struct asked);
	struct strbuf text = STRBUF_INIT;
	struct question question = {.title = wish->operation->name};

	asked->wish = wish;
	if (plan) {
		question = *plan;
		asked->arg = plan->arg;
		asked->free_arg = plan->free_arg;
	} else {
		add_question(&text, app, wish);
		question.text = text.text;
	}
	if (wish->question->asks == OP_ASKS_NAME)
		question.name = app->conf->name;
	question.yes = agreed;
	question.arg = asked;
	question.free_arg = asked_free;
	question.keys_arg = asked->arg;
	question.idle = out_of_date;
	overlay_question(app, &question);
	strbuf_release(&text);
}

static void
drop(struct wish *wish, const struct question *plan)
{
	wish_free(wish);
	if (plan)
		plan->free_arg(plan->arg);
}

/* What asks by its plan cannot be asked without one. */
static bool
has_question(const struct wish *wish, const struct start *start)
{
	return (wish->question->asks == OP_ASKS_PLAN) == (start->plan != NULL);
}

void
app_start(struct app *app, const struct start *start)
{
	struct wish *wish;

	if (!app->model) {
		app_say(app, "There is no configuration yet.");
		return;
	}
	wish = wish_new(app, start);
	if (!has_question(wish, start)) {
		app_say(app, "%s is begun by its plan alone.", start->command);
		drop(wish, start->plan);
	} else if (wish->question->asks == OP_ASKS_NOTHING) {
		begin_or_wait(app, wish);
	} else if (is_possible(app, wish)) {
		ask(app, wish, start->plan);
	} else {
		drop(wish, start->plan);
	}
}
