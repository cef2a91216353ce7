/* SPDX-License-Identifier: PostgreSQL */
/*
 * One operation at a time for an upgrade: STATE/lock, held by the runner for
 * as long as it lives (flock, so that a kill releases it) and telling who.
 */
#ifndef PGREPUP_LOCK_H
#define PGREPUP_LOCK_H

#include <stdbool.h>
#include <sys/types.h>

#include "err.h"

struct lock;

struct lock_holder {
	pid_t pid;
	char *run;
	char *command;
};

/* ERR_STATE naming the holder when another has it and keeps it; waits for half
 * a second at most. */
struct lock *lock_take(const char *dir, const char *run, const char *command,
		       struct err *err);
void lock_release(struct lock *lock);
/*
 * The face that an operation belongs to: who started it, and when that has
 * died, who took it over. STATE/face, held in the same way. NULL: another
 * has it.
 */
struct lock *lock_take_face(const char *dir, const char *command);
bool lock_peek_face(const char *dir, struct lock_holder *holder);
/* True when somebody holds it, and who; release the holder's texts. */
bool lock_peek(const char *dir, struct lock_holder *holder);
/*
 * Sends a signal (0: none) to the runner of that run, whose number is proved
 * by the lock that it holds at this moment. False when it holds it no more.
 */
bool lock_signal(const char *dir, const char *run, int signal);
void lock_holder_release(struct lock_holder *holder);

#endif
