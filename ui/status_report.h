/* SPDX-License-Identifier: PostgreSQL */
/* A sample of the monitor as a table, and as JSON. */
#ifndef PGREPUP_STATUS_REPORT_H
#define PGREPUP_STATUS_REPORT_H

#include "monitor.h"
#include "record.h"

/* Prints the table. */
void status_table(const struct monitor_sample *sample);
/* Prints what is known of one database (src/detail.h) below it. */
void status_detail(const struct record *detail);
/* Prints one object; detail may be NULL. */
void status_json(const struct monitor_sample *sample,
		 const struct record *detail, int status);
/* The same for who has seen what was printed before (empty: nothing):
 * when the databases are those of before ("changes"), only those of which something has changed. */
void status_changes(const struct monitor_sample *sample,
		    const struct monitor_sample *before);
/* 0: all replicate, or all are stopped; else why not, as exit status. */
int status_exit(const struct monitor_sample *sample);

#endif
