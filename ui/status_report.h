/* SPDX-License-Identifier: PostgreSQL */
/* A sample of the monitor as a table, and as JSON. */
#ifndef PGREPUP_STATUS_REPORT_H
#define PGREPUP_STATUS_REPORT_H

#include "monitor.h"

/* Prints the table. */
void status_table(const struct monitor_sample *sample);
/* Prints one object. */
void status_json(const struct monitor_sample *sample, int status);
/* 0: all replicate, or all are stopped; else why not, as exit status. */
int status_exit(const struct monitor_sample *sample);

#endif
