/* SPDX-License-Identifier: PostgreSQL */
/*
 * The monitor: where every database stands and how far behind it is. Cost
 * does not grow with the number of databases: a tick is two statements, on
 * cluster-wide views; only databases whose state cannot be told from those
 * (new, copying, down) are looked into one by one.
 */
#ifndef PGREPUP_MONITOR_H
#define PGREPUP_MONITOR_H

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
	char *last_error; /* NULL: none known */
};

struct monitor_sample {
	const char *phase; /* config, setup, start, replicating, stopped ... */
	struct database_status *databases;
	size_t n;
	long long xlog_difference; /* the worst; -1: unknown */
	char *source_lsn;
	struct err source_error; /* set when a side did not answer */
	struct err destination_error;
};

struct monitor;

/* op: conf, interrupt, journal may be NULL in it; no lock is needed. */
struct monitor *monitor_new(struct op *op);
/* Connects again by itself. False only when interrupted. */
bool monitor_tick(struct monitor *m, struct monitor_sample *sample,
		  struct err *err);
void monitor_sample_release(struct monitor_sample *sample);
void monitor_free(struct monitor *m);
const char *database_state_name(enum database_state state);

#endif
