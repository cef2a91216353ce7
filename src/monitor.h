/* SPDX-License-Identifier: PostgreSQL */
/*
 * The monitor: where every database stands and how far behind it is. Cost
 * does not grow with the number of databases: a tick is three statements, on
 * cluster-wide views; only databases whose state cannot be told from those
 * (new, copying, down) are looked into one by one, a few a tick. Each side is
 * asked by a thread of its own: one that is silent leaves the other's numbers
 * fresh, and its own as they were, with their age.
 */
#ifndef PGREPUP_MONITOR_H
#define PGREPUP_MONITOR_H

#include "drift.h"
#include "load.h"
#include "op.h"

enum database_state {
	DATABASE_UNKNOWN,      /* no answer */
	DATABASE_NOT_SET_UP,   /* setup has not been here */
	DATABASE_READY,	       /* set up, start has not begun it */
	DATABASE_INITIALIZING, /* first copy, or indexes after it */
	DATABASE_CATCHING_UP,
	DATABASE_REPLICATING,
	DATABASE_DOWN,
	DATABASE_GAP,	  /* changes were lost on their way (barrier.h) */
	DATABASE_STOPPED, /* handed over */
};

struct database_status {
	char *name;
	enum database_state state;
	enum load_state load;
	long long xlog_difference; /* bytes; -1: unknown */
	long long copied_bytes;
	long long total_bytes;
	long long tables;
	long long tables_ready;
	double rate;	  /* bytes a second; 0: unknown */
	bool in_indexes;  /* building what comes after the data: */
	long long entries;
	long long entries_ready;
	char *last_error; /* NULL: none known */
	char *hint;	  /* what to do about it; NULL: nobody knows */
	/* of one that is down: */
	struct drift drift;	  /* which tables cannot take their changes */
	long long retained_bytes; /* WAL that its slot keeps; -1: unknown */
	long long safe_bytes; /* until the slot is lost; -1: no known limit */
};

struct monitor_sample {
	const char *phase; /* config, setup, start, replicating, stopped ... */
	struct database_status *databases;
	size_t n;
	long long xlog_difference; /* the worst; -1: unknown */
	char *source_lsn;
	/* WAL that the source keeps for the slots of the upgrade */
	size_t slots;
	long long retained_bytes; /* -1: unknown */
	long long safe_bytes;	  /* until one is lost; -1: no known limit */
	double source_age;	  /* seconds since it answered; -1: never */
	double destination_age;
	struct err source_error; /* set when a side did not answer */
	struct err destination_error;
};

struct monitor;

/*
 * op: conf, options, dir, interrupt; no lock is needed. A tick waits so many
 * seconds for a side (0: until it has answered or failed), and shows what is
 * known when it does not answer.
 */
struct monitor *monitor_new(struct op *op, double patience, struct err *err);
/* Connects again by itself. False only when interrupted. */
bool monitor_tick(struct monitor *m, struct monitor_sample *sample,
		  struct err *err);
void monitor_sample_release(struct monitor_sample *sample);
void monitor_free(struct monitor *m);
const char *database_state_name(enum database_state state);

#endif
