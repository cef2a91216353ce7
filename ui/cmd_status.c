/* SPDX-License-Identifier: PostgreSQL */
/* pgrepup status: where every database stands, once or again and again. */
#include "cmd_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "monitor.h"
#include "runner.h"
#include "status_report.h"

/* A server that does not answer keeps the dashboard waiting so long. */
#define PATIENCE 1.0

static void
show(const struct cli *cli, const struct monitor_sample *sample, int status)
{
	if (cli->json)
		status_json(sample, status);
	else
		status_table(sample);
}

static bool
one_tick(const struct cli *cli, struct monitor *m, int *status,
	 struct err *err)
{
	struct monitor_sample sample;

	if (!monitor_tick(m, &sample, err))
		return false;
	*status = status_exit(&sample);
	show(cli, &sample, *status);
	monitor_sample_release(&sample);
	return true;
}

int
cmd_status(struct cli *cli, struct err *err)
{
	struct op op = {.command = "status", .conf = cli_conf(cli, err)};
	struct monitor *m;
	int status = 0;

	if (!op.conf)
		return err_exit_status(err->kind);
	op.dir = conf_state_dir(op.conf, err);
	op.options.only = cli->only;
	m = op.dir ? monitor_new(&op, 0, err) : NULL;
	while (m && one_tick(cli, m, &status, err) && cli->watch)
		interrupt_sleep(NULL, cli->watch_seconds, err);
	monitor_free(m);
	/* The list is the command line's, which releases it. */
	op.options.only = (struct text_list){.n = 0};
	conf_free(op.conf);
	op_release(&op);
	return err_is_set(err) ? err_exit_status(err->kind) : status;
}

int
monitor_main(struct err *err)
{
	struct cli cli = {.json = true, .watch = true};
	struct record *request = runner_read_request(err);
	struct op op = {.command = "status"};
	struct monitor *m;
	int status = 0;

	if (request)
		op.conf = runner_read_conf(request, err);
	if (op.conf && (op.dir = conf_state_dir(op.conf, err))) {
		m = monitor_new(&op, PATIENCE, err);
		cli.watch_seconds = record_get_real(request, "interval");
		while (m && one_tick(&cli, m, &status, err) && fflush(stdout) == 0)
			interrupt_sleep(NULL, cli.watch_seconds, err);
		monitor_free(m);
	}
	conf_free(op.conf);
	op_release(&op);
	record_free(request);
	return err_exit_status(err->kind);
}
