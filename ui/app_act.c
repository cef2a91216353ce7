/* SPDX-License-Identifier: PostgreSQL */
/* What the keys do that every screen has. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "app_internal.h"
#include "interrupt.h"
#include "log_text.h"
#include "log_view.h"
#include "mem.h"

static void
quit_for_good(struct app *app, void *arg)
{
	(void)arg;
	app->quit = true;
}

/* A question that cannot be read would keep one in. */
static bool
has_room(const struct app *app)
{
	int height, width;

	term_size(app->term, &height, &width);
	return height >= 8 && width >= 36;
}

/* Until what was started here has said its begin, the end that is known is of
 * the run before. */
static bool
has_ended(const struct app *app)
{
	return model_runner(app->model) == 0 ||
	       (app->model->end && !app->started);
}

/* A check changes nothing: it ends by itself, seen or not. Nothing is left by
 * whom reads the end, though its process needs a moment more. */
static bool
leaves_work(const struct app *app)
{
	return app->model && !has_ended(app) && !model_checks(app->model);
}

static void
pause_and_quit(struct app *app, void *arg)
{
	struct err err = ERR_INIT;

	(void)arg;
	if (model_pause(app->model, true, &err))
		app->quit = true;
	else
		app_say_err(app, &err);
	err_release(&err);
}

/* What ran has ended behind the question. */
static const char *
work_is_over(const struct app *app, const void *arg)
{
	const struct record *end = app->model->end;

	(void)arg;
	if (leaves_work(app))
		return NULL;
	if (end && record_get_bool(end, "ok"))
		return "The operation has ended meanwhile: it is done.\n\n"
		       "Leave?";
	if (end && record_get_bool(end, "paused"))
		return "The operation is paused meanwhile: the same again "
		       "goes on with it.\n\nLeave?";
	return end ? "The operation has failed meanwhile: its screen says "
		     "why.\n\nLeave?"
		   : "The operation has ended meanwhile.\n\nLeave?";
}

static void
quit(struct app *app)
{
	if (!leaves_work(app) || !has_room(app)) {
		app->quit = true;
		return;
	}
	overlay_question(app, &(struct question){
		.title = "Leave",
		.text = "An operation runs. It goes on when you leave; the "
			"next pgrepup finds it and follows it.\n\n"
			"Leave?",
		.yes = quit_for_good,
		.keys = &(struct ask_key){
			.ch = 'p',
			.label = "pause after this step, and leave",
			.act = pause_and_quit,
		},
		.n_keys = 1,
		.foot = "Enter, Y leave   Esc stay",
		.idle = work_is_over,
	});
}

/* The id of what runs; NULL: the journal does not know it yet. */
static const char *
work_at_hand(const struct app *app)
{
	return app->started ? app->started : model_run(app->model);
}

/* A question was about the run of that id: is it at work still? */
static bool
is_at_work(const struct app *app, const void *run)
{
	const char *now = work_at_hand(app);

	return !has_ended(app) && now && run && strcmp(now, run) == 0;
}

static void
stop_runner(struct app *app, void *run)
{
	if (!is_at_work(app, run))
		return;
	if (model_stop(app->model, run))
		app_say(app, "Asked to stop; it ends between two statements.");
	else
		app_say(app, "It cannot be stopped from here; p lets it pause "
			     "after its step.");
}

static const char *
nothing_to_stop(const struct app *app, const void *run)
{
	return is_at_work(app, run) ? NULL
				    : "It has ended meanwhile: there is "
				      "nothing to stop.";
}

#define TWICE 3.0 /* seconds in which a second ^C belongs to the first */

static void
quit_by_two(struct app *app)
{
	double now = clock_now();

	if (app->cancelled_at > 0 && now - app->cancelled_at < TWICE)
		app->quit = true;
	app->cancelled_at = now;
	app_say(app, "Nothing runs. q or ^C again quits.");
}

static void
cancel(struct app *app)
{
	struct err err = ERR_INIT;

	if (app_drop_queued(app))
		return;
	if (!app->model || model_runner(app->model) == 0)
		quit_by_two(app);
	else if (!model_may_steer(app->model, &err))
		app_say_err(app, &err);
	else
		overlay_question(app, &(struct question){
			.title = "Stop what runs",
			.text = "The operation ends between two statements "
				"and can be taken up again by running it "
				"again.\n\nStop it?",
			.yes = stop_runner,
			.arg = mem_strdup(work_at_hand(app)),
			.idle = nothing_to_stop,
		});
	err_release(&err);
}

