/* SPDX-License-Identifier: PostgreSQL */
/* Reads the whole journal into what the report is written from. */
#include "report_file.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "journal.h"
#include "mem.h"

bool
report_says(const struct record *record, const char *key, const char *value)
{
	const char *is = record_get(record, key);

	return is == value || (is && value && strcmp(is, value) == 0);
}

double
report_time(const struct record *record)
{
	const char *text = record_get(record, "time"), *dot;
	struct tm tm = {0};

	if (!text || !strptime(text, "%Y-%m-%dT%H:%M:%S", &tm))
		return 0;
	dot = strchr(text, '.');
	return (double)timegm(&tm) + (dot ? strtod(dot, NULL) : 0);
}

/* --- records of a run ----------------------------------------------------- */

static const char *const thing_keys[] = {"step", "database", "object"};

static bool
same_thing(const struct record *a, const struct record *b)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(thing_keys); i++)
		if (!report_says(a, thing_keys[i],
				 record_get(b, thing_keys[i])))
			return false;
	return true;
}

static uint32_t
hash_thing(const struct record *item)
{
	uint32_t hash = 0;
	size_t i;

	for (i = 0; i < LENGTH_OF(thing_keys); i++)
		hash = index_hash(hash, record_get(item, thing_keys[i]));
	return hash;
}

static uint32_t
hash_words(const struct record *item)
{
	return index_hash(hash_thing(item), record_get(item, "detail"));
}

struct wanted {
	const struct record_list *items;
	const struct record *item;
};

static bool
is_running(const void *arg, size_t at)
{
	const struct wanted *w = arg;
	const struct record *item = w->items->items[at];

	return item && report_says(item, "state", "run") &&
	       same_thing(item, w->item);
}

static bool
is_said(const void *arg, size_t at)
{
	const struct wanted *w = arg;
	const struct record *item = w->items->items[at];

	return item && same_thing(item, w->item) &&
	       report_says(item, "detail", record_get(w->item, "detail"));
}

static size_t
find_running(const struct report_run *run, const struct record *record)
{
	struct wanted wanted = {&run->items, record};

	return index_find(&run->running, hash_thing(record), is_running,
			  &wanted);
}

static size_t
find_said(const struct report_run *run, const struct record *record)
{
	struct wanted wanted = {&run->items, record};

	return index_find(&run->said, hash_words(record), is_said, &wanted);
}

/* Takes the place of "it runs", and is not said twice. */
static void
put_item(struct report_run *run, const struct record *record)
{
	size_t at = find_running(run, record);
	bool runs = report_says(record, "state", "run");

	if (at == INDEX_NONE)
		at = find_said(run, record);
	if (at == INDEX_NONE) {
		at = run->items.n;
		record_list_add(&run->items, NULL);
	}
	record_free(run->items.items[at]);
	run->items.items[at] = record_lean(record);
	if (runs && find_running(run, record) == INDEX_NONE)
		index_add(&run->running, hash_thing(record), at);
	if (find_said(run, record) == INDEX_NONE)
		index_add(&run->said, hash_words(record), at);
}

/* What was said to run has ended, and is told in another way. */
static void
drop_running(struct report_run *run, const struct record *record)
{
	size_t at = find_running(run, record);

	if (at == INDEX_NONE)
		return;
	record_free(run->items.items[at]);
	run->items.items[at] = NULL;
}

static void
put_step(struct record_list *steps, const struct record *record)
{
	size_t i;

	for (i = 0; i < steps->n; i++) {
		if (!report_says(steps->items[i], "id",
				 record_get(record, "id")))
			continue;
		record_free(steps->items[i]);
		steps->items[i] = record_copy(record);
		return;
	}
	record_list_add(steps, record_copy(record));
}

static struct report_copy *
copy_of(struct report_run *run, const struct record *record)
{
	const char *database = record_get(record, "database");
	size_t i;

	if (!database)
		return NULL;
	/* The newest are those that it is about, nearly always. */
	for (i = run->n_copies; i > 0; i--)
		if (strcmp(run->copies[i - 1].database, database) == 0)
			return &run->copies[i - 1];
	MEM_GROW(run->copies, run->n_copies, run->alloc_copies);
	run->copies[run->n_copies] =
		(struct report_copy){.database = mem_strdup(database)};
	return &run->copies[run->n_copies++];
}

static void
take_copy(struct report_run *run, const struct record *record)
{
	struct report_copy *copy = copy_of(run, record);
	double to = report_time(record);
	double from = to - record_get_real(record, "seconds");

	if (!copy)
		return;
	copy->tables++;
	copy->rows += record_get_int(record, "rows");
	copy->bytes += record_get_int(record, "bytes");
	if (copy->from <= 0 || from < copy->from)
		copy->from = from;
	copy->to = to;
}

