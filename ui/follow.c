/* SPDX-License-Identifier: PostgreSQL */
/* Starting or attaching to an operation, and reading what it says. */
#include "follow.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal.h"
#include "lock.h"
#include "loop.h"
#include "mem.h"

#define READ_EVERY 0.05 /* seconds */

struct follow {
	struct loop *loop;
	struct journal_reader *reader;
	const struct state_dir *dir; /* of the upgrade's state */
	const char *run;
	pid_t pid;
	struct lock *face; /* NULL: another has it */
	const char *command;
	bool ours; /* the runner is a child of this process */
	bool gone; /* the runner has ended */
	bool ended;
	bool stopping;
	int status;
	int signal; /* that ended the following, 0: none */
	follow_fn fn;
	void *arg;
	struct err *err;
};

static void
take_end(struct follow *f, const struct record *record)
{
	f->ended = true;
	f->status = (int)record_get_int(record, "exit");
	if (f->status != 0)
		record_get_err(record, f->err);
}

static void
read_records(struct follow *f)
{
	struct record *record;
	const char *run;

	while (!f->ended && (record = journal_reader_next(f->reader))) {
		run = record_get(record, "run");
		if (run && strcmp(run, f->run) == 0) {
			if (record_is(record, "end"))
				take_end(f, record);
			f->fn(f->arg, record);
		}
		record_free(record);
	}
}

static bool
runner_is_gone(struct follow *f)
{
	if (f->gone)
		return true;
	if (f->ours)
		f->gone = waitpid(f->pid, NULL, WNOHANG) == f->pid;
	else
		f->gone = !lock_is_held(f->dir, f->run);
	return f->gone;
}

static void
on_tick(void *arg)
{
	struct follow *f = arg;
	/* Asked before reading: what it wrote last is then surely read. */
	bool gone = runner_is_gone(f);

	read_records(f);
	if (f->ended || gone)
		loop_stop(f->loop);
}

/* What another face has started is that one's, as long as it lives. */
static bool
is_of_another(struct follow *f)
{
	if (!f->ours && !f->face)
		f->face = lock_take_face(f->dir, f->command);
	return !f->ours && !f->face;
}

/* A child that has not been waited for is surely ours; another is proved. */
static bool
ask_to_stop(struct follow *f)
{
	if (f->ours)
		return !f->gone && kill(f->pid, SIGINT) == 0;
	return lock_signal(f->dir, f->run, SIGINT);
}

static void
on_interrupt(void *arg)
{
	struct follow *f = arg;

	if (is_of_another(f)) {
		fprintf(stderr, "\npgrepup: no longer following; it goes on "
				"as process %d. ^C where it was started stops "
				"it, \"pgrepup pause\" ends it after its "
				"step.\n",
			(int)f->pid);
		f->signal = SIGINT;
		loop_stop(f->loop);
		return;
	}
	if (!f->stopping)
		fprintf(stderr, "\npgrepup: asking the operation to stop; "
				"it ends between two statements\n");
	f->stopping = true;
	if (!ask_to_stop(f) && !runner_is_gone(f))
		fprintf(stderr, "pgrepup: it cannot be stopped from here; "
				"\"pgrepup pause\" ends it after its step\n");
}

static void
on_hangup(void *arg)
{
	struct follow *f = arg;

	f->signal = SIGHUP;
	loop_stop(f->loop);
}

static void
run_loop(struct follow *f)
{
	struct loop_source *sources[] = {
		loop_every(f->loop, READ_EVERY, on_tick, f),
		loop_signal(f->loop, SIGINT, on_interrupt, f),
		loop_signal(f->loop, SIGTERM, on_interrupt, f),
		loop_signal(f->loop, SIGHUP, on_hangup, f),
	};
	size_t i;

	loop_run(f->loop);
	for (i = 0; i < LENGTH_OF(sources); i++)
		loop_remove(sources[i]);
	/* A runner that said its end is about to exit: leave no zombie. */
	if (f->ours && f->ended && !f->gone)
		waitpid(f->pid, NULL, 0);
}

static int
result(struct follow *f)
{
	if (f->signal)
		return 128 + f->signal;
	if (f->ended)
		return f->status;
	if (!journal_has_room(f->dir, f->err)) {
		err_detail(f->err, "The operation has ended.");
		return err_exit_status(f->err->kind);
	}
	err_set(f->err, ERR_STOPPED, "the process of the operation has died");
	err_hint(f->err, "Run the same command again to go on from here; "
			 "\"pgrepup log\" shows what it did.");
	return err_exit_status(ERR_STOPPED);
}

