/* SPDX-License-Identifier: PostgreSQL */
/*
 * The configuration: what is set, and how to change it. Questions are asked
 * on the plain terminal, by the same dialogue as "pgrepup config".
 */
#include <stdlib.h>

#include "app_internal.h"
#include "mem.h"

struct configuration {
	struct list list;
	struct text_list keys;
	int page;
};

static void *
config_open(struct app *app)
{
	struct configuration *s = MEM_NEW(struct configuration);

	if (app->conf)
		s->keys = conf_keys(app->conf);
	return s;
}

static void
config_close(void *state)
{
	struct configuration *s = state;

	text_list_release(&s->keys);
	free(s);
}

static void
draw_none(const struct canvas *c)
{
	canvas_text(c, 1, 2, c->width - 3, STYLE_STRONG,
		    "There is no configuration yet.");
	canvas_text(c, 3, 2, c->width - 3, STYLE_TEXT,
		    "! asks for both connections, the folder for temporary "
		    "files and a passphrase.");
	canvas_text(c, 4, 2, c->width - 3, STYLE_TEXT,
		    "Nothing is written before the last question.");
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

	if (!app->conf) {
		draw_none(c);
		return;
	}
	canvas_printf(c, 0, 1, c->width - 2, STYLE_STRONG, "%s",
		      app->conf->path);
	s->page = c->height - 2;
	list_fit(&s->list, (int)s->keys.n, s->page);
	for (i = 0; i < s->page && s->list.top + i < (int)s->keys.n; i++)
		draw_key(app, s, c, 1 + i, s->list.top + i);
}

static bool
config_act(struct app *app, void *state, enum action action)
{
	struct configuration *s = state;

	if (action == ACTION_RUN) {
		app_configure(app);
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

const struct screen screen_config = {
	.title = "Config",
	.open = config_open,
	.close = config_close,
	.draw = config_draw,
	.act = config_act,
	.text = config_text,
};
