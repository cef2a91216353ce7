/* SPDX-License-Identifier: PostgreSQL */
/* What the files of the live panel share. */
#ifndef PGREPUP_SCREEN_LIVE_H
#define PGREPUP_SCREEN_LIVE_H

#include "app_internal.h"

struct live {
	struct list list;
	int page;
	int sort; /* of columns[] */
	bool reverse;
	bool paused;
	struct record *kept; /* the sample of the pause */
	char *filter;
	bool typing;
	struct record **rows; /* of this frame */
	int n;
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

#endif
