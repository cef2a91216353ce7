/* SPDX-License-Identifier: PostgreSQL */
/* What the dashboard knows, from the journal and from the monitor. */
#include "model.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interrupt.h"
#include "journal.h"
#include "lock.h"
#include "mem.h"
#include "pause.h"
#include "tools.h"
#include "watch.h"

/* For what is read at once: keys are answered in between. */
#define SECONDS_AT_ONCE 0.01
#define LOOK_EVERY 1.0
#define LOGS_KEPT 2500
#define LOGS_FORGOTTEN 500

void
record_list_add(struct record_list *list, struct record *record)
{
	MEM_GROW(list->items, list->n, list->alloc);
	list->items[list->n++] = record;
}

void
record_list_clear(struct record_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		record_free(list->items[i]);
	free(list->items);
	*list = (struct record_list){0};
}

/* The oldest go, many at a time. */
static void
add_log(struct model *model, struct record *record)
{
	struct record_list *logs = &model->logs;
	size_t i;

	if (logs->n == LOGS_KEPT) {
		for (i = 0; i < LOGS_FORGOTTEN; i++)
			record_free(logs->items[i]);
		logs->n -= LOGS_FORGOTTEN;
		model->logs_gone += LOGS_FORGOTTEN;
		model->logs_run -= model->logs_run < LOGS_FORGOTTEN
					   ? model->logs_run
					   : LOGS_FORGOTTEN;
		memmove(logs->items, logs->items + LOGS_FORGOTTEN,
			logs->n * sizeof(*logs->items));
	}
	record_list_add(logs, record);
}

static bool
is_check(const struct model *model)
{
	const char *command = model_command(model);

	return command && strcmp(command, "check") == 0;
}

/* A dry run has done nothing that one would look for in a log. */
static void
forget_dry_run(struct model *model)
{
	struct record_list *logs = &model->logs;

	if (!model->begin || !record_get_bool(model->begin, "dry_run"))
		return;
	while (logs->n > model->logs_run)
		record_free(logs->items[--logs->n]);
}

static void
begin_run(struct model *model, struct record *record)
{
	forget_dry_run(model);
	record_free(model->begin);
	record_free(model->end);
	model->begin = record;
	model->end = NULL;
	told_clear(&model->told);
	model->logs_run = model->logs.n;
	add_log(model, record_copy(record));
	if (is_check(model))
		model_begin_check(model, record);
}

/* One that found another at work says so among the records of that one. */
static bool
is_of_run(const struct model *model, const struct record *record)
{
	const char *run = record_get(record, "run");
	const char *ours = model->begin ? record_get(model->begin, "run")
					: NULL;

	return run && ours && strcmp(run, ours) == 0;
}

static bool
is_log(const struct record *record)
{
	return record_is(record, "log") || record_is(record, "error") ||
	       record_is(record, "fix");
}

/* Each step, and each database of one that is through: what was done. */
static bool
is_deed(const struct record *record)
{
	const char *state = record_get(record, "state");

	return record_is(record, "step") ||
	       (record_is(record, "database") && state &&
		strcmp(state, "run") != 0);
}

/* Takes the record over. */
static void
take(struct model *model, struct record *record)
{
	bool begins = record_is(record, "begin") &&
		      !record_get_bool(record, "refused");

	if (!begins && !is_of_run(model, record)) {
		record_free(record);
		return;
	}
	standing_take(&model->standing, record);
	if (begins) {
		begin_run(model, record);
	} else if (is_log(record)) {
		add_log(model, record);
	} else if (record_is(record, "check") && is_check(model)) {
		model_take_finding(model, record);
		record_free(record);
	} else if (record_is(record, "group") && is_check(model)) {
		model_take_group(model, record);
		record_free(record);
	} else if (record_is(record, "end")) {
		record_free(model->end);
		model->end = record;
		add_log(model, record_copy(record));
	} else {
		told_take(&model->told, record);
		if (is_deed(record))
			add_log(model, record);
		else
			record_free(record);
	}
}

