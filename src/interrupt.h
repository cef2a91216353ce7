/* SPDX-License-Identifier: PostgreSQL */
/*
 * A request to stop that every wait of an operation listens to: a flag, and a
 * descriptor that becomes readable, shared by all threads of the runner.
 */
#ifndef PGREPUP_INTERRUPT_H
#define PGREPUP_INTERRUPT_H

#include <stdbool.h>

#include "err.h"

struct interrupt;

struct interrupt *interrupt_new(struct err *err);
void interrupt_free(struct interrupt *in);
/* Safe from a signal handler and from any thread. */
void interrupt_raise(struct interrupt *in);
/* NULL was never raised. */
bool interrupt_raised(const struct interrupt *in);
/* Readable once raised; -1 for NULL. */
int interrupt_fd(const struct interrupt *in);
/* Waits that many seconds; false and ERR_STOPPED when raised. */
bool interrupt_sleep(const struct interrupt *in, double seconds,
		     struct err *err);
/* Sets ERR_STOPPED with the wording every operation uses. */
void interrupt_error(struct err *err);
/* Seconds of a clock that only goes forward. */
double clock_now(void);

#endif
