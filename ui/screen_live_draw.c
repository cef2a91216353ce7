/* SPDX-License-Identifier: PostgreSQL */
/* Drawing the live panel, with the columns that its width has room for. */
#include <string.h>

#include "interrupt.h"
#include "mem.h"
#include "screen_live.h"

static void
draw_trend(const struct canvas *c, int y, int x, int width,
	   const struct trend *trend)
{
	long long most = 1;
	int i, from;

	if (!trend)
		return;
	from = trend->n > width ? trend->n - width : 0;
	for (i = from; i < trend->n; i++)
		if (trend->values[i] > most)
			most = trend->values[i];
	for (i = from; i < trend->n; i++)
		if (trend->values[i] >= 0)
			canvas_level(c, y, x + i - from,
				     (int)(trend->values[i] * 7 / most));
}

static void
draw_copied(const struct canvas *c, int y, int x, const struct record *row)
{
	long long done = record_get_int(row, "copied_bytes");
	long long total = record_get_int(row, "total_bytes");
	const char *state = record_get(row, "state");
	struct strbuf text = STRBUF_INIT;

	if (state && strcmp(state, "initializing") == 0 && total > 0) {
		canvas_bar(c, y, x, 8, (double)done / (double)total);
		canvas_printf(c, y, x + 9, 4, STYLE_TEXT, "%lld%%",
			      done * 100 / total);
	} else {
		strbuf_bytes(&text, done);
		canvas_text(c, y, x, 13, STYLE_TEXT, text.text);
	}
	strbuf_release(&text);
}

/* Where the columns begin, by what the width has room for. */
struct columns {
	int name, state, tables, copied, difference, trend;
};

static struct columns
lay_out(int width)
{
	struct columns at = {.name = 2};
	int name = width >= 110 ? 36 : width >= 80 ? 22 : 14;

	at.state = at.name + name;
	at.difference = width >= 60 ? at.state + 14 : at.state + 5;
	at.tables = width >= 70 ? at.difference + 13 : 0;
	at.copied = width >= 78 ? at.tables + 11 : 0;
	at.trend = width >= 80 ? at.copied + 14 : 0;
	return at;
}

static void
draw_headings(const struct canvas *c, const struct columns *at)
{
	canvas_text(c, 2, at->name, -1, STYLE_STRONG, "DATABASE");
	canvas_text(c, 2, at->state, -1, STYLE_STRONG, "STATE");
	canvas_text(c, 2, at->difference, 11, STYLE_STRONG, "XLOG DIFF");
	if (at->tables)
		canvas_text(c, 2, at->tables, 9, STYLE_STRONG, "TABLES");
	if (at->copied)
		canvas_text(c, 2, at->copied, 12, STYLE_STRONG, "COPIED");
	if (at->trend)
		canvas_text(c, 2, at->trend, -1, STYLE_STRONG, "TREND");
}

static void
draw_row(struct app *app, const struct canvas *c, int y,
	 const struct columns *at, const struct record *row, bool cursor)
{
	const char *name = record_get(row, "database");
	const char *state = record_get(row, "state");
	enum style style = cursor ? STYLE_CURSOR : STYLE_TEXT;
	struct strbuf text = STRBUF_INIT;

	canvas_text(c, y, 0, 1, style, cursor ? ">" : " ");
	strbuf_scrub(&text, name);
	canvas_text(c, y, at->name, at->state - at->name - 1, style,
		    text.text);
	canvas_text(c, y, at->state, at->difference - at->state - 1,
		    style_of_state(state), state);
	live_bytes(&text, row, "xlog_difference");
	canvas_printf(c, y, at->difference, 11, style, "%s", text.text);
	if (at->tables)
		canvas_printf(c, y, at->tables, 10, style, "%lld/%lld",
			      record_get_int(row, "tables_ready"),
			      record_get_int(row, "tables"));
	if (at->copied)
		draw_copied(c, y, at->copied, row);
	if (at->trend && c->width > at->trend)
		draw_trend(c, y, at->trend, c->width - at->trend - 1,
			   model_trend(app->model, name));
	strbuf_release(&text);
}

static void
draw_summary(struct app *app, const struct live *s, const struct canvas *c,
	     const struct record *status)
{
	double age = clock_now() - app->model->status_at;
	struct strbuf text = STRBUF_INIT;
	int x;

	live_bytes(&text, status, "xlog_difference");
	x = canvas_printf(c, 0, 1, -1, STYLE_STRONG, "Xlog difference   %s",
			  text.text);
	canvas_printf(c, 0, x + 4, c->width - x - 18, STYLE_TEXT, "phase %s",
		      record_get(status, "phase"));
	if (s->paused)
		canvas_text(c, 0, c->width - 8, 7, STYLE_WARN, "paused");
	else if (age > 3 * app->model->interval + 1)
		canvas_printf(c, 0, c->width - 14, 13, STYLE_WARN,
			      "%.0f s old", age);
	else
		canvas_printf(c, 0, c->width - 8, 7, STYLE_TEXT, "%4.0f s",
			      app->model->interval);
	x = canvas_printf(c, 1, 1, -1, STYLE_TEXT, "sort: %s%s",
			  live_sort_name(s->sort), s->reverse ? " (reverse)" : "");
	if (s->typing || (s->filter && *s->filter)) {
		x += canvas_text(c, 1, x + 4, -1, STYLE_KEY, "/") + 4;
		canvas_text(c, 1, x, 24, STYLE_FIELD,
			    s->filter ? s->filter : "");
		if (s->typing)
			canvas_cursor(app->term, c, 1,
				      x + text_width(s->filter ? s->filter
							       : ""));
	}
	strbuf_release(&text);
}

static void
draw_detail(const struct live *s, const struct canvas *c)
{
	const struct record *row =
		s->list.cursor < s->n ? s->rows[s->list.cursor] : NULL;
	struct strbuf text = STRBUF_INIT;
	const char *error = row ? record_get(row, "last_error") : NULL;

	canvas_rule(c, 0, row ? record_get(row, "database") : NULL);
	if (error) {
		strbuf_scrub(&text, error);
		canvas_text(c, 1, 1, c->width - 2, STYLE_TEXT, text.text);
	}
	strbuf_release(&text);
}

void
live_paint(struct app *app, struct live *s, const struct canvas *c,
	   const struct record *status)
{
	struct columns at = lay_out(c->width);
	struct canvas detail;
	int i, detail_height = c->height > 10 ? 3 : 1;

	live_rows(s, status);
	draw_summary(app, s, c, status);
	draw_headings(c, &at);
	s->page = c->height - 3 - detail_height;
	list_fit(&s->list, s->n, s->page);
	for (i = 0; i < s->page && s->list.top + i < s->n; i++)
		draw_row(app, c, 3 + i, &at, s->rows[s->list.top + i],
			 s->list.top + i == s->list.cursor);
	detail = canvas_part(c, c->height - detail_height, 0, detail_height,
			     c->width);
	draw_detail(s, &detail);
}
