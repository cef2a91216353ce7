/* SPDX-License-Identifier: PostgreSQL */
/* Columns of the live panel: which have room, and what stands in them. */
#include <math.h>
#include <string.h>

#include "interrupt.h"
#include "mem.h"
#include "screen_live.h"

#define NAME_LEAST 12
#define NAME_MOST 40
#define TREND_MOST 30

struct cell {
	const struct model *model;
	const struct record *row;
	bool narrow;
};

static bool
is_state(const struct record *row, const char *state)
{
	const char *now = record_get(row, "state");

	return now && strcmp(now, state) == 0;
}

bool
live_starting(const struct model *model)
{
	const char *command = model_command(model);

	return command && strcmp(command, "start") == 0 && !model->end &&
	       !record_get_bool(model->begin, "dry_run");
}

static double
copy_eta(const struct record *r)
{
	double rate = record_get_real(r, "rate");

	if (!(rate > 0))
		return -1;
	return (double)(record_get_int(r, "total_bytes") -
			record_get_int(r, "copied_bytes")) /
	       rate;
}

double
live_eta(const struct model *model, const struct record *row)
{
	const char *name = record_get(row, "database");
	double growth;

	if (is_state(row, "initializing"))
		return copy_eta(row);
	if (!is_state(row, "catching up"))
		return -1;
	growth = trend_growth(model_trend(model, name));
	if (!(growth < 0) || !record_has(row, "xlog_difference"))
		return -1;
	return (double)record_get_int(row, "xlog_difference") / -growth;
}

void
live_difference(struct strbuf *text, const struct model *model,
		const struct record *row)
{
	const struct trend *trend =
		model_trend(model, record_get(row, "database"));

	live_bytes(text, row, "xlog_difference");
	if (record_has(row, "xlog_difference") || !trend || trend->last < 0)
		return;
	strbuf_reset(text);
	strbuf_addc(text, '(');
	strbuf_bytes(text, trend->last);
	strbuf_addc(text, ')');
}

/* What was so when we first looked is so for longer than we know. */
static void
add_since(struct strbuf *text, const struct model *model,
	  const struct record *row)
{
	const struct trend *trend =
		model_trend(model, record_get(row, "database"));

	if (!trend)
		return;
	strbuf_add(text, trend->since_seen ? "" : ">");
	add_duration(text, model->status_at - trend->since);
}

static bool
waits(const struct record *row)
{
	return is_state(row, "down") || is_state(row, "gap") ||
	       is_state(row, "unknown");
}

void
live_growth(struct strbuf *text, double growth)
{
	if (!isnan(growth) && fabs(growth) < 1) {
		strbuf_add(text, "steady");
		return;
	}
	if (!isnan(growth))
		strbuf_add(text, growth < 0 ? "falls " : "grows ");
	add_rate(text, growth);
}

enum style
live_style(const struct record *row)
{
	const char *state = record_get(row, "state");

	if (record_get(row, "last_error") &&
	    (is_state(row, "initializing") || is_state(row, "ready")))
		return STYLE_KO;
	return style_of_state(state);
}

void
live_state(struct strbuf *text, const struct model *model,
	   const struct record *row)
{
	const char *state = record_get(row, "state");

	strbuf_add(text, state ? state : "?");
	if (!waits(row))
		return;
	strbuf_addc(text, ' ');
	add_since(text, model, row);
}

/* --- the columns ---------------------------------------------------------- */

static void
show_name(const struct cell *cell, struct strbuf *text)
{
	strbuf_scrub(text, record_get(cell->row, "database"));
}

static void
show_state(const struct cell *cell, struct strbuf *text)
{
	static const struct {
		const char *state, *word;
	} words[] = {
		{"initializing", "init"}, {"replicating", "repl"},
		{"catching up", "catc"},  {"down", "down"},
		{"stopped", "stop"},	  {"unknown", "?"},
		{"not set up", "none"},	  {"ready", "rdy"},
		{"gap", "gap"},
	};
	size_t i;

	for (i = 0; cell->narrow && i < LENGTH_OF(words); i++) {
		if (is_state(cell->row, words[i].state)) {
			strbuf_add(text, words[i].word);
			return;
		}
	}
	live_state(text, cell->model, cell->row);
}

