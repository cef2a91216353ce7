/* SPDX-License-Identifier: PostgreSQL */
/* The sub-command that shows where every database stands. */
#ifndef PGREPUP_CMD_STATUS_H
#define PGREPUP_CMD_STATUS_H

#include "cli.h"

int cmd_status(struct cli *cli, struct err *err);

/* The child that watches for the dashboard: see monitor_start. */
int monitor_main(struct err *err);

#endif
