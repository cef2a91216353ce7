/* SPDX-License-Identifier: PostgreSQL */
/* What stands around the list of the live panel: a database, and the plot. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "mem.h"
#include "screen_live.h"

#define PLOT_SECONDS 1800.0
#define AXIS 10 /* columns for the numbers at its left */

/* Facts, and as many tables as there is room for. */
void
live_detail(const struct model *model, struct live *s, const struct canvas *c,
	    const struct record *row)
{
	const char *database = record_get(row, "database");
	struct strbuf text = STRBUF_INIT;
	struct canvas tables;
	int y;

	strbuf_scrub(&text, database);
	canvas_rule(c, 0, text.text);
	strbuf_reset(&text);
	live_facts(&text, model, database, row);
	y = draw_wrapped(c, 1, STYLE_TEXT, text.text);
	strbuf_release(&text);
	live_tables(model, database, &s->tables);
	if (y + 1 >= c->height)
		return;
	tables = canvas_part(c, y + 1, 0, c->height - y - 1, c->width);
	tables_pane(&tables, &s->tables);
}

/* --- the plot ------------------------------------------------------------- */

/* The most of each column's part of the time; -1: nothing known. */
static long long
fill_columns(const struct model *model, long long *most, int n,
	     double seconds)
{
	double now = model->status_at;
	long long highest = 0;
	int i, column;

	for (i = 0; i < n; i++)
		most[i] = -1;
	for (i = 0; i < model->n_points; i++) {
		const struct point *p = &model->points[i];

		column = n - 1 - (int)((now - p->at) * (double)n / seconds);
		if (column < 0 || column >= n)
			continue;
		if (p->difference > most[column])
			most[column] = p->difference;
		if (p->difference > highest)
			highest = p->difference;
	}
	return highest;
}

void
live_sparkline(const struct model *model, const struct canvas *c, int y, int x,
	       int width, double seconds)
{
	long long *most, highest;
	int i;

	if (width < 1)
		return;
	most = MEM_ARRAY(long long, (size_t)width);
	highest = fill_columns(model, most, width, seconds);
	for (i = 0; i < width; i++)
		if (most[i] >= 0)
			canvas_level(c, y, x + i,
				     highest > 0 ? (int)((double)most[i] * 7 /
							 (double)highest)
						 : 0);
	free(most);
}

static void
draw_column(const struct canvas *c, int x, double part)
{
	int rows = c->height - 1, eighths = (int)(part * rows * 8 + 0.5), i;

	if (eighths < 1)
		eighths = 1;
	for (i = 0; i < rows && eighths > 0; i++, eighths -= 8)
		canvas_level(c, c->height - 1 - i, x,
			     eighths >= 8 ? 7 : eighths - 1);
}

void
live_plot(const struct model *model, const struct canvas *c)
{
	struct strbuf text = STRBUF_INIT;
	int n = c->width - AXIS - 1, i;
	long long *most, highest;

	if (n < 10 || c->height < 3)
		return;
	most = MEM_ARRAY(long long, (size_t)n);
	highest = fill_columns(model, most, n, PLOT_SECONDS);
	canvas_rule(c, 0, "xlog difference, last 30 minutes");
	if (highest > 0) {
		strbuf_bytes(&text, highest);
		canvas_text(c, 1, 0, AXIS, STYLE_TEXT, text.text);
	}
	canvas_text(c, c->height - 1, 0, AXIS, STYLE_TEXT, "0 bytes");
	for (i = 0; i < n; i++)
		if (most[i] >= 0)
			draw_column(c, AXIS + i,
				    highest > 0 ? (double)most[i] /
							  (double)highest
						: (double)most[i]);
	free(most);
	strbuf_release(&text);
}