static void
show_tables(const struct cell *cell, struct strbuf *text)
{
	const struct record *r = cell->row;
	long long n = record_get_int(r, "tables");

	if (n > 0)
		strbuf_addf(text, "%lld/%lld",
			    record_get_int(r, "tables_ready"), n);
	else
		strbuf_addc(text, '-');
}

static bool
in_indexes(const struct cell *cell)
{
	return record_has(cell->row, "entries");
}

static double
part_copied(const struct cell *cell)
{
	const struct record *r = cell->row;
	long long total = record_get_int(r, "total_bytes");

	if (!is_state(cell->row, "initializing") || total <= 0 ||
	    in_indexes(cell))
		return -1;
	return (double)record_get_int(r, "copied_bytes") / (double)total;
}

static void
show_copied(const struct cell *cell, struct strbuf *text)
{
	const struct record *r = cell->row;
	double part = part_copied(cell);

	if (part >= 0)
		strbuf_addf(text, "%.0f%%", part * 100);
	else if (is_state(cell->row, "initializing") && in_indexes(cell))
		strbuf_addf(text, "index %lld/%lld",
			    record_get_int(r, "entries_ready"),
			    record_get_int(r, "entries"));
	else if (record_get_int(cell->row, "total_bytes") > 0)
		strbuf_bytes(text, record_get_int(cell->row, "copied_bytes"));
	else
		strbuf_addc(text, '-');
}

static void
show_difference(const struct cell *cell, struct strbuf *text)
{
	live_difference(text, cell->model, cell->row);
}

static void
show_rate(const struct cell *cell, struct strbuf *text)
{
	const struct record *r = cell->row;
	double rate = NAN;

	if (is_state(cell->row, "initializing") &&
	    record_get_real(r, "rate") > 0)
		rate = record_get_real(r, "rate");
	add_rate(text, rate);
}

static void
show_eta(const struct cell *cell, struct strbuf *text)
{
	double eta = live_eta(cell->model, cell->row);

	if (cell->narrow && waits(cell->row))
		add_since(text, cell->model, cell->row);
	else if (eta >= 0)
		add_duration(text, eta);
	else
		strbuf_addc(text, '-');
}

static void
show_since(const struct cell *cell, struct strbuf *text)
{
	add_since(text, cell->model, cell->row);
}

enum column_id {
	COLUMN_NAME,
	COLUMN_STATE,
	COLUMN_TABLES,
	COLUMN_COPIED,
	COLUMN_DIFFERENCE,
	COLUMN_RATE,
	COLUMN_TREND,
	COLUMN_ETA,
	COLUMN_SINCE,
};

/* From left to right; those of a lower rank get their place first. */
static const struct {
	const char *heading;
	int width;
	int rank;
	bool right; /* numbers */
	void (*show)(const struct cell *cell, struct strbuf *text);
} columns[LIVE_COLUMNS] = {
	[COLUMN_NAME] = {"DATABASE", NAME_LEAST, 0, false, show_name},
	[COLUMN_STATE] = {"STATE", 12, 0, false, show_state},
	[COLUMN_TABLES] = {"TABLES", 9, 2, true, show_tables},
	[COLUMN_COPIED] = {"COPIED", 13, 3, true, show_copied},
	[COLUMN_DIFFERENCE] = {"XLOG DIFF", 10, 0, true, show_difference},
	[COLUMN_RATE] = {"COPY RATE", 10, 5, true, show_rate},
	[COLUMN_TREND] = {"TREND", 7, 4, false, NULL},
	[COLUMN_ETA] = {"ETA", 6, 1, true, show_eta},
	[COLUMN_SINCE] = {"FOR", 6, 6, true, show_since},
};
#define RANKS 7

