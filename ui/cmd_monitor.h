/* SPDX-License-Identifier: PostgreSQL */
/* The child that watches for the dashboard: see monitor_start. */
#ifndef PGREPUP_CMD_MONITOR_H
#define PGREPUP_CMD_MONITOR_H

#include "err.h"

int monitor_main(struct err *err);

#endif
