/* SPDX-License-Identifier: PostgreSQL */
/*
 * What checks have found: everything that was not OK at any time, and how it
 * stood when it was last asked for.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "markdown.h"
#include "mem.h"
#include "report_file.h"

static void
replace(char **text, const char *new)
{
	free(*text);
	*text = mem_strdup(new);
}

static const char *const place_keys[] = {"id", "side", "database"};

/* The same check of the same place, whatever object it names. */
static bool
same_place(const struct record *a, const struct record *b)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(place_keys); i++)
		if (!report_says(a, place_keys[i],
				 record_get(b, place_keys[i])))
			return false;
	return true;
}

static uint32_t
hash_place(const struct record *check)
{
	uint32_t hash = 0;
	size_t i;

	for (i = 0; i < LENGTH_OF(place_keys); i++)
		hash = index_hash(hash, record_get(check, place_keys[i]));
	return hash;
}

struct wanted {
	const struct report *report;
	const struct record *check;
};

static bool
is_place(const void *arg, size_t at)
{
	const struct wanted *w = arg;

	return same_place(w->report->findings[at].check, w->check);
}

static size_t
find_place(const struct report *report, const struct record *check)
{
	struct wanted wanted = {report, check};

	return index_find(&report->places, hash_place(check), is_place,
			  &wanted);
}

/* A check that names an object no more has found it in order, or gone. */
static struct report_finding *
look_again(struct report *report, const struct record *check)
{
	struct report_finding *f, *found = NULL;
	size_t at = find_place(report, check);

	for (; at != SIZE_MAX; at = f->next) {
		f = &report->findings[at];
		if (f->run != report->n_runs - 1) {
			f->run = report->n_runs - 1;
			replace(&f->looked, record_get(check, "time"));
			replace(&f->now, report_says(check, "status", "skip")
						 ? "skip"
						 : "ok");
		}
		if (report_says(f->check, "object",
				record_get(check, "object")))
			found = f;
	}
	return found;
}

/* The index knows the first of a place, which leads to the others. */
static struct report_finding *
new_finding(struct report *report, const struct record *check)
{
	size_t first = find_place(report, check), at = report->n_findings;
	struct report_finding *f;

	MEM_GROW(report->findings, report->n_findings,
		 report->alloc_findings);
	f = &report->findings[report->n_findings++];
	*f = (struct report_finding){
		.check = record_copy(check),
		.since = mem_strdup(record_get(check, "time")),
		.looked = mem_strdup(record_get(check, "time")),
		.run = report->n_runs - 1,
		.next = SIZE_MAX,
	};
	if (first == SIZE_MAX) {
		index_add(&report->places, hash_place(check), at);
	} else {
		f->next = report->findings[first].next;
		report->findings[first].next = at;
	}
	return f;
}

void
report_take_finding(struct report *report, const struct record *check)
{
	struct report_finding *f = look_again(report, check);

	if (report->checked != report->n_runs - 1)
		report->n_ok = 0;
	report->checked = report->n_runs - 1;
	if (report_says(check, "status", "ok")) {
		report->n_ok++;
		return;
	}
	if (!f && report_says(check, "status", "skip"))
		return;
	if (!f)
		f = new_finding(report, check);
	replace(&f->now, record_get(check, "status"));
	if (report_says(check, "status", "skip"))
		return;
	record_free(f->check);
	f->check = record_copy(check);
}

/* --- written -------------------------------------------------------------- */

void
report_add_place(struct strbuf *sb, const struct record *record)
{
	const char *side = record_get(record, "side");
	const char *database = record_get(record, "database");
	/* of a finding the schema stands in the object's name already */
	const char *schema = record_is(record, "check")
				     ? NULL
				     : record_get(record, "schema");
	const char *object = record_get(record, "object");
	char *whole;

	if (side)
		md_text(sb,
			strcmp(side, "local") == 0 ? "this machine" : side);
	if (database) {
		strbuf_add(sb, side ? " " : "");
		md_code(sb, database);
	}
	if (object) {
		whole = mem_printf("%s%s%s", schema ? schema : "",
				   schema ? "." : "", object);
		strbuf_add(sb, side || database ? " " : "");
		md_code(sb, whole);
		free(whole);
	}
}

static const struct {
	const char *status;
	const char *shown;
} words[] = {
	{"ko", "**KO**"},	 {"warn", "WARN"},   {"ignored", "ignored"},
	{"skip", "not asked"}, {"ok", "OK now"},
};

