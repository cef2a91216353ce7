/* SPDX-License-Identifier: PostgreSQL */
/* What the files of the checklist share. */
#ifndef PGREPUP_SCREEN_CHECK_H
#define PGREPUP_SCREEN_CHECK_H

#include "app_internal.h"
#include "filter.h"

enum line_kind {
	LINE_SIDE,
	LINE_DATABASE,
	LINE_CHECK,
	LINE_SKIPPED, /* checks that were not made for one reason */
	LINE_WAITING, /* a check that is not answered yet */
};

/* By what lines are counted. */
enum count {
	COUNT_OK,
	COUNT_KO,
	COUNT_WARN,
	COUNT_SKIP,
	COUNT_IGNORED,
	COUNT_RUN,
	COUNT_WAIT,
	COUNTS,
};

struct line {
	enum line_kind kind;
	const struct record *record; /* finding, or group of what waits */
	const char *side;
	const char *database;
	const char *id;	   /* of what waits */
	enum count state;  /* but of a side */
	int counts[COUNTS]; /* of a side or database */
	int n;		   /* checks that were skipped */
	bool turned;	   /* opened or closed by hand */
};

/* A run of fix, dry or not, whose end is awaited. */
struct fixing {
	char *run; /* id; NULL: none is awaited, or it has not begun */
	bool undo;
	bool choosing; /* F: a list to choose from */
	struct text_list targets;
};

struct checklist {
	struct list list;
	struct line *lines;
	int n, alloc;
	int page;
	int counts[COUNTS]; /* of everything, filtered or not */
	/* of what the lines were made; else they are made anew */
	const struct model *model;
	unsigned long version;
	bool checking;
	bool stale;
	char *at; /* word of the line that the cursor was put on */
	bool unasked;	   /* no check was begun for it yet */
	struct text_list turned; /* sides and databases, by their targets */
	struct text_list marked; /* findings, by their targets */
	struct filter filter;
	struct fixing fixing;
};

/* Makes the lines anew when something has changed. */
void check_lines(struct checklist *s, const struct model *model);
/* "source:app", or "source": what one opens and runs again. Free it. */
char *check_group_word(const char *side, const char *database);
/* Name of a count as in records ("ko"), and as it is shown ("KO"). */
const char *check_count_state(enum count count);
const char *check_count_word(enum count count);
/* Keeps the cursor on what it is on now, wherever that goes. */
void check_hold(struct checklist *s);
/* The line under the cursor; NULL when there is none. */
const struct line *check_line(const struct checklist *s);
/* The finding under the cursor; NULL when it is on no finding. */
const struct record *check_under_cursor(const struct checklist *s);
/* Everything about a finding, as text. */
void check_describe(struct strbuf *text, const struct record *check);
void checklist_draw(struct app *app, struct checklist *s,
		    const struct canvas *c);

/* Runs the checks of these words again (NULL: all). */
void check_run_again(struct app *app, const struct text_list *targets);
/* Adds it to the list, or takes it away. */
void text_list_toggle(struct text_list *list, const char *item);

/* --- fixing --------------------------------------------------------------- */

/* Plans the fix of what is marked, or under the cursor; of everything, as a
 * list to choose from; or the undo. check_fix_tick goes on with the plan. */
void check_fix(struct app *app, struct checklist *s);
void check_fix_all(struct app *app, struct checklist *s);
void check_undo(struct app *app, struct checklist *s);
bool check_fix_tick(struct app *app, struct checklist *s);
/* Plans that (taken over) for a question. */
void check_plan(struct app *app, struct fixing *fixing);
/* The question with exactly what will run. plans are "fix" records. */
void check_ask(struct app *app, const struct fixing *fixing,
	       const struct record_list *plans);
/* A list of plans with ticks; then the question. Takes plans. */
void check_choose(struct app *app, const struct fixing *fixing,
		  struct record_list *plans);
/* Asks for a reason and ignores the finding, or no longer does. */
void check_ignore(struct app *app, struct checklist *s);

#endif
