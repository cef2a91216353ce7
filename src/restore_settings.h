/* SPDX-License-Identifier: PostgreSQL */
/*
 * The SET lines between the entries of a dump (default_tablespace and its
 * like), which hold for all entries that follow.
 */
#ifndef PGREPUP_RESTORE_SETTINGS_H
#define PGREPUP_RESTORE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "strbuf.h"

/* Starts as {0}. */
struct restore_settings {
	char **names;
	char **values; /* as SQL literals */
	size_t n;
	size_t alloc;
};

/* Does a SET begin at p? */
bool restore_settings_is(const char *p);
/*
 * Takes "SET name = value;", which ends at end. False for the search_path,
 * which old minor releases of pg_dump set before each schema, to names that
 * its owner has chosen: nothing of ours may be looked up there.
 */
bool restore_settings_take(struct restore_settings *s, const char *p,
			   const char *end, struct err *err);
/*
 * Statements that set them for one transaction only, and only what the server
 * knows: an older one has no default_table_access_method.
 */
void restore_settings_write(const struct restore_settings *s,
			    struct strbuf *sql);
void restore_settings_release(struct restore_settings *s);

#endif
