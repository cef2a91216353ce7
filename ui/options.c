/* SPDX-License-Identifier: PostgreSQL */
/* The options of the command line: rows, read by getopt_long. */
#include "options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"

struct option_row {
	const char *name;
	char letter; /* 0: none */
	const char *argument; /* "FILE"; NULL: takes none */
	bool optional;	      /* the argument may be left out */
	const char *help;
	size_t flag; /* offset of a bool in struct cli, when apply is NULL */
	bool (*apply)(struct cli *cli, const char *value, struct err *err);
};

static bool
set_config(struct cli *cli, const char *value, struct err *err)
{
	(void)err;
	cli->config = value;
	return true;
}

static bool
set_passphrase_file(struct cli *cli, const char *value, struct err *err)
{
	(void)err;
	cli->passphrase_file = value;
	return true;
}

static bool
set_output(struct cli *cli, const char *value, struct err *err)
{
	(void)err;
	cli->output = value;
	return true;
}

static bool
set_reason(struct cli *cli, const char *value, struct err *err)
{
	(void)err;
	cli->reason = value;
	return true;
}

static bool
set_new_passphrase_file(struct cli *cli, const char *value, struct err *err)
{
	(void)err;
	cli->new_passphrase_file = value;
	return true;
}

static bool
add_only(struct cli *cli, const char *value, struct err *err)
{
	(void)err;
	text_list_add(&cli->only, value);
	return true;
}

static bool
add_discard(struct cli *cli, const char *value, struct err *err)
{
	(void)err;
	text_list_add(&cli->discard, value);
	return true;
}

static bool
set_watch(struct cli *cli, const char *value, struct err *err)
{
	char *end = NULL;

	cli->watch = true;
	cli->watch_seconds = value ? strtod(value, &end) : 2;
	if (!value || (*end == '\0' && cli->watch_seconds >= 0.1))
		return true;
	err_set(err, ERR_USAGE, "invalid interval \"%s\"", value);
	err_hint(err, "Give seconds, 0.1 or more: --watch=5");
	return false;
}

static bool
env_is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

static bool
color_by_default(void)
{
	const char *pg = getenv("PG_COLOR");
	const char *term = getenv("TERM");

	if (env_is_set("NO_COLOR"))
		return false;
	if (pg && strcmp(pg, "always") == 0)
		return true;
	if (pg && strcmp(pg, "never") == 0)
		return false;
	if (env_is_set("CLICOLOR_FORCE") || env_is_set("FORCE_COLOR"))
		return true;
	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
}

static bool
set_color(struct cli *cli, const char *value, struct err *err)
{
	if (!value || strcmp(value, "always") == 0)
		cli->color = true;
	else if (strcmp(value, "never") == 0)
		cli->color = false;
	else if (strcmp(value, "auto") == 0)
		cli->color = color_by_default();
	else {
		err_set(err, ERR_USAGE, "invalid color \"%s\"", value);
		err_hint(err, "Give auto, always or never.");
		return false;
	}
	return true;
}

#define FLAG(member) .flag = offsetof(struct cli, member)

