/* SPDX-License-Identifier: PostgreSQL */
/* What tools.c and tools_tmp.c share: passwords for the client programs. */
#ifndef PGREPUP_TOOLS_TMP_H
#define PGREPUP_TOOLS_TMP_H

#include "tools.h"

/*
 * Writes the password of that side into a 0600 pgpass file in the private
 * folder and returns its path; the caller frees it. The file serves for every
 * host and database: only programs for that side are given it.
 */
char *tools_passfile(const char *tmp, const struct endpoint *ep,
		     struct err *err);

#endif
