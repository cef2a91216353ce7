/* SPDX-License-Identifier: PostgreSQL */
/* The program: the table of sub-commands, help, exit status. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <unistd.h>

#include "app.h"
#include "cli.h"
#include "cmd_ignore.h"
#include "cmd_log.h"
#include "cmd_monitor.h"
#include "cmd_operation.h"
#include "cmd_pause.h"
#include "cmd_report.h"
#include "cmd_status.h"
#include "config.h"
#include "environment.h"
#include "mem.h"
#include "options.h"
#include "plain.h"
#include "probe.h"
#include "report.h"
#include "runner.h"
#include "secret.h"
#include "strbuf.h"

static int cmd_help(struct cli *cli, struct err *err);

/* In the order of the work, as help shows them. */
static const struct command commands[] = {
	{
		.name = "config",
		.usage = "[set KEY=VALUE... | get [KEY...] | test [SIDE] | "
			 "import [FILE] | passphrase [remove]]",
		.summary = "ask for both connections, or set and test them",
		.run = cmd_config,
	},
	{
		.name = "check",
		.usage = "[SIDE[:DATABASE] | CHECK[@SIDE][:DATABASE]]...",
		.summary = "find out what is in the way of the upgrade",
		.run = cmd_check,
	},
	{
		.name = "fix",
		.usage = "[--undo] [CHECK[:DATABASE[.OBJECT]]...]",
		.summary = "mend what check found, each after a question",
		.run = cmd_fix,
	},
	{
		.name = "ignore",
		.usage = "[CHECK[:DATABASE[.OBJECT]]... --reason=TEXT|--undo]",
		.summary = "live with what check found, for a reason",
		.run = cmd_ignore,
	},
	{
		.name = "setup",
		.usage = "[--again] [--discard=DATABASE]",
		.summary = "copy roles, databases and schema; make the nodes",
		.no_argument = true,
		.run = cmd_setup,
	},
	{
		.name = "start",
		.usage = "",
		.summary = "copy the data and keep it in step",
		.no_argument = true,
		.run = cmd_start,
	},
	{
		.name = "status",
		.usage = "[--watch[=SECONDS]] [DATABASE]",
		.summary = "show where every database stands, or all of one",
		.run = cmd_status,
	},
	{
		.name = "disable",
		.usage = "",
		.summary = "apply no changes until start, of some or all",
		.no_argument = true,
		.run = cmd_disable,
	},
	{
		.name = "stop",
		.usage = "[--force] [--no-refresh]",
		.summary = "wait for the last change, set sequences, hand over",
		.no_argument = true,
		.run = cmd_stop,
	},
	{
		.name = "uninstall",
		.usage = "[--force|--without-source]",
		.summary = "remove everything that pgrepup made",
		.no_argument = true,
		.run = cmd_uninstall,
	},
	{
		.name = "pause",
		.usage = "[off]",
		.summary = "let what runs end after the step at hand",
		.run = cmd_pause,
	},
	{
		.name = "log",
		.usage = "[RUN]",
		.summary = "show what the operations have said",
		.run = cmd_log,
	},
	{
		.name = "report",
		.usage = "[--output=FILE]",
		.summary = "write down what was found and run, as Markdown",
		.run = cmd_report,
	},
	{
		.name = "help",
		.usage = "[COMMAND]",
		.summary = "show this help, or that of a command",
		.run = cmd_help,
	},
};

static const struct command *
command_find(const char *name)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static void
print_usage(FILE *out)
{
	size_t i;

	fprintf(out,
		"pgrepup upgrades a PostgreSQL cluster to a new major version "
		"while it stays in use.\n\n"
		"Usage: pgrepup [OPTION...] COMMAND [ARGUMENT...]\n\n"
		"Commands:\n");
	for (i = 0; i < LENGTH_OF(commands); i++)
		fprintf(out, "  %-10s %s\n", commands[i].name,
			commands[i].summary);
	fprintf(out, "\nOptions:\n");
	options_print(out);
	fprintf(out, "\nExit status: 0 done, 1 the answer is no, 2 usage, "
		     "3 configuration,\n4 connection, 5 refused by a server, "
		     "6 wrong moment, 7 stopped half-way.\n");
}

