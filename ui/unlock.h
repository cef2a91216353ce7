/* SPDX-License-Identifier: PostgreSQL */
/* The passphrase: asked for, or read from a file. See also cli_conf(). */
#ifndef PGREPUP_UNLOCK_H
#define PGREPUP_UNLOCK_H

#include "cli.h"

/*
 * Opens what is sealed, when anything is: --passphrase-file, else 3 tries on
 * the terminal.
 */
bool cli_unlock(const struct cli *cli, struct conf *conf, struct err *err);
/*
 * Seals with a new passphrase: from file (NULL: none; "-": standard input),
 * else asked twice.
 */
bool cli_seal(const struct cli *cli, struct conf *conf, const char *file,
	      struct err *err);

#endif
