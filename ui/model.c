/* SPDX-License-Identifier: PostgreSQL */
/* What the dashboard knows, from the journal and from the monitor. */
#include "model.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interrupt.h"
#include "journal.h"
#include "lock.h"
#include "mem.h"
#include "runner.h"
#include "strbuf.h"

/* Records taken at once: keys are answered in between. */
#define AT_ONCE 2000

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

static const char *const by_id[] = {"id", NULL};
static const char *const by_thing[] = {"step", "database", "object", NULL};
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
	if (command && strcmp(command, "check") == 0) {
		record_list_clear(&model->checks);
		free(model->checked_at);
		model->checked_at = mem_strdup(record_get(record, "time"));
	}
}

static void
take_check(struct model *model, const struct record *record)
{
	const char *command = model_command(model);

	if (command && strcmp(command, "check") == 0)
		record_list_add(&model->checks, record_copy(record));
}

static void
take(struct model *model, const struct record *record)
{
	if (record_is(record, "begin"))
		begin_run(model, record);
	else if (record_is(record, "step"))
		put(&model->steps, record, by_id);
	else if (record_is(record, "item"))
		put(&model->items, record, by_thing);
	else if (record_is(record, "progress"))
		put(&model->progress, record, by_database);
	else if (record_is(record, "check"))
		take_check(model, record);
	else if (record_is(record, "log") || record_is(record, "error") ||
		 record_is(record, "fix"))
		record_list_add(&model->logs, record_copy(record));
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

/* --- the monitor ---------------------------------------------------------- */

static struct trend *
trend_of(struct model *model, const char *database)
{
	size_t i;

	for (i = 0; i < model->n_trends; i++)
		if (strcmp(model->trends[i].database, database) == 0)
			return &model->trends[i];
	model->trends = mem_resize(model->trends, model->n_trends + 1,
				   sizeof(*model->trends));
	model->trends[model->n_trends] =
		(struct trend){.database = mem_strdup(database)};
	return &model->trends[model->n_trends++];
}

static void
trend_add(struct trend *trend, long long value)
{
	if (trend->n == TREND) {
		memmove(trend->values, trend->values + 1,
			(TREND - 1) * sizeof(trend->values[0]));
		trend->n--;
	}
	trend->values[trend->n++] = value;
}

static void
take_status(struct model *model, struct record *status)
{
	struct record *one;
	size_t i;

	record_free(model->status);
	model->status = status;
	model->status_at = clock_now();
	for (i = 0; i < record_count(status, "databases"); i++) {
		one = record_item(status, "databases", i);
		trend_add(trend_of(model, record_get(one, "database")),
			  record_has(one, "xlog_difference")
				  ? record_get_int(one, "xlog_difference")
				  : -1);
		record_free(one);
	}
}

static bool
take_line(struct model *model, const char *line)
{
	struct record *status = record_parse(line);

	if (!status)
		return false;
	take_status(model, status);
	return true;
}

static bool
read_monitor(struct model *model)
{
	char piece[16384], *end;
	struct strbuf text = STRBUF_INIT;
	bool new = false;
	ssize_t n;

	while (model->monitor_fd >= 0 &&
	       (n = read(model->monitor_fd, piece, sizeof(piece))) > 0) {
		if (model->pending)
			strbuf_add(&text, model->pending);
		free(model->pending);
		strbuf_addn(&text, piece, (size_t)n);
		while ((end = strchr(text.text, '\n'))) {
			*end = '\0';
			new |= take_line(model, text.text);
			memmove(text.text, end + 1, strlen(end + 1) + 1);
			text.len = strlen(text.text);
		}
		model->pending = mem_strdup(text.text);
		strbuf_reset(&text);
	}
	strbuf_release(&text);
	return new;
}

static void
end_monitor(struct model *model)
{
	if (model->monitor_fd >= 0)
		close(model->monitor_fd);
	model->monitor_fd = -1;
	if (model->monitor > 0) {
		kill(model->monitor, SIGKILL);
		waitpid(model->monitor, NULL, 0);
	}
	model->monitor = 0;
	free(model->pending);
	model->pending = NULL;
}

bool
model_watch(struct model *model, double interval, struct err *err)
{
	end_monitor(model);
	model->interval = interval;
	if (!monitor_start(model->conf, interval, &model->monitor,
			   &model->monitor_fd, err))
		return false;
	fcntl(model->monitor_fd, F_SETFL, O_NONBLOCK);
	return true;
}

const struct trend *
model_trend(const struct model *model, const char *database)
{
	size_t i;

	for (i = 0; i < model->n_trends; i++)
		if (strcmp(model->trends[i].database, database) == 0)
			return &model->trends[i];
	return NULL;
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
	model->monitor_fd = -1;
	model->interval = 2;
	return model;
}

bool
model_read(struct model *model)
{
	bool new = read_journal(model);

	if (model->runner > 0 &&
	    waitpid(model->runner, NULL, WNOHANG) == model->runner) {
		model->runner = 0;
		new = true;
	}
	return read_monitor(model) || new;
}

pid_t
model_runner(const struct model *model)
{
	struct lock_holder holder;
	pid_t pid = lock_peek(model->dir, &holder) ? holder.pid : 0;

	lock_holder_release(&holder);
	return pid;
}

const char *
model_command(const struct model *model)
{
	return model->begin ? record_get(model->begin, "command") : NULL;
}

void
model_free(struct model *model)
{
	size_t i;

	if (!model)
		return;
	end_monitor(model);
	record_free(model->begin);
	record_free(model->end);
	record_free(model->status);
	record_list_clear(&model->steps);
	record_list_clear(&model->items);
	record_list_clear(&model->logs);
	record_list_clear(&model->progress);
	record_list_clear(&model->checks);
	for (i = 0; i < model->n_trends; i++)
		free(model->trends[i].database);
	free(model->trends);
	free(model->checked_at);
	journal_reader_close(model->reader);
	free(model->dir);
	free(model);
}
