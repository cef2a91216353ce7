/* SPDX-License-Identifier: PostgreSQL */
/*
 * One operation at a time for an upgrade: STATE/lock, held by the runner for
 * as long as it lives, and telling who. The lock is fcntl's, so that a kill
 * releases it and the kernel says whose it is: what stands in the file is
 * believed only of that process. A process must not open a lock file again
 * while it holds that lock, which would be lost when the second is closed.
 */
#ifndef PGREPUP_LOCK_H
#define PGREPUP_LOCK_H

#include <stdbool.h>
#include <sys/types.h>

#include "err.h"

struct lock;
struct state_dir;

struct lock_holder {
	pid_t pid;     /* 0: not known */
	bool proved;   /* by the kernel; not across containers and hosts */
	char *run;     /* NULL: it has not said it yet */
	char *command; /* the same */
};

/* ERR_STATE naming the holder when another has it and keeps it; waits for half
 * a second at most. */
struct lock *lock_take(const struct state_dir *dir, const char *run,
		       const char *command, struct err *err);
void lock_release(struct lock *lock);
/*
 * The face that an operation belongs to: who started it, and when that has
 * died, who took it over. STATE/face, held in the same way. NULL: another
 * has it.
 */
struct lock *lock_take_face(const struct state_dir *dir, const char *command);
bool lock_peek_face(const struct state_dir *dir, struct lock_holder *holder);
/* True when somebody holds it, and who; release the holder's texts. */
bool lock_peek(const struct state_dir *dir, struct lock_holder *holder);
/* Does the runner of that run hold it? */
bool lock_is_held(const struct state_dir *dir, const char *run);
/*
 * Sends a signal to the runner of that run, which is the process that holds
 * the lock at this moment. False when none does, or none that is proved.
 */
bool lock_signal(const struct state_dir *dir, const char *run, int signal);
void lock_holder_release(struct lock_holder *holder);

#endif
