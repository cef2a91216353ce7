/* SPDX-License-Identifier: PostgreSQL */
/* What the files of the detail share, and nobody else sees. */
#ifndef PGREPUP_DETAIL_INTERNAL_H
#define PGREPUP_DETAIL_INTERNAL_H

#include "detail.h"
#include "load.h"
#include "mechanism.h"

/* What the journal says of one database. */
struct detail_journal {
	struct journal_reader *reader;
	struct record **messages; /* the last ones */
	size_t n_messages;
	struct record **failed; /* items of tables that were not copied */
	size_t n_failed, alloc_failed;
};

/* What the tables were told from, the last time. */
struct tables_told {
	double at; /* clock_now(); 0: never */
	double listed;
	long long n_copied;
	enum load_state load;
	enum subscription_state subscription;
	size_t n_failed;
};

struct detail_tables {
	struct rowset list; /* of the source */
	double listed;	    /* clock_now() of it; 0: never */
	struct rowset copied;
	long long n_copied; /* so many, when they were read */
	char *run;	    /* by which run */
	struct tables_told told;
};

struct detail_side {
	enum side side;
	struct pg *pg;
	struct err err;
	double next_try;
};

struct detail {
	struct op op; /* of its own: mechanism, versions */
	char *database;
	struct detail_side source;
	struct detail_side destination;
	struct load load;
	enum subscription_state subscription;
	struct detail_journal journal;
	struct detail_tables tables;
};

/* Reads on; adds "messages". */
void detail_add_journal(struct detail *d, struct record *r);
/* Why a table was not copied; borrowed, or NULL. */
const char *detail_table_error(const struct detail *d, const char *schema,
			       const char *table);
void detail_journal_release(struct detail_journal *j);

/* Adds "tables" as far as both sides tell. */
bool detail_add_tables(struct detail *d, struct record *r,
		       enum detail_what what, struct err *err);
void detail_tables_release(struct detail_tables *t);

#endif
