/* SPDX-License-Identifier: PostgreSQL */
/* The table of operations that the runner can run, and what each asks. */
#include <string.h>

#include "mem.h"
#include "op.h"

/* --- of which requests a question is -------------------------------------- */

static bool
is_of_some(const struct op_options *options)
{
	return options->only.n > 0;
}

static bool
is_forced(const struct op_options *options)
{
	return options->force;
}

static bool
is_emptying(const struct op_options *options)
{
	return options->again || options->discard.n > 0;
}

static bool
is_without_source(const struct op_options *options)
{
	return options->force || options->without_source;
}

/* --- the questions -------------------------------------------------------- */

static const struct op_question nothing = {.asks = OP_ASKS_NOTHING};

static const struct op_question by_plan = {.asks = OP_ASKS_PLAN};

static const struct op_question of_setup[] = {
	{is_emptying, OP_ASKS_NAME,
	 "Empties what pgrepup has loaded on the destination, and sets up "
	 "anew. What was written there meanwhile is lost.\n\nRun setup?"},
	{NULL, OP_ASKS_YES,
	 "Checks both sides, then makes the replication role, copies roles, "
	 "databases and schemas to the destination, and makes the replication "
	 "nodes.\n\n"
	 "On the source: role, schema pgrepup and the extension are added; no "
	 "row is touched.\n\nRun setup?"},
};

static const struct op_question of_start[] = {
	{is_of_some, OP_ASKS_YES,
	 "Enables its subscription, and waits until it replicates.\n\n"
	 "Enable it?"},
	{NULL, OP_ASKS_YES,
	 "Copies the data of every database to the destination, builds "
	 "indexes there, and replicates from then on. The source stays in "
	 "full use; until a database is copied its slot keeps WAL "
	 "there.\n\nStart?"},
};

static const struct op_question of_disable[] = {
	{is_of_some, OP_ASKS_YES,
	 "Disables its subscription: no change is applied until E, and the "
	 "source keeps WAL for it meanwhile.\n\nDisable it?"},
	{NULL, OP_ASKS_YES,
	 "Disables every subscription: no change is applied until start, and "
	 "the source keeps WAL meanwhile.\n\nDisable them?"},
};

static const struct op_question of_stop[] = {
	{is_forced, OP_ASKS_NAME,
	 "Waits until the destination has every change, sets the sequences, "
	 "hands the databases over, and ends replication. What sessions on the "
	 "source commit after that is lost to the destination: with --force "
	 "it does not refuse.\n\n"
	 "Afterwards the destination is the truth.\n\nStop replication?"},
	{NULL, OP_ASKS_NAME,
	 "Waits until the destination has every change, sets the sequences, "
	 "hands the databases over, and ends replication. It refuses while "
	 "sessions are connected to the source's databases.\n\n"
	 "Afterwards the destination is the truth.\n\nStop replication?"},
};

static const struct op_question of_uninstall[] = {
	{is_without_source, OP_ASKS_NAME,
	 "Removes everything that pgrepup made on the destination, and leaves "
	 "a source that does not answer, or that it is not to ask, as it is. "
	 "The destination keeps its data. A database that was not handed over "
	 "by stop no longer follows.\n\nUninstall?"},
	{NULL, OP_ASKS_NAME,
	 "Removes everything that pgrepup made on both clusters: nodes, "
	 "extension, role, grants, columns, pg_hba.conf lines and settings "
	 "that are still its own. The destination keeps its data. A database "
	 "that was not handed over by stop no longer follows.\n\n"
	 "Uninstall?"},
};

/* --- the operations ------------------------------------------------------- */

/* Sorted by the order of the work. */
static const struct operation operations[] = {
	{.name = "check", .run = check_run, .questions = &nothing},
	{.name = "fix", .guarded = true, .run = fix_run, .questions = &by_plan},
	{.name = "setup",
	 .guarded = true,
	 .run = setup_run,
	 .questions = of_setup},
	{.name = "start",
	 .guarded = true,
	 .run = start_run,
	 .questions = of_start},
	{.name = "disable",
	 .guarded = true,
	 .run = disable_run,
	 .questions = of_disable},
	{.name = "stop", .guarded = true, .run = stop_run, .questions = of_stop},
	{.name = "uninstall",
	 .guarded = true,
	 .lone = true,
	 .run = uninstall_run,
	 .questions = of_uninstall},
};

const struct operation *
operation_find(const char *name)
{
	size_t i;

	for (i = 0; name && i < LENGTH_OF(operations); i++)
		if (strcmp(operations[i].name, name) == 0)
			return &operations[i];
	return NULL;
}

const struct op_question *
operation_question(const struct operation *operation,
		   const struct op_options *options)
{
	const struct op_question *question = operation->questions;

	if (options->dry_run)
		return &nothing;
	while (question->is_of && !question->is_of(options))
		question++;
	return question;
}

bool
operation_changes(const char *name)
{
	const struct operation *operation = operation_find(name);

	return operation && operation->questions->asks != OP_ASKS_NOTHING;
}
