/* SPDX-License-Identifier: PostgreSQL */
/*
 * `pgrepup ignore`: lists what is ignored; with --reason ignores what is
 * named, with --undo no longer does.
 */
#include "cmd_ignore.h"

#include <stdio.h>
#include <stdlib.h>

#include "ignore.h"
#include "report.h"
#include "strbuf.h"

static void
show_one(struct record *report, const char *target,
	 const struct ignored *item)
{
	struct strbuf line = STRBUF_INIT;
	struct record *r;

	if (report) {
		r = record_new(NULL);
		record_text(r, "target", target);
		record_text(r, "reason", item->reason);
		record_text(r, "time", item->time);
		record_append(report, "ignored", r);
		record_free(r);
		return;
	}
	strbuf_scrub(&line, target);
	strbuf_add(&line, ": ");
	strbuf_scrub(&line, item->reason ? item->reason : "");
	printf(" > %s\n", line.text);
	strbuf_release(&line);
}

static bool
show_all(const struct state_dir *dir, struct record *report, struct err *err)
{
	struct ignore_list list;
	size_t i;

	if (!ignore_load(&list, dir, err))
		return false;
	if (!report && list.targets.n == 0)
		printf("Nothing is ignored.\n");
	for (i = 0; i < list.targets.n; i++)
		show_one(report, list.targets.items[i].text, &list.items[i]);
	ignore_release(&list);
	return true;
}

static bool
change(const struct cli *cli, const struct state_dir *dir, struct err *err)
{
	struct strbuf word = STRBUF_INIT;
	bool ok = true;
	int i;

	if (cli->argc == 0)
		return true;
	if (!cli->undo && !cli->reason) {
		strbuf_shell(&word, cli->argv[0]);
		err_set(err, ERR_USAGE, "a reason must be given");
		err_hint(err, "For example: `pgrepup ignore %s "
			      "--reason='it is known'`.",
			 word.text);
		strbuf_release(&word);
		return false;
	}
	for (i = 0; ok && i < cli->argc; i++)
		ok = cli->undo ? ignore_remove(dir, cli->argv[i], err)
			       : ignore_add(dir, cli->argv[i], cli->reason,
					    err);
	return ok;
}

int
cmd_ignore(struct cli *cli, struct err *err)
{
	char *path = conf_path(cli->config);
	struct conf *conf = conf_load(path, err);
	struct state_dir *dir = conf ? conf_state_dir(conf, err) : NULL;
	struct record *report = cli->json ? report_new("ignore") : NULL;
	bool ok;

	if (report)
		record_array(report, "ignored");
	ok = dir && change(cli, dir, err) && show_all(dir, report, err);
	if (ok && report)
		report_print(report, 0, err);
	else
		record_free(report);
	state_dir_close(dir);
	conf_free(conf);
	free(path);
	return err_exit_status(err->kind);
}
