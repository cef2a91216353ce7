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

/* At most so many frames a second, whatever happens. */
#define FRAME 0.05
#define READ_EVERY 0.1

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
	strbuf_scrub(&clean, text);
	free(text);
	free(app->message);
	app->message = strbuf_detach(&clean);
	app->dirty = true;
}

void
app_go(struct app *app, enum screen_id screen)
{
	if (!app->conf && screen != SCREEN_CONFIG) {
		app_say(app, "There is no configuration yet: save it first.");
		return;
	}
	app->screen = screen;
	if (!app->states[screen])
		app->states[screen] = screens[screen]->open(app);
	app->dirty = true;
}

/* --- actions that every screen has ---------------------------------------- */

static void
suspend(struct app *app)
{
	term_leave(app->term);
	raise(SIGTSTP);
	term_enter(app->term);
	app->dirty = true;
}

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

static void
quit(struct app *app)
{
	if (app->model && model_runner(app->model) > 0 && has_room(app))
		overlay_ask(app, "Leave",
			    "An operation runs. It goes on when you leave; "
			    "the next pgrepup finds it and follows it.\n\n"
			    "Leave?",
			    quit_for_good, NULL);
	else
		app->quit = true;
}

static void
stop_runner(struct app *app, void *arg)
{
	pid_t pid = model_runner(app->model);

	(void)arg;
	if (pid > 0 && kill(pid, SIGINT) == 0)
		app_say(app, "Asked to stop; it ends between two statements.");
}

static void
cancel(struct app *app)
{
	if (app->model && model_runner(app->model) > 0)
		overlay_ask(app, "Stop what runs",
			    "The operation ends between two statements and "
			    "can be taken up again by running it again.\n\n"
			    "Stop it?",
			    stop_runner, NULL);
	else
		app_say(app, "Nothing runs. q quits.");
}

static void
copy(struct app *app, bool all)
{
	const struct screen *screen = screens[app->screen];
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
	const struct screen *screen = screens[app->screen];
	struct strbuf text = STRBUF_INIT;

	if (screen->text)
		screen->text(app, app->states[app->screen], true, &text);
	term_leave(app->term);
	app_print(text.text);
	term_enter(app->term);
	strbuf_release(&text);
	app->dirty = true;
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

static void
act(struct app *app, const struct key_row *row)
{
	switch (row->action) {
	case ACTION_SCREEN:
		app_go(app, (enum screen_id)(row->ch - '1'));
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
	case ACTION_SUSPEND:
		suspend(app);
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
		app_show_log(app);
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

/* F2 to F7 are the screens; F1 is a row. */
static bool
function_key(struct app *app, const struct event *event)
{
	if (event->key != KEY_OF_F || event->ch < 2 || event->ch > 7)
		return false;
	app_go(app, (enum screen_id)(event->ch - 2));
	return true;
}

static void
take_event(struct app *app, const struct event *event)
{
	const struct screen *screen = screens[app->screen];
	void *state = app->states[app->screen];
	const struct key_row *row;

	app->dirty = true;
	if (app->overlay &&
	    app->overlay->event(app, app->overlay->state, event))
		return;
	if (screen->event && screen->event(app, state, event))
		return;
	/* A paste outside of a field must never act as keys. */
	if (event->key == KEY_OF_PASTE || function_key(app, event))
		return;
	row = key_find(event, app->screen);
	if (!row)
		return;
	free(app->message);
	app->message = NULL;
	if (!screen->act(app, state, row->action))
		act(app, row);
}

/* --- the loop ------------------------------------------------------------- */

static void
draw_if_due(struct app *app)
{
	double now = clock_now();

	if (!app->dirty || now - app->drawn_at < FRAME)
		return;
	app->dirty = false;
	app->drawn_at = now;
	app_draw(app);
}

static void
finish_turn(struct app *app)
{
	if (app->quit)
		loop_stop(app->loop);
	else
		draw_if_due(app);
}

static void
on_input(void *arg)
{
	struct app *app = arg;
	struct event event;

	while (!app->quit && term_read(app->term, &event))
		take_event(app, &event);
	finish_turn(app);
}

static void
on_tick(void *arg)
{
	struct app *app = arg;
	const struct screen *screen;
	bool new = app->model && model_read(app->model);
	struct event event;

	/* A resize comes as a signal, which ncurses turns into a key. */
	while (!app->quit && term_read(app->term, &event))
		take_event(app, &event);
	if (new)
		app->dirty = true;
	/* A key may have changed it. */
	screen = screens[app->screen];
	if (screen->tick && screen->tick(app, app->states[app->screen]))
		app->dirty = true;
	if (app_clock_moved(app))
		app->dirty = true;
	finish_turn(app);
}

static void
on_signal(void *arg)
{
	struct app *app = arg;

	app->quit = true;
	loop_stop(app->loop);
}

static void
on_frame(void *arg)
{
	finish_turn(arg);
}

static void
run_loop(struct app *app)
{
	struct loop_source *sources[] = {
		loop_readable(app->loop, term_fd(app->term), on_input, app),
		loop_every(app->loop, READ_EVERY, on_tick, app),
		loop_every(app->loop, FRAME, on_frame, app),
		loop_signal(app->loop, SIGHUP, on_signal, app),
		loop_signal(app->loop, SIGTERM, on_signal, app),
	};
	size_t i;

	loop_run(app->loop);
	for (i = 0; i < LENGTH_OF(sources); i++)
		loop_remove(sources[i]);
}

static void
begin_model(struct app *app)
{
	struct err err = ERR_INIT;

	if (app->conf)
		app->model = model_new(app->conf, &err);
	if (app->model)
		model_watch(app->model, 2, &err);
	if (err_is_set(&err))
		app_say(app, "%s", err.message);
	err_release(&err);
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
	model_free(app->model);
	app->model = NULL;
	conf_free(app->conf);
	app->conf = conf;
	begin_model(app);
}

static void
begin(struct app *app)
{
	begin_model(app);
	app_go(app, app->conf ? SCREEN_CHECK : SCREEN_CONFIG);
	app_draw(app);
}

static void
end(struct app *app)
{
	while (app->overlay)
		overlay_close(app);
	close_screens(app, SCREEN_COUNT);
	app_end_report(app);
	term_close(app->term);
	loop_free(app->loop);
	model_free(app->model);
	conf_free(app->conf);
	free(app->message);
}

/* The configuration, unlocked on the plain terminal before the dashboard
 * opens; none at all is fine: the first screen makes one. */
static bool
load_conf(struct app *app, struct err *err)
{
	char *path = conf_path(app->cli->config);
	bool there = access(path, F_OK) == 0;

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

	if (load_conf(&app, err) && (app.loop = loop_new(err)) &&
	    (app.term = term_open(&options, err))) {
		begin(&app);
		run_loop(&app);
	}
	end(&app);
	return err_exit_status(err->kind);
}
