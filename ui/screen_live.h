/* SPDX-License-Identifier: PostgreSQL */
/* What the files of the live panel share. */
#ifndef PGREPUP_SCREEN_LIVE_H
#define PGREPUP_SCREEN_LIVE_H

#include "app_internal.h"
#include "draw_text.h"
#include "filter.h"

struct live {
	struct list list;
	int page;
	int sort; /* of columns[] */
	bool reverse;
	bool paused;
	struct record *kept; /* the sample of the pause */
	struct filter filter;
	struct record **rows; /* of this frame */
	int n;
	double drawn_at;
};

/* Makes the rows of a sample: filtered, sorted. */
void live_rows(struct live *s, const struct record *status);
void live_rows_free(struct live *s);
/* The order of the list, by its number; NULL past the last. */
const char *live_sort_name(int sort);
/* A member of a row as bytes for people; "-" when it is not known. */
void live_bytes(struct strbuf *text, const struct record *row,
		const char *key);
void live_paint(struct app *app, struct live *s, const struct canvas *c,
		const struct record *status);

/* --- columns of the list --------------------------------------------------- */

#define LIVE_COLUMNS 9

/* Where each column begins, and how wide it is; 0: no room. */
struct live_layout {
	int x[LIVE_COLUMNS];
	int width[LIVE_COLUMNS];
	bool narrow; /* states as four letters */
};

struct live_layout live_lay_out(int width);
void live_headings(const struct canvas *c, int y,
		   const struct live_layout *at);
void live_row(const struct model *model, const struct canvas *c, int y,
	      const struct live_layout *at, const struct record *row,
	      bool cursor);
/* Seconds until a database is through; negative when nobody can know. */
double live_eta(const struct model *model, const struct record *row);
/* The newest progress of a start that runs; NULL: none. */
const struct record *live_progress(const struct model *model,
				   const char *database);
bool live_starting(const struct model *model);
/* "1.1 GB"; in parentheses when it is what was known last. */
void live_difference(struct strbuf *text, const struct model *model,
		     const struct record *row);
/* "down 3m12": with the time of what waits for a person. */
void live_state(struct strbuf *text, const struct model *model,
		const struct record *row);

/* --- panes around the list ------------------------------------------------- */

void live_detail(const struct model *model, const struct canvas *c,
		 const struct record *row);
void live_plot(const struct model *model, const struct canvas *c);

#endif
