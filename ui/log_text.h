/* SPDX-License-Identifier: PostgreSQL */
/*
 * Records of the journal as lines of a log: what was said, and in a whole log
 * also what was done: runs, steps, databases, fixes.
 */
#ifndef PGREPUP_LOG_TEXT_H
#define PGREPUP_LOG_TEXT_H

#include "record.h"
#include "strbuf.h"

/* Has it a line in a log, or in a whole one? */
bool log_has(const struct record *r, bool whole);
/* Is it something done, whose line is made of what it was? */
bool log_is_deed(const struct record *r);
/* Must it be seen: a failure, the begin of a run? */
bool log_is_strong(const struct record *r);
/* What it says, without its database. */
void log_add_text(struct strbuf *text, const struct record *r, bool whole);
/* The run that a begin or end is of: "stop", or "stop (dry run)". */
void log_add_run(struct strbuf *text, const struct record *r);
/* "11:59:29 ", with the day where a run begins. */
void log_add_time(struct strbuf *text, const struct record *r, bool whole);

#endif
