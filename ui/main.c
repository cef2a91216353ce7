/* SPDX-License-Identifier: PostgreSQL */
/* The program: options, the table of sub-commands, exit status. */
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "mem.h"
#include "secret.h"

static int cmd_help(struct cli *cli, struct err *err);

/* In the order of the work, as help shows them. */
static const struct command commands[] = {
	{
		.name = "help",
		.usage = "[COMMAND]",
		.summary = "show this help, or that of a command",
		.run = cmd_help,
	},
};

static int
cmd_help(struct cli *cli, struct err *err)
{
	size_t i;

	(void)err;
	printf("Usage: %s [OPTION...] COMMAND\n\nCommands:\n", cli->program);
	for (i = 0; i < LENGTH_OF(commands); i++)
		printf("  %-10s %-30s %s\n", commands[i].name,
		       commands[i].usage, commands[i].summary);
	return 0;
}

int
main(int argc, char **argv)
{
	struct cli cli = {.program = argv[0]};
	struct err err = ERR_INIT;

	(void)argc;
	setlocale(LC_ALL, "");
	return cmd_help(&cli, &err);
}
