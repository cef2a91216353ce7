/* SPDX-License-Identifier: PostgreSQL */
/* The detail of one database as lines of text. */
#include "detail_text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "draw_text.h"
#include "mem.h"

#define LABEL "%-12s "
/* From here on bytes are told in kB: the number itself says more. */
#define ROUNDED 10240

static void
add_bytes(struct strbuf *text, const struct record *r, const char *key)
{
	if (record_has(r, key))
		strbuf_bytes(text, record_get_int(r, key));
	else
		strbuf_add(text, "unknown");
}

static void
add_text(struct strbuf *text, const char *label, const char *value)
{
	if (value && *value)
		strbuf_addf(text, LABEL "%s\n", label, value);
}

static void
add_copied(struct strbuf *text, const struct record *row)
{
	long long total = record_get_int(row, "total_bytes");

	if (record_get_int(row, "tables") <= 0)
		return;
	strbuf_addf(text, LABEL, "Copied");
	strbuf_bytes(text, record_get_int(row, "copied_bytes"));
	strbuf_add(text, " of ");
	strbuf_bytes(text, total);
	strbuf_addf(text, ", %lld of %lld tables",
		    record_get_int(row, "tables_ready"),
		    record_get_int(row, "tables"));
	if (record_get_real(row, "rate") > 0) {
		strbuf_add(text, ", ");
		add_rate(text, record_get_real(row, "rate"));
	}
	strbuf_addc(text, '\n');
	if (record_has(row, "entries"))
		strbuf_addf(text, LABEL "%lld of %lld done\n", "Indexes",
			    record_get_int(row, "entries_ready"),
			    record_get_int(row, "entries"));
}

static void
add_drift(struct strbuf *text, const struct record *table)
{
	size_t i, n = record_count(table, "differences");

	strbuf_scrub(text, record_get(table, "table"));
	strbuf_add(text, ", of role ");
	strbuf_scrub(text, record_get(table, "owner"));
	for (i = 0; i < n; i++) {
		strbuf_add(text, i ? "; " : ": ");
		strbuf_scrub(text, record_item_text(table, "differences", i));
	}
}

void
detail_text_drift(struct strbuf *text, const struct record *row)
{
	size_t i, n = record_count(row, "drift");
	long long total = record_get_int(row, "drifted_tables");
	struct record *table;

	for (i = 0; i < n; i++) {
		table = record_item(row, "drift", i);
		strbuf_sep(text, "\n");
		add_drift(text, table);
		record_free(table);
	}
	if (total > (long long)n)
		strbuf_addf(text, "\n%lld more", total - (long long)n);
}

void
detail_text_kept(struct strbuf *text, const struct record *row)
{
	if (!record_has(row, "retained_bytes"))
		return;
	strbuf_add(text, "the source keeps ");
	strbuf_bytes(text, record_get_int(row, "retained_bytes"));
	if (!record_has(row, "safe_bytes")) {
		strbuf_add(text, " for its slot, without a bound");
		return;
	}
	strbuf_add(text, " for its slot, which is given up after ");
	strbuf_bytes(text, record_get_int(row, "safe_bytes"));
	strbuf_add(text, " more");
}

/* A label before each line. */
static void
add_lines(struct strbuf *text, const char *label, const char *lines)
{
	size_t n;

	for (; *lines; lines += n + (lines[n] == '\n')) {
		n = strcspn(lines, "\n");
		strbuf_addf(text, LABEL "%.*s\n", label, (int)n, lines);
	}
}

void
detail_text_row(struct strbuf *text, const struct record *row)
{
	struct strbuf lines = STRBUF_INIT;

	if (record_has(row, "xlog_difference")) {
		strbuf_addf(text, LABEL, "Difference");
		add_bytes(text, row, "xlog_difference");
		if (record_get_int(row, "xlog_difference") >= ROUNDED)
			strbuf_addf(text, " (%lld bytes)",
				    record_get_int(row, "xlog_difference"));
		strbuf_addc(text, '\n');
	}
	add_copied(text, row);
	add_text(text, "Last error", record_get(row, "last_error"));
	detail_text_drift(&lines, row);
	add_lines(text, "Differs", lines.text);
	strbuf_release(&lines);
	add_text(text, "What to do", record_get(row, "hint"));
}

/* --- slot and workers ----------------------------------------------------- */

static void
add_process(struct strbuf *text, const struct record *r)
{
	if (record_has(r, "pid"))
		strbuf_addf(text, ", process %lld", record_get_int(r, "pid"));
	if (record_get(r, "state"))
		strbuf_addf(text, ", %s", record_get(r, "state"));
	if (record_has(r, "seconds")) {
		strbuf_add(text, ", for ");
		add_duration(text, record_get_real(r, "seconds"));
	}
}

