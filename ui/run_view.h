/* SPDX-License-Identifier: PostgreSQL */
/* What the run view shows: lines made from the records of a run. */
#ifndef PGREPUP_RUN_VIEW_H
#define PGREPUP_RUN_VIEW_H

#include "app_internal.h"

enum run_line_kind {
	RUN_STEP,
	RUN_DATABASE, /* all that was said of it below this step */
	RUN_OBJECT,
};

struct run_line {
	enum run_line_kind kind;
	const struct record *record; /* of the model; its newest */
	const char *state;
	int n; /* objects below it */
	int ok;
	bool open;
};

struct run {
	const char *command;
	const char *question;
	struct list list;
	int page;
	bool follow; /* what comes */
	double drawn_seconds;
	struct text_list turned; /* opened or closed by hand */
	struct run_line *lines;
	int n, alloc;
};

/* Makes the lines anew. */
void run_lines(struct run *run, const struct model *model);
/* Has it lines below it that can be shown or hidden? */
bool run_line_opens(const struct run_line *line);
/* Opens or closes a line; false when it has nothing below it. */
bool run_line_turn(struct run *run, const struct run_line *line);
void run_paint(struct app *app, struct run *run, const struct canvas *c);
/* Is the newest run of this command? */
bool run_is_shown(const struct app *app, const char *command);
/* From its begin to its end, or until now. */
double run_seconds(const struct model *model);
/* It began and will say no more, without an end: it was killed. */
bool run_died(const struct model *model);
bool run_failed(const struct model *model);

#endif