static const struct option_row rows[] = {
	{.name = "config", .letter = 'c', .argument = "FILE",
	 .help = "configuration (default: $PGREPUP_CONFIG or ~/.pgrepup)",
	 .apply = set_config},
	{.name = "passphrase-file", .argument = "FILE",
	 .help = "read the passphrase from FILE (\"-\": standard input)",
	 .apply = set_passphrase_file},
	{.name = "new-passphrase-file", .argument = "FILE",
	 .help = "config passphrase: read the new passphrase from FILE",
	 .apply = set_new_passphrase_file},
	{.name = "only", .argument = "DATABASE",
	 .help = "only this database; may be given several times",
	 .apply = add_only},
	{.name = "json", .help = "one JSON object on standard output",
	 FLAG(json)},
	{.name = "yes", .help = "do it without being asked", FLAG(yes)},
	{.name = "dry-run", .help = "say what would be done, change nothing",
	 FLAG(dry_run)},
	{.name = "no-input", .help = "never ask, fail instead",
	 FLAG(no_input)},
	{.name = "undo", .help = "fix, ignore: take it back", FLAG(undo)},
	{.name = "reason", .argument = "TEXT",
	 .help = "ignore: why it is left as it is", .apply = set_reason},
	{.name = "watch", .argument = "SECONDS", .optional = true,
	 .help = "status: again every SECONDS (default 2)",
	 .apply = set_watch},
	{.name = "again",
	 .help = "setup: start over where nothing was handed over",
	 FLAG(again)},
	{.name = "discard", .argument = "DATABASE",
	 .help = "setup --again: also this one that was handed over",
	 .apply = add_discard},
	{.name = "force",
	 .help = "stop: also with sessions on the source; uninstall: also "
		 "when no source answers",
	 FLAG(force)},
	{.name = "without-source",
	 .help = "uninstall: ask nothing of the source and leave it as it is",
	 FLAG(without_source)},
	{.name = "no-refresh",
	 .help = "stop: list materialized views, do not refresh them",
	 FLAG(no_refresh)},
	{.name = "no-role-passwords",
	 .help = "setup: copy roles without their passwords, which only a "
		 "superuser may read",
	 FLAG(no_role_passwords)},
	{.name = "output", .argument = "FILE",
	 .help = "report: into a new file", .apply = set_output},
	{.name = "color", .argument = "WHEN", .optional = true,
	 .help = "auto, always or never", .apply = set_color},
	{.name = "ascii", .help = "no characters beyond ASCII of our own",
	 FLAG(ascii)},
	{.name = "help", .letter = 'h', .help = "show help (also -?)",
	 FLAG(help)},
	{.name = "version", .letter = 'V', .help = "show the version",
	 FLAG(version)},
};

#define N_ROWS LENGTH_OF(rows)
#define ROW_BASE 1000 /* values of getopt_long that name a row */

static void
make_long_options(struct option *options)
{
	size_t i;

	for (i = 0; i < N_ROWS; i++)
		options[i] = (struct option){
			.name = rows[i].name,
			.has_arg = !rows[i].argument  ? no_argument
				   : rows[i].optional ? optional_argument
						      : required_argument,
			.val = ROW_BASE + (int)i,
		};
	options[N_ROWS] = (struct option){0};
}

static const struct option_row *
row_of(int value)
{
	size_t i;

	if (value >= ROW_BASE)
		return &rows[value - ROW_BASE];
	for (i = 0; i < N_ROWS; i++)
		if (rows[i].letter && rows[i].letter == value)
			return &rows[i];
	return NULL;
}

static bool
apply(struct cli *cli, const struct option_row *row, struct err *err)
{
	if (row->apply)
		return row->apply(cli, optarg, err);
	*(bool *)((char *)cli + row->flag) = true;
	return true;
}

static bool
refuse(char **argv, struct err *err)
{
	err_set(err, ERR_USAGE, "unknown option or missing argument: \"%s\"",
		argv[optind > 1 ? optind - 1 : 1]);
	err_hint(err, "\"pgrepup help\" lists the options.");
	return false;
}

bool
options_read(struct cli *cli, int argc, char **argv, struct err *err)
{
	struct option options[N_ROWS + 1];
	const struct option_row *row;
	int value;

	make_long_options(options);
	cli->color = color_by_default();
	opterr = 0;
	while ((value = getopt_long(argc, argv, "c:h?V", options, NULL)) !=
	       -1) {
		/* getopt answers '?' both for -? and for what it refuses. */
		if (value == '?' && optopt == 0 &&
		    strcmp(argv[optind - 1], "-?") == 0) {
			cli->help = true;
			continue;
		}
		row = row_of(value);
		if (!row)
			return refuse(argv, err);
		if (!apply(cli, row, err))
			return false;
	}
	cli->argc = argc - optind;
	cli->argv = argv + optind;
	return true;
}

void
options_print(FILE *out)
{
	char left[64], letter[] = "-c, ";
	size_t i;

	for (i = 0; i < N_ROWS; i++) {
		letter[1] = rows[i].letter;
		snprintf(left, sizeof(left), "%s--%s%s%s%s",
			 rows[i].letter ? letter : "    ", rows[i].name,
			 rows[i].argument ? (rows[i].optional ? "[=" : "=") : "",
			 rows[i].argument ? rows[i].argument : "",
			 rows[i].optional ? "]" : "");
		fprintf(out, "  %-28s %s\n", left, rows[i].help);
	}
}

void
options_release(struct cli *cli)
{
	text_list_release(&cli->only);
	text_list_release(&cli->discard);
}
