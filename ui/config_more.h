/* SPDX-License-Identifier: PostgreSQL */
/* `pgrepup config import`, `config passphrase` and `config confirm`. */
#ifndef PGREPUP_CONFIG_MORE_H
#define PGREPUP_CONFIG_MORE_H

#include "cli.h"

/* [FILE]: the INI file of the Python pgrepup; default: the configuration. */
int config_import(struct cli *cli, struct err *err);
/* [remove]: another passphrase, or none any more. */
int config_passphrase(struct cli *cli, struct err *err);
/* What the file says of where sealed passwords are sent, --yes or asked. */
int config_confirm(struct cli *cli, struct err *err);

#endif