static int
grow(int *width, int most, int room)
{
	int more = most - *width < room ? most - *width : room;

	if (more > 0)
		*width += more;
	return more > 0 ? room - more : room;
}

struct live_layout
live_lay_out(int width)
{
	struct live_layout at = {.narrow = width < 56};
	int room = width - 3, rank, i, x = 2, want;

	for (rank = 0; rank < RANKS; rank++)
		for (i = 0; i < LIVE_COLUMNS; i++) {
			want = i == COLUMN_STATE && at.narrow
				       ? 4
				       : columns[i].width;
			if (columns[i].rank != rank ||
			    (rank > 0 && room < want + 1))
				continue;
			at.width[i] = want;
			room -= want + 1;
		}
	room = grow(&at.width[COLUMN_NAME], NAME_MOST, room);
	if (at.width[COLUMN_TREND])
		grow(&at.width[COLUMN_TREND], TREND_MOST, room);
	for (i = 0; i < LIVE_COLUMNS; i++) {
		at.x[i] = x;
		x += at.width[i] ? at.width[i] + 1 : 0;
	}
	at.end = x - 1;
	return at;
}

static void
put(const struct canvas *c, int y, int x, int width, bool right,
    enum style style, const char *text)
{
	int blank = right ? width - text_width(text) : 0;

	if (blank < 0)
		blank = 0;
	canvas_text(c, y, x + blank, width - blank, style, text);
}

void
live_headings(const struct canvas *c, int y, const struct live_layout *at)
{
	int i;

	for (i = 0; i < LIVE_COLUMNS; i++)
		if (at->width[i] > 0)
			put(c, y, at->x[i], at->width[i], columns[i].right,
			    STYLE_STRONG, columns[i].heading);
}

/* Scaled by itself: one that is far behind must not flatten the others. */
static void
draw_trend(const struct canvas *c, int x, int width,
	   const struct trend *trend)
{
	int n = trend ? trend->n : 0, from = n > width ? n - width : 0, i;
	long long most = 1;

	for (i = from; i < n; i++)
		if (trend->values[i] > most)
			most = trend->values[i];
	for (i = from; i < n; i++)
		if (trend->values[i] >= 0)
			canvas_level(c, 0, x + i - from,
				     (int)((double)trend->values[i] * 7.0 /
					   (double)most));
}

static void
draw_cell(const struct cell *cell, const struct canvas *c, int x, int width,
	  int i)
{
	struct strbuf text = STRBUF_INIT;
	enum style style = STYLE_TEXT;
	double part = i == COLUMN_COPIED ? part_copied(cell) : -1;

	if (i == COLUMN_STATE)
		style = live_style(cell->row);
	columns[i].show(cell, &text);
	put(c, 0, x, width, columns[i].right, style, text.text);
	if (part >= 0)
		canvas_bar(c, 0, x, width - 6, part);
	strbuf_release(&text);
}

void
live_row(const struct model *model, const struct canvas *c, int y,
	 const struct live_layout *at, const struct record *row, bool cursor)
{
	const char *name = record_get(row, "database");
	struct cell cell = {
		.model = model,
		.row = row,
		.narrow = at->narrow,
	};
	struct canvas line =
		canvas_part(c, y, at->x[0], 1, at->end - at->x[0]);
	int i, x;

	line.bar = cursor;
	canvas_text(c, y, 0, 1, STYLE_TEXT, cursor ? ">" : " ");
	canvas_text(&line, 0, 0, line.width, STYLE_TEXT, "");
	for (i = 0; i < LIVE_COLUMNS; i++) {
		x = at->x[i] - at->x[0];
		if (at->width[i] <= 0)
			continue;
		if (columns[i].show)
			draw_cell(&cell, &line, x, at->width[i], i);
		else
			draw_trend(&line, x, at->width[i],
				   model_trend(model, name));
	}
}
