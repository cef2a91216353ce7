/* SPDX-License-Identifier: PostgreSQL */
/* What the files of the monitor share, and nobody else sees. */
#ifndef PGREPUP_MONITOR_INTERNAL_H
#define PGREPUP_MONITOR_INTERNAL_H

#include "mechanism.h"
#include "monitor.h"
#include "monitor_side.h"

/* What is known of a database: from the servers' cluster-wide views each
 * tick, from looks into the database now and then, from the journal. */
struct watched {
	char *name;
	/* this tick */
	bool selected;	  /* it belongs to the upgrade */
	bool exists;	  /* on the destination */
	bool applying;	  /* a worker of the mechanism runs there */
	bool has_slot;	  /* on the source, of the name in load */
	bool slot_active;
	bool slot_lost;
	long long difference;
	long long retained; /* WAL that is kept for the slot; -1: unknown */
	long long safe;	    /* until the slot is lost; -1: no limit is known */
	/* the last look */
	bool looked;
	struct load load;
	enum subscription_state subscription;
	char *reason; /* why it is down, or could not be looked into */
	double guessed;	    /* when that was last looked for; 0: never */
	struct drift drift; /* what was found then */
	char *guess;	    /* or what else it may be; NULL: nothing */
	char *gap;	    /* which changes were lost; NULL: none */
	double barrier_at;  /* when a barrier was looked for; 0: never */
	char *barrier;	    /* the last that was made here, or NULL */
	char *barrier_lsn;  /* and what the source had written then */
	bool failed;  /* could not be looked into */
	bool stale;   /* an operation has begun that may change it */
	/* the journal, of the newest start */
	double progress_time; /* seconds since the epoch; 0: none */
	long long progress_bytes;
	double progress_rate;
	bool in_indexes;
	long long entries; /* what comes after the data */
	long long entries_ready;
	char *journal_error;
	char *journal_hint;
};

#define MONITOR_SIDES 2

struct monitor {
	struct op *op;
	double patience; /* seconds; 0: as long as it takes */
	struct monitor_side *sides[MONITOR_SIDES];
	struct side_answer source;
	struct side_answer destination;
	struct journal_reader *journal;
	struct watched *databases; /* added to between looks only */
	size_t n;
	size_t alloc;
	size_t found;	   /* where the last search ended */
	size_t turn;	   /* whose turn it is to be looked into */
	bool source_known; /* its list of databases has been read */
	bool at_work;	   /* an operation has begun and not ended */
};

/* Did that side answer when it was asked last? */
static inline bool
monitor_is_up(const struct side_answer *side)
{
	return side->at > 0 && !err_is_set(&side->err);
}

/* Looks into the databases whose state the views do not tell; begins with none
 * after the deadline (0: none). */
void monitor_look(struct monitor *m, double deadline);
/* Reads what the runner has written since the last time. */
void monitor_read_journal(struct monitor *m);
struct watched *monitor_find(struct monitor *m, const char *name);

/* The state of one database, as far as it is known. */
enum database_state monitor_state(const struct monitor *m,
				  const struct watched *w);
/* Which step of the upgrade the databases are at. */
const char *monitor_phase(const struct database_status *databases, size_t n);
/* Why it is down, failed or unknown; borrowed, or NULL. */
const char *monitor_reason(const struct monitor *m, const struct watched *w);
/* The tables that cannot take their changes, when it is down; else NULL. */
const struct drift *monitor_drift(const struct monitor *m,
				  const struct watched *w);
/* What a person can do about it; the caller frees it. NULL: nobody knows. */
char *monitor_hint(const struct monitor *m, const struct watched *w);

/* monitor_barrier.c: is it time for another one? */
bool monitor_barrier_is_due(const struct monitor *m, const struct watched *w);
/* Looks which have arrived in that database of the destination, and makes one
 * on the source when it is time. False: this one could not be asked. */
bool monitor_barrier(struct monitor *m, struct watched *w,
		     struct pg *destination, struct err *err);

#endif
