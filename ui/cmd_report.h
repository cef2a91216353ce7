/* SPDX-License-Identifier: PostgreSQL */
/* pgrepup report: what was found and what was run, as Markdown. */
#ifndef PGREPUP_CMD_REPORT_H
#define PGREPUP_CMD_REPORT_H

#include "cli.h"

int cmd_report(struct cli *cli, struct err *err);

#endif