static void
add_position(struct strbuf *text, const char *label, const char *lsn)
{
	if (lsn)
		strbuf_addf(text, LABEL "%s", label, lsn);
}

static void
add_slot(struct strbuf *text, const struct record *slot)
{
	strbuf_addf(text, LABEL "%s, %s", "Slot", record_get(slot, "slot"),
		    record_get_bool(slot, "active") ? "active" : "not in use");
	if (record_get(slot, "wal_status"))
		strbuf_addf(text, ", WAL %s", record_get(slot, "wal_status"));
	strbuf_addc(text, '\n');
	add_position(text, "  needs from", record_get(slot, "restart_lsn"));
	if (record_has(slot, "retained_bytes")) {
		strbuf_add(text, ", keeps ");
		add_bytes(text, slot, "retained_bytes");
	}
	if (record_has(slot, "safe_bytes")) {
		strbuf_add(text, ", lost after ");
		add_bytes(text, slot, "safe_bytes");
		strbuf_add(text, " more");
	}
	strbuf_addc(text, '\n');
	add_position(text, "  confirmed", record_get(slot, "confirmed_lsn"));
	if (record_has(slot, "xlog_difference"))
		strbuf_addf(text, ", %lld bytes behind",
			    record_get_int(slot, "xlog_difference"));
	strbuf_addf(text, "\n" LABEL "%s", "  source at",
		    record_get(slot, "lsn"));
	strbuf_addc(text, '\n');
	if (!record_has(slot, "pid"))
		return;
	strbuf_addf(text, LABEL "walsender", "Source");
	add_process(text, slot);
	if (record_has(slot, "reply_seconds")) {
		strbuf_add(text, ", answered ");
		add_duration(text, record_get_real(slot, "reply_seconds"));
		strbuf_add(text, " ago");
	}
	strbuf_addc(text, '\n');
}

static void
add_worker(struct strbuf *text, const struct record *worker)
{
	const char *side = record_get(worker, "side");

	strbuf_addf(text, LABEL "%s",
		    side && *side == 's' ? "Source" : "Destination",
		    record_get(worker, "what"));
	add_process(text, worker);
	if (record_has(worker, "message_seconds")) {
		strbuf_add(text, ", last message ");
		add_duration(text,
			     record_get_real(worker, "message_seconds"));
		strbuf_add(text, " ago");
	}
	strbuf_addc(text, '\n');
	add_text(text, "", record_get(worker, "doing"));
}

static void
each(struct strbuf *text, const struct record *detail, const char *array,
     void (*add)(struct strbuf *text, const struct record *item))
{
	struct record *item;
	size_t i;

	for (i = 0; i < record_count(detail, array); i++) {
		item = record_item(detail, array, i);
		add(text, item);
		record_free(item);
	}
}

static void
add_error(struct strbuf *text, const struct record *error)
{
	strbuf_addf(text, "The %s says: %s\n", record_get(error, "side"),
		    record_get(error, "message"));
}

void
detail_text_servers(struct strbuf *text, const struct record *detail)
{
	if (!detail)
		return;
	each(text, detail, "slots", add_slot);
	each(text, detail, "workers", add_worker);
	add_text(text, "Applied", record_get(detail, "applied_lsn"));
	add_text(text, "Down", record_get(detail, "reason"));
	add_text(text, "Tables", record_get(detail, "tables_error"));
	each(text, detail, "errors", add_error);
}

/* --- messages ------------------------------------------------------------- */

static void
add_message(struct strbuf *text, const struct record *m)
{
	time_t at = (time_t)record_time(m);
	const char *level = record_get(m, "level");
	char clock[24];
	struct tm tm;

	localtime_r(&at, &tm);
	strftime(clock, sizeof(clock), "%d %H:%M:%S", &tm);
	strbuf_addf(text, "%s %s: %s\n", clock, level ? level : "",
		    record_get(m, "message"));
	if (record_get(m, "detail"))
		strbuf_addf(text, "   Detail: %s\n", record_get(m, "detail"));
	if (record_get(m, "hint"))
		strbuf_addf(text, "   Hint: %s\n", record_get(m, "hint"));
}

void
detail_text_messages(struct strbuf *text, const struct record *detail)
{
	struct record *m;
	size_t i;

	for (i = detail ? record_count(detail, "messages") : 0; i > 0; i--) {
		m = record_item(detail, "messages", i - 1);
		add_message(text, m);
		record_free(m);
	}
}

char *
detail_text_table(const struct record *table)
{
	char *name = mem_printf("%s.%s", record_get(table, "schema"),
				record_get(table, "table"));
	struct strbuf clean = STRBUF_INIT;

	strbuf_scrub(&clean, name);
	free(name);
	return strbuf_detach(&clean);
}
