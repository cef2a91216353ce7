/* SPDX-License-Identifier: PostgreSQL */
/*
 * The sub-commands that run an operation: the request made from the command
 * line, what must be confirmed, and the records shown as text or as JSON.
 */
#include "cmd_operation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "draw_text.h"
#include "follow.h"
#include "mem.h"
#include "plain.h"
#include "report.h"
#include "strbuf.h"

struct face {
	struct plain plain;
	struct record *report; /* NULL: plain text */
	struct record *fixes;  /* plans, for asking; or NULL */
	bool restart;	       /* a fix was done that needs one */
};

static bool
is_done_with_restart(const struct record *record)
{
	const char *state = record_get(record, "state");

	return record_is(record, "fix") && record_get_bool(record, "restart") &&
	       state && strcmp(state, "done") == 0;
}

static void
show(void *arg, const struct record *record)
{
	struct face *face = arg;

	face->restart |= is_done_with_restart(record);
	if (face->fixes && record_is(record, "fix"))
		record_append(face->fixes, "fixes", record);
	else if (face->report)
		report_add(face->report, record);
	else
		plain_record(&face->plain, record);
}

static struct op_options
options_of(const struct cli *cli)
{
	struct op_options borrowed = {
		.yes = cli->yes,
		.dry_run = cli->dry_run,
		.undo = cli->undo,
		.force = cli->force,
		.without_source = cli->without_source,
		.again = cli->again,
		.no_refresh = cli->no_refresh,
		.no_role_passwords = cli->no_role_passwords,
		.interactive = isatty(STDIN_FILENO) == 1,
		.only = cli->only,
		.discard = cli->discard,
	};
	struct op_options options;
	int i;

	op_options_copy(&options, &borrowed);
	for (i = 0; i < cli->argc; i++)
		text_list_add(&options.targets, cli->argv[i]);
	return options;
}

static int
run(const struct cli *cli, const struct conf *conf, const char *command,
    struct record *report, struct record *fixes,
    const struct text_list *targets, struct err *err)
{
	struct face face = {
		.plain = {.out = stdout,
			  .color = cli->color,
			  .live = isatty(STDOUT_FILENO) == 1,
			  .agreed = targets != NULL},
		.report = report,
		.fixes = fixes,
	};
	struct runner_request request = {
		.command = command,
		.config = conf->path,
		.options = options_of(cli),
	};
	int status;
	size_t i;

	if (fixes)
		request.options.dry_run = true;
	if (targets) {
		request.options.yes = true;
		text_list_release(&request.options.targets);
		for (i = 0; i < targets->n; i++)
			text_list_add(&request.options.targets,
				      targets->items[i]);
	}
	status = follow_operation(cli, conf, &request, show, &face, err);
	plain_clear(&face.plain);
	if (face.restart && !report)
		printf("Restart needed: new settings wait for a restart of "
		       "PostgreSQL, which is yours to do.\n");
	op_options_release(&request.options);
	plain_release(&face.plain);
	return status;
}

/* "Next" line: what to do after this, in the manner of git status. */
static const struct {
	const char *command;
	const char *next;
} nexts[] = {
	{"check", "pgrepup setup"},  {"fix", "pgrepup check"},
	{"setup", "pgrepup start"},  {"start", "pgrepup status"},
	{"disable", "pgrepup start"}, {"stop", "pgrepup uninstall"},
};

static void
say_next(const struct cli *cli, const char *command)
{
	size_t i;

	/* Of a part: the others have the same before them. */
	if (cli->only.n > 0 && strcmp(command, "stop") == 0 && !cli->dry_run) {
		printf("Next: pgrepup status, then pgrepup stop for what is "
		       "not stopped\n");
		return;
	}
	for (i = 0; i < LENGTH_OF(nexts); i++)
		if (strcmp(nexts[i].command, command) == 0 && !cli->dry_run)
			printf("Next: %s\n", nexts[i].next);
}

/* The columns of a terminal that tells nothing else. */
#define WIDTH 80

static void
print_wrapped(const char *text)
{
	struct text_list lines = {.n = 0};
	size_t i;

	text_lines(&lines, text, WIDTH);
	for (i = 0; i < lines.n; i++)
		printf("%s\n", lines.items[i]);
	text_list_release(&lines);
}

/* What is asked for cannot be taken back, so a "y" is too easily said. */
static bool
types_name(const struct conf *conf, const char *question)
{
	struct err none = ERR_INIT;
	char *answer, *ask;
	bool same;

	print_wrapped(question);
	ask = mem_printf("Type the name of this upgrade, \"%s\", to go on",
			 conf->name);
	answer = ask_line(ask, NULL, &none);
	same = answer && strcmp(answer, conf->name) == 0;
	err_release(&none);
	free(answer);
	free(ask);
	return same;
}

