/* SPDX-License-Identifier: PostgreSQL */
/* What the run view shows: lines made from what a run has told. */
#ifndef PGREPUP_RUN_VIEW_H
#define PGREPUP_RUN_VIEW_H

#include "app_internal.h"
#include "filter.h"
#include "log_view.h"

enum run_line_kind {
	RUN_STEP,
	RUN_DATABASE, /* all that was said of it below this step */
	RUN_OBJECT,
	RUN_WAITING, /* databases that were not begun, on one line */
};

struct run_line {
	enum run_line_kind kind;
	const struct told_step *step;
	const char *state;
	const char *database;	      /* NULL: of none */
	const struct told_item *item; /* newest of it; NULL: none */
	const struct told_part *part; /* NULL: it was not said */
	const struct told_copy *copy; /* NULL: it does not copy now */
	char *names;		      /* of those that wait */
	int n; /* objects below it */
	int ok;
	bool open;
};

struct run {
	const char *command;
	struct list list;
	int page;
	bool follow; /* what runs */
	bool in_log; /* the pane that has the keys */
	struct filter filter;
	struct log_view log;
	double drawn_seconds;
	struct text_list turned; /* opened or closed by hand */
	bool stale; /* other lines than those were asked for */
	struct run_line *lines;
	int n, alloc;
};

struct run *run_new(const char *command);
void run_free(struct run *run);
/* Makes the lines anew: good until the model reads again. */
void run_lines(struct run *run, const struct model *model);
/* The same, and the cursor where a frame would show it now: keys may come
 * faster than frames. */
void run_place(struct run *run, const struct model *model);
/* The line that following stands on. */
int run_newest_line(const struct run *run);
/* Has it lines below it that can be shown or hidden? */
bool run_line_opens(const struct run_line *line);
/* Opens or closes a line; false when it has nothing below it. */
bool run_line_turn(struct run *run, const struct run_line *line);
/* The line as one text, for the clipboard and the filter. */
void run_line_text(struct strbuf *text, const struct run_line *line);
void run_line_draw(const struct model *model, const struct canvas *c, int y,
		   const struct run_line *line, enum style style);
void run_draw(struct app *app, struct run *run, const struct canvas *c);
/* The keys of a run view, over whatever screen it stands. */
bool run_act(struct app *app, struct run *run, enum action action);
/* A click chooses pane and line; the wheel moves the pane that it is over,
 * also the one that has not the keys. */
void run_click(struct run *run, const struct event *event);
bool run_wheel(const struct app *app, struct run *run,
	       const struct event *event);
bool run_event(struct run *run, const struct event *event);
bool run_tick(const struct app *app, struct run *run);
void run_text(struct app *app, struct run *run, bool all, struct strbuf *text);
/* Opens the tables of a database that is or was copied. */
void run_show_tables(struct app *app, const char *database);
/* What failed, why, what to do, and what is as it was: opened, or as text. */
void run_show_error(struct app *app);
void run_error_text(const struct model *model, struct strbuf *text);
/* The same of one that has not said its end, and is no more. */
extern const char run_death[];
/* Of a dry run, however it ended. */
extern const char run_was_dry[];
/* Is the newest run of this command? */
bool run_is_shown(const struct app *app, const char *command);
/* A rate of a few seconds foretells nothing. */
#define RUN_SURE 5.0
/* Seconds since 1970, by the clock; of a run that has ended, its end. */
double run_now(const struct model *model);
/* How much of it is done, from 0 to 1. */
double run_progress(const struct model *model);
/* From its begin to its end, or until now. */
double run_seconds(const struct model *model);
/* It began and will say no more, without an end: it was killed. */
bool run_died(const struct model *model);
bool run_failed(const struct model *model);
bool run_paused(const struct model *model);
/* The newest run is one that changes nothing. */
bool run_is_dry(const struct model *model);

#endif