static void
add_now(struct strbuf *sb, const struct report_finding *f)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(words); i++)
		if (f->now && strcmp(words[i].status, f->now) == 0)
			strbuf_add(sb, words[i].shown);
	if (report_says(f->check, "was", "ko") && f->now &&
	    strcmp(f->now, "ignored") == 0)
		strbuf_add(sb, " KO");
}

static void
add_finding(struct strbuf *sb, const struct report_finding *f)
{
	const char *title = record_get(f->check, "title");
	const char *reason = record_get(f->check, "reason");

	strbuf_add(sb, "| ");
	add_now(sb, f);
	strbuf_add(sb, " | ");
	md_text(sb, title ? title : record_get(f->check, "id"));
	strbuf_add(sb, " | ");
	report_add_place(sb, f->check);
	strbuf_add(sb, " | ");
	md_code(sb, record_get(f->check, "current"));
	strbuf_add(sb, " | ");
	md_code(sb, record_get(f->check, "needed"));
	strbuf_add(sb, " | ");
	report_add_time(sb, f->since);
	strbuf_add(sb, " | ");
	report_add_time(sb, f->looked);
	if (reason) {
		strbuf_add(sb, "; ignored, for: ");
		md_text(sb, reason);
	}
	strbuf_add(sb, " |\n");
}

static size_t
count(const struct report *report, const char *now)
{
	size_t i, n = 0;

	for (i = 0; i < report->n_findings; i++)
		n += strcmp(report->findings[i].now, now) == 0;
	return n;
}

static void
add_all_that_are(struct strbuf *sb, const struct report *report,
		 const char *now)
{
	size_t i;

	for (i = 0; i < report->n_findings; i++)
		if (strcmp(report->findings[i].now, now) == 0)
			add_finding(sb, &report->findings[i]);
}

void
report_add_findings(struct strbuf *sb, const struct report *report)
{
	size_t i;

	strbuf_add(sb, "\n## What the checks found\n\n");
	if (report->checked == SIZE_MAX) {
		strbuf_add(sb, "No check was run.\n");
		return;
	}
	strbuf_addf(sb,
		    "The newest run that checked found %lld in order. Of all "
		    "that was ever found not to be, when it was last asked "
		    "for: %zu KO, %zu WARN, %zu ignored, %zu OK, %zu not "
		    "asked.\n",
		    report->n_ok, count(report, "ko"), count(report, "warn"),
		    count(report, "ignored"), count(report, "ok"),
		    count(report, "skip"));
	if (report->n_findings == 0)
		return;
	strbuf_addc(sb, '\n');
	md_head(sb, "Now | Check | Where | Found | Needed | First found | "
		    "Last asked");
	for (i = 0; i < LENGTH_OF(words); i++)
		add_all_that_are(sb, report, words[i].status);
}

/* --- fixes ---------------------------------------------------------------- */

static void
add_line(struct strbuf *sb, const char *label, const char *text)
{
	if (!text)
		return;
	strbuf_addf(sb, "  %s", label);
	md_text(sb, text);
	strbuf_addc(sb, '\n');
}

static void
add_fix(struct strbuf *sb, const struct record *fix)
{
	bool done = report_says(fix, "state", "done");

	strbuf_add(sb, "- ");
	md_code(sb, record_get(fix, "check"));
	strbuf_add(sb, " on ");
	report_add_place(sb, fix);
	strbuf_addf(sb, ": %s%s%s\n",
		    record_get_bool(fix, "undoing") ? "taken back, " : "",
		    done ? "done" : "**failed**",
		    done && record_get_bool(fix, "restart")
			    ? ", in force after a restart"
			    : "");
	if (record_get(fix, "sql")) {
		strbuf_addc(sb, '\n');
		md_block(sb, "", record_get(fix, "sql"), 2);
		strbuf_addc(sb, '\n');
	}
	add_line(sb, "Said: ", record_get(fix, "message"));
	add_line(sb, "Detail: ", record_get(fix, "detail"));
	add_line(sb, "Cost: ", record_get(fix, "cost"));
	add_line(sb, "Undo: ", done ? record_get(fix, "undo") : NULL);
}

void
report_add_fixes(struct strbuf *sb, const struct report_run *run)
{
	size_t i;

	if (run->fixes.n == 0)
		return;
	strbuf_addc(sb, '\n');
	for (i = 0; i < run->fixes.n; i++)
		add_fix(sb, run->fixes.items[i]);
}
