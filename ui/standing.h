/* SPDX-License-Identifier: PostgreSQL */
/*
 * Where each of the six screens' work stands, for the line of steps: read
 * from the journal and from the newest sample of the monitor.
 */
#ifndef PGREPUP_STANDING_H
#define PGREPUP_STANDING_H

#include "actions.h"
#include "record.h"

struct model;

enum mark {
	MARK_NONE,
	MARK_OK,
	MARK_RUNS,
	MARK_PROBLEM,
};

struct standing {
	enum mark marks[SCREEN_COUNT]; /* by the newest operation of each */
	char *versions[2]; /* of source and destination; NULL: not known */
	bool dry; /* the operation that is read changes nothing */
};

/* Takes what a record of the journal says about it. */
void standing_take(struct standing *standing, const struct record *record);
void standing_release(struct standing *standing);
/* model may be NULL. */
enum mark standing_mark(const struct model *model, enum screen_id screen);

#endif
