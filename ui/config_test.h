/* SPDX-License-Identifier: PostgreSQL */
/* Does the connection to a side work? Asked and shown. */
#ifndef PGREPUP_CONFIG_TEST_H
#define PGREPUP_CONFIG_TEST_H

#include "cli.h"
#include "record.h"

/*
 * Connects and shows user, version and encryption, or the whole error, on
 * standard output; with report, adds an object to its array "tests" instead.
 * False when it fails; err has the reason, which was shown already unless
 * there is a report.
 */
bool config_test_side(const struct cli *cli, const struct conf *conf,
		      enum side side, struct record *report, struct err *err);
/* `pgrepup config test [source|destination]` */
int config_test(struct cli *cli, struct err *err);

#endif
