/* SPDX-License-Identifier: PostgreSQL */
/*
 * Servers that answer oddly: a check, a look of the monitor and one into a
 * database, on two servers of which every answer is made of the input
 * (fake_pg.h). They may find what they like, but come to an end.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "detail.h"
#include "fake_pg.h"
#include "fuzz.h"
#include "mem.h"
#include "monitor.h"

static const struct {
	const char *key, *value;
} settings[] = {
	{"source.host", "db1"},	     {"source.port", "5432"},
	{"source.user", "pgrepup"},  {"destination.host", "db2"},
	{"destination.port", "5433"}, {"destination.user", "pgrepup"},
};

static struct op op;

static void
begin(void)
{
	struct err err = ERR_INIT;
	size_t i;

	if (!secret_init(&err))
		fuzz_fail("%s", err.message);
	setenv("XDG_STATE_HOME", fuzz_folder(), 1);
	op.conf = conf_new("/nowhere");
	for (i = 0; i < LENGTH_OF(settings); i++)
		if (!conf_set(op.conf, settings[i].key, settings[i].value,
			      &err))
			fuzz_fail("%s", err.message);
	op.dir = conf_state_dir(op.conf, &err);
	op.interrupt = interrupt_new(&err);
	if (!op.dir || !op.interrupt)
		fuzz_fail("%s", err.message);
}

/* Of both sides; those of this machine would start programs. */
static void
check(void)
{
	struct text_list words = {.n = 0};
	struct err err = ERR_INIT;
	struct targets targets;
	struct check_counts counts;
	struct op run = op;

	run.command = "check";
	run.run = mem_strdup("1");
	run.dir = conf_state_dir(run.conf, &err);
	text_list_add(&words, "source");
	text_list_add(&words, "destination");
	targets_parse(&targets, &words, &err);
	if (!check_all(&run, &targets, &counts, &err) && !err_is_set(&err))
		fuzz_fail("a check fails without a reason");
	targets_release(&targets);
	text_list_release(&words);
	op_release(&run);
	err_release(&err);
}

static void
monitor(void)
{
	struct monitor_sample sample = {.n = 0};
	struct err err = ERR_INIT;
	struct op run = op;
	struct monitor *m;

	run.run = mem_strdup("2");
	run.dir = conf_state_dir(run.conf, &err);
	m = monitor_new(&run, 0, &err);
	if (m && monitor_tick(m, &sample, &err))
		monitor_sample_release(&sample);
	monitor_free(m);
	op_release(&run);
	err_release(&err);
}

static void
look_into(const char *database)
{
	struct detail *d = detail_new(&op, database);

	record_free(detail_read(d, DETAIL_ALL));
	record_free(detail_read(d, DETAIL_NEWS));
	detail_free(d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);

	if (!op.conf)
		begin();
	fake_pg_answer(text);
	check();
	monitor();
	look_into("app");
	fake_pg_answer(NULL);
	free(text);
	return 0;
}