/* Who types a command has said yes by that; only what nothing takes back is
 * asked. */
static const char *
question_of(const struct cli *cli, const char *command)
{
	struct op_options options = options_of(cli);
	const struct op_question *question =
		operation_question(operation_find(command), &options);

	op_options_release(&options);
	return question->asks == OP_ASKS_NAME ? question->text : NULL;
}

/* True when the person agreed, or --yes did, or nothing is asked. */
static bool
confirmed(const struct cli *cli, const struct conf *conf, const char *command,
	  struct err *err)
{
	const char *question = question_of(cli, command);

	if (!question || cli->yes)
		return true;
	if (cli->no_input || !isatty(STDIN_FILENO)) {
		err_set(err, ERR_USAGE, "this must be confirmed");
		err_hint(err, "Add --yes to do it without being asked.");
		return false;
	}
	if (types_name(conf, question))
		return true;
	err_set(err, ERR_NEGATIVE, "not confirmed, nothing was done");
	return false;
}

static int
run_command(struct cli *cli, const char *command, struct err *err)
{
	struct conf *conf = cli_conf(cli, err);
	struct record *report = NULL;
	int status;

	if (!conf || !confirmed(cli, conf, command, err)) {
		conf_free(conf);
		return err_exit_status(err->kind);
	}
	if (cli->json)
		report = report_new(command);
	status = run(cli, conf, command, report, NULL, NULL, err);
	conf_free(conf);
	if (report) {
		report_print(report, status, err);
		if (err_is_set(err))
			plain_error(stderr, err);
		err_release(err);
	} else if (status == 0) {
		say_next(cli, command);
	}
	return status;
}

int
cmd_check(struct cli *cli, struct err *err)
{
	return run_command(cli, "check", err);
}

static void
show_plan(const struct record *plan, const struct cli *cli)
{
	struct plain plain = {.out = stdout, .color = cli->color};

	plain_record(&plain, plan);
	plain_release(&plain);
}

/* Asks for each plan; the words of those that are wanted go to targets. */
static void
ask_each(const struct cli *cli, const struct record *plans,
	 struct text_list *targets)
{
	size_t i;
	struct record *plan;
	const char *state;

	for (i = 0; i < record_count(plans, "fixes"); i++) {
		plan = record_item(plans, "fixes", i);
		state = record_get(plan, "state");
		show_plan(plan, cli);
		if (state && strcmp(state, "planned") == 0 &&
		    record_get(plan, "target") &&
		    ask_yes_no("   Run it?", false))
			text_list_add(targets, record_get(plan, "target"));
		record_free(plan);
	}
}

static int
fix_by_asking(struct cli *cli, struct err *err)
{
	struct conf *conf = cli_conf(cli, err);
	struct record *plans;
	struct text_list targets = {0};
	int status;

	if (conf && (cli->no_input || !isatty(STDIN_FILENO))) {
		err_set(err, ERR_USAGE, "fix must be confirmed");
		err_hint(err, "--dry-run shows what it would do, --yes does "
			      "it without being asked.");
	}
	if (err_is_set(err)) {
		conf_free(conf);
		return err_exit_status(err->kind);
	}
	plans = record_new(NULL);
	status = run(cli, conf, "fix", NULL, plans, NULL, err);
	if (!err_is_set(err) && record_count(plans, "fixes") == 0)
		printf("Nothing to %s.\n", cli->undo ? "undo" : "fix");
	ask_each(cli, plans, &targets);
	if (!err_is_set(err) && targets.n > 0)
		status = run(cli, conf, "fix", NULL, NULL, &targets, err);
	text_list_release(&targets);
	record_free(plans);
	conf_free(conf);
	return status;
}

int
cmd_fix(struct cli *cli, struct err *err)
{
	bool asking = !cli->yes && !cli->dry_run && !cli->json;

	return asking ? fix_by_asking(cli, err)
		      : run_command(cli, "fix", err);
}

int
cmd_setup(struct cli *cli, struct err *err)
{
	return run_command(cli, "setup", err);
}

int
cmd_start(struct cli *cli, struct err *err)
{
	return run_command(cli, "start", err);
}

int
cmd_disable(struct cli *cli, struct err *err)
{
	return run_command(cli, "disable", err);
}

int
cmd_stop(struct cli *cli, struct err *err)
{
	return run_command(cli, "stop", err);
}

int
cmd_uninstall(struct cli *cli, struct err *err)
{
	return run_command(cli, "uninstall", err);
}
