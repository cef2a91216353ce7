/* SPDX-License-Identifier: PostgreSQL */
/* pgrepup pause: asks what runs to end after the step at hand. */
#include "cmd_pause.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal.h"
#include "lock.h"
#include "mem.h"
#include "pause.h"
#include "report.h"

/* What runs, and where it is. */
struct target {
	struct state_dir *dir;
	struct lock_holder holder;
	struct record *plan;
	struct record *step; /* the newest */
};

static void
target_release(struct target *t)
{
	state_dir_close(t->dir);
	lock_holder_release(&t->holder);
	record_free(t->plan);
	record_free(t->step);
}

static bool
find_runner(struct target *t, struct err *err)
{
	if (lock_peek(t->dir, &t->holder) && t->holder.run &&
	    t->holder.command)
		return true;
	err_set(err, ERR_STATE, "nothing runs that could be paused");
	return false;
}

static void
read_steps(struct target *t, struct journal_reader *reader)
{
	struct record *r, **place;
	const char *run;

	while ((r = journal_reader_next(reader))) {
		run = record_get(r, "run");
		place = record_is(r, "plan")   ? &t->plan
			: record_is(r, "step") ? &t->step
					       : NULL;
		if (place && run && strcmp(run, t->holder.run) == 0) {
			record_free(*place);
			*place = r;
		} else {
			record_free(r);
		}
	}
}

static bool
find_steps(struct target *t, struct err *err)
{
	struct journal_reader *reader = journal_reader_open(t->dir, err);

	if (!reader)
		return false;
	if (journal_reader_seek_run(reader, t->holder.run))
		read_steps(t, reader);
	journal_reader_close(reader);
	return pause_is_possible(t->holder.command, t->plan, t->step, err);
}

/* It may have come to its end while it was asked. */
static bool
still_runs(const struct target *t, struct err *err)
{
	struct lock_holder now;
	bool same = lock_peek(t->dir, &now) && now.run &&
		    strcmp(now.run, t->holder.run) == 0;

	lock_holder_release(&now);
	if (same)
		return true;
	pause_forget(t->dir, t->holder.run);
	err_set(err, ERR_STATE, "\"%s\" has just ended", t->holder.command);
	return false;
}

static void
say(const struct cli *cli, const struct target *t, bool asked)
{
	const char *command = t->holder.command;
	struct err none = ERR_INIT;
	struct record *report;

	if (cli->json) {
		report = report_new("pause");
		record_text(report, "operation", command);
		record_text(report, "run_id", t->holder.run);
		record_bool(report, "asked", asked);
		report_print(report, 0, &none);
	} else if (asked) {
		printf("%s pauses after what it is at.\n"
		       "Next: the same command goes on from there, \"pgrepup "
		       "pause off\" takes this back.\n",
		       command);
	} else {
		printf("%s is not to pause.\n", command);
	}
}

static bool
apply(struct target *t, bool asked, struct err *err)
{
	if (!asked)
		return pause_take_back(t->dir, err) && still_runs(t, err);
	return find_steps(t, err) &&
	       pause_ask(t->dir, t->holder.run, err) && still_runs(t, err);
}

int
cmd_pause(struct cli *cli, struct err *err)
{
	bool off = cli->argc == 1 && strcmp(cli->argv[0], "off") == 0;
	struct target t = {.dir = NULL};

	if (cli->argc > 0 && !off) {
		err_set(err, ERR_USAGE, "unknown word \"%s\"", cli->argv[0]);
		err_hint(err, "\"pgrepup pause\" asks, \"pgrepup pause off\" "
			      "takes it back.");
		return err_exit_status(err->kind);
	}
	t.dir = cli_state_dir(cli, err);
	if (t.dir && find_runner(&t, err) && apply(&t, !off, err))
		say(cli, &t, !off);
	target_release(&t);
	return err_exit_status(err->kind);
}
