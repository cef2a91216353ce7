/* SPDX-License-Identifier: PostgreSQL */
/* The configuration: what is set, and the wizard that changes it. */
#include <stdlib.h>

#include "app_internal.h"
#include "mem.h"
#include "wizard.h"

struct configuration {
	struct list list;
	struct text_list keys;
	int page;
	struct wizard *wizard; /* NULL: only looked at */
	bool is_ini; /* there is a file of the Python pgrepup */
};

static void *
config_open(struct app *app)
{
	struct configuration *s = MEM_NEW(struct configuration);
	char *path;

	if (app->conf) {
		s->keys = conf_keys(app->conf);
	} else {
		path = conf_path(app->cli->config);
		s->is_ini = conf_is_ini(path);
		free(path);
	}
	return s;
}

static void
config_close(void *state)
{
	struct configuration *s = state;

	wizard_free(s->wizard);
	text_list_release(&s->keys);
	free(s);
}

static void
draw_none(const struct configuration *s, const struct canvas *c)
{
	canvas_text(c, 1, 2, c->width - 3, STYLE_STRONG,
		    s->is_ini ? "The configuration is one of the Python "
				"pgrepup 0.3."
			      : "There is no configuration yet.");
	canvas_text(c, 3, 2, c->width - 3, STYLE_TEXT,
		    s->is_ini ? "Enter or ! takes its connection fields over "
				"and asks for the rest."
			      : "Enter or ! asks for both connections, folders "
				"and a passphrase.");
	canvas_text(c, 4, 2, c->width - 3, STYLE_TEXT,
		    "Nothing is written before you have seen all of it.");
}

static void
draw_key(const struct app *app, const struct configuration *s,
	 const struct canvas *c, int y, int i)
{
	char *value = conf_get(app->conf, s->keys.items[i]);
	enum style style = i == s->list.cursor ? STYLE_CURSOR : STYLE_TEXT;
	struct strbuf clean = STRBUF_INIT;

	strbuf_scrub(&clean, value ? value : "");
	canvas_text(c, y, 0, 1, style, i == s->list.cursor ? ">" : " ");
	canvas_text(c, y, 2, 28, style, s->keys.items[i]);
	canvas_text(c, y, 31, c->width - 32, style, clean.text);
	strbuf_release(&clean);
	free(value);
}

static void
config_draw(struct app *app, void *state, const struct canvas *c)
{
	struct configuration *s = state;
	int i;

	if (s->wizard) {
		wizard_draw(app, s->wizard, c);
		return;
	}
	if (!app->conf) {
		draw_none(s, c);
		return;
	}
	canvas_printf(c, 0, 1, c->width - 2, STYLE_STRONG, "%s",
		      app->conf->path);
	s->page = c->height - 2;
	list_place(&s->list, c, 1, (int)s->keys.n, s->page);
	for (i = 0; i < s->page && s->list.top + i < (int)s->keys.n; i++)
		draw_key(app, s, c, 1 + i, s->list.top + i);
}

static void
open_wizard(struct app *app, struct configuration *s)
{
	struct err err = ERR_INIT;

	s->wizard = wizard_new(app, &err);
	if (!s->wizard)
		app_say_err(app, &err);
	err_release(&err);
}

static void
close_wizard(struct app *app, void *arg)
{
	struct configuration *s = app->states[SCREEN_CONFIG];

	(void)arg;
	wizard_free(s->wizard);
	s->wizard = NULL;
}

static void
leave_wizard(struct app *app, struct configuration *s)
{
	if (s->wizard->changed)
		overlay_ask(app, "Leave",
			    "There are changes that were not saved.\n\n"
			    "Leave without saving?",
			    close_wizard, NULL);
	else
		close_wizard(app, NULL);
}

static void
take_saved(struct app *app, struct configuration *s)
{
	struct conf *conf = s->wizard->conf;

	s->wizard->conf = NULL;
	close_wizard(app, NULL);
	text_list_release(&s->keys);
	s->keys = conf_keys(conf);
	app_take_conf(app, conf);
	app_say(app, "Saved. Next: 2, the checks.");
}

static bool
config_event(struct app *app, void *state, const struct event *event)
{
	struct configuration *s = state;

	if (!s->wizard)
		return false;
	switch (wizard_event(app, s->wizard, event)) {
	case WIZARD_PASSES:
		return false;
	case WIZARD_LEAVES:
		leave_wizard(app, s);
		break;
	case WIZARD_SAVED:
		take_saved(app, s);
		break;
	case WIZARD_STAYS:
		break;
	}
	return true;
}

static bool
config_tick(struct app *app, void *state)
{
	struct configuration *s = state;

	return s->wizard && wizard_tick(app, s->wizard);
}

static enum screen_id
config_keys(const void *state)
{
	const struct configuration *s = state;

	return s->wizard ? KEYS_WIZARD : SCREEN_CONFIG;
}

static bool
config_act(struct app *app, void *state, enum action action)
{
	struct configuration *s = state;

	if (action == ACTION_RUN || action == ACTION_OPEN) {
		open_wizard(app, s);
		return true;
	}
	return list_act(&s->list, action, (int)s->keys.n, s->page);
}

static void
config_text(struct app *app, void *state, bool all, struct strbuf *text)
{
	struct configuration *s = state;
	char *value;
	int i;

	for (i = 0; i < (int)s->keys.n; i++) {
		if (!all && i != s->list.cursor)
			continue;
		value = conf_get(app->conf, s->keys.items[i]);
		strbuf_addf(text, "%s=%s\n", s->keys.items[i],
			    value ? value : "");
		free(value);
	}
}

static void
config_click(void *state, const struct event *event)
{
	struct configuration *s = state;

	if (!s->wizard)
		list_click(&s->list, event);
}

const struct screen screen_config = {
	.title = "Config",
	.open = config_open,
	.close = config_close,
	.draw = config_draw,
	.act = config_act,
	.event = config_event,
	.tick = config_tick,
	.keys = config_keys,
	.text = config_text,
	.click = config_click,
};
