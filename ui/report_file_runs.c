/* SPDX-License-Identifier: PostgreSQL */
/* What was run: a table of all operations, and each of them in detail. */
#include <stdlib.h>
#include <string.h>

#include "markdown.h"
#include "mem.h"
#include "report_file.h"

static bool
is_command(const struct report_run *run, const char *command)
{
	return report_says(run->begin, "command", command);
}

void
report_add_result(struct strbuf *sb, const struct report_run *run)
{
	const char *message = run->end ? record_get(run->end, "message") : NULL;

	if (record_get_bool(run->begin, "dry_run"))
		strbuf_add(sb, "dry run: ");
	if (!run->end)
		strbuf_add(sb, "no end was written: it runs, or was killed");
	else if (record_get_bool(run->end, "paused"))
		strbuf_add(sb, "paused after a step, as it was asked to");
	else if (record_get_int(run->end, "exit") == 0)
		strbuf_add(sb, "done");
	else if (message)
		md_text(sb, message);
	else
		strbuf_addf(sb, "exit status %lld",
			    record_get_int(run->end, "exit"));
}

static void
add_took(struct strbuf *sb, const struct report_run *run)
{
	md_seconds(sb, run->last - report_time(run->begin));
}

static void
add_overview(struct strbuf *sb, const struct report *report)
{
	size_t i;

	strbuf_add(sb, "\n## What was run\n\n");
	md_head(sb, "# | Began (UTC) | Operation | Took | Result");
	for (i = 0; i < report->n_runs; i++) {
		strbuf_addf(sb, "| %zu | ", i + 1);
		report_add_time(sb, record_get(report->runs[i].begin, "time"));
		strbuf_add(sb, " | ");
		md_text(sb, record_get(report->runs[i].begin, "command"));
		strbuf_add(sb, " | ");
		add_took(sb, &report->runs[i]);
		strbuf_add(sb, " | ");
		report_add_result(sb, &report->runs[i]);
		strbuf_add(sb, " |\n");
	}
}

/* --- one run -------------------------------------------------------------- */

static void
add_steps(struct strbuf *sb, const struct report_run *run)
{
	const struct record *step;
	size_t i;

	if (run->steps.n == 0)
		return;
	strbuf_addc(sb, '\n');
	md_head(sb, "Step | State | Took");
	for (i = 0; i < run->steps.n; i++) {
		step = run->steps.items[i];
		strbuf_addf(sb, "| %lld. ", record_get_int(step, "n"));
		md_text(sb, record_get(step, "title"));
		strbuf_add(sb, " | ");
		md_text(sb, record_get(step, "state"));
		strbuf_add(sb, " | ");
		if (record_has(step, "seconds"))
			md_seconds(sb, record_get_real(step, "seconds"));
		strbuf_add(sb, " |\n");
	}
}

static void
add_copy(struct strbuf *sb, const struct report_run *run,
	 const struct report_copy *copy)
{
	double took = copy->to - copy->from;

	strbuf_add(sb, "| ");
	md_code(sb, copy->database);
	strbuf_addf(sb, " | %lld | %lld | ", copy->tables, copy->rows);
	strbuf_bytes(sb, copy->bytes);
	strbuf_add(sb, " | ");
	if (copy->to > 0)
		md_seconds(sb, took);
	strbuf_add(sb, " | ");
	/* A rate of next to nothing says nothing. */
	if (copy->to > 0 && took >= 0.1) {
		strbuf_bytes(sb, (long long)((double)copy->bytes / took));
		strbuf_add(sb, "/s");
	}
	strbuf_add(sb, " | ");
	if (copy->in_step > 0)
		md_seconds(sb, copy->in_step - report_time(run->begin));
	else
		strbuf_add(sb, "not reached");
	strbuf_add(sb, " |\n");
}

static void
add_copies(struct strbuf *sb, const struct report_run *run)
{
	size_t i;

	if (run->n_copies == 0)
		return;
	strbuf_addc(sb, '\n');
	md_head(sb, "Database | Tables copied | Rows | Bytes on the source | "
		    "Copy took | Rate | Replicating after");
	for (i = 0; i < run->n_copies; i++)
		add_copy(sb, run, &run->copies[i]);
}

static void
add_bytes(struct strbuf *sb, long long bytes)
{
	if (bytes < 0)
		strbuf_add(sb, "unknown");
	else
		strbuf_bytes(sb, bytes);
}

static void
add_waits(struct strbuf *sb, const struct report_run *run)
{
	size_t i;

	if (run->n_waits == 0)
		return;
	strbuf_add(sb, "\nThe xlog difference is what the source had written "
		       "and the destination had not confirmed.\n\n");
	md_head(sb, "Database | Xlog difference when the wait began | "
		    "When it ended");
	for (i = 0; i < run->n_waits; i++) {
		strbuf_add(sb, "| ");
		md_code(sb, run->waits[i].database);
		strbuf_add(sb, " | ");
		add_bytes(sb, run->waits[i].behind);
		strbuf_add(sb, " | ");
		add_bytes(sb, run->waits[i].difference);
		strbuf_add(sb, " |\n");
	}
}

/* --- items ---------------------------------------------------------------- */

