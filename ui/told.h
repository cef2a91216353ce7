/* SPDX-License-Identifier: PostgreSQL */
/*
 * What one run has told, as the faces show it: the newest state of each step,
 * database, table and thing, and how far a copy is. Kept small: a run may tell
 * 200,000 records, and of these stay a few bytes each.
 *
 * Names of steps, databases and states are kept once: two that are the same
 * text are the same pointer.
 */
#ifndef PGREPUP_TOLD_H
#define PGREPUP_TOLD_H

#include "index.h"
#include "record.h"

/* Things beyond that many are counted, unless they failed or run. */
#define TOLD_ITEMS 20000
/* Tables of copies beyond that many as well, of all databases. */
#define TOLD_TABLES 30000

struct told_step {
	const char *id;
	const char *state; /* wait: not yet begun, or paused */
	char *title;
	long long n;
	double seconds; /* -1: not ended */
	double began;	/* seconds since 1970; 0: not known */
	int databases;	/* that it works on */
	int ok;		/* of those */
};

/* A database below a step. */
struct told_part {
	const char *step, *database;
	const char *state;
	double seconds; /* -1: not ended */
	double began;
};

/* Something below a step: an item, or what a check in it has found. */
struct told_item {
	const char *under; /* step that ran when it was said */
	const char *step;  /* what it says itself */
	const char *database; /* NULL: of none */
	const char *state;
	char *object; /* NULL: it has none */
	char *detail;
};

struct told_table {
	char *name;	   /* "schema.table" */
	const char *state; /* static: waiting, copying, copied, failed */
	long long bytes;   /* on the source; -1: not known, as the next */
	long long rows;
	long long copied; /* bytes */
	double seconds;	  /* it took; -1: not ended */
	double began;	  /* first seen copying; 0: not */
	char *error;
};

/* A database of a copy. */
struct told_copy {
	const char *database;
	const char *under; /* step that ran when it was last told of */
	bool newest;	   /* nothing else was told of the database since */
	double began;	   /* seconds since 1970 */
	struct record *progress; /* newest; NULL: none */
	struct told_table *tables;
	size_t n, alloc;
	size_t more; /* tables that were not kept */
	struct index index;
	unsigned changed; /* counts */
};

#define TOLD_LIST(type)                                                        \
	struct {                                                               \
		type *items;                                                   \
		size_t n, alloc;                                               \
		struct index index;                                            \
	}

struct told {
	TOLD_LIST(char *) names;
	TOLD_LIST(struct told_step) steps; /* in their order */
	TOLD_LIST(struct told_part) parts;
	TOLD_LIST(struct told_item) items;
	TOLD_LIST(struct told_copy) copies;
	struct record *plan;
	struct record *newest_step; /* NULL: none yet */
	size_t step; /* that began last; of steps.n */
	size_t more; /* items that were not kept */
	size_t tables; /* of all copies */
	unsigned changed; /* counts */
};

/* Takes what it shows of a record of the run. */
void told_take(struct told *told, const struct record *record);
void told_clear(struct told *told);
/* The one pointer of that text. */
const char *told_name(struct told *told, const char *text);
/* NULL when there is none. */
const struct told_step *told_running(const struct told *told);
const struct told_copy *told_copy(const struct told *told,
				  const char *database);
/* Tables are being copied now. */
bool told_copy_runs(const struct told_copy *copy);
/* Seconds for which such a copy has not moved; 0: it moves. */
double told_copy_still(const struct told_copy *copy, double at);
/* Bytes a second; 0: not known, or nothing has moved lately. */
double told_copy_rate(const struct told_copy *copy, double at);
const struct told_part *told_part(const struct told *told, const char *step,
				  const char *database);
/* --- of told*.c alone ----------------------------------------------------- */

struct told_copy *told_copy_of(struct told *told, const char *database);
/* The step that items are below of now; NULL: none. */
const char *told_under(const struct told *told);
void told_take_tables(struct told *told, const struct record *record);
void told_take_progress(struct told *told, const struct record *record);
void told_take_copied(struct told *told, const struct record *record);
void told_copy_release(struct told_copy *copy);

#endif
