/* SPDX-License-Identifier: PostgreSQL */
/* pgrepup log: what the operations of this upgrade have said. */
#ifndef PGREPUP_CMD_LOG_H
#define PGREPUP_CMD_LOG_H

#include "cli.h"

int cmd_log(struct cli *cli, struct err *err);

#endif
