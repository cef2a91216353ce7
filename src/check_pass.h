/* SPDX-License-Identifier: PostgreSQL */
/* What check.c, check_report.c and check_each.c share, and nobody else sees. */
#ifndef PGREPUP_CHECK_PASS_H
#define PGREPUP_CHECK_PASS_H

#include <pthread.h>

#include "check.h"
#include "ignore.h"
#include "record.h"
#include "registry.h"

/* Records of findings that are not said yet. */
struct check_found {
	struct record **items;
	size_t n;
	size_t alloc;
};

/* One run over all rows. */
struct check_pass {
	struct op *op;
	const struct targets *targets; /* NULL: all */
	struct check_counts *counts;
	struct ignore_list ignored;
	enum side side;
	struct rowset there;	 /* databases of the destination */
	struct rowset available; /* extensions it has */
	bool available_known;
	pthread_mutex_t lock;
	struct check_found *found; /* by database */
	bool *done;
	size_t next; /* first database that is not said yet */
};

/* check_report.c */
/* To the journal with it; only one thread at a time comes here. */
void check_flush(struct check_pass *pass, struct check_found *found);
/* A finding that is an error. */
void check_error(const struct check_at *at, const struct err *err);
void check_connection_failed(struct check_at *at, const struct err *err);
void check_skip(const struct check_at *at, const char *why);
/* Is that row to be run on that side, in that database (NULL: cluster)? */
bool check_applies(const struct check_pass *pass, const struct check *check,
		   enum side side, const char *database);
bool check_fits_mechanism(const struct check_pass *pass,
			  const struct check *check);
/* What pgrepup has changed there; empty when it cannot be read, which check
 * leftovers tells. */
void check_read_changes(struct pg *pg, struct change_list *changes);
/* One row. False only when the operation was asked to stop, or a connection
 * was lost. */
bool check_row(struct check_at *at, const struct check *check,
	       struct err *err);
enum side check_other_side(enum side side);
int check_side_flag(enum side side); /* ON_... */

/* check_group.c: what is going to be looked at, and when it is begun and
 * done; "group" records. A side's databases are told after the side. */
void check_tell_side(struct check_pass *pass, enum side side);
void check_tell_begun(struct check_pass *pass, enum side side,
		      const char *database);
void check_tell_done(struct check_pass *pass, enum side side,
		     const char *database);
/* Has that group any row that is to be run? */
bool check_group_wanted(const struct check_pass *pass, enum side side,
			const char *database);

/* check_each.c: the rows of every database of pass->side. */
bool check_databases(struct check_pass *pass, struct err *err);

#endif
