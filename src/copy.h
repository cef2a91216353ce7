/* SPDX-License-Identifier: PostgreSQL */
/*
 * The first copy of one database: its tables, biggest first, in parallel
 * streams under one snapshot of the source. A table is emptied and filled in
 * one transaction, which proves first that this run is loading (load.h). Where
 * a load role fills it (load_role.h) that is not allowed to write the registry:
 * the table is counted before, so that a later run knows it as one to be
 * emptied, and the proof is kept in a transaction beside it.
 */
#ifndef PGREPUP_COPY_H
#define PGREPUP_COPY_H

#include "err.h"
#include "op.h"
#include "work.h"

struct copy {
	struct op *op;
	const char *database;
	const char *snapshot;        /* exported on the source */
	const struct rowset *tables; /* of tables_read */
	struct work_gate *gate;      /* the streams of all databases */
	struct load_roles *roles;    /* NULL: we fill all tables */
	bool *rewritten; /* set when a table was, since it was listed */
};

/*
 * True when every table is copied and both servers counted the same rows.
 * The first failure ends the streams of this database.
 */
bool copy_database(const struct copy *copy, struct err *err);

/* What "progress" records say (doc/journal.md); of any thread. */
struct copy_progress;

/* Seconds. A copy that moves says so every ten at the latest; the rate of an
 * older record is of one that waits, or whose runner has ended. */
#define COPY_PROGRESS_FRESH 15.0

struct copy_progress *copy_progress_new(struct op *op, const char *database,
					const struct rowset *tables,
					size_t streams);
/* A stream begins with a table (borrowed until its end) of that many bytes. */
void copy_progress_begin(struct copy_progress *p, size_t stream,
			 const char *table, long long bytes);
/* It has sent so much of it. */
void copy_progress_sent(struct copy_progress *p, size_t stream, size_t bytes);
/* The table is committed, or (not ready) was given up. */
void copy_progress_end(struct copy_progress *p, size_t stream, bool ready);
/* Says where things stand: at most once a second, or now. */
void copy_progress_say(struct copy_progress *p, bool now);
void copy_progress_free(struct copy_progress *p);

/* One stream: a connection to each side, used for table after table. */
struct copy_stream {
	const struct copy *copy;
	struct pg *source;
	struct pg *destination;
	struct pg *as_owner; /* as role number "role" (load_role.h); or NULL */
	int role;
	struct copy_progress *progress;
	size_t i; /* number of the stream */
	/* gives the table at hand up when it says true; or NULL */
	bool (*is_over)(void *arg);
	void *arg;
};

/* Will this table travel in binary? */
bool copy_is_binary(struct pg *source, struct pg *destination, const char *oid,
		    bool *binary, struct err *err);
/* Copies the table of that row, and says so. */
bool copy_table(struct copy_stream *stream, size_t row, struct err *err);

#endif
