/* SPDX-License-Identifier: PostgreSQL */
/*
 * The JSON object of a command: made from the records of an operation, or by
 * the command itself, printed once at the end.
 */
#ifndef PGREPUP_REPORT_H
#define PGREPUP_REPORT_H

#include "err.h"
#include "record.h"

/* {"pgrepup":"1.0","format":1,"command":COMMAND,"errors":[]} */
struct record *report_new(const char *command);
/* Takes a record of an operation into the array of its kind. */
void report_add(struct record *report, const struct record *record);
/* Adds ok, exit and the error, prints it on stdout and frees it. */
void report_print(struct record *report, int status, const struct err *err);

#endif
