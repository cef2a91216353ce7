/* SPDX-License-Identifier: PostgreSQL */
/*
 * A terminal with room for one line only, as a strip of tmux: the screen, how
 * it stands, the worst state of all databases and the xlog difference.
 */
#include <ctype.h>
#include <string.h>

#include "app_internal.h"
#include "mem.h"
#include "standing.h"

/* The worst first. */
static const char *const states[] = {
	"gap",	       "down",	      "unknown",     "not set up", "ready",
	"initializing", "catching up", "replicating", "stopped",
};

static const char *
worst_state(const struct model *model)
{
	size_t i, n;

	for (i = 0; model && i < LENGTH_OF(states); i++)
		for (n = 0; n < model->n_trends; n++)
			if (model->trends[n].state &&
			    strcmp(model->trends[n].state, states[i]) == 0)
				return states[i];
	return NULL;
}

static void
add_upper(struct strbuf *line, const char *word)
{
	strbuf_addc(line, ' ');
	for (; *word; word++)
		strbuf_addc(line, (char)toupper((unsigned char)*word));
}

static void
add_mark(struct strbuf *line, enum mark mark)
{
	static const char *const words[] = {
		[MARK_NONE] = "",
		[MARK_OK] = " ok",
		[MARK_RUNS] = " RUN",
		[MARK_DRY] = " DRY",
		[MARK_PAUSED] = " PAUSED",
		[MARK_PROBLEM] = " KO",
	};

	strbuf_add(line, words[mark]);
}

bool
app_draw_line(struct app *app, const struct canvas *c)
{
	const struct model *model = app->model;
	const char *state = worst_state(model);
	struct strbuf line = STRBUF_INIT;
	long long difference = -1;

	if (c->height >= 4 && c->width >= 20)
		return false;
	strbuf_addf(&line, "%s%d", c->width < 20 ? "" : "pgrepup ",
		    (int)app->screen + 1);
	add_mark(&line, standing_mark(model, app->screen));
	if (state)
		add_upper(&line, state);
	if (model && model->n_points > 0)
		difference = model->points[model->n_points - 1].difference;
	if (difference >= 0) {
		strbuf_addc(&line, ' ');
		strbuf_bytes(&line, difference);
	}
	canvas_text(c, 0, 0, c->width, STYLE_TEXT, line.text);
	strbuf_release(&line);
	return true;
}