static int
cmd_help(struct cli *cli, struct err *err)
{
	const struct command *command;

	if (cli->argc == 0) {
		print_usage(stdout);
		return 0;
	}
	command = command_find(cli->argv[0]);
	if (!command) {
		err_set(err, ERR_USAGE, "unknown command \"%s\"",
			cli->argv[0]);
		return err_exit_status(err->kind);
	}
	printf("Usage: pgrepup [OPTION...] %s %s\n\n%s\n\nOptions:\n",
	       command->name, command->usage, command->summary);
	options_print(stdout);
	return 0;
}

/* A name that would silently be passed over: what was meant of one database
 * would be done to all. */
static bool
takes_arguments(const struct command *command, const struct cli *cli,
		struct err *err)
{
	struct strbuf only = STRBUF_INIT;
	char *option;

	if (!command->no_argument || cli->argc == 0)
		return true;
	option = mem_printf("--only=%s", cli->argv[0]);
	strbuf_shell(&only, option);
	err_set(err, ERR_USAGE, "%s takes no argument: \"%s\"", command->name,
		cli->argv[0]);
	err_hint(err, "For one database alone: `pgrepup %s %s`.",
		 command->name, only.text);
	strbuf_release(&only);
	free(option);
	return false;
}

static int
run_command(struct cli *cli, const char *name, struct err *err)
{
	const struct command *command = command_find(name);

	if (command && !takes_arguments(command, cli, err))
		return err_exit_status(err->kind);
	if (command)
		return command->run(cli, err);
	err_set(err, ERR_USAGE, "unknown command \"%s\"", name);
	err_hint(err, "\"pgrepup help\" lists the commands.");
	return err_exit_status(err->kind);
}

static int
finish(const struct cli *cli, const char *name, int status, struct err *err)
{
	if (err_is_set(err)) {
		if (cli->json)
			report_print(report_new(name), status, err);
		plain_error(stderr, err);
	}
	err_release(err);
	return status;
}

/* What the first word on the command line asks for. */
static int
dispatch(struct cli *cli, struct err *err)
{
	const char *name = cli->argv[0];
	int status;

	/* "pgrepup check --help" is "pgrepup help check". */
	if (cli->help) {
		name = "help";
	} else {
		cli->argc--;
		cli->argv++;
	}
	status = run_command(cli, name, err);
	return finish(cli, name, status, err);
}

/* A terminal that can show the dashboard? */
static bool
has_terminal(void)
{
	const char *term = getenv("TERM");

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term &&
	       *term && strcmp(term, "dumb") != 0;
}

/* Passwords must not end in a core file, also where the kernel hands it to a
 * program, nor be read by another process of the same user. */
static void
keep_memory(void)
{
	const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

int
main(int argc, char **argv)
{
	struct cli cli = {.program = argv[0]};
	struct err err = ERR_INIT;
	int status;

	keep_memory();
	setlocale(LC_ALL, "");
	environment_clean();
	if (argc == 2 && strcmp(argv[1], "--runner") == 0)
		return finish(&cli, "runner", runner_main(&err), &err);
	if (argc == 2 && strcmp(argv[1], "--monitor") == 0)
		return finish(&cli, "monitor", monitor_main(&err), &err);
	if (argc == 2 && strcmp(argv[1], "--probe") == 0)
		return finish(&cli, "probe", probe_main(&err), &err);
	if (!options_read(&cli, argc, argv, &err) || !secret_init(&err))
		status = finish(&cli, "pgrepup", err_exit_status(err.kind),
				&err);
	else if (cli.version)
		status = printf("pgrepup %s\n", PACKAGE_VERSION) < 0;
	else if (cli.help && cli.argc == 0)
		status = cmd_help(&cli, &err);
	else if (cli.argc == 0 && has_terminal()) {
		status = app_main(&cli, &err);
		status = finish(&cli, "pgrepup", status, &err);
	} else if (cli.argc == 0) {
		print_usage(stderr);
		status = 2;
	} else
		status = dispatch(&cli, &err);
	options_release(&cli);
	return status;
}