/* Where it stood first and last of all the waits. */
static void
take_wait(struct report_run *run, const struct record *record)
{
	const char *database = record_get(record, "database");
	struct report_wait *wait = run->waits;
	size_t i;

	for (i = 0; i < run->n_waits; i++, wait++)
		if (strcmp(wait->database, database) == 0)
			break;
	if (i == run->n_waits) {
		MEM_GROW(run->waits, run->n_waits, run->alloc_waits);
		wait = &run->waits[run->n_waits++];
		*wait = (struct report_wait){
			.database = mem_strdup(database),
			.behind = record_has(record, "behind_bytes")
					  ? record_get_int(record,
							   "behind_bytes")
					  : -1,
		};
	}
	wait->difference = record_has(record, "difference_bytes")
				   ? record_get_int(record, "difference_bytes")
				   : -1;
}

static void
take_item(struct report_run *run, const struct record *record)
{
	struct report_copy *copy;
	bool ok = report_says(record, "state", "ok");

	if (ok && record_has(record, "rows")) {
		take_copy(run, record);
	} else if (ok && report_says(record, "step", "replicate") &&
		   (copy = copy_of(run, record))) {
		copy->in_step = report_time(record);
	} else if (record_has(record, "difference_bytes") &&
		   record_has(record, "database")) {
		take_wait(run, record);
		drop_running(run, record);
		if (!ok)
			put_item(run, record);
	} else {
		put_item(run, record);
	}
}

/* A fix is said when it begins and when it has ended. */
static bool
has_run(const struct record *fix)
{
	return report_says(fix, "state", "done") ||
	       report_says(fix, "state", "failed");
}

static bool
warns(const struct record *log)
{
	return report_says(log, "level", "warning") ||
	       report_says(log, "level", "error");
}

static void
take_of_run(struct report_run *run, const struct record *record)
{
	run->last = report_time(record);
	if (record_is(record, "step"))
		put_step(&run->steps, record);
	else if (record_is(record, "item"))
		take_item(run, record);
	else if (record_is(record, "fix") && has_run(record))
		record_list_add(&run->fixes, record_copy(record));
	else if (record_is(record, "error") ||
		 (record_is(record, "log") && warns(record)))
		record_list_add(&run->errors, record_copy(record));
	else if (record_is(record, "end")) {
		record_free(run->end);
		run->end = record_copy(record);
	}
}

/* --- the whole journal ---------------------------------------------------- */

static void
begin_run(struct report *report, const struct record *record)
{
	MEM_GROW(report->runs, report->n_runs, report->alloc_runs);
	report->runs[report->n_runs++] = (struct report_run){
		.begin = record_copy(record),
		.last = report_time(record),
	};
}

/* Only one operation runs at a time, but an attempt that is refused writes
 * between the records of the one that does. */
static struct report_run *
run_of(struct report *report, const struct record *record)
{
	size_t i;

	for (i = report->n_runs; i > 0; i--)
		if (report_says(report->runs[i - 1].begin, "run",
				record_get(record, "run")))
			return &report->runs[i - 1];
	return NULL;
}

static void
take(struct report *report, const struct record *record)
{
	struct report_run *run;
	struct record **newest = NULL;

	/* One that found another at work has done nothing. */
	if (record_is(record, "begin") && !record_get_bool(record, "refused"))
		begin_run(report, record);
	run = run_of(report, record);
	if (!run)
		return;
	if (record_is(record, "cluster"))
		newest = &report->clusters[!report_says(record, "side",
							"source")];
	else if (record_is(record, "mechanism"))
		newest = &report->mechanism;
	else if (record_is(record, "check"))
		report_take_finding(report, record);
	if (newest) {
		record_free(*newest);
		*newest = record_copy(record);
	}
	take_of_run(run, record);
}

bool
report_read(struct report *report, const struct state_dir *dir, struct err *err)
{
	struct journal_reader *reader = journal_reader_open(dir, err);
	struct record *record;

	if (!reader)
		return false;
	report->checked = SIZE_MAX;
	while ((record = journal_reader_next(reader))) {
		take(report, record);
		record_free(record);
	}
	journal_reader_close(reader);
	return true;
}

static void
release_run(struct report_run *run)
{
	size_t i;

	record_free(run->begin);
	record_free(run->end);
	record_list_clear(&run->steps);
	record_list_clear(&run->items);
	record_list_clear(&run->fixes);
	record_list_clear(&run->errors);
	index_release(&run->running);
	index_release(&run->said);
	for (i = 0; i < run->n_copies; i++)
		free(run->copies[i].database);
	for (i = 0; i < run->n_waits; i++)
		free(run->waits[i].database);
	free(run->copies);
	free(run->waits);
}

void
report_release(struct report *report)
{
	size_t i;

	for (i = 0; i < report->n_runs; i++)
		release_run(&report->runs[i]);
	for (i = 0; i < report->n_findings; i++) {
		record_free(report->findings[i].check);
		free(report->findings[i].since);
		free(report->findings[i].looked);
		free(report->findings[i].now);
	}
	free(report->runs);
	free(report->findings);
	index_release(&report->places);
	record_free(report->clusters[0]);
	record_free(report->clusters[1]);
	record_free(report->mechanism);
	*report = (struct report){0};
}
