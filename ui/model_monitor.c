/* SPDX-License-Identifier: PostgreSQL */
/* What the monitor has said: its newest sample, and how things went before. */
#include "model.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interrupt.h"
#include "mem.h"
#include "runner.h"

/* Rates are averages over so many seconds. */
#define AVERAGE 60.0
#define POINT_EVERY 0.9
/* Seconds before a monitor that has died is started again. */
#define AGAIN 5.0

struct wanted {
	const struct model *model;
	const char *database;
};

static bool
is_trend(const void *arg, size_t at)
{
	const struct wanted *w = arg;

	return strcmp(w->model->trends[at].database, w->database) == 0;
}

static size_t
find_trend(const struct model *model, const char *database)
{
	struct wanted wanted = {model, database};

	return index_find(&model->trend_index, index_hash(0, database),
			  is_trend, &wanted);
}

const struct trend *
model_trend(const struct model *model, const char *database)
{
	size_t at = database ? find_trend(model, database) : INDEX_NONE;

	return at == INDEX_NONE ? NULL : &model->trends[at];
}

static struct trend *
trend_of(struct model *model, const char *database)
{
	size_t at = find_trend(model, database);

	if (at != INDEX_NONE)
		return &model->trends[at];
	at = model->n_trends++;
	model->trends = mem_resize(model->trends, model->n_trends,
				   sizeof(*model->trends));
	model->trends[at] = (struct trend){
		.database = mem_strdup(database),
		.last = -1,
	};
	index_add(&model->trend_index, index_hash(0, database), at);
	return &model->trends[at];
}

static void
add_value(struct trend *t, double now, long long value)
{
	if (t->n == TREND) {
		memmove(t->values, t->values + 1,
			(TREND - 1) * sizeof(t->values[0]));
		memmove(t->times, t->times + 1,
			(TREND - 1) * sizeof(t->times[0]));
		t->n--;
	}
	t->times[t->n] = now;
	t->values[t->n++] = value;
	if (value >= 0)
		t->last = value;
}

static void
set_state(struct trend *t, double now, const char *state)
{
	if (t->state && state && strcmp(t->state, state) == 0)
		return;
	t->since_seen = t->state != NULL;
	t->since = now;
	free(t->state);
	t->state = mem_strdup(state);
}

static long long
difference_of(const struct record *r)
{
	return record_has(r, "xlog_difference")
		       ? record_get_int(r, "xlog_difference")
		       : -1;
}

static long long
lsn_of(const char *text)
{
	unsigned int high, low;

	if (!text || sscanf(text, "%X/%X", &high, &low) != 2)
		return 0;
	return (long long)((unsigned long long)high << 32 | low);
}

static void
add_point(struct model *model, const struct record *status)
{
	struct point point = {
		.at = model->status_at,
		.difference = difference_of(status),
		.lsn = lsn_of(record_get(status, "source_lsn")),
	};
	int n = model->n_points;

	if (n > 0 && point.at - model->points[n - 1].at < POINT_EVERY)
		return;
	if (!model->points)
		model->points = MEM_ARRAY(struct point, POINTS);
	if (n == POINTS) {
		memmove(model->points, model->points + 1,
			(POINTS - 1) * sizeof(point));
		model->n_points--;
	}
	model->points[model->n_points++] = point;
}

/* When each side answered last: before it failed, or fell silent. */
static void
see_answers(struct model *model, const struct record *status)
{
	static const char *const ages[] = {"source_age", "destination_age"};
	size_t i;

	for (i = 0; i < LENGTH_OF(ages); i++)
		if (record_has(status, ages[i]))
			model->answered[i] = model->status_at -
					     record_get_real(status, ages[i]);
}

static void
take_status(struct model *model, struct record *status)
{
	double now = clock_now();
	const struct record *row;
	struct trend *trend;
	struct sample *before = model->sample;
	size_t i;

	model->sample = sample_new(status, before);
	sample_release(before);
	model->status_at = now;
	see_answers(model, status);
	add_point(model, status);
	for (i = 0; i < model->sample->n; i++) {
		row = model->sample->rows[i];
		trend = trend_of(model, record_get(row, "database"));
		add_value(trend, now, difference_of(row));
		set_state(trend, now, record_get(row, "state"));
	}
}

