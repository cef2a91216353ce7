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
};

struct line {
	enum line_kind kind;
	size_t first; /* check of the model */
	const char *side;
	const char *database;
	int counts[4]; /* by status: ok, ko, warn, skip; not of a check */
};

struct checklist {
	struct list list;
	struct line *lines;
	int n, alloc;
	int page;
	size_t n_seen;	       /* checks when lines were made */
	struct text_list open; /* databases that are shown in full */
	struct filter filter;
	char *fixing;	       /* target; the plan is awaited */
};

/* Place of a status in counts. */
int status_number(const char *status);
/* The finding under the cursor; NULL when it is on no finding. */
const struct record *check_under_cursor(struct app *app,
					const struct checklist *s);
void checklist_draw(struct app *app, struct checklist *s,
		    const struct canvas *c);
/* Plans the fix under the cursor, or all; check_fix_tick asks when the plan
 * has come. */
void check_fix_one(struct app *app, struct checklist *s);
void check_fix_all(struct app *app, struct checklist *s);
bool check_fix_tick(struct app *app, struct checklist *s);

#endif
