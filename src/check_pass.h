/* SPDX-License-Identifier: PostgreSQL */
/* What check.c, check_report.c and check_each.c share, and nobody else sees. */
#ifndef PGREPUP_CHECK_PASS_H
#define PGREPUP_CHECK_PASS_H

#include <pthread.h>

#include "check.h"
#include "record.h"

/* Records of findings that are not said yet. */
struct check_found {
	struct record **items;
	size_t n;
	size_t alloc;
};

/* One run over all rows. */
struct check_pass {
	struct op *op;
	struct check_counts *counts;
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
bool check_applies(const struct check_pass *pass, const struct check *check);
/* One row. False only when the operation was asked to stop. */
bool check_row(struct check_at *at, const struct check *check,
	       struct err *err);
enum side check_other_side(enum side side);
int check_side_flag(enum side side); /* ON_... */

/* check_each.c: the rows of every database of pass->side. */
bool check_databases(struct check_pass *pass, struct err *err);

#endif
