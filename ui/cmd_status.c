/* SPDX-License-Identifier: PostgreSQL */
/* pgrepup status: where every database stands, once or again and again; of
 * one database everything. */
#include "cmd_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "detail.h"
#include "monitor.h"
#include "status_report.h"
#include "tools.h"

static void
show(const struct cli *cli, const struct monitor_sample *sample,
     const struct record *detail, int status)
{
	if (cli->json)
		status_json(sample, detail, status);
	else
		status_table(sample);
	if (!cli->json && detail)
		status_detail(detail);
}

static bool
one_tick(const struct cli *cli, struct monitor *m, struct detail *d,
	 int *status, struct err *err)
{
	struct monitor_sample sample;
	struct record *detail;

	if (!monitor_tick(m, &sample, err))
		return false;
	detail = d ? detail_read(d, DETAIL_ALL) : NULL;
	*status = status_exit(&sample);
	show(cli, &sample, detail, *status);
	monitor_sample_release(&sample);
	record_free(detail);
	return true;
}

static bool
take_database(struct cli *cli, struct err *err)
{
	if (cli->argc > 1)
		err_set(err, ERR_USAGE,
			"give one database, or none for all of them");
	else if (cli->argc == 1 && cli->only.n > 0)
		err_set(err, ERR_USAGE, "give a database or --only, not both");
	else if (cli->argc == 1)
		text_list_add(&cli->only, cli->argv[0]);
	return !err_is_set(err);
}

static int
watch(const struct cli *cli, struct op *op, struct err *err)
{
	struct monitor *m = monitor_new(op, 0, err);
	struct detail *d = NULL;
	int status = 0;

	if (m && cli->argc == 1)
		d = detail_new(op, cli->argv[0]);
	while (m && one_tick(cli, m, d, &status, err) && cli->watch)
		interrupt_sleep(NULL, cli->watch_seconds, err);
	detail_free(d);
	monitor_free(m);
	return status;
}

int
cmd_status(struct cli *cli, struct err *err)
{
	struct op op = {.command = "status"};
	int status = 0;

	if (!take_database(cli, err) || !(op.conf = cli_conf(cli, err)))
		return err_exit_status(err->kind);
	tools_tmp_sweep(op.conf);
	op.dir = conf_state_dir(op.conf, err);
	op.options.only = cli->only;
	if (op.dir)
		status = watch(cli, &op, err);
	/* The list is the command line's, which releases it. */
	op.options.only = (struct text_list){.n = 0};
	conf_free(op.conf);
	op_release(&op);
	return err_is_set(err) ? err_exit_status(err->kind) : status;
}
