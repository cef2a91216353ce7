/* SPDX-License-Identifier: PostgreSQL */
/* The sub-command that shows where every database stands. */
#ifndef PGREPUP_CMD_STATUS_H
#define PGREPUP_CMD_STATUS_H

#include "cli.h"

int cmd_status(struct cli *cli, struct err *err);

#endif
