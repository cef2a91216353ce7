/* SPDX-License-Identifier: PostgreSQL */
/* The options of the command line: rows, read by getopt_long. */
#ifndef PGREPUP_OPTIONS_H
#define PGREPUP_OPTIONS_H

#include <stdio.h>

#include "cli.h"

/* Fills cli; argc and argv of cli are what is no option. */
bool options_read(struct cli *cli, int argc, char **argv, struct err *err);
/* The list for help. */
void options_print(FILE *out);
void options_release(struct cli *cli);

#endif
