/* SPDX-License-Identifier: PostgreSQL */
/*
 * Which variables of PostgreSQL's reach a connection, whoever opens it: our
 * own sessions and the client programs, of every process of ours. Where a
 * connection goes, as whom and with which settings says the configuration
 * alone, since a variable would hit both clusters; where a person keeps
 * passwords, services and certificates, and how much protection is asked for,
 * stays in force.
 */
#ifndef PGREPUP_ENVIRONMENT_H
#define PGREPUP_ENVIRONMENT_H

#include <stdbool.h>

/* At the start of a process, before any thread: takes the others out. */
void environment_clean(void);
/*
 * What PGHOST, PGPORT, PGUSER or PGDATABASE was when environment_clean() took
 * it out, for proposing it to a person. NULL: nothing. Borrowed.
 */
const char *environment_was(const char *name);
/* May the variable reach a connection? text is its name, "=" may follow. */
bool environment_is_kept(const char *text);

#endif
