/* SPDX-License-Identifier: PostgreSQL */
/* Text on canvases: wrapped, as a log, as times. */
#ifndef PGREPUP_DRAW_TEXT_H
#define PGREPUP_DRAW_TEXT_H

#include "model.h"
#include "term.h"

/* Text over as many lines as it takes, from y on; scrubbed here. The line
 * after it. */
int draw_wrapped(const struct canvas *c, int y, enum style style,
		 const char *text);
/* The same as lines of a list. */
void text_lines(struct text_list *lines, const char *text, int width);
/* One line that was scrubbed, cut at a blank where there is one; what
 * "  Detail  text" says goes on under "text". */
void text_hanging(struct text_list *lines, const char *line, int width);
/* "label  value" on one line; nothing when there is no value. */
int draw_fact(const struct canvas *c, int y, const char *label,
	      const char *value);
/* The newest messages, the last at the bottom; of one database when it is not
 * NULL. */
void draw_log(const struct canvas *c, const struct model *model,
	      const char *database);
/* How many that would be, at most max. */
int log_lines(const struct model *model, const char *database, int max);
/* "7s", "3m12", "2h10", "4d03h" */
void add_duration(struct strbuf *text, double seconds);
/* "00:03:41" */
void add_clock(struct strbuf *text, double seconds);
/* "1.1 GB/s"; "-" when it is not known. */
void add_rate(struct strbuf *text, double rate);

#endif
