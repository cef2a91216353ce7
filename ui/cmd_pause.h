/* SPDX-License-Identifier: PostgreSQL */
/* The sub-command that pauses what runs. */
#ifndef PGREPUP_CMD_PAUSE_H
#define PGREPUP_CMD_PAUSE_H

#include "cli.h"

int cmd_pause(struct cli *cli, struct err *err);

#endif
