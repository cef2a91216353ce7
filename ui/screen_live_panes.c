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

static void
growth_fact(struct strbuf *text, double growth)
{
	if (isnan(growth) || fabs(growth) < 1)
		return;
	strbuf_add(text, growth < 0 ? "falls " : "grows ");
	add_rate(text, growth);
}

static void
tables_fact(struct strbuf *text, const struct record *r)
{
	if (record_get_int(r, "tables") > 0)
		strbuf_addf(text, "%lld of %lld ready",
			    record_get_int(r, "tables_ready"),
			    record_get_int(r, "tables"));
}

static void
copied_fact(struct strbuf *text, const struct record *r)
{
	if (record_get_int(r, "total_bytes") <= 0)
		return;
	strbuf_bytes(text, record_get_int(r, "copied_bytes"));
	strbuf_add(text, " of ");
	strbuf_bytes(text, record_get_int(r, "total_bytes"));
	if (record_get_real(r, "rate") > 0) {
		strbuf_add(text, ", ");
		add_rate(text, record_get_real(r, "rate"));
	}
}

static int
draw_facts(const struct model *model, const struct canvas *c,
	   const struct record *row)
{
	const char *name = record_get(row, "database");
	const struct record *progress = live_progress(model, name);
	struct strbuf text = STRBUF_INIT;
	double eta = live_eta(model, row);
	int y = 1;

	live_state(&text, model, row);
	y = draw_fact(c, y, "State", text.text);
	strbuf_reset(&text);
	live_difference(&text, model, row);
	if (record_has(row, "xlog_difference"))
		strbuf_addf(&text, " (%lld bytes)",
			    record_get_int(row, "xlog_difference"));
	y = draw_fact(c, y, "Difference", text.text);
	strbuf_reset(&text);
	growth_fact(&text, trend_growth(model_trend(model, name)));
	y = draw_fact(c, y, "Last minute", text.text);
	strbuf_reset(&text);
	tables_fact(&text, progress ? progress : row);
	y = draw_fact(c, y, "Tables", text.text);
	strbuf_reset(&text);
	copied_fact(&text, progress ? progress : row);
	y = draw_fact(c, y, "Copied", text.text);
	strbuf_reset(&text);
	if (progress)
		y = draw_fact(c, y, "Phase", record_get(progress, "phase"));
	if (eta >= 0)
		add_duration(&text, eta);
	y = draw_fact(c, y, "Left", text.text);
	strbuf_release(&text);
	return y;
}

/* What the newest operation did in this database. */
static int
draw_items(const struct model *model, const struct canvas *c, int y,
	   const char *database)
{
	struct strbuf text = STRBUF_INIT;
	const struct record *item;
	const char *of, *object, *detail;
	size_t i;

	for (i = 0; i < model->items.n; i++) {
		item = model->items.items[i];
		of = record_get(item, "database");
		if (!of || strcmp(of, database) != 0)
			continue;
		object = record_get(item, "object");
		detail = record_get(item, "detail");
		strbuf_reset(&text);
		strbuf_scrub(&text, object ? object : record_get(item, "step"));
		strbuf_add(&text, detail ? "  " : "");
		strbuf_scrub(&text, detail ? detail : "");
		draw_badge(c, y, 0, record_get(item, "state"));
		canvas_text(c, y++, 5, -1, STYLE_TEXT, text.text);
	}
	strbuf_release(&text);
	return y;
}

void
live_detail(const struct model *model, const struct canvas *c,
	    const struct record *row)
{
	const char *error = record_get(row, "last_error");
	struct strbuf title = STRBUF_INIT;
	struct canvas log;
	int y;

	strbuf_scrub(&title, record_get(row, "database"));
	canvas_rule(c, 0, title.text);
	strbuf_release(&title);
	y = draw_facts(model, c, row);
	if (error) {
		canvas_text(c, y + 1, 0, c->width, STYLE_STRONG, "Last error");
		y = draw_wrapped(c, y + 2, STYLE_TEXT, error);
	}
	y = draw_items(model, c, y + 1, record_get(row, "database"));
	if (y + 2 >= c->height ||
	    log_lines(model, record_get(row, "database"), 1) == 0)
		return;
	canvas_text(c, y + 1, 0, c->width, STYLE_STRONG, "Last messages");
	log = canvas_part(c, y + 2, 0, c->height - y - 2, c->width);
	draw_log(&log, model, record_get(row, "database"));
}

/* --- the plot -------------------------------------------------------------- */

/* The most of each column's part of the time; -1: nothing known. */
static long long
fill_columns(const struct model *model, long long *most, int n)
{
	double now = model->status_at;
	long long highest = 0;
	int i, column;

	for (i = 0; i < n; i++)
		most[i] = -1;
	for (i = 0; i < model->n_points; i++) {
		const struct point *p = &model->points[i];

		column = n - 1 -
			 (int)((now - p->at) * (double)n / PLOT_SECONDS);
		if (column < 0 || column >= n)
			continue;
		if (p->difference > most[column])
			most[column] = p->difference;
		if (p->difference > highest)
			highest = p->difference;
	}
	return highest;
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
	highest = fill_columns(model, most, n);
	canvas_rule(c, 0, "xlog difference, last 30 minutes");
	if (highest > 0) {
		strbuf_bytes(&text, highest);
		canvas_text(c, 1, 0, AXIS, STYLE_TEXT, text.text);
	}
	canvas_text(c, c->height - 1, 0, AXIS, STYLE_TEXT, "0 bytes");
	for (i = 0; i < n; i++)
		if (most[i] >= 0)
			draw_column(c, AXIS + i,
				    (double)most[i] /
					    (highest > 0 ? (double)highest : 1));
	free(most);
	strbuf_release(&text);
}
