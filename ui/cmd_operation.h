/* SPDX-License-Identifier: PostgreSQL */
/* The sub-commands that run an operation. */
#ifndef PGREPUP_CMD_OPERATION_H
#define PGREPUP_CMD_OPERATION_H

#include "cli.h"

int cmd_check(struct cli *cli, struct err *err);
int cmd_fix(struct cli *cli, struct err *err);
int cmd_setup(struct cli *cli, struct err *err);
int cmd_start(struct cli *cli, struct err *err);
int cmd_disable(struct cli *cli, struct err *err);
int cmd_stop(struct cli *cli, struct err *err);
int cmd_uninstall(struct cli *cli, struct err *err);

#endif
