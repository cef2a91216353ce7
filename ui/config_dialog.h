/* SPDX-License-Identifier: PostgreSQL */
/* `pgrepup config` on a terminal: questions one by one. */
#ifndef PGREPUP_CONFIG_DIALOG_H
#define PGREPUP_CONFIG_DIALOG_H

#include "cli.h"

int config_dialog(struct cli *cli, struct err *err);

/* --- ui/cmd_config.c, for the dialogue too --- */

/* Loads the file, or begins a new one where there is none. */
struct conf *config_open(const struct cli *cli, bool *is_new, struct err *err);
/* Saves, with a warning about comments; nothing with --dry-run. */
bool config_save(const struct cli *cli, struct conf *conf, struct err *err);

#endif
