/* SPDX-License-Identifier: PostgreSQL */
/*
 * One side of the monitor: a thread that asks a server the same thing again
 * whenever it is told to. Nobody waits longer for it than he wants to.
 */
#ifndef PGREPUP_MONITOR_SIDE_H
#define PGREPUP_MONITOR_SIDE_H

#include "op.h"
#include "rowset.h"

struct side_answer {
	double at; /* clock_now() of the last time that it answered; 0: never */
	struct err err; /* set: it failed since, and there are no rows */
	/* that setup began with; of the destination only */
	const struct mechanism *mechanism;
	struct text_list databases; /* of the upgrade; of the source only */
	struct rowset rows;	    /* monitor_source, monitor_destination */
};

void side_answer_release(struct side_answer *answer);

struct monitor_side;

/* op: conf and options are used, as long as it lives. */
struct monitor_side *monitor_side_new(const struct op *op, enum side side,
				      struct err *err);
/* Begins a round; one that is under way goes on instead. */
void monitor_side_ask(struct monitor_side *s);
/* Waits until the round is over (0: as long as it takes). */
bool monitor_side_wait(struct monitor_side *s, double deadline);
/* Takes an answer, or a failure, in place of the one before; false: neither
 * has come since. */
bool monitor_side_take(struct monitor_side *s, struct side_answer *answer);
void monitor_side_free(struct monitor_side *s);

#endif
