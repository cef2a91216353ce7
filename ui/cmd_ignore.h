/* SPDX-License-Identifier: PostgreSQL */
/* `pgrepup ignore` */
#ifndef PGREPUP_CMD_IGNORE_H
#define PGREPUP_CMD_IGNORE_H

#include "cli.h"

int cmd_ignore(struct cli *cli, struct err *err);

#endif
