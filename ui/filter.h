/* SPDX-License-Identifier: PostgreSQL */
/*
 * The filter of a list: words, each of which must stand somewhere in a line
 * (upper and lower case are one); "state:ko" asks for the line's state.
 */
#ifndef PGREPUP_FILTER_H
#define PGREPUP_FILTER_H

#include "app.h"

struct filter {
	char *text; /* NULL: none */
	bool typing;
};

/* Is there anything to filter by? */
bool filter_is_set(const struct filter *filter);
/* Must it be shown: set, or being typed? */
bool filter_is_shown(const struct filter *filter);
/* Takes an event while it is typed; false: it is for somebody else. */
bool filter_event(struct filter *filter, const struct event *event);
void filter_clear(struct filter *filter);
/* Does a line with that state and these texts (each may be NULL) pass? */
bool filter_passes(const struct filter *filter, const char *state,
		   const char *const *texts, size_t n);
/* "/text", with the cursor while it is typed. */
void filter_draw(struct app *app, const struct filter *filter,
		 const struct canvas *c, int y, int x);

#endif
