/* SPDX-License-Identifier: PostgreSQL */
/*
 * Pausing an operation after the step at hand: a wish that any process leaves
 * in STATE/pause and takes back at will. It names the run, so that one that
 * came too late means nothing to the next. The runner looks for it where it
 * can end cleanly, and takes it away when it ends, paused or not.
 */
#ifndef PGREPUP_PAUSE_H
#define PGREPUP_PAUSE_H

#include <stdbool.h>

#include "err.h"
#include "record.h"
#include "state_dir.h"

/*
 * Can a run be paused, by its records "plan" (NULL: it had none) and "step"
 * (the newest; NULL: none)? ERR_STATE says why not.
 */
bool pause_is_possible(const char *command, const struct record *plan,
		       const struct record *step, struct err *err);
bool pause_ask(const struct state_dir *dir, const char *run, struct err *err);
/* True also when nobody had asked. */
bool pause_take_back(const struct state_dir *dir, struct err *err);
/* Is that run asked to pause? */
bool pause_is_asked(const struct state_dir *dir, const char *run);
/* The wish has been met, or the run is over; that for another run stays. */
void pause_forget(const struct state_dir *dir, const char *run);

#endif
