/* SPDX-License-Identifier: PostgreSQL */
/* A line of text that is edited: cursor, insertion, no echo of secrets. */
#ifndef PGREPUP_ENTRY_H
#define PGREPUP_ENTRY_H

#include "term.h"

struct entry {
	char *text;	/* UTF-8; NULL: empty */
	size_t n;	/* bytes */
	size_t cursor;	/* byte before which it stands */
	size_t alloc;
	bool secret;	/* drawn as stars; the memory is wiped */
};

const char *entry_text(const struct entry *entry);
/* The cursor goes to the end. */
void entry_set(struct entry *entry, const char *text);
/* One key; true when it was one of editing. changed is set, never cleared. */
bool entry_event(struct entry *entry, const struct event *event,
		 bool *changed);
/* Characters, as a person counts them. */
int entry_count(const struct entry *entry);
void entry_draw(struct term *term, const struct entry *entry,
		const struct canvas *c, int y, int x, int width, bool focus);
void entry_release(struct entry *entry);

#endif
