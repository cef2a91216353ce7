/* SPDX-License-Identifier: PostgreSQL */
/* The dashboard: its loop, its keys, and one frame of it. */
#include "app.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "interrupt.h"
#include "mem.h"
#include "app_internal.h"

#define REST 0.05      /* until news are looked at again */

static const struct screen *const screens[] = {
	[SCREEN_CONFIG] = &screen_config,
	[SCREEN_CHECK] = &screen_check,
	[SCREEN_SETUP] = &screen_setup,
	[SCREEN_REPLICATE] = &screen_replicate,
	[SCREEN_STOP] = &screen_stop,
	[SCREEN_UNINSTALL] = &screen_uninstall,
};

const struct screen *
app_screen(const struct app *app, enum screen_id id)
{
	(void)app;
	return screens[id];
}

void
app_say(struct app *app, const char *fmt, ...)
{
	struct strbuf clean = STRBUF_INIT;
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = mem_vprintf(fmt, ap);
	va_end(ap);
	strbuf_scrub_lines(&clean, text);
	free(text);
	free(app->message);
	app->message = strbuf_detach(&clean);
	app_changed(app);
}

void
app_say_err(struct app *app, const struct err *err)
{
	app_say(app, "%s%s%s%s%s", err->message,
		err->detail ? "\nDetail: " : "",
		err->detail ? err->detail : "",
		err->hint ? "\nHint: " : "", err->hint ? err->hint : "");
}

void
app_hush(struct app *app)
{
	free(app->message);
	app->message = NULL;
}

static void begin_model(struct app *app);

void
app_go(struct app *app, enum screen_id screen)
{
	if (!app->conf && screen != SCREEN_CONFIG) {
		app_say(app, "There is no configuration yet: save it first.");
		return;
	}
	/* Without a state folder there is nothing to show but why. */
	if (app->conf && !app->model)
		begin_model(app);
	if (!app->model && screen != SCREEN_CONFIG)
		return;
	app->screen = screen;
	if (!app->states[screen])
		app->states[screen] = screens[screen]->open(app);
	app_changed(app);
}

void
app_show(struct app *app, enum screen_id screen)
{
	while (app->overlay)
		overlay_close(app);
	app_go(app, screen);
}

/* --- the loop ------------------------------------------------------------- */

static void
on_input(void *arg)
{
	struct app *app = arg;
	struct event event;

	while (!app->quit && term_read(app->term, &event))
		app_take_event(app, &event);
	/* Also without a key: typing may have cut the last frame short. */
	app->dirty = true;
	app_finish_turn(app, app->took > APP_FRAME ? app->took : 0);
}

void
app_wake(struct app *app, double seconds)
{
	double at = clock_now() + seconds;

	if (app->tick_at > 0 && app->tick_at <= at)
		return;
	app->tick_at = at;
	loop_timer_set(app->tick, seconds);
}

/* Who opens it while something runs, or after it has failed, comes for
 * that. */
static void
find_work(struct app *app)
{
	enum screen_id screen;

	if (!app->untouched || !app->model || !app->model->caught_up)
		return;
	app->untouched = false;
	screen = standing_open(app->model);
	if (screen != SCREEN_CONFIG)
		app_go(app, screen);
}

static void close_screens(struct app *app, enum screen_id but);

/* Nothing that was shown or asked was of the upgrade that it is now. */
static void
take_other_upgrade(struct app *app)
{
	char *source, *destination;

	app->outdated = false;
	while (app->overlay)
		overlay_close(app);
	if (!app_reload_conf(app))
		return;
	close_screens(app, SCREEN_COUNT);
	app_go(app, app->screen);
	source = endpoint_label(&app->conf->source);
	destination = endpoint_label(&app->conf->destination);
	app_say(app, "Nothing was started: the configuration has changed. It "
		     "is that of \"%s\" now, %s -> %s.",
		app->conf->name, source, destination);
	free(source);
	free(destination);
}

void
app_outdate(struct app *app)
{
	app->outdated = true;
	loop_timer_set(app->news, 0);
}

static void
on_news(void *arg)
{
	struct app *app = arg;
	const struct screen *screen;

	if (app->outdated)
		take_other_upgrade(app);
	if (app->model) {
		app->dirty |= model_read(app->model);
		app_tell_end(app);
	}
	/* Keys come first. */
	if (app->model && app->model->behind)
		loop_timer_set(app->news, 0);
	app_copy_news(app);
	find_work(app);
	app_start_queued(app);
	screen = screens[app->screen];
	if (screen->tick && screen->tick(app, app->states[app->screen]))
		app->dirty = true;
	app_finish_turn(app, app_pause_of_news(app));
}

/* A check writes hundreds of records a second, each of them news. */
static void
on_model(void *arg)
{
	struct app *app = arg;

	on_news(app);
	loop_timer_set(app->rest, REST);
}

static void
on_rest(void *arg)
{
	struct app *app = arg;

	if (app->model_source)
		loop_arm(app->model_source);
}

/* Clocks move, and what cannot be watched is looked at. */
static void
on_tick(void *arg)
{
	struct app *app = arg;

	app->tick_at = 0;
	app_wake(app, 1);
	if (term_paste_hangs(app->term))
		app_say(app, "The end of a paste has not come: Esc gives it "
			     "up.");
	if (app_clock_moved(app))
		app->dirty = true;
	on_news(app);
}

