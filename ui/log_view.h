/* SPDX-License-Identifier: PostgreSQL */
/*
 * The log: a pane of a screen with what the newest run says, or a list over
 * all of what all runs have said and done. It follows what comes until
 * somebody scrolls it, and again at its end.
 */
#ifndef PGREPUP_LOG_VIEW_H
#define PGREPUP_LOG_VIEW_H

#include "app.h"
#include "filter.h"

struct log_view {
	struct filter filter;
	bool whole;  /* of all runs, with details, hints and deeds */
	bool still;  /* does not follow */
	size_t line; /* of the cursor, counted from the first ever said */
	struct list list;
	int page;
	/* lines of this frame: record, and which part of it */
	struct log_line *lines;
	int n, alloc;
};

void log_view_draw(struct app *app, struct log_view *view,
		   const struct canvas *c, bool focus);
/* Moves, filters, follows; false: it means nothing to a log. */
bool log_view_act(struct log_view *view, const struct model *model,
		  enum action action);
/* A click; false: it was not on a line of the log. */
bool log_view_click(struct log_view *view, const struct event *event);
/* What y copies: the message under the cursor, or all that are shown. */
void log_view_text(struct log_view *view, const struct model *model, bool all,
		   struct strbuf *text);
/* How many lines there would be, at most max. */
int log_view_count(struct log_view *view, const struct model *model, int max);
void log_view_release(struct log_view *view);
/* Opens it over the screens. */
void log_view_open(struct app *app);

#endif
