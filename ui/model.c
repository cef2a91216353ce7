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
#include "watch.h"

/* Records taken at once: keys are answered in between. */
#define AT_ONCE 2000
#define LOGS_KEPT 5000
#define LOGS_FORGOTTEN 1000

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

static bool
same(const struct record *a, const struct record *b, const char *key)
{
	const char *x = record_get(a, key), *y = record_get(b, key);

	return x == y || (x && y && strcmp(x, y) == 0);
}

/* Takes a record in the place of one with the same members, or at the end. */
static void
put(struct record_list *list, const struct record *record,
    const char *const *keys)
{
	size_t i, k;

	for (i = list->n; i > 0; i--) {
		for (k = 0; keys[k]; k++)
			if (!same(list->items[i - 1], record, keys[k]))
				break;
		if (!keys[k]) {
			record_free(list->items[i - 1]);
			list->items[i - 1] = record_copy(record);
			return;
		}
	}
	record_list_add(list, record_copy(record));
}

/* The step that runs owns what is said now; items name a part of it only. */
static void
put_item(struct model *model, const struct record *record)
{
	static const char *const by_thing[] = {"under", "step", "database",
					       "object", NULL};
	struct record *item = record_copy(record);
	size_t n = model->steps.n;

	record_text(item, "under",
		    n ? record_get(model->steps.items[n - 1], "id") : NULL);
	put(&model->items, item, by_thing);
	record_free(item);
}

/* The oldest go, many at a time. */
static void
add_log(struct record_list *logs, const struct record *record)
{
	size_t i;

	if (logs->n == LOGS_KEPT) {
		for (i = 0; i < LOGS_FORGOTTEN; i++)
			record_free(logs->items[i]);
		logs->n -= LOGS_FORGOTTEN;
		memmove(logs->items, logs->items + LOGS_FORGOTTEN,
			logs->n * sizeof(*logs->items));
	}
	record_list_add(logs, record_copy(record));
}

static const char *const by_id[] = {"id", NULL};
static const char *const by_database[] = {"database", NULL};

static void
begin_run(struct model *model, const struct record *record)
{
	const char *command = record_get(record, "command");

	record_free(model->begin);
	record_free(model->end);
	model->begin = record_copy(record);
	model->end = NULL;
	record_list_clear(&model->steps);
	record_list_clear(&model->items);
	record_list_clear(&model->logs);
	record_list_clear(&model->progress);
	if (command && strcmp(command, "check") == 0)
		model_begin_check(model, record);
}

/* What a check within another operation finds in its way. */
static void
put_finding(struct model *model, const struct record *record)
{
	const char *status = record_get(record, "status");
	struct record *item;

	if (!status || strcmp(status, "ko") != 0)
		return;
	item = record_copy(record);
	record_text(item, "step", record_get(record, "id"));
	record_text(item, "state", status);
	if (!record_has(item, "object"))
		record_text(item, "object", record_get(record, "title"));
	record_text(item, "detail", record_get(record, "current"));
	put_item(model, item);
	record_free(item);
}

static bool
is_check(const struct model *model)
{
	const char *command = model_command(model);

	return command && strcmp(command, "check") == 0;
}

static void
take_check(struct model *model, const struct record *record)
{
	if (is_check(model))
		model_take_finding(model, record);
	else
		put_finding(model, record);
}

static void
take(struct model *model, const struct record *record)
{
	standing_take(&model->standing, record);
	if (record_is(record, "begin"))
		begin_run(model, record);
	else if (record_is(record, "step"))
		put(&model->steps, record, by_id);
	else if (record_is(record, "item"))
		put_item(model, record);
	else if (record_is(record, "progress"))
		put(&model->progress, record, by_database);
	else if (record_is(record, "check"))
		take_check(model, record);
	else if (record_is(record, "group") && is_check(model))
		model_take_group(model, record);
	else if (record_is(record, "log") || record_is(record, "error") ||
		 record_is(record, "fix"))
		add_log(&model->logs, record);
	else if (record_is(record, "end")) {
		record_free(model->end);
		model->end = record_copy(record);
	}
}

static bool
read_journal(struct model *model)
{
	struct err ignored = ERR_INIT;
	struct record *record;
	int n = 0;

	/* There is none before the first operation. */
	if (!model->reader)
		model->reader = journal_reader_open(model->dir, &ignored);
	err_release(&ignored);
	while (model->reader && n < AT_ONCE &&
	       (record = journal_reader_next(model->reader))) {
		take(model, record);
		record_free(record);
		n++;
	}
	return n > 0;
}

/* --- all of it ------------------------------------------------------------ */

struct model *
model_new(const struct conf *conf, struct err *err)
{
	struct model *model;
	char *dir = conf_state_dir(conf, err);

	if (!dir)
		return NULL;
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
	return model_read_monitor(model) || new;
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
model_runner(const struct model *model)
{
	struct lock_holder holder;
	pid_t pid = lock_peek(model->dir, &holder) ? holder.pid : 0;

	lock_holder_release(&holder);
	return pid > 0 ? pid : own_runner(model);
}

const char *
model_command(const struct model *model)
{
	return model->begin ? record_get(model->begin, "command") : NULL;
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
	record_list_clear(&model->steps);
	record_list_clear(&model->items);
	record_list_clear(&model->logs);
	record_list_clear(&model->progress);
	record_list_clear(&model->checks);
	record_list_clear(&model->groups);
	free(model->checked_at);
	standing_release(&model->standing);
	journal_reader_close(model->reader);
	watch_free(model->watch);
	close(model->epoll);
	free(model->dir);
	free(model);
}
