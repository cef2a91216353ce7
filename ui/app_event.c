/* SPDX-License-Identifier: PostgreSQL */
/* Who gets an event: what lies over the screen, its fields, the key rows. */
#include "app_internal.h"

/* F2 to F7 are the screens; F1 is a row. */
static bool
function_key(struct app *app, const struct event *event)
{
	if (event->key != KEY_OF_F || event->ch < 2 || event->ch > 7)
		return false;
	app_show(app, (enum screen_id)(event->ch - 2));
	return true;
}

#define WHEEL 3 /* lines of one turn */

static bool
mouse(struct app *app, const struct screen *screen,
      const struct event *event)
{
	void *state = app->states[app->screen];
	int i;

	if (event->key != KEY_OF_CLICK && event->key != KEY_OF_WHEEL)
		return false;
	if (event->key == KEY_OF_CLICK && screen->click)
		screen->click(state, event);
	for (i = 0; event->key == KEY_OF_WHEEL && i < WHEEL; i++)
		if (!screen->wheel || !screen->wheel(app, state, event))
			screen->act(app, state,
				    event->ch == 'u' ? ACTION_UP
						     : ACTION_DOWN);
	return true;
}

/* To what lies over a screen, a turn of the wheel is so many arrows. */
static bool
overlay_takes(struct app *app, const struct event *event)
{
	struct event arrow = {
		.key = event->ch == 'u' ? KEY_OF_UP : KEY_OF_DOWN,
	};
	int i;

	if (!app->overlay)
		return false;
	if (app->overlay->answers && !app->overlay->seen)
		return true;
	if (event->key != KEY_OF_WHEEL)
		return app->overlay->event(app, app->overlay->state, event);
	for (i = 0; app->overlay && i < WHEEL; i++)
		app->overlay->event(app, app->overlay->state, &arrow);
	return true;
}

void
app_come_back(struct app *app)
{
	app->outside = false;
	term_enter(app->term);
}

/* Suspend and redraw are for the terminal, whatever has the keys. */
static bool
terminal_key(struct app *app, const struct event *event)
{
	const struct key_row *row = key_find(event, app_keys(app));

	if (!row || (row->action != ACTION_SUSPEND &&
		     row->action != ACTION_REDRAW))
		return false;
	app_act(app, row);
	return true;
}

void
app_take_event(struct app *app, const struct event *event)
{
	const struct screen *screen = app_screen(app, app->screen);
	void *state = app->states[app->screen];
	const struct key_row *row;

	app->untouched = false;
	if (app->outside) {
		app_come_back(app);
		return;
	}
	if (terminal_key(app, event) || overlay_takes(app, event))
		return;
	if (screen->event && screen->event(app, state, event))
		return;
	if (mouse(app, screen, event))
		return;
	/* A paste outside of a field must never act as keys. */
	if (event->key == KEY_OF_PASTE || function_key(app, event))
		return;
	row = key_find(event, app_keys(app));
	if (!row)
		return;
	app_hush(app);
	if (!screen->act(app, state, row->action))
		app_act(app, row);
}