static void
open_journal(struct model *model)
{
	struct err ignored = ERR_INIT;

	/* There is none before the first operation. */
	model->reader = journal_reader_open(model->dir, &ignored);
	err_release(&ignored);
	if (!model->reader)
		return;
	model->newest = journal_reader_find(model->reader, NULL);
	model->check = journal_reader_find(model->reader, "check");
}

/* Of old runs only that they were; all of the newest check, and of the newest
 * run and what comes after it. */
static void
choose_records(struct model *model)
{
	static const char *const marks[] = {"begin", "end", "cluster", NULL};
	long long at = journal_reader_at(model->reader);
	bool whole = at >= model->newest || (at > model->check &&
					     model->begin && !model->end);

	journal_reader_only(model->reader, whole ? NULL : marks);
}

/* True when there was something. */
static bool
read_journal(struct model *model)
{
	double until = clock_now() + SECONDS_AT_ONCE;
	struct record *record;
	int n = 0;

	if (!model->reader)
		open_journal(model);
	if (!model->reader) {
		model->caught_up = true;
		return false;
	}
	do {
		choose_records(model);
		record = journal_reader_next(model->reader);
		if (record)
			take(model, record);
		n += record != NULL;
	} while (record && clock_now() < until);
	model->behind = record ||
			journal_reader_at(model->reader) < model->newest;
	model->caught_up |= !model->behind;
	return n > 0;
}

/* --- all of it ------------------------------------------------------------ */

struct model *
model_new(const struct conf *conf, struct err *err)
{
	struct model *model;
	struct state_dir *dir = conf_state_dir(conf, err);

	if (!dir)
		return NULL;
	tools_tmp_sweep(conf);
	model = MEM_NEW(struct model);
	model->dir = dir;
	model->conf = conf;
	model->monitor.in = model->monitor.out = -1;
	model->epoll = epoll_create1(EPOLL_CLOEXEC);
	model->watch = watch_new(dir);
	model_poll(model, watch_fd(model->watch));
	model->pending = (struct strbuf)STRBUF_INIT;
	model->interval = 2;
	model->began = clock_now();
	return model;
}

void
model_poll(struct model *model, int fd)
{
	struct epoll_event event = {.events = EPOLLIN};

	if (fd >= 0)
		epoll_ctl(model->epoll, EPOLL_CTL_ADD, fd, &event);
}

int
model_fd(const struct model *model)
{
	return model->epoll;
}

void
model_own(struct model *model, const char *command)
{
	if (!model->face)
		model->face = lock_take_face(model->dir, command);
}

/* An operation without a face, because its terminal was lost, is taken
 * over. */
static pid_t
find_owner(struct model *model)
{
	struct lock_holder holder;
	pid_t pid = 0;

	if (model->face)
		return 0;
	if (lock_peek_face(model->dir, &holder))
		pid = holder.pid;
	else
		model_own(model, "the dashboard");
	lock_holder_release(&holder);
	return pid;
}

/* Whose is what runs, and is it to pause? True when that has changed. */
static bool
look_around(struct model *model)
{
	const char *run = model->begin ? record_get(model->begin, "run")
				       : NULL;
	bool runs = model->runner > 0 || model_runner(model) > 0;
	bool pausing = runs && run && pause_is_asked(model->dir, run);
	pid_t owner = runs ? find_owner(model) : 0;
	bool changed = pausing != model->pausing || owner != model->owner;

	model->looked = clock_now();
	model->pausing = pausing;
	model->owner = owner;
	if (!runs) {
		lock_release(model->face);
		model->face = NULL;
	}
	return changed;
}