static bool
take_lines(struct model *model)
{
	struct strbuf *text = &model->pending;
	struct record *said;
	bool new = false;
	char *end;

	while ((end = memchr(text->text, '\n', text->len))) {
		*end = '\0';
		said = record_parse(text->text);
		if (said && record_is(said, "detail"))
			model_take_detail(model, said);
		else if (said)
			take_status(model, said);
		new |= said != NULL;
		text->len -= (size_t)(end + 1 - text->text);
		memmove(text->text, end + 1, text->len + 1);
	}
	return new;
}

static void
close_pipe(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
kill_monitor(struct model *model)
{
	close_pipe(&model->monitor.in);
	close_pipe(&model->monitor.out);
	if (model->monitor.pid > 0) {
		kill(model->monitor.pid, SIGKILL);
		waitpid(model->monitor.pid, NULL, 0);
	}
	model->monitor.pid = 0;
	strbuf_reset(&model->pending);
}

bool
model_watch(struct model *model, double interval, struct err *err)
{
	kill_monitor(model);
	model->monitor_again = 0;
	model->interval = interval;
	if (!monitor_start(model->conf, interval, &model->monitor, err))
		return false;
	fcntl(model->monitor.in, F_SETFL, O_NONBLOCK);
	fcntl(model->monitor.out, F_SETFL, O_NONBLOCK);
	model_poll(model, model->monitor.out);
	model->detail.told = false;
	model_tell(model);
	return true;
}

static void
start_again(struct model *model)
{
	struct err ignored = ERR_INIT;

	if (!model_watch(model, model->interval, &ignored))
		model->monitor_again = clock_now() + AGAIN;
	err_release(&ignored);
}

bool
model_read_monitor(struct model *model)
{
	char piece[16384];
	bool new = false;
	ssize_t n = -1;

	while (model->monitor.out >= 0 &&
	       (n = read(model->monitor.out, piece, sizeof(piece))) > 0) {
		strbuf_addn(&model->pending, piece, (size_t)n);
		if (memchr(piece, '\n', (size_t)n))
			new |= take_lines(model);
	}
	if (n == 0) {
		kill_monitor(model);
		model->monitor_again = clock_now() + AGAIN;
	}
	if (model->monitor_again > 0 && clock_now() > model->monitor_again)
		start_again(model);
	model_look_away(model);
	model_tell(model);
	return new;
}

void
model_end_monitor(struct model *model)
{
	size_t i;

	kill_monitor(model);
	model_forget_detail(model);
	strbuf_release(&model->pending);
	for (i = 0; i < model->n_trends; i++) {
		free(model->trends[i].database);
		free(model->trends[i].state);
	}
	free(model->trends);
	index_release(&model->trend_index);
	free(model->points);
}

/* --- rates ---------------------------------------------------------------- */

/* Between the oldest that is young enough and the newest; too near to each
 * other they say nothing. */
static double
rate(double from, double to, double seconds)
{
	return seconds < 1.5 ? NAN : (to - from) / seconds;
}

double
trend_growth(const struct trend *t)
{
	int last = t ? t->n - 1 : -1, i;

	if (last < 1 || t->values[last] < 0)
		return NAN;
	for (i = 0; i < last; i++)
		if (t->values[i] >= 0 &&
		    t->times[last] - t->times[i] <= AVERAGE)
			break;
	return rate((double)t->values[i], (double)t->values[last],
		    t->times[last] - t->times[i]);
}

static long long
point_difference(const struct point *p)
{
	return p->difference;
}

static long long
point_lsn(const struct point *p)
{
	return p->lsn > 0 ? p->lsn : -1;
}

static double
points_rate(const struct model *model,
	    long long (*value)(const struct point *p))
{
	int last = model->n_points - 1, i;
	const struct point *p = model->points;

	if (last < 1 || value(&p[last]) < 0)
		return NAN;
	for (i = last; i > 0 && p[last].at - p[i - 1].at <= AVERAGE; i--)
		if (value(&p[i - 1]) < 0)
			break;
	return rate((double)value(&p[i]), (double)value(&p[last]),
		    p[last].at - p[i].at);
}

double
model_growth(const struct model *model)
{
	return points_rate(model, point_difference);
}

double
model_write_rate(const struct model *model)
{
	return points_rate(model, point_lsn);
}
