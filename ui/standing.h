/* SPDX-License-Identifier: PostgreSQL */
/*
 * Where each of the six screens' work stands, for the line of steps: read
 * from the journal and from the newest sample of the monitor.
 */
#ifndef PGREPUP_STANDING_H
#define PGREPUP_STANDING_H

#include "actions.h"
#include "op.h"
#include "record.h"

struct model;

enum mark {
	MARK_NONE,
	MARK_OK,
	MARK_RUNS,
	MARK_DRY, /* a dry run of it, which leaves the mark as it was */
	MARK_PAUSED,
	MARK_PROBLEM,
};

struct standing {
	enum mark marks[SCREEN_COUNT]; /* by the newest operation of each */
	char *why[SCREEN_COUNT]; /* what that failed of; NULL: it did not */
	struct op_options scopes[SCREEN_COUNT]; /* of that operation */
	char *versions[2]; /* of source and destination; NULL: not known */
	enum screen_id newest; /* of the newest of them but check; 0: none */
	bool setup_checked; /* after the newest check setup went well */
	bool dry; /* the operation that is read is a dry run */
	enum screen_id dry_screen; /* whose operation that is; 0: of none */
	/* Counts what was begun and has ended, but what changes nothing:
	 * another number, and somebody has done something. */
	unsigned done;
};

/* Takes what a record of the journal says about it. */
void standing_take(struct standing *standing, const struct record *record);
void standing_release(struct standing *standing);
/* model may be NULL. */
enum mark standing_mark(const struct model *model, enum screen_id screen);

/* What the newest of this command failed of; NULL: it did not. */
const char *standing_why(const struct standing *standing,
			 const char *command);
/* What the newest of this command was of, to take it up again. */
const struct op_options *standing_scope(const struct standing *standing,
					const char *command);
/* How the newest of this command stands, whatever ran after it; one that has
 * died is a problem. MARK_NONE also of what has no screen. */
enum mark standing_of(const struct model *model, const char *command);
/* Did it fail, pause or die? */
bool standing_is_half(const struct model *model, const char *command);
/* The screen of what runs, or ended otherwise than well, newest of all;
 * SCREEN_CONFIG: there is none. */
enum screen_id standing_open(const struct model *model);

#endif
