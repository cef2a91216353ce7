/* SPDX-License-Identifier: PostgreSQL */
/*
 * The tables of one database, with what is to be said of it above them: a list
 * over the screen that scrolls, sorts and filters, and the same as a pane.
 *
 * It knows nothing of where they come from: a feed fills a plain array. There
 * are two, screen_live_detail.c and run_tables.c.
 */
#ifndef PGREPUP_TABLES_VIEW_H
#define PGREPUP_TABLES_VIEW_H

#include "app.h"

struct table_row {
	char *name;	    /* "schema.table" */
	const char *state;  /* static: waiting, copying, copied, ... */
	long long rows;	    /* -1: not known, as the next two */
	long long bytes;    /* on the source */
	long long copied;   /* of those */
	char *error;	    /* NULL: none */
};

struct table_list {
	struct table_row *items;
	size_t n, alloc;
	unsigned filled; /* counts: another number, other rows */
	double stamp;	 /* the feed's own: of what it was filled from */
};

/* Takes the texts of the row over. */
void table_list_add(struct table_list *list, const struct table_row *row);
/* Empties it, to be filled anew. */
void table_list_clear(struct table_list *list);
void table_list_release(struct table_list *list);

/*
 * Called in every frame: fills list when there is something new (and only
 * then: there may be 10,000), and facts (lines) always.
 */
typedef void (*tables_feed_fn)(struct app *app, void *arg,
			       struct table_list *list, struct strbuf *facts);

/* Opens the list over the screen. arg is freed by free() at its end. */
void tables_open(struct app *app, const char *title, tables_feed_fn feed,
		 void *arg);
/* As many as fit on the canvas, those that need a person first. */
void tables_pane(const struct canvas *c, const struct table_list *list);

#endif