/* --- pausing -------------------------------------------------------------- */

static void
say_why(struct app *app, const struct err *err)
{
	app_say(app, "%s", err->detail ? err->detail : err->message);
}

static void
pause_run(struct app *app, const char *run, bool asked)
{
	struct err err = ERR_INIT;

	if (!is_at_work(app, run))
		app_say(app, "It has ended meanwhile.");
	else if (!model_pause(app->model, asked, &err))
		say_why(app, &err);
	else
		app_say(app, asked ? "It pauses after what it is at; p takes "
				     "that back."
				   : "It is not to pause.");
	err_release(&err);
}

static void
do_pause(struct app *app, void *run)
{
	pause_run(app, run, true);
}

static void
do_not_pause(struct app *app, void *run)
{
	pause_run(app, run, false);
}

static const char *
nothing_to_pause(const struct app *app, const void *run)
{
	return is_at_work(app, run) ? NULL
				    : "It has ended meanwhile: there is "
				      "nothing to pause.";
}

/* What runs, whatever screen is shown; asked, as a letter is typed too
 * easily. */
static void
ask_pause(struct app *app)
{
	bool asked = app->model && !app->model->pausing;
	struct err err = ERR_INIT;
	struct strbuf text = STRBUF_INIT;

	if (!app->model) {
		app_say(app, "Nothing runs.");
	} else if (!model_may_pause(app->model, asked, &err)) {
		say_why(app, &err);
	} else {
		log_add_run(&text, app->model->begin);
		strbuf_add(&text, asked ? " ends after the step that it is at, "
					  "and can be taken up again by "
					  "running it again.\n\nPause it?"
					: " was asked to pause after the step "
					  "that it is at.\n\nLet it go on "
					  "instead?");
		overlay_question(app, &(struct question){
			.title = asked ? "Pause what runs" : "Do not pause",
			.text = text.text,
			.yes = asked ? do_pause : do_not_pause,
			.arg = mem_strdup(work_at_hand(app)),
			.idle = nothing_to_pause,
		});
	}
	strbuf_release(&text);
	err_release(&err);
}

static void
copy(struct app *app, bool all)
{
	const struct screen *screen = app_screen(app, app->screen);
	struct strbuf text = STRBUF_INIT;

	if (screen->text)
		screen->text(app, app->states[app->screen], all, &text);
	if (text.len == 0)
		app_say(app, "There is nothing to copy here.");
	else
		app_copy(app, text.text);
	strbuf_release(&text);
}

static void
print_outside(struct app *app)
{
	const struct screen *screen = app_screen(app, app->screen);
	struct strbuf text = STRBUF_INIT;

	if (screen->text)
		screen->text(app, app->states[app->screen], true, &text);
	app_print(app, text.text);
	strbuf_release(&text);
}

static void
change_theme(struct app *app)
{
	term_set_theme(app->term, theme_next(term_theme(app->term)));
	app_say(app, "Theme %s", term_theme(app->term));
}

static void
toggle_mouse(struct app *app)
{
	term_set_mouse(app->term, !term_has_mouse(app->term));
	app_say(app, "Mouse %s", term_has_mouse(app->term)
					  ? "on: m gives it back to the terminal"
					  : "off");
}

void
app_act(struct app *app, const struct key_row *row)
{
	switch (row->action) {
	case ACTION_SCREEN:
		app_show(app, (enum screen_id)(row->ch - '1'));
		break;
	case ACTION_HELP:
		overlay_help(app);
		break;
	case ACTION_QUIT:
		quit(app);
		break;
	case ACTION_CANCEL:
		cancel(app);
		break;
	case ACTION_PAUSE:
		ask_pause(app);
		break;
	case ACTION_SUSPEND:
		term_suspend(app->term);
		app->dirty = true;
		break;
	case ACTION_REDRAW:
		term_redraw(app->term);
		app->dirty = true;
		break;
	case ACTION_COPY:
	case ACTION_COPY_ALL:
		copy(app, row->action == ACTION_COPY_ALL);
		break;
	case ACTION_PRINT:
		print_outside(app);
		break;
	case ACTION_LOG:
		if (app->model)
			log_view_open(app);
		else if (!app->conf)
			app_say(app, "There is no configuration yet, so no "
				     "log.");
		else
			app_say(app, "There is no state folder, so no log.");
		break;
	case ACTION_REPORT:
		app_write_report(app);
		break;
	case ACTION_MOUSE:
		toggle_mouse(app);
		break;
	case ACTION_THEME:
		change_theme(app);
		break;
	default:
		break;
	}
}
