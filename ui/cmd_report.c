/* SPDX-License-Identifier: PostgreSQL */
/*
 * pgrepup report: what was found and what was run, as Markdown, on standard
 * output or in a file. It asks no server and needs no passphrase.
 */
#include "cmd_report.h"

#include <stdio.h>
#include <stdlib.h>

#include "report.h"
#include "report_file.h"

static void
print_json(const char *file, const char *text)
{
	struct record *answer = report_new("report");
	struct err none = ERR_INIT;

	record_text(answer, "file", file);
	record_text(answer, "text", text);
	report_print(answer, 0, &none);
}

int
cmd_report(struct cli *cli, struct err *err)
{
	char *path = conf_path(cli->config);
	struct conf *conf = conf_load(path, err);
	struct strbuf text = STRBUF_INIT;

	if (cli->argc > 0) {
		err_set(err, ERR_USAGE, "report takes no arguments");
		err_hint(err, "Name the file with --output=FILE.");
	}
	if (!err_is_set(err) && report_file_text(conf, &text, err) &&
	    (!cli->output || report_file_write(cli->output, text.text, err))) {
		if (cli->json)
			print_json(cli->output, text.text);
		else if (!cli->output)
			fputs(text.text, stdout);
	}
	strbuf_release(&text);
	conf_free(conf);
	free(path);
	return err_exit_status(err->kind);
}
