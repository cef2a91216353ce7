/* SPDX-License-Identifier: PostgreSQL */
/* What the command line asked for, and the table of sub-commands. */
#ifndef PGREPUP_CLI_H
#define PGREPUP_CLI_H

#include <stdbool.h>

#include "conf.h"
#include "err.h"

/* Common options, read by ui/main.c from one table of rows. */
struct cli {
	const char *program;	     /* argv[0], for starting the runner */
	const char *config;	     /* -c; NULL: see conf_path() */
	const char *passphrase_file; /* "-": standard input */
	const char *output;	     /* report --output; NULL: stdout */
	const char *new_passphrase_file; /* config passphrase */
	bool json;
	bool yes;
	bool dry_run;
	bool ascii;
	bool force;	 /* stop, uninstall --force */
	bool without_source; /* uninstall --without-source */
	bool again;	 /* setup --again */
	bool no_refresh; /* stop --no-refresh */
	bool no_role_passwords; /* setup --no-role-passwords */
	bool no_input;	 /* never ask */
	bool undo;	 /* fix, ignore: take it back */
	const char *reason; /* ignore --reason */
	bool color;	 /* decided: option, environment, terminal */
	bool help;
	bool version;
	bool watch;	 /* status --watch[=S] */
	double watch_seconds;
	struct text_list only;	  /* --only DB... */
	struct text_list discard; /* setup --discard=DATABASE */
	int argc;		  /* what follows the sub-command's name */
	char **argv;
};

/*
 * A sub-command. run returns the exit status; it fills err when it fails
 * before it has shown anything itself, and ui/main.c then shows that (on
 * stderr, and as JSON on stdout with --json).
 */
struct command {
	const char *name;
	const char *usage;   /* "[source|destination|all]" */
	const char *summary; /* one sentence, for help and the manual */
	bool no_argument;    /* words that are no option are refused */
	int (*run)(struct cli *cli, struct err *err);
};

/* ui/cmd_config.c */
int cmd_config(struct cli *cli, struct err *err);

/*
 * Loads the configuration and unlocks it: passphrase from --passphrase-file,
 * else asked on the terminal, 3 tries. Then asks for passwords that are kept
 * nowhere. NULL with err set.
 */
struct conf *cli_conf(const struct cli *cli, struct err *err);
/* The state folder of the upgrade: its name is not secret, no passphrase is
 * needed. The caller frees it. */
struct state_dir *cli_state_dir(const struct cli *cli, struct err *err);

#endif
