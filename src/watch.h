/* SPDX-License-Identifier: PostgreSQL */
/*
 * A folder whose files are looked at when they change, not every so often:
 * the journal that grows, the lock that a runner had until it ended.
 */
#ifndef PGREPUP_WATCH_H
#define PGREPUP_WATCH_H

#include <stdbool.h>

struct state_dir;
struct watch;

/* NULL where the system has no watch left: look now and then instead. */
struct watch *watch_new(const struct state_dir *dir);
void watch_free(struct watch *watch);
/* Readable when something has happened; -1 for NULL. */
int watch_fd(const struct watch *watch);
/* Takes what has happened. True when it was more than a file that grew: one
 * was made, or its writer has closed it or died. */
bool watch_take(struct watch *watch);

#endif
