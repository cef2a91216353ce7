/* SPDX-License-Identifier: PostgreSQL */
/*
 * Load ownership: how far each database of the destination is filled, and by
 * which run; one row in pgrepup.load of that very database, so that a
 * transaction that truncates a table can lock it. States only move through
 * load_advance, which checks the one before.
 *
 *	none -> made -> schema -> prepared -> loading -> copied -> indexed
 *	     -> subscribed -> handed over
 *
 * loading goes back to loading with each new run (a copy that died lost its
 * snapshot). After handed over nothing ever empties a table again.
 */
#ifndef PGREPUP_LOAD_H
#define PGREPUP_LOAD_H

#include "err.h"
#include "pg.h"

enum load_state {
	LOAD_NONE,	  /* no row: not set up */
	LOAD_MADE,	  /* database is there; schema being restored */
	LOAD_SCHEMA,	  /* pre-data schema restored whole */
	LOAD_PREPARED,	  /* setup came to its end: start may begin */
	LOAD_LOADING,	  /* slot made, rows being copied */
	LOAD_COPIED,	  /* all rows copied; post-data being restored */
	LOAD_INDEXED,	  /* post-data restored whole */
	LOAD_SUBSCRIBED,  /* the subscription applies changes */
	LOAD_HANDED_OVER, /* stopped for good: the data is the new truth */
};

struct load {
	enum load_state state;
	bool created;	 /* the database was created by pgrepup */
	char *run;	 /* run that fills it, of states loading and later */
	char *slot;	 /* on the source; NULL before loading */
	char *lsn;	 /* the slot's consistent point; NULL before loading */
	char *handed_over; /* LSN of the source then; NULL before */
	char *upgrade;	 /* conf name of the upgrade */
	long long bytes; /* copied, and in all, of source tables */
	long long total_bytes;
	long long tables;	/* in all */
	long long tables_ready; /* copied */
};

const char *load_state_name(enum load_state state);
/* state LOAD_NONE when there is no registry or no row. */
bool load_read(struct pg *pg, struct load *load, struct err *err);
/* First row; registry_open must have been called. */
bool load_create(struct pg *pg, const char *upgrade, bool created,
		 struct err *err);
/*
 * Moves from one state to another, in the caller's transaction or its own;
 * ERR_STATE when the row is not in state from. run may be NULL (unchanged).
 */
bool load_advance(struct pg *pg, enum load_state from, enum load_state to,
		  const char *run, struct err *err);
bool load_set_slot(struct pg *pg, const char *slot, const char *lsn,
		   struct err *err);
bool load_set_handed_over(struct pg *pg, const char *lsn, struct err *err);
/*
 * Locks the row in the caller's transaction and proves that this run is
 * loading: before a TRUNCATE.
 */
bool load_assert_loading(struct pg *pg, const char *run, struct err *err);
struct load_table {
	const char *schema;
	const char *name;
	const char *filenode; /* of the source's table when start began */
	const char *altered;  /* of its columns, then; see copied_tables.sql */
	const char *changes;  /* updates and deletes that it had counted then */
	const char *columns;  /* and which number each column had */
	long long rows;
	long long bytes;
};
/* In the transaction that copied a table: counts it. */
bool load_add_table(struct pg *pg, const struct load_table *table,
		    struct err *err);
/* The row that load_add_table made, away again. */
bool load_remove_table(struct pg *pg, const struct load_table *table,
		       struct err *err);
/*
 * Empties the tables that runs before this one have copied, one by one. From
 * then on, as before, a table has rows of ours exactly when it is counted.
 */
bool load_empty_tables(struct pg *pg, const char *run, struct err *err);
/* At the beginning of a copy: what is to be copied, nothing done yet. */
bool load_begin_tables(struct pg *pg, long long tables, long long total_bytes,
		       struct err *err);
/* ERR_STATE when it is the load of another upgrade than that of this name. */
bool load_refuse_other(const struct load *load, const char *database,
		       const char *upgrade, struct err *err);
void load_release(struct load *load);

#endif
