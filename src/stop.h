/* SPDX-License-Identifier: PostgreSQL */
/* What the files of the stop operation share: one database on its way. */
#ifndef PGREPUP_STOP_H
#define PGREPUP_STOP_H

#include "load.h"
#include "mechanism.h"
#include "op.h"

struct stop {
	struct op *op;
	const struct database *db;
	struct pg *source; /* to that database */
	struct pg *destination;
	struct mechanism_at at;
	struct load load; /* as it was read at the beginning */
};

/* A sequence as it stands; text of a bigint. */
struct sequence_value {
	char *value;
	bool called;
};

/*
 * stop_barrier.c. A commit of our own in the source database, synchronous, so
 * that every commit acknowledged before it lies before *lsn (caller frees). It
 * does not travel, so that what is applied stays as it is.
 */
bool stop_position(struct stop *s, char **lsn, struct err *err);
/* Waits until the destination has confirmed all before lsn. */
bool stop_wait(struct stop *s, const char *lsn, struct err *err);
/* One that travels (barrier.h): this destination has it, and each before. */
bool stop_prove(struct stop *s, struct err *err);

/* stop_barrier.c. What the source has counted of changes of rows, as a text to
 * compare (caller frees): for who may not ask what has arrived. */
bool stop_counters(struct stop *s, char **text, struct err *err);

/* stop_sequences.c. Sets every sequence of the destination to what the source
 * has; *changed: at least one was not yet there. */
bool stop_sequences(struct stop *s, bool *changed, struct err *err);

/* stop_views.c: refreshes what the source has filled, or lists it. */
bool stop_views(struct stop *s, struct err *err);

/* stop_publications.c: makes those that applications have on the source. */
bool stop_publications(struct stop *s, struct err *err);

/* stop_triggers.c: switches on again what start switched off. */
bool stop_triggers(struct stop *s, struct err *err);

/* stop_refuse.c: what speaks against stopping, said to the journal. */
bool stop_check_sessions(struct stop *s, struct err *err);
bool stop_check_tables(struct stop *s, struct err *err);
/* Nobody holds it (disable). */
bool stop_check_held(struct stop *s, struct err *err);
/* stop_altered.c: the copied tables are still what they were. */
bool stop_check_altered(struct stop *s, struct err *err);
/* stop_rewritten.c: none got rows in a way that does not travel. */
bool stop_check_rewritten(struct stop *s, struct err *err);
/* stop_columns.c: nor have columns of it other old values. */
bool stop_check_columns(struct stop *s, struct err *err);
/* stop_schema.c: the destination has what the source has besides rows. */
bool stop_check_schema(struct stop *s, struct err *err);
/* stop_rights.c: nobody has more rights there than on the source. */
bool stop_check_rights(struct stop *s, struct err *err);
/* stop_insert_only.c: nor was a row changed of one whose new rows alone do. */
bool stop_check_insert_only(struct stop *s, struct err *err);

#endif
