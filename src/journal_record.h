/* SPDX-License-Identifier: PostgreSQL */
/* Which lines of a journal are records. */
#ifndef PGREPUP_JOURNAL_RECORD_H
#define PGREPUP_JOURNAL_RECORD_H

#include "record.h"

/*
 * The record of a line. NULL when it is none, or lacks a text that records of
 * its type always have (doc/journal.md). A type that is not known may have
 * anything. The caller frees it.
 */
struct record *journal_record(const char *line);

#endif
