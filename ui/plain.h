/* SPDX-License-Identifier: PostgreSQL */
/* Records and errors as plain text: the dotted line report. */
#ifndef PGREPUP_PLAIN_H
#define PGREPUP_PLAIN_H

#include <stdbool.h>
#include <stdio.h>

#include "conf.h"
#include "err.h"
#include "record.h"

enum plain_state {
	PLAIN_OK,
	PLAIN_KO,
	PLAIN_WARN,
	PLAIN_SKIP,
	PLAIN_IGNORED,
	PLAIN_RUN,
	PLAIN_PLAN, /* would be done */
	PLAIN_WAIT, /* not yet begun */
};

struct plain {
	FILE *out;
	bool color;
	bool verbose; /* debug logs and what runs too */
	bool agreed; /* what fixes run was shown and agreed to just now */
	bool problems_only; /* of checks: those that are not OK */
	char *side;   /* whose checks were last shown */
	char *open_step;  /* step whose heading stands there already */
	char *step_title; /* of the step that runs */
	struct text_list plan; /* titles of all steps */
	size_t begun;	       /* how many of them */
	bool live;	  /* out is a terminal: show what runs, in one line */
	bool live_shown;  /* such a line stands there */
	char *ok_database; /* whose checks were OK, not yet said */
	int n_ok;	   /* how many of them */
	char *skip_group; /* "app: ", before the title */
	char *skip_title; /* of checks not made for one reason, not yet said */
	char *skip_why;
	int n_skipped;
	int counts[PLAIN_WAIT + 1]; /* of checks, by how they came out */
};

/* Shows one record of an operation. */
void plain_record(struct plain *plain, const struct record *record);
/* " > TEXT ......OK", scrubbed; depth indents. */
void plain_line(struct plain *plain, int depth, const char *text,
		enum plain_state state);
/* One line of what runs now, in place of the last one; only when live. */
void plain_live(struct plain *plain, const char *text);
/* A check that was not made: told in one line with those of its group that
 * were not made for the same reason. */
void plain_skip(struct plain *plain, const char *group, const char *title,
		const char *why);
/* Says what was held back: how many checks are OK, or were not made. */
void plain_settle(struct plain *plain);
/* Takes that line away before something else is printed. */
void plain_clear(struct plain *plain);
/* An indented line of text under the last one ("Hint: ..."). */
void plain_note(struct plain *plain, int depth, const char *label,
		const char *text);
/* Message, Detail, Hint on a stream, in PostgreSQL's form. */
void plain_error(FILE *out, const struct err *err);
/* ok, ko, warn, skip or run as written in records. */
enum plain_state plain_state(const char *name);
const char *plain_state_word(enum plain_state state); /* "KO" */
void plain_release(struct plain *plain);

#endif
