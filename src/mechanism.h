/* SPDX-License-Identifier: PostgreSQL */
/*
 * How changes travel: PostgreSQL's own replication, by one of the rows here.
 * Functions are called once a database, with connections to that database of
 * the thread that calls; each is idempotent: run again, it converges. What is
 * made is recorded in the registry of that database.
 */
#ifndef PGREPUP_MECHANISM_H
#define PGREPUP_MECHANISM_H

#include "op.h"

struct mechanism_at {
	struct op *op;
	const char *database;
	struct pg *source;	/* to that database */
	struct pg *destination; /* to that database; may be NULL where noted */
};

/*
 * Connects to that database of both clusters and sets at; false when one
 * failed, and then what is connected is the caller's to close as well.
 */
bool mechanism_connect(struct op *op, const char *database,
		       struct mechanism_at *at, struct err *err);

/* State of one database's subscription as the servers see it. */
enum subscription_state {
	SUBSCRIPTION_NONE,
	SUBSCRIPTION_DISABLED,
	SUBSCRIPTION_INITIALIZING,
	SUBSCRIPTION_REPLICATING,
	SUBSCRIPTION_DOWN,
};

struct mechanism {
	const char *name;   /* "pglogical" */
	const char *plugin; /* output plugin of the slot */
	int min_version;    /* of the source */
	int min_destination;
	/* Of the destination, from which on changes can be applied as each
	 * table's owner; 0: never. */
	int as_owner_version;
	int truncate_version; /* TRUNCATE travels from a source like this */
	bool needs_itself; /* the destination connects to itself as well */
	/* The source refuses nothing that cannot travel: SET UNLOGGED of a
	 * table that does, DELETE where there is no key. */
	bool unguarded;
	/* A table may have REPLICA IDENTITY FULL, or none when only its new
	 * rows are to travel. */
	bool full_identity;
	/* setup: what it needs in both databases. tables: as in publish, for
	 * those that need not be kept from the applications' way. */
	bool (*prepare)(const struct mechanism_at *at,
			const struct rowset *tables, struct err *err);
	/* start: the tables that are to travel, one by one with lock_timeout;
	 * tables: rows "schema", "name" (ordinary tables and partition
	 * leaves). Tables no longer wanted are taken out. Before the slot. */
	bool (*publish)(const struct mechanism_at *at,
			const struct rowset *tables, struct err *err);
	/* any time: the tables that travel, rows "schema", "name".
	 * destination is not used. */
	bool (*members)(const struct mechanism_at *at, struct rowset *rows,
			struct err *err);
	/* start: name of the slot; the caller frees it. */
	char *(*slot_name)(const struct mechanism_at *at, struct err *err);
	/* start: subscription that begins at the slot's consistent point,
	 * after everything is copied. Enabled at the end. One that is there
	 * is enabled, which makes it try again at once when it is down: by
	 * itself it may wait for minutes. */
	bool (*subscribe)(const struct mechanism_at *at, const char *slot,
			  const char *lsn, struct err *err);
	/* disable: that subscription receives and applies nothing more, until
	 * subscribe; its worker may take a moment to end. */
	bool (*disable)(const struct mechanism_at *at, struct err *err);
	/* any time; source may be NULL. *state and a reason (caller frees,
	 * may be NULL) when it is down. Replicating is what the destination
	 * believes: whether the source serves it, its slot tells. */
	bool (*state)(const struct mechanism_at *at,
		      enum subscription_state *state, char **reason,
		      struct err *err);
	/* any time, when it is down and no log can be read: what may have
	 * brought it down, as far as the source shows (caller frees), or
	 * NULL. destination is not used; may be NULL itself. */
	char *(*guess)(const struct mechanism_at *at);
	/* any time, for people: the processes that apply changes in the
	 * destination database, rows "what" (a name), "pid", "state",
	 * "seconds" (since it began), "message_seconds" (since it was last
	 * heard of; null when nobody knows). source is not used. */
	bool (*workers)(const struct mechanism_at *at, struct rowset *rows,
			struct err *err);
	/* stop: position of the last change of a row that arrived; it stays
	 * when transactions bring none. The caller frees it. NULL, and true:
	 * we may not read it. */
	bool (*applied)(const struct mechanism_at *at, const char *slot,
			char **lsn, struct err *err);
	/* stop, setup --again: subscription, slot and origin gone afterwards,
	 * checked on both servers. source may be NULL (it is gone): what then
	 * remains there is named in the journal. */
	bool (*unsubscribe)(const struct mechanism_at *at, struct err *err);
	/* stop, afterwards: a replication origin that was left all the same,
	 * or NULL. The caller frees it. NULL where unsubscribe asks for the
	 * origin in the transaction that drops it. */
	char *(*origin_left)(const struct mechanism_at *at, const char *slot,
			     struct err *err);
	/* uninstall, setup --again: what prepare and publish made; either
	 * connection may be NULL. What is of others is left and named. */
	bool (*remove)(const struct mechanism_at *at, struct err *err);
};

extern const struct mechanism mechanism_pglogical;
extern const struct mechanism mechanism_native;

/* The row of that name, or NULL. */
const struct mechanism *mechanism_find(const char *name);

/*
 * Drops a slot or an origin and asks until it is gone. One that is in use is
 * waited for; what keeps a slot for long is ended. Gone already is fine.
 */
bool mechanism_drop_slot(struct op *op, struct pg *source, const char *slot,
			 struct err *err);
bool mechanism_drop_origin(struct op *op, struct pg *destination,
			   const char *origin, struct err *err);

/*
 * mechanism_choose.c: sets op->mechanism and op->mechanism_reason. The one that
 * setup began with, as the clusters know; before setup that of the
 * configuration; for auto by facts of both clusters. ERR_CONFIG when it cannot
 * work. Asks through the connections of both sides; op->databases may be empty.
 */
bool mechanism_choose(struct op *op, struct err *err);
/* What setup began with, as that cluster (its connect database) knows; *m is
 * NULL when it has not begun. */
bool mechanism_recall(struct pg *pg, const struct mechanism **m,
		      struct err *err);
/* setup, before anything is made: from now on it is this one. */
bool mechanism_fix(struct op *op, struct err *err);

#endif
