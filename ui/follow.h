/* SPDX-License-Identifier: PostgreSQL */
/*
 * Following an operation: its records as they come, from this process' own
 * runner or from one that is already at work.
 */
#ifndef PGREPUP_FOLLOW_H
#define PGREPUP_FOLLOW_H

#include "cli.h"
#include "record.h"
#include "runner.h"

typedef void (*follow_fn)(void *arg, const struct record *record);

/*
 * Runs an operation, or attaches to the same one when it is already running,
 * and calls fn for each of its records until its end. ^C asks the runner to
 * stop cleanly, but when another face has it: then only the following ends;
 * the loss of the terminal leaves it at work. Returns the exit
 * status; err is set when the operation failed (also by its own error).
 */
int follow_operation(const struct cli *cli, const struct conf *conf,
		     struct runner_request *request, follow_fn fn, void *arg,
		     struct err *err);

#endif
