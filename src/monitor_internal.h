/* SPDX-License-Identifier: PostgreSQL */
/* What the files of the monitor share, and nobody else sees. */
#ifndef PGREPUP_MONITOR_INTERNAL_H
#define PGREPUP_MONITOR_INTERNAL_H

#include "mechanism.h"
#include "monitor.h"

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
	/* the last look */
	bool looked;
	struct load load;
	enum subscription_state subscription;
	char *reason; /* why it is down, or could not be looked into */
	bool failed;  /* could not be looked into */
	bool stale;   /* an operation has begun that may change it */
	/* the journal, of the newest start */
	double progress_time; /* seconds since the epoch; 0: none */
	long long progress_bytes;
	double progress_rate;
	char *journal_error;
};

struct monitor {
	struct op *op;
	struct pg *source;
	struct pg *destination;
	struct journal_reader *journal;
	struct watched *databases; /* added to between looks only */
	size_t n;
	size_t alloc;
	size_t turn; /* whose turn it is to be looked into */
	bool source_known; /* its list of databases has been read */
	char *source_lsn;
	struct err source_error;
	struct err destination_error;
};

/* Looks into the databases whose state the views do not tell. */
void monitor_look(struct monitor *m);
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

#endif
