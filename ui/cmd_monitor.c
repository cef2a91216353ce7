/* SPDX-License-Identifier: PostgreSQL */
/*
 * The process that watches for the dashboard: a sample a line, with those
 * databases alone that have changed, and the detail of the database that it is
 * told on its standard input.
 */
#include "cmd_monitor.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detail_follow.h"
#include "mem.h"
#include "monitor.h"
#include "runner.h"
#include "status_report.h"
#include "strbuf.h"

/* A server that does not answer keeps the dashboard waiting so long. */
#define PATIENCE 1.0

struct watcher {
	struct op op;
	struct monitor *monitor;
	struct monitor_sample sample; /* that was said last */
	struct detail_follow *follow;
	double interval;
	double next; /* clock_now() of the next sample */
	struct strbuf told; /* start of a line of the dashboard */
};

static bool
say_sample(struct watcher *w, struct err *err)
{
	struct monitor_sample sample;

	if (!monitor_tick(w->monitor, &sample, err))
		return false;
	status_changes(&sample, &w->sample);
	monitor_sample_release(&w->sample);
	w->sample = sample;
	return fflush(stdout) == 0;
}

static bool
say_detail(struct watcher *w)
{
	struct record *r = detail_follow_take(w->follow);
	char *line;

	if (!r)
		return true;
	line = record_line(r);
	puts(line);
	free(line);
	record_free(r);
	return fflush(stdout) == 0;
}

static void
obey(struct watcher *w, const char *line)
{
	struct record *r = record_parse(line);
	double interval;

	if (!r)
		return;
	interval = record_get_real(r, "interval");
	if (interval >= 0.1 && interval != w->interval) {
		w->interval = interval;
		w->next = clock_now() + interval;
		detail_follow_every(w->follow, interval);
	}
	detail_follow_set(w->follow, record_get(r, "database"));
	record_free(r);
}

/* False when the dashboard is gone. */
static bool
listen_to(struct watcher *w)
{
	char piece[4096];
	ssize_t n = read(STDIN_FILENO, piece, sizeof(piece));
	char *end;

	if (n <= 0)
		return false;
	strbuf_addn(&w->told, piece, (size_t)n);
	while ((end = memchr(w->told.text, '\n', w->told.len))) {
		*end = '\0';
		obey(w, w->told.text);
		w->told.len -= (size_t)(end + 1 - w->told.text);
		memmove(w->told.text, end + 1, w->told.len + 1);
	}
	return true;
}

/* Waits for what comes first: time, an order, a detail. */
static bool
turn(struct watcher *w, struct err *err)
{
	struct pollfd fds[] = {
		{.fd = STDIN_FILENO, .events = POLLIN},
		{.fd = detail_follow_fd(w->follow), .events = POLLIN},
	};
	double left = w->next - clock_now();

	if (left <= 0) {
		w->next = clock_now() + w->interval;
		return say_sample(w, err);
	}
	if (poll(fds, LENGTH_OF(fds), (int)(left * 1000) + 1) < 0)
		return true;
	return (!fds[0].revents || listen_to(w)) &&
	       (!fds[1].revents || say_detail(w));
}

static bool
begin(struct watcher *w, const struct record *request, struct err *err)
{
	w->interval = record_get_real(request, "interval");
	w->op.conf = runner_read_conf(request, err);
	if (!w->op.conf || !(w->op.dir = conf_state_dir(w->op.conf, err)))
		return false;
	w->monitor = monitor_new(&w->op, PATIENCE, err);
	w->follow = detail_follow_new(&w->op, w->interval, err);
	return w->monitor && w->follow;
}

int
monitor_main(struct err *err)
{
	struct watcher w = {
		.op = {.command = "status"},
		.told = STRBUF_INIT,
	};
	struct record *request = runner_read_request(err);

	if (request && begin(&w, request, err))
		while (turn(&w, err))
			;
	detail_follow_free(w.follow);
	monitor_free(w.monitor);
	monitor_sample_release(&w.sample);
	conf_free(w.op.conf);
	op_release(&w.op);
	record_free(request);
	strbuf_release(&w.told);
	return err_exit_status(err->kind);
}
