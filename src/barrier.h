/* SPDX-License-Identifier: PostgreSQL */
/*
 * Barriers: rows with numbers without a gap, in pgrepup.barrier of each source
 * database, which travel with the rest. A slot tells what somebody has
 * confirmed, and anybody may have moved it; that *this* destination has row n,
 * and each row before it, says that what was committed before has arrived here.
 * A number that is missing says that changes were lost between two times.
 *
 * One is made when the subscription is, by disable, by start, by stop before
 * its first round and after its last; and by the monitor now and then. (The
 * positions that stop waits for are no barriers: their commits do not travel.)
 */
#ifndef PGREPUP_BARRIER_H
#define PGREPUP_BARRIER_H

#include "err.h"
#include "pg.h"

/* Makes one, in a transaction of its own that is on the disk of the source when
 * it ends; ERR_STATE where the registry of that database is not ours. *n, a
 * number's text, is the caller's to free. */
bool barrier_write(struct pg *source, char **n, struct err *err);
/* From that one on all must arrive: before the subscription is made. */
bool barrier_begin(struct pg *destination, const char *n, struct err *err);

struct barriers {
	long long last;	   /* that has arrived; 0: none */
	long long missing; /* the first that has not, before it; 0: none */
	char *between;	   /* "2026-11-30 10:00:00+00 and ..."; or NULL */
};

/* The destination has a registry. Release what was read. */
bool barriers_read(struct pg *destination, struct barriers *b,
		   struct err *err);
void barriers_release(struct barriers *b);
/* ERR_NEGATIVE when one is missing, with what that means. */
bool barriers_refuse_gap(const struct barriers *b, const char *database,
			 struct err *err);
/*
 * Waits until that one has arrived, at most so many seconds, and that none
 * before it is missing. *arrived says whether it has.
 */
bool barriers_wait(struct pg *destination, const char *n, double seconds,
		   const struct interrupt *interrupt, bool *arrived,
		   struct err *err);

#endif
