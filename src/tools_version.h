/* SPDX-License-Identifier: PostgreSQL */
/* Of which version a client program is. */
#ifndef PGREPUP_TOOLS_VERSION_H
#define PGREPUP_TOOLS_VERSION_H

#include "err.h"

/*
 * As 170005, by "PATH --version"; what it said up to ten seconds ago is
 * believed as long as the file is the same. 0: it cannot be run, err says why,
 * or is not set when what it said is no version. From any thread.
 */
int tools_version(const char *path, struct err *err);

#endif