static void
add_item(struct strbuf *sb, const struct record *item)
{
	const char *state = record_get(item, "state");
	const char *detail = record_get(item, "detail");

	strbuf_add(sb, "- ");
	if (state && strcmp(state, "ok") != 0) {
		md_text(sb, strcmp(state, "run") == 0 ? "not ended" : state);
		strbuf_add(sb, ": ");
	}
	report_add_place(sb, item);
	if (detail) {
		strbuf_add(sb, ": ");
		md_text(sb, detail);
	}
	strbuf_addc(sb, '\n');
}

/* Of what brings things over only what is not as usual is worth a line. */
static bool
is_listed(const struct report_run *run, const struct record *item)
{
	return is_command(run, "stop") || is_command(run, "uninstall") ||
	       !report_says(item, "state", "ok");
}

static const char *
items_title(const struct report_run *run)
{
	if (is_command(run, "uninstall"))
		return "What it took away, and what it left";
	return is_command(run, "stop") ? "What it did" : "Of note";
}

struct numbered {
	const struct record *item;
	size_t i;
};

/* By database, what is of none at the end; else as they were said. */
static int
compare_items(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;
	const char *p = record_get(x->item, "database");
	const char *q = record_get(y->item, "database");
	int order = p && q ? strcmp(p, q) : (p ? -1 : 0) + (q ? 1 : 0);

	return order ? order : (x->i > y->i) - (x->i < y->i);
}

static struct numbered *
sort_items(const struct record_list *items, size_t *n)
{
	struct numbered *sorted = MEM_ARRAY(struct numbered, items->n + 1);
	size_t i;

	for (i = 0, *n = 0; i < items->n; i++)
		if (items->items[i])
			sorted[(*n)++] =
				(struct numbered){items->items[i], i};
	qsort(sorted, *n, sizeof(*sorted), compare_items);
	return sorted;
}

static void
add_items(struct strbuf *sb, const struct report_run *run)
{
	size_t i, n_items, n = 0, left = 0;
	struct numbered *sorted = sort_items(&run->items, &n_items);

	for (i = 0; i < n_items; i++) {
		if (!is_listed(run, sorted[i].item)) {
			left++;
			continue;
		}
		if (n++ == 0)
			strbuf_addf(sb, "\n%s:\n\n", items_title(run));
		add_item(sb, sorted[i].item);
	}
	free(sorted);
	if (left > 0)
		strbuf_addf(sb,
			    "\n%zu %s without a problem, which the journal "
			    "names.\n",
			    left, left == 1 ? "part was done"
					    : "parts were done");
}

/* --- errors --------------------------------------------------------------- */

static void
add_words(struct strbuf *sb, const struct record *record)
{
	static const char *const more[][2] = {
		{"where", "Where: "}, {"detail", "Detail: "}, {"hint", "Hint: "}};
	const char *database = record_get(record, "database");
	const char *sqlstate = record_get(record, "sqlstate");
	size_t i;

	if (database) {
		md_code(sb, database);
		strbuf_add(sb, ": ");
	}
	md_text(sb, record_get(record, "message"));
	if (sqlstate && *sqlstate) {
		strbuf_add(sb, " (SQLSTATE ");
		md_text(sb, sqlstate);
		strbuf_addc(sb, ')');
	}
	for (i = 0; i < LENGTH_OF(more); i++)
		if (record_get(record, more[i][0])) {
			strbuf_addf(sb, "\n  %s", more[i][1]);
			md_text(sb, record_get(record, more[i][0]));
		}
	strbuf_addc(sb, '\n');
}

static void
add_errors(struct strbuf *sb, const struct report_run *run)
{
	const struct record *record;
	size_t i;

	if (run->errors.n == 0)
		return;
	strbuf_add(sb, "\nErrors and warnings:\n\n");
	for (i = 0; i < run->errors.n; i++) {
		record = run->errors.items[i];
		strbuf_add(sb, record_is(record, "error") ||
					       report_says(record, "level",
							   "error")
				       ? "- error: "
				       : "- warning: ");
		add_words(sb, record);
	}
}

static void
add_run(struct strbuf *sb, const struct report_run *run, size_t number)
{
	strbuf_addf(sb, "\n## %zu. ", number);
	md_text(sb, record_get(run->begin, "command"));
	strbuf_add(sb, ", ");
	report_add_time(sb, record_get(run->begin, "time"));
	strbuf_add(sb, " UTC\n\n");
	if (run->end && record_get_int(run->end, "exit") != 0) {
		strbuf_add(sb, "It failed: ");
		add_words(sb, run->end);
	} else {
		strbuf_add(sb, "Result: ");
		report_add_result(sb, run);
		strbuf_add(sb, ".\n");
	}
	report_add_fixes(sb, run);
	add_steps(sb, run);
	add_copies(sb, run);
	add_waits(sb, run);
	add_items(sb, run);
	add_errors(sb, run);
}

/* What a check found has a section of its own; a dry run did nothing. */
static bool
has_section(const struct report_run *run)
{
	bool nothing = run->fixes.n + run->steps.n + run->items.n +
				       run->errors.n + run->n_copies +
				       run->n_waits ==
			       0 &&
		       run->end && record_get_int(run->end, "exit") == 0;

	return !is_command(run, "check") && !nothing &&
	       !record_get_bool(run->begin, "dry_run");
}

void
report_add_runs(struct strbuf *sb, const struct report *report)
{
	size_t i;

	add_overview(sb, report);
	for (i = 0; i < report->n_runs; i++)
		if (has_section(&report->runs[i]))
			add_run(sb, &report->runs[i], i + 1);
}
