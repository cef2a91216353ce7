/* SPDX-License-Identifier: PostgreSQL */
/*
 * The journal of an upgrade: STATE/journal, a line a record, appended by the
 * runner (any of its threads), read by every face.
 */
#ifndef PGREPUP_JOURNAL_H
#define PGREPUP_JOURNAL_H

#include <stdbool.h>

#include "err.h"
#include "record.h"
#include "state_dir.h"

struct journal;

/* Opens DIR/journal for appending. run names this run in every record. */
struct journal *journal_open(const struct state_dir *dir, const char *run,
			     struct err *err);
void journal_close(struct journal *j);
/*
 * Adds "time" (RFC 3339, UTC, milliseconds) and "run", writes one line with
 * one write(), frees the record. A disk that is full is remembered: who runs
 * an operation asks journal_is_whole where it can end.
 */
void journal_write(struct journal *j, struct record *r);
/* False, with an error, when a record could not be written. */
bool journal_is_whole(struct journal *j, struct err *err);
/*
 * False, with an error, when the disk has no room for the records of another
 * run in DIR/journal; else some is set aside for it.
 */
bool journal_has_room(const struct state_dir *dir, struct err *err);
/* A record of type "log"; level is debug, info, notice, warning or error. */
void journal_log(struct journal *j, const char *level, const char *database,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Reading, also while somebody writes. */
struct journal_reader;

struct journal_reader *journal_reader_open(const struct state_dir *dir,
					   struct err *err);
/* NULL when there is no whole line yet; the caller frees the record. */
struct record *journal_reader_next(struct journal_reader *r);
/* Goes to the start of the last run ("begin" record) of that id or, for
 * NULL, of the newest; false when there is none. */
bool journal_reader_seek_run(struct journal_reader *r, const char *run);
/*
 * Where the newest run of that command begins (NULL: of any), or -1; runs that
 * were refused are none. Looks from the end, without reading what is said in
 * between. The reader stays where it is.
 */
long long journal_reader_find(const struct journal_reader *r,
			      const char *command);
/* Where the reader is. */
long long journal_reader_at(const struct journal_reader *r);
/*
 * From now on gives out records of these types only (NULL: of all), and looks
 * no further than some megabytes for the next: it may be at a place from which
 * there is more although it gave NULL.
 */
void journal_reader_only(struct journal_reader *r, const char *const *types);
void journal_reader_close(struct journal_reader *r);

#endif