/* What a run has told of itself so far. */
struct told_run {
	bool begun;
	bool dry_run;
	bool ended;
};

static struct told_run
read_run(const struct state_dir *dir, const char *run)
{
	struct err ignored = ERR_INIT;
	struct journal_reader *reader = journal_reader_open(dir, &ignored);
	struct told_run told = {.begun = false};
	struct record *r;
	const char *of;

	if (reader && journal_reader_seek_run(reader, run))
		while (!told.ended && (r = journal_reader_next(reader))) {
			of = record_get(r, "run");
			if (of && strcmp(of, run) == 0) {
				told.begun |= record_is(r, "begin");
				told.dry_run |= record_get_bool(r, "dry_run");
				told.ended = record_is(r, "end");
			}
			record_free(r);
		}
	journal_reader_close(reader);
	err_release(&ignored);
	return told;
}

/*
 * Is that what was asked for? A dry run is not, by whom the real one is wanted,
 * nor the other way round. Between a runner's last word and its exit it still
 * has the lock: who comes then wants a run of his own, and not the answer to
 * another's.
 */
static bool
is_wanted(const struct state_dir *dir, const struct lock_holder *holder,
	  const struct runner_request *request)
{
	struct told_run told;
	double end = clock_now() + 1;

	if (!holder->command || !holder->run ||
	    strcmp(holder->command, request->command) != 0)
		return false;
	/* It has the lock a moment before it says its begin. */
	while (!(told = read_run(dir, holder->run)).begun && clock_now() < end)
		usleep(10000);
	return told.begun && !told.ended &&
	       told.dry_run == request->options.dry_run;
}

static bool
attach_or_start(struct follow *f, const struct conf *conf,
		struct runner_request *request,
		const struct state_dir *dir)
{
	struct lock_holder holder;
	bool held = lock_peek(dir, &holder);
	bool same = held && is_wanted(dir, &holder, request);

	if (same) {
		request->run = mem_strdup(holder.run);
		f->pid = holder.pid;
		fprintf(stderr,
			"pgrepup: \"%s\" is already running (process %d); "
			"following it\n",
			holder.command, (int)holder.pid);
	}
	lock_holder_release(&holder);
	f->command = request->command;
	f->face = lock_take_face(dir, request->command);
	if (!same) {
		if (!runner_start(conf, request, &f->pid, f->err))
			return false;
		f->ours = true;
	}
	f->run = request->run;
	return true;
}

/* The journal is made by the runner: wait for it and for the beginning. */
static bool
open_journal(struct follow *f)
{
	struct err err = ERR_INIT;
	double end = clock_now() + 10;
	bool gone;

	for (;;) {
		gone = runner_is_gone(f);
		f->reader = journal_reader_open(f->dir, &err);
		if (f->reader && journal_reader_seek_run(f->reader, f->run))
			return true;
		journal_reader_close(f->reader);
		f->reader = NULL;
		err_release(&err);
		if (gone || clock_now() > end)
			break;
		usleep(10000);
	}
	if (gone)
		err_set(f->err, ERR_SYSTEM,
			"the operation could not be started");
	else
		err_set(f->err, ERR_SYSTEM,
			"the operation was started, but cannot be followed");
	err_detail(f->err, "What it said is in \"%s/runner.log\".",
		   f->dir->path);
	return false;
}

int
follow_operation(const struct cli *cli, const struct conf *conf,
		 struct runner_request *request, follow_fn fn, void *arg,
		 struct err *err)
{
	struct state_dir *dir = conf_state_dir(conf, err);
	struct follow f = {.dir = dir, .fn = fn, .arg = arg, .err = err};
	int status = err_exit_status(ERR_SYSTEM);

	(void)cli;
	if (dir && (f.loop = loop_new(err)) &&
	    attach_or_start(&f, conf, request, dir) && open_journal(&f)) {
		run_loop(&f);
		status = result(&f);
	}
	journal_reader_close(f.reader);
	lock_release(f.face);
	loop_free(f.loop);
	state_dir_close(dir);
	free(request->run);
	request->run = NULL;
	return status;
}
