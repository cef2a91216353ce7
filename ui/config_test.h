/* SPDX-License-Identifier: PostgreSQL */
/* Does the connection to a side work? Asked and shown. */
#ifndef PGREPUP_CONFIG_TEST_H
#define PGREPUP_CONFIG_TEST_H

#include "cli.h"
#include "record.h"

/* What the test of the source has told, for that of the destination; zeroed
 * before. The caller frees identifier. */
struct config_peer {
	int version;
	char *identifier;
};

/*
 * Shows the stages of a connection on standard output as they come; with
 * report, adds an object to its array "tests" instead. False when it fails;
 * err has the reason, which was shown already unless there is a report.
 */
bool config_test_side(const struct cli *cli, const struct conf *conf,
		      enum side side, struct config_peer *source,
		      struct record *report, struct err *err);
/* `pgrepup config test [source|destination]` */
int config_test(struct cli *cli, struct err *err);

#endif