static void
on_resize(void *arg)
{
	struct app *app = arg;

	term_resize(app->term);
	app->dirty = true;
	app_finish_turn(app, APP_FRAME);
}

static void
on_stop(void *arg)
{
	struct app *app = arg;

	term_suspend(app->term);
	app->dirty = true;
	app_finish_turn(app, 0);
}

/* Whoever had the terminal meanwhile may have left it in any state. */
static void
on_continue(void *arg)
{
	struct app *app = arg;

	if (app->outside)
		return;
	term_again(app->term);
	app->dirty = true;
	app_finish_turn(app, 0);
}

static void
end_by(struct app *app, int signal)
{
	app->signal = signal;
	app->quit = true;
	loop_stop(app->loop);
}

static void
on_hangup(void *arg)
{
	end_by(arg, SIGHUP);
}

static void
on_terminate(void *arg)
{
	end_by(arg, SIGTERM);
}

/* The key ^C is a row; the signal comes from outside of the screen. */
static void
on_interrupt(void *arg)
{
	struct app *app = arg;

	if (!app->outside) {
		end_by(app, SIGINT);
		return;
	}
	app_come_back(app);
	app->dirty = true;
	app_finish_turn(app, 0);
}

/* Writing to a child that has died fails; it must not end the dashboard. */
static void
on_pipe(void *arg)
{
	(void)arg;
}

static void
begin_model(struct app *app)
{
	struct err err = ERR_INIT;

	if (app->conf)
		app->model = model_new(app->conf, &err);
	if (app->model) {
		model_watch(app->model, 2, &err);
		app->model_source = loop_readable_once(
			app->loop, model_fd(app->model), on_model, app);
		loop_arm(app->model_source);
	}
	if (err_is_set(&err))
		app_say_err(app, &err);
	err_release(&err);
}

static void
end_model(struct app *app)
{
	loop_remove(app->model_source);
	app->model_source = NULL;
	model_free(app->model);
	app->model = NULL;
	free(app->started);
	free(app->said);
	app->started = app->said = NULL;
	app_forget_queued(app);
}

/* All but one (SCREEN_COUNT: all). */
static void
close_screens(struct app *app, enum screen_id but)
{
	size_t i;

	for (i = 0; i < SCREEN_COUNT; i++) {
		if (i == but)
			continue;
		if (app->states[i])
			screens[i]->close(app->states[i]);
		app->states[i] = NULL;
	}
}

void
app_take_conf(struct app *app, struct conf *conf)
{
	close_screens(app, app->screen);
	end_model(app);
	conf_free(app->conf);
	app->conf = conf;
	begin_model(app);
}

static void
begin(struct app *app)
{
	begin_model(app);
	app->untouched = true;
	app_go(app, app->model ? SCREEN_CHECK : SCREEN_CONFIG);
	app_frame(app);
	app_wake(app, 0);
}

/* Signals are taken before the terminal is changed; ncurses leaves those
 * alone that have a handler. */
static void
run(struct app *app, const struct term_options *options, struct err *err)
{
	struct loop_source *sources[] = {
		loop_signal(app->loop, SIGWINCH, on_resize, app),
		loop_signal(app->loop, SIGTSTP, on_stop, app),
		loop_signal(app->loop, SIGCONT, on_continue, app),
		loop_signal(app->loop, SIGINT, on_interrupt, app),
		loop_signal(app->loop, SIGHUP, on_hangup, app),
		loop_signal(app->loop, SIGTERM, on_terminate, app),
		loop_signal(app->loop, SIGPIPE, on_pipe, app),
		loop_signal(app->loop, SIGCHLD, on_news, app),
		loop_readable(app->loop, STDIN_FILENO, on_input, app),
		app->frame = loop_timer(app->loop, app_on_frame, app),
		app->tick = loop_timer(app->loop, on_tick, app),
		app->news = loop_timer(app->loop, on_news, app),
		app->rest = loop_timer(app->loop, on_rest, app),
	};
	size_t i;

	app->term = term_open(options, err);
	if (app->term) {
		app->more = loop_writable(app->loop, term_fd(app->term),
					  app_on_writable, app);
		begin(app);
		loop_run(app->loop);
		loop_remove(app->more);
	}
	while (app->overlay)
		overlay_close(app);
	close_screens(app, SCREEN_COUNT);
	app_end_copy(app);
	app_end_report(app);
	term_close(app->term);
	end_model(app);
	for (i = 0; i < LENGTH_OF(sources); i++)
		loop_remove(sources[i]);
}

/* The configuration, unlocked on the plain terminal before the dashboard
 * opens; none at all is fine: the first screen makes one. */
static bool
load_conf(struct app *app, struct err *err)
{
	char *path = conf_path(app->cli->config);
	bool there = access(path, F_OK) == 0 && !conf_is_ini(path);

	free(path);
	if (there)
		app->conf = cli_conf(app->cli, err);
	return !there || app->conf;
}

int
app_main(struct cli *cli, struct err *err)
{
	struct app app = {.cli = cli};
	struct term_options options = {.ascii = cli->ascii};

	if (load_conf(&app, err) && (app.loop = loop_new(err)))
		run(&app, &options, err);
	loop_free(app.loop);
	conf_free(app.conf);
	free(app.message);
	return app.signal ? 128 + app.signal : err_exit_status(err->kind);
}