bool
model_read(struct model *model)
{
	/* Before the journal: what is written from now on is told again. */
	bool new = watch_take(model->watch);

	new |= read_journal(model);

	if (model->runner > 0 &&
	    waitpid(model->runner, NULL, WNOHANG) == model->runner) {
		model->runner = 0;
		new = true;
	}
	new |= model_read_monitor(model);
	if (new || clock_now() - model->looked >= LOOK_EVERY)
		new |= look_around(model);
	return new;
}

bool
model_may_steer(struct model *model, struct err *err)
{
	const char *command = model_command(model);

	look_around(model);
	if (model->owner == 0)
		return true;
	err_set(err, ERR_STATE, "Read only: %s is of process %d. \"pgrepup "
				"pause\" works from anywhere.",
		command ? command : "what runs", (int)model->owner);
	return false;
}

bool
model_may_pause(struct model *model, bool asked, struct err *err)
{
	if (!model_run(model) || model->end || model_runner(model) == 0) {
		err_set(err, ERR_STATE, "Nothing runs.");
		return false;
	}
	return model_may_steer(model, err) &&
	       (!asked ||
		pause_is_possible(model_command(model), model->told.plan,
				  model->told.newest_step, err));
}

bool
model_pause(struct model *model, bool asked, struct err *err)
{
	bool ok = model_may_pause(model, asked, err) &&
		  (asked ? pause_ask(model->dir, model_run(model), err)
			 : pause_take_back(model->dir, err));

	look_around(model);
	return ok;
}

/* Our own child works from its first moment, before it has the lock. */
static pid_t
own_runner(const struct model *model)
{
	siginfo_t info = {.si_pid = 0};

	if (model->runner <= 0 ||
	    waitid(P_PID, (id_t)model->runner, &info,
		   WEXITED | WNOHANG | WNOWAIT) != 0 ||
	    info.si_pid != 0)
		return 0;
	return model->runner;
}

pid_t
model_running(const struct model *model, char **command)
{
	struct lock_holder holder;
	pid_t pid = lock_peek(model->dir, &holder) ? holder.pid : 0;
	const char *of = holder.command;

	if (pid == 0)
		pid = own_runner(model);
	/* The lock comes before the words in it. */
	if (!of && pid > 0 && pid == model->runner)
		of = model->runner_command;
	if (command)
		*command = mem_strdup(of);
	lock_holder_release(&holder);
	return pid;
}

pid_t
model_runner(const struct model *model)
{
	return model_running(model, NULL);
}

bool
model_stop(const struct model *model, const char *run)
{
	pid_t child;

	if (lock_signal(model->dir, run, SIGINT))
		return true;
	child = own_runner(model);
	return child > 0 && kill(child, SIGINT) == 0;
}

char *
model_busy(const struct model *model)
{
	char *command, *text = NULL;
	pid_t pid = model_running(model, &command);

	if (pid > 0)
		text = mem_printf("\"%s\" runs (process %d): one operation at "
				  "a time.",
				  command ? command : "?", (int)pid);
	free(command);
	return text;
}

bool
model_checks(const struct model *model)
{
	char *command;
	pid_t pid = model_running(model, &command);
	bool checks = pid > 0 && command && strcmp(command, "check") == 0;

	free(command);
	return checks;
}

const char *
model_command(const struct model *model)
{
	return model->begin ? record_get(model->begin, "command") : NULL;
}

const char *
model_run(const struct model *model)
{
	return model->begin ? record_get(model->begin, "run") : NULL;
}

void
model_free(struct model *model)
{
	if (!model)
		return;
	model_end_monitor(model);
	record_free(model->begin);
	record_free(model->end);
	sample_release(model->sample);
	told_clear(&model->told);
	record_list_clear(&model->logs);
	record_list_clear(&model->checks);
	record_list_clear(&model->groups);
	free(model->runner_command);
	free(model->checked_at);
	standing_release(&model->standing);
	journal_reader_close(model->reader);
	lock_release(model->face);
	watch_free(model->watch);
	close(model->epoll);
	state_dir_close(model->dir);
	free(model);
}
