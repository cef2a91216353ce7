/* SPDX-License-Identifier: PostgreSQL */
/*
 * The event loop of a face: timers, descriptors and signals, never a wait in
 * between. The only user of libevent.
 */
#ifndef PGREPUP_LOOP_H
#define PGREPUP_LOOP_H

#include "err.h"

struct loop;
struct loop_source;

typedef void (*loop_fn)(void *arg);

struct loop *loop_new(struct err *err);
void loop_free(struct loop *loop);
/* Calls fn every so many seconds until loop_remove. */
struct loop_source *loop_every(struct loop *loop, double seconds, loop_fn fn,
			       void *arg);
/* Calls fn once for every loop_timer_set, so many seconds after it; setting it
 * again before that puts it off or forward. */
struct loop_source *loop_timer(struct loop *loop, loop_fn fn, void *arg);
void loop_timer_set(struct loop_source *timer, double seconds);
/* Calls fn when the signal came, in the loop, not in a handler. */
struct loop_source *loop_signal(struct loop *loop, int signal, loop_fn fn,
				void *arg);
/* Calls fn while fd is readable. */
struct loop_source *loop_readable(struct loop *loop, int fd, loop_fn fn,
				  void *arg);
/* Calls fn once when fd is readable, or writable, each time that it is
 * armed. */
struct loop_source *loop_readable_once(struct loop *loop, int fd, loop_fn fn,
				       void *arg);
struct loop_source *loop_writable(struct loop *loop, int fd, loop_fn fn,
				  void *arg);
void loop_arm(struct loop_source *source);
/* NULL is nothing. */
void loop_remove(struct loop_source *source);
/* Runs until loop_stop. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

#endif
