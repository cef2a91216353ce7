/* SPDX-License-Identifier: PostgreSQL */
/* What the files of the live panel share. */
#ifndef PGREPUP_SCREEN_LIVE_H
#define PGREPUP_SCREEN_LIVE_H

#include "app_internal.h"
#include "draw_text.h"
#include "filter.h"
#include "tables_view.h"

/* From there on a database stands beside the list. */
#define LIVE_SIDE_WIDTH 120

struct live {
	struct list list;
	int page;
	int sort; /* of columns[] */
	bool reverse;
	bool frozen;
	struct sample *kept; /* since then */
	struct filter filter;
	struct sample *sample;	    /* of the rows; NULL: there are none */
	const struct record **rows; /* in order */
	int n;
	bool stale;	 /* filter or order have changed */
	char *here;	 /* the database of the cursor; NULL: the first line */
	double moved_at; /* when that became another */
	struct table_list tables; /* of the detail beside the list */
};

/* Puts the rows of a sample in order when it, filter or order are new. */
void live_rows(struct live *s, struct sample *sample);
/* Remembers which database the cursor is at. */
void live_keep_cursor(struct live *s);
void live_rows_free(struct live *s);
/* The order of the list, by its number; NULL past the last. */
const char *live_sort_name(int sort);
/* A member of a row as bytes for people; "-" when it is not known. */
void live_bytes(struct strbuf *text, const struct record *row,
		const char *key);
void live_paint(struct app *app, struct live *s, const struct canvas *c,
		struct sample *sample);

/* --- head ----------------------------------------------------------------- */

/* Lines above the list; the next free one. */
int live_head(struct app *app, struct live *s, const struct canvas *c,
	      const struct sample *sample);

/* --- columns of the list -------------------------------------------------- */

#define LIVE_COLUMNS 9

/* Where each column begins, and how wide it is; 0: no room. */
struct live_layout {
	int x[LIVE_COLUMNS];
	int width[LIVE_COLUMNS];
	int end;     /* of the last column */
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
bool live_starting(const struct model *model);
/* "1.1 GB"; in parentheses when it is what was known last. */
void live_difference(struct strbuf *text, const struct model *model,
		     const struct record *row);
/* "grows 3.1 MB/s"; "steady"; "-" when it is not known. */
void live_growth(struct strbuf *text, double growth);
/* Of its state; what has failed and is not worked on looks like it. */
enum style live_style(const struct record *row);
/* "down 3m12": with the time of what waits for a person. */
void live_state(struct strbuf *text, const struct model *model,
		const struct record *row);

/* --- panes around the list ------------------------------------------------ */

/* The database beside the list. */
void live_detail(const struct model *model, struct live *s,
		 const struct canvas *c, const struct record *row);
void live_plot(const struct model *model, const struct canvas *c);
/* The worst difference of the last minutes, a column a part of them. */
void live_sparkline(const struct model *model, const struct canvas *c, int y,
		    int x, int width, double seconds);

/* --- detail --------------------------------------------------------------- */

/* Opens it over the screen. */
void live_open_detail(struct app *app, const char *database);
/* What is known of a database, as lines; row may be NULL. */
void live_facts(struct strbuf *text, const struct model *model,
		const char *database, const struct record *row);
/* Fills the list when the model has newer tables of that database. */
void live_tables(const struct model *model, const char *database,
		 struct table_list *list);

/* The live panel, which screen_start.c makes a screen of. */
extern const struct screen screen_live;

#endif
