/* SPDX-License-Identifier: PostgreSQL */
/*
 * The folder that keeps the files of one upgrade, named so in documents: STATE.
 *
 * It is opened once, without following a link, and proved by its descriptor to
 * be ours and closed to others; what is not is refused and left as it is.
 * Every file in it is met through that descriptor, so that nothing that comes
 * to stand in its place later is read, written or believed.
 */
#ifndef PGREPUP_STATE_DIR_H
#define PGREPUP_STATE_DIR_H

#include <stdbool.h>

#include "err.h"

struct state_dir {
	int fd;
	char *path; /* to tell people */
};

/* Makes it and what is above it where that is missing, for us alone. */
struct state_dir *state_dir_open(const char *path, struct err *err);
void state_dir_close(struct state_dir *dir);
/*
 * A descriptor of a plain file in it, made 0600 where flags have O_CREAT; what
 * is a link or no file is refused. -1 with an error, and errno: ERR_STATE and
 * ENOENT when there is none.
 */
int state_dir_file(const struct state_dir *dir, const char *name, int flags,
		   struct err *err);
/* All of a file at once, on the disk: whoever looks finds the former text or
 * the whole of this one. */
bool state_dir_write(const struct state_dir *dir, const char *name,
		     const char *text, struct err *err);
/* True as well when there is none. */
bool state_dir_remove(const struct state_dir *dir, const char *name,
		      struct err *err);

#endif
