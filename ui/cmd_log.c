/* SPDX-License-Identifier: PostgreSQL */
/* pgrepup log: what the operations of this upgrade have said. */
#include "cmd_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal.h"
#include "log_text.h"
#include "mem.h"
#include "plain.h"

/* "--- TIME  " and the text. */
static void
put_mark(const struct record *record, const char *text)
{
	const char *time = record_get(record, "time");
	struct strbuf line = STRBUF_INIT;

	strbuf_scrub(&line, time ? time : "?");
	strbuf_add(&line, "  ");
	strbuf_scrub(&line, text);
	printf("--- %s\n", line.text);
	strbuf_release(&line);
}

static void
show_heading(const struct record *record)
{
	struct strbuf text = STRBUF_INIT;

	log_add_run(&text, record);
	strbuf_addf(&text, "  (%s)", record_get(record, "run"));
	put_mark(record, text.text);
	strbuf_release(&text);
}

static void
show_end(const struct record *record)
{
	long long status = record_get_int(record, "exit");
	struct err err = ERR_INIT;
	char *text = mem_printf("ended with status %lld", status);

	put_mark(record, text);
	free(text);
	if (status == 0)
		return;
	record_get_err(record, &err);
	plain_error(stdout, &err);
	err_release(&err);
}

static void
show_json(const struct record *record)
{
	char *line = record_line(record);

	puts(line);
	free(line);
}

static void
show_plain(struct plain *plain, const struct record *record)
{
	if (record_is(record, "begin"))
		show_heading(record);
	else if (record_is(record, "end"))
		show_end(record);
	else
		plain_record(plain, record);
}

struct state_dir *
cli_state_dir(const struct cli *cli, struct err *err)
{
	char *path = conf_path(cli->config);
	struct conf *conf = conf_load(path, err);
	struct state_dir *dir = conf ? conf_state_dir(conf, err) : NULL;

	conf_free(conf);
	free(path);
	return dir;
}

int
cmd_log(struct cli *cli, struct err *err)
{
	struct plain plain = {
		.out = stdout, .color = cli->color, .verbose = true};
	struct state_dir *dir = cli_state_dir(cli, err);
	struct journal_reader *reader = dir ? journal_reader_open(dir, err)
					    : NULL;
	struct record *record;

	state_dir_close(dir);
	if (!reader)
		return err_exit_status(err->kind);
	if (cli->argc > 0 && !journal_reader_seek_run(reader, cli->argv[0])) {
		err_set(err, ERR_USAGE, "no run \"%s\" in the journal",
			cli->argv[0]);
		err_hint(err, "\"pgrepup log\" shows all runs.");
	}
	while (!err_is_set(err) && (record = journal_reader_next(reader))) {
		if (cli->json)
			show_json(record);
		else
			show_plain(&plain, record);
		record_free(record);
	}
	journal_reader_close(reader);
	plain_release(&plain);
	return err_exit_status(err->kind);
}
