/* SPDX-License-Identifier: PostgreSQL */
/*
 * A journal with anything in it, as a full disk, an editor or a later pgrepup
 * may have left it: all that reads it, which are the lines of a sub-command,
 * the log, the dashboard's model and the report file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "journal.h"
#include "journal_record.h"
#include "log_text.h"
#include "mem.h"
#include "model.h"
#include "plain.h"
#include "report_file.h"
#include "sample.h"

static struct conf *conf;
static struct state_dir *dir;
static FILE *nothing;

static void
begin(void)
{
	struct err err = ERR_INIT;

	if (!secret_init(&err))
		fuzz_fail("%s", err.message);
	setenv("XDG_STATE_HOME", fuzz_folder(), 1);
	conf = conf_new("/nowhere");
	dir = conf_state_dir(conf, &err);
	if (!dir)
		fuzz_fail("%s", err.message);
	nothing = fopen("/dev/null", "we");
}

/* As text, and as JSON again. */
static void
show(struct plain *plain, const struct record *record)
{
	struct strbuf text = STRBUF_INIT;
	struct record *lean = record_lean(record), *again;
	char *line = record_line(record), *lean_line = record_line(lean);

	plain_record(plain, record);
	if (log_has(record, true))
		log_add_text(&text, record, true);
	if (log_has(record, false))
		log_add_text(&text, record, false);
	log_add_time(&text, record, true);
	again = record_parse(line);
	if (!again)
		fuzz_fail("it writes what it cannot read: %s", line);
	record_free(again);
	record_free(lean);
	free(line);
	free(lean_line);
	strbuf_release(&text);
}

static void
read_lines(void)
{
	struct plain plain = {.out = nothing, .verbose = true, .live = true};
	struct err err = ERR_INIT;
	struct journal_reader *reader = journal_reader_open(dir, &err);
	struct record *record;

	if (!reader)
		fuzz_fail("%s", err.message);
	journal_reader_find(reader, NULL);
	journal_reader_find(reader, "check");
	journal_reader_seek_run(reader, "1");
	journal_reader_seek_run(reader, NULL);
	while ((record = journal_reader_next(reader))) {
		show(&plain, record);
		record_free(record);
	}
	plain_settle(&plain);
	plain_release(&plain);
	journal_reader_close(reader);
}

static void
read_model(void)
{
	struct err err = ERR_INIT;
	struct model *model = model_new(conf, &err);
	struct err why = ERR_INIT;

	if (!model)
		fuzz_fail("%s", err.message);
	do {
		model_read(model);
	} while (model->behind);
	model_is_checked(model);
	model_is_checking(model);
	model_may_pause(model, true, &why);
	err_release(&why);
	model_free(model);
}

static void
read_report(void)
{
	struct strbuf text = STRBUF_INIT;
	struct err err = ERR_INIT;

	report_file_text(conf, &text, &err);
	err_release(&err);
	strbuf_release(&text);
}

/* Each line as the monitor's, too. */
static void
read_samples(char *text)
{
	struct sample *sample = NULL, *next;
	struct record *record;
	char *line, *rest = text;

	while ((line = strsep(&rest, "\n"))) {
		record = record_parse(line);
		if (!record)
			continue;
		next = sample_new(record, sample);
		sample_release(sample);
		sample = next;
		sample_row(sample, "app");
		sample_count(sample, "down");
	}
	sample_release(sample);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *path, *text;

	if (!conf)
		begin();
	path = mem_printf("%s/journal", dir->path);
	fuzz_write(path, (const char *)data, size);
	free(path);
	read_lines();
	read_model();
	read_report();
	text = fuzz_text(data, size);
	read_samples(text);
	free(text);
	return 0;
}
