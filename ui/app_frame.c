/* SPDX-License-Identifier: PostgreSQL */
/* When the next frame is due, and what is done while the terminal is slow. */
#include <stdlib.h>

#include "app_internal.h"
#include "interrupt.h"

#define FRAME_MOST 5.0 /* on a line that is slow */
#define SLOW 0.2       /* for a frame */

/* Whoever waits for a slow line is told what else helps. */
static void
see_slowness(struct app *app)
{
	const char *ssh = getenv("SSH_TTY");

	if (app->told_slow || app->took < SLOW || !ssh || !*ssh)
		return;
	app->told_slow = true;
	app_say(app, "This line is slow: fewer frames. On screen 4 the key - "
		     "makes refreshes rarer.");
}

/* The terminal has all of the frame that was begun last. */
static void
end_frame(struct app *app)
{
	double now = clock_now();

	app->framing = false;
	if (app->overlay && app->overlay == app->placed)
		app->overlay->seen = true;
	app->took = now - app->drawn_at;
	app->drawn_at = now;
	see_slowness(app);
}

void
app_frame(struct app *app)
{
	app->dirty = false;
	app->framing = true;
	app->drawn_at = clock_now();
	if (app_draw(app))
		end_frame(app);
	else
		loop_arm(app->more);
}

/*
 * What a key does is seen at once, news so many times a second; a slow line
 * has a rest between frames. While the terminal takes nothing there is no
 * frame at all, and the next one is of what is so then.
 */
void
app_finish_turn(struct app *app, double pause)
{
	double left;

	if (app->quit) {
		loop_stop(app->loop);
		return;
	}
	if (!term_takes_more(app->term)) {
		loop_arm(app->more);
		return;
	}
	if (!app->dirty || app->outside)
		return;
	left = app->drawn_at + pause - clock_now();
	if (left <= 0)
		app_frame(app);
	else
		loop_timer_set(app->frame, left);
}

double
app_pause_of_news(const struct app *app)
{
	double rest = app->took * 5;

	if (rest < APP_FRAME)
		return APP_FRAME;
	return rest > FRAME_MOST ? FRAME_MOST : rest;
}

/* The terminal takes more. */
void
app_on_writable(void *arg)
{
	struct app *app = arg;

	if (term_send_rest(app->term) && app->framing)
		end_frame(app);
	app_finish_turn(app, app_pause_of_news(app));
}

void
app_on_frame(void *arg)
{
	app_finish_turn(arg, 0);
}

void
app_changed(struct app *app)
{
	double left = app->drawn_at + app_pause_of_news(app) - clock_now();

	app->dirty = true;
	loop_timer_set(app->frame, left);
}
