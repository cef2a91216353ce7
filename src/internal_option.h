/* SPDX-License-Identifier: PostgreSQL */
/*
 * Options of columns, tables and indexes that are internal to some releases of
 * the server: it keeps them in attoptions or reloptions for itself, and other
 * releases refuse them ("unrecognized parameter"). They are no part of a
 * schema: taken out of what pg_dump writes, since only the pg_dump of some
 * minor releases leaves them out by itself, and of what is compared.
 */
#ifndef PGREPUP_INTERNAL_OPTION_H
#define PGREPUP_INTERNAL_OPTION_H

#include <stdbool.h>

#include "strbuf.h"

/* Their names as the text of an array of SQL. The caller frees it. */
char *internal_option_array(void);
/*
 * Adds the statement of pg_dump's that begins at text and goes on until end to
 * sql, without such options; all of it is left out when it sets nothing else.
 */
void internal_option_strip(const char *text, const char *end,
			   struct strbuf *sql);

#endif
