/* SPDX-License-Identifier: PostgreSQL */
/* What the files of the start operation share: one database on its way. */
#ifndef PGREPUP_START_H
#define PGREPUP_START_H

#include "load.h"
#include "mechanism.h"
#include "op.h"
#include "registry.h"
#include "work.h"

struct start {
	struct op *op;
	const struct database *db;
	struct work_gate *gate; /* the streams of all databases */
	struct pg *source;      /* to that database */
	struct pg *destination;
	struct mechanism_at at;
	struct load load; /* as it was read at the beginning */
	bool rewritten; /* a table was, while its rows were copied */
};

/* A slot whose snapshot is open as long as its connection is. */
struct start_slot {
	char *name;
	char *lsn;
	char *snapshot;
	struct pg *pg;
};

/*
 * Makes the slot of this database anew, and keeps its snapshot exported.
 * While the server waits for transactions, says which.
 */
bool start_slot_make(struct start *s, struct start_slot *slot, struct err *err);
/* Ends the snapshot; the slot stays. */
void start_slot_release(struct start_slot *slot);
/* Drops the slot of our name, if it is there. Works after an interrupt. */
bool start_slot_drop(struct start *s, const char *name, struct err *err);
/*
 * Is the slot that the load began with still there, with all its WAL, and not
 * another one of its name?
 */
bool start_slot_check(struct start *s, struct err *err);

/* Adds to the registry; texts: schema, name, part, old and new value. */
bool start_record(struct pg *pg, const char *kind, const char *const *texts,
		  enum change_state state, struct err *err);
/* ERR_STATE with the differences when the source is not as setup found it. */
bool start_compare_source(struct start *s, struct err *err);

/* Phases, each from one state of load to the next. */
bool start_copy(struct start *s, struct err *err);
bool start_indexes(struct start *s, struct err *err);
bool start_subscribe(struct start *s, struct err *err);
/* ANALYZE, and waits until changes arrive. */
bool start_replicate(struct start *s, struct err *err);

/* Says what would be done. */
bool start_preview(struct start *s, struct err *err);

#endif
