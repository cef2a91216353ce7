/* SPDX-License-Identifier: PostgreSQL */
/* The JSON object of a command. */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "mem.h"

#define FORMAT 1 /* additions keep it; a removal raises it */

/* Kinds of record that a script is told, and the array each goes to. */
static const struct {
	const char *type;
	const char *array;
} kinds[] = {
	{"check", "checks"}, {"fix", "fixes"},	  {"step", "steps"},
	{"item", "items"},   {"error", "errors"},
};

/* Members of the journal that mean nothing outside of it. */
static const char *const internal[] = {"type", "run", "time"};

struct record *
report_new(const char *command)
{
	struct record *r = record_new(NULL);

	record_text(r, "pgrepup", PACKAGE_VERSION);
	record_int(r, "format", FORMAT);
	record_text(r, "command", command);
	record_bool(r, "ok", false);
	record_int(r, "exit", 0);
	record_array(r, "errors");
	return r;
}

static void
append(struct record *report, const char *array, const struct record *record)
{
	struct record *copy = record_copy(record);
	size_t i;

	for (i = 0; i < LENGTH_OF(internal); i++)
		record_drop(copy, internal[i]);
	record_append(report, array, copy);
	record_free(copy);
}

/* The steps that were planned and never began, after those that ended. */
static void
add_waiting(struct record *report)
{
	size_t i, n = record_count(report, "plan");
	struct record *step;

	for (i = 0; i < n; i++) {
		step = record_item(report, "plan", i);
		record_drop(step, "pauses");
		record_drop(step, "leaves");
		record_int(step, "n", (long long)i + 1);
		record_int(step, "of", (long long)n);
		record_text(step, "state", "wait");
		if ((long long)i >= record_get_int(report, "begun"))
			record_append(report, "steps", step);
		record_free(step);
	}
	record_drop(report, "plan");
	record_drop(report, "begun");
}

static void
take_plan(struct record *report, const struct record *plan)
{
	struct record *step;
	size_t i;

	record_drop(report, "plan");
	record_int(report, "begun", 0);
	for (i = 0; i < record_count(plan, "steps"); i++) {
		step = record_item(plan, "steps", i);
		record_append(report, "plan", step);
		record_free(step);
	}
}

void
report_add(struct record *report, const struct record *record)
{
	const char *state = record_get(record, "state");
	size_t i;

	if (record_is(record, "plan"))
		take_plan(report, record);
	if (record_is(record, "step"))
		record_int(report, "begun", record_get_int(record, "n"));
	/* A step or item is told once, as it ended. */
	if (state && strcmp(state, "run") == 0)
		return;
	for (i = 0; i < LENGTH_OF(kinds); i++)
		if (record_is(record, kinds[i].type))
			append(report, kinds[i].array, record);
}

void
report_print(struct record *report, int status, const struct err *err)
{
	struct record *error;
	char *line;

	add_waiting(report);
	record_bool(report, "ok", status == 0);
	record_int(report, "exit", status);
	if (err_is_set(err)) {
		error = record_new(NULL);
		record_text(error, "id", err_kind_name(err->kind));
		record_err(error, err);
		record_append(report, "errors", error);
		record_free(error);
	}
	line = record_line(report);
	puts(line);
	fflush(stdout);
	free(line);
	record_free(report);
}
