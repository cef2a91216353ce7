/* SPDX-License-Identifier: PostgreSQL */
/* What the mechanisms share among themselves, and nobody else sees. */
#ifndef PGREPUP_MECH_COMMON_H
#define PGREPUP_MECH_COMMON_H

#include <stdint.h>

#include "mechanism.h"
#include "registry.h"
#include "strbuf.h"

/* Records what has been done, in the caller's transaction; part and values may
 * be NULL. */
bool mech_record(struct pg *pg, const char *kind, const char *name,
		 const char *part, const char *old_value,
		 const char *new_value, struct err *err);

/* A number that upgrade and database share with no other. */
uint32_t mech_hash(const struct mechanism_at *at);
/*
 * Name of this database's subscription: the one that is recorded, else
 * computed, which is taken over. The caller frees the result.
 */
char *mech_subscription(const struct mechanism_at *at, char *computed,
			struct err *err);
/* One that is recorded must have begun at this very place: a slot that was
 * made later would leave a gap. */
bool mech_check_recorded(const struct change *c, const char *slot,
			 const char *lsn, struct err *err);

/* How a mechanism makes and drops one; mech_sub.c has what is the same. */
struct mech_sub {
	/* The caller frees it. */
	char *(*name)(const struct mechanism_at *at, struct err *err);
	/* Makes it, disabled, from lsn of slot on, and records it. */
	bool (*make)(const struct mechanism_at *at, const char *name,
		     const char *slot, const char *lsn, struct err *err);
	bool (*enable)(struct pg *pg, const char *name, struct err *err);
	bool (*disable)(struct pg *pg, const char *name, struct err *err);
	/* Drops all that are recorded, and forgets them. */
	bool (*drop_all)(const struct mechanism_at *at, struct err *err);
	/* That of the slot's name; NULL: it goes with the subscription. */
	bool (*drop_origin)(const struct mechanism_at *at, const char *slot,
			    struct err *err);
};
bool mech_subscribe(const struct mechanism_at *at, const struct mech_sub *how,
		    const char *slot, const char *lsn, struct err *err);
bool mech_disable(const struct mechanism_at *at, const struct mech_sub *how,
		  struct err *err);
bool mech_unsubscribe(const struct mechanism_at *at,
		      const struct mech_sub *how, struct err *err);
/* The sentence, for the caller to free, when the source is there and has no
 * such slot; else NULL. */
char *mech_slot_gone(const struct mechanism_at *at, const char *slot);

/* The slots that were made for this database, as far as anybody recorded. */
bool mech_find_slots(const struct mechanism_at *at, struct text_list *slots,
		     struct err *err);
/* Drops that slot and forgets it; names it when the source is not there. */
bool mech_drop_slot(const struct mechanism_at *at, const char *slot,
		    struct err *err);

/*
 * Something that needs a lock which an application may hold: short waits
 * (nobody shall queue behind ours), many tries, an interrupt between them.
 * what: whom the lock is on, for people.
 */
typedef bool (*mech_locking_fn)(struct pg *pg, void *arg, struct err *err);
bool mech_locking(const struct mechanism_at *at, struct pg *pg,
		  const char *what, mech_locking_fn fn, void *arg,
		  struct err *err);

/* Tables put into, or taken out of, what replicates them. */
struct mech_tables {
	const char *verb; /* "added to the publication" */
	const struct rowset *list; /* "schema", "name" */
	/* Is this one of the list to be changed? */
	bool (*wanted)(void *arg, const char *schema, const char *name);
	bool (*change)(const struct mechanism_at *at, void *arg,
		       const char *schema, const char *name, struct err *err);
	void *arg;
};
/* Changes each; one that fails is named and does not hide the next. */
bool mech_change_tables(const struct mechanism_at *at,
			const struct mech_tables *tables, struct err *err);

/* mech_dsn.c: how the servers reach each other, without password. */
void mech_source_dsn(const struct mechanism_at *at, struct strbuf *dsn);
/* How the destination reaches itself. */
bool mech_destination_dsn(const struct mechanism_at *at, struct strbuf *dsn,
			  struct err *err);
/* Adds the password, last; give such a text back with mech_dsn_wipe. */
void mech_dsn_password(const struct mechanism_at *at, struct strbuf *dsn);
void mech_dsn_wipe(struct strbuf *dsn);
/*
 * In a transaction: hides its statements from the server log, for a password
 * is on its way.
 */
bool mech_quiet(struct pg *pg, struct err *err);
/*
 * What the destination's database is set to while there is a subscription: it
 * reads values as the stream has them, and logs no connection string. In the
 * caller's transaction, before mech_quiet.
 */
bool mech_mute(const struct mechanism_at *at, struct err *err);
bool mech_unmute(struct pg *destination, struct err *err);

#endif
