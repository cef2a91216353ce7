/* SPDX-License-Identifier: PostgreSQL */
/* One frame of the live panel: the list, and the panes around it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detail_text.h"
#include "interrupt.h"
#include "mem.h"
#include "run_view.h"
#include "screen_live.h"

#define TALL 34	       /* lines of a screen of 40: plot and log below */

static const struct record *
row_under_cursor(const struct live *s)
{
	return s->list.cursor < s->n ? s->rows[s->list.cursor] : NULL;
}

/* --- the frame ------------------------------------------------------------ */

static void
draw_list(struct app *app, struct live *s, const struct canvas *c, bool head)
{
	struct live_layout at = live_lay_out(c->width);
	int i, line;

	if (head)
		live_headings(c, 0, &at);
	s->page = c->height - head;
	list_place(&s->list, c, head, s->n, s->page);
	for (i = 0; i < s->page && s->list.top + i < s->n; i++) {
		line = s->list.top + i;
		live_row(app->model, c, i + head, &at, s->rows[line],
			 line == s->list.cursor);
	}
}

static void
draw_reason(const struct canvas *c, const struct record *row,
	    const char *error)
{
	int y = draw_wrapped(c, 0, STYLE_STRONG, error);
	struct strbuf drift = STRBUF_INIT;

	detail_text_drift(&drift, row);
	if (drift.len > 0)
		y = draw_wrapped(c, y, STYLE_TEXT, drift.text);
	strbuf_release(&drift);
	draw_wrapped(c, y, STYLE_TEXT, record_get(row, "hint"));
}

/* Why the one under the cursor is as it is; the log when all is well. */
static void
draw_below(struct app *app, const struct live *s, const struct canvas *c)
{
	const struct record *row = row_under_cursor(s);
	const char *error = row ? record_get(row, "last_error") : NULL;
	struct strbuf title = STRBUF_INIT;
	struct canvas part = canvas_part(c, 1, 1, c->height - 1, c->width - 1);

	if (error) {
		strbuf_scrub(&title, record_get(row, "database"));
		strbuf_add(&title, ": ");
		live_state(&title, app->model, row);
	}
	canvas_rule(c, 0, error ? title.text : "log");
	if (error)
		draw_reason(&part, row, error);
	else
		draw_log(&part, app->model, NULL);
	strbuf_release(&title);
}

static void
draw_bottom(struct app *app, const struct live *s, const struct canvas *c)
{
	struct canvas plot = canvas_part(c, 0, 0, 9, c->width);
	struct canvas log = canvas_part(c, 9, 0, c->height - 9, c->width);

	if (c->height < 14) {
		draw_below(app, s, c);
		return;
	}
	live_plot(app->model, &plot);
	draw_below(app, s, &log);
}

static bool
has_words(const struct app *app, const struct live *s)
{
	const struct record *row = row_under_cursor(s);

	return (row && record_get(row, "last_error")) ||
	       log_lines(app->model, NULL, 1) > 0;
}

/* Without anything to say the list has its room, where that is scarce. */
static int
bottom_height(const struct app *app, const struct live *s, int height)
{
	if (height >= TALL)
		return 15;
	if (!has_words(app, s))
		return 0;
	if (height >= 18)
		return 5;
	return height >= 9 ? 2 : 0;
}

/* The list, and beside it what Enter would open. */
static void
draw_middle(struct app *app, struct live *s, const struct canvas *c)
{
	int side = c->width >= LIVE_SIDE_WIDTH ? c->width * 2 / 5 : 0;
	struct canvas list =
		canvas_part(c, 0, 0, c->height, c->width - side - (side > 0));
	struct canvas detail = canvas_part(c, 0, c->width - side + 1,
					   c->height, side - 1);

	draw_list(app, s, &list, c->height > 6);
	if (side > 0)
		canvas_pillar(c, c->width - side - 1, 0, c->height);
	if (side > 0 && row_under_cursor(s))
		live_detail(app->model, s, &detail, row_under_cursor(s));
}

static void
draw_name(const struct canvas *c, int y, const struct record *row)
{
	struct strbuf name = STRBUF_INIT;

	if (row)
		strbuf_scrub(&name, record_get(row, "database"));
	canvas_text(c, y, 0, c->width, STYLE_TEXT, name.text);
	strbuf_release(&name);
}

/* No room for a list: how many are in the worst state, and how far behind. */
static void
draw_tiny(const struct model *model, const struct live *s,
	  const struct canvas *c, const struct sample *sample)
{
	const char *state = s->n > 0 ? record_get(s->rows[0], "state") : NULL;
	struct strbuf bytes = STRBUF_INIT;
	int x = 0;

	if (state) {
		x = canvas_printf(c, 0, 0, -1, style_of_state(state), "%d %s",
				  sample_count(sample, state), state);
		live_difference(&bytes, model, s->rows[0]);
	}
	canvas_text(c, 0, x + 1, -1, STYLE_STRONG, bytes.text);
	if (c->height > 1)
		draw_name(c, 1, s->n > 0 ? s->rows[0] : NULL);
	strbuf_release(&bytes);
}

void
live_paint(struct app *app, struct live *s, const struct canvas *c,
	   struct sample *sample)
{
	struct canvas part;
	int bottom, y;

	live_rows(s, sample);
	bottom = bottom_height(app, s, c->height);
	if (c->height < 3 && !s->filter.typing) {
		draw_tiny(app->model, s, c, sample);
		return;
	}
	y = live_head(app, s, c, sample);
	part = canvas_part(c, y, 0, c->height - y - bottom, c->width);
	draw_middle(app, s, &part);
	part = canvas_part(c, c->height - bottom, 0, bottom, c->width);
	if (bottom > 0)
		draw_bottom(app, s, &part);
}
