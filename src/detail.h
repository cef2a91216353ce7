/* SPDX-License-Identifier: PostgreSQL */
/*
 * Everything about one database: its tables, its slot, who reads and who
 * applies, what was said of it. Looked at on request only, since it costs
 * statements in the database itself; connections stay open meanwhile.
 *
 * It comes as a record "detail":
 *
 *	database, load, subscription, reason, applied_lsn
 *	slots[]	   at most one: slot, active, pid, lsn, restart_lsn,
 *		   confirmed_lsn, xlog_difference, retained_bytes, safe_bytes,
 *		   wal_status, state, seconds, reply_seconds
 *	workers[]  side, what, pid, state, seconds, message_seconds, doing
 *	tables[]   schema, table, state (waiting, copying, copied, failed,
 *		   replicating), rows, bytes, copied_bytes, error
 *	tables_error  why tables[] could not be read
 *	messages[] time, level, message, detail, hint: the last of the journal
 *	errors[]   side, message ...: a side that did not answer, or refused
 */
#ifndef PGREPUP_DETAIL_H
#define PGREPUP_DETAIL_H

#include "op.h"
#include "record.h"

struct detail;

/* op: conf, dir, options, interrupt are used. */
struct detail *detail_new(const struct op *op, const char *database);
enum detail_what {
	DETAIL_ALL,
	/* without "tables" when they are as they were told last, or were just
	 * told and are many */
	DETAIL_NEWS,
};

/* Never NULL: what did not answer is among its errors. The caller frees it. */
struct record *detail_read(struct detail *d, enum detail_what what);
const char *detail_database(const struct detail *d);
void detail_free(struct detail *d);

#endif
