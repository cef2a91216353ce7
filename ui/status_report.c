/* SPDX-License-Identifier: PostgreSQL */
/* A sample of the monitor as a table, and as JSON. */
#include "status_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detail_text.h"
#include "mem.h"
#include "plain.h"
#include "report.h"
#include "strbuf.h"

#define MIN_NAME 8

/* --- one row as an object ------------------------------------------------- */

static void
add_number(struct record *r, const char *key, long long value)
{
	if (value < 0)
		record_null(r, key);
	else
		record_int(r, key, value);
}

static void
add_drift(struct record *r, const struct drift *drift)
{
	struct record *table;
	size_t i, k;

	record_int(r, "drifted_tables", (long long)drift->total);
	record_array(r, "drift");
	for (i = 0; i < drift->n; i++) {
		table = record_new(NULL);
		record_text(table, "table", drift->tables[i].name);
		record_text(table, "owner", drift->tables[i].owner);
		record_array(table, "differences");
		for (k = 0; k < drift->tables[i].differences.n; k++)
			record_append_text(
				table, "differences",
				drift->tables[i].differences.items[k]);
		record_append(r, "drift", table);
		record_free(table);
	}
}

static struct record *
database_object(const struct database_status *db)
{
	struct record *r = record_new(NULL);

	record_text(r, "database", db->name);
	record_text(r, "state", database_state_name(db->state));
	add_number(r, "xlog_difference", db->xlog_difference);
	record_int(r, "copied_bytes", db->copied_bytes);
	record_int(r, "total_bytes", db->total_bytes);
	record_int(r, "tables", db->tables);
	record_int(r, "tables_ready", db->tables_ready);
	if (db->rate > 0)
		record_real(r, "rate", db->rate);
	else
		record_null(r, "rate");
	if (db->in_indexes) {
		record_int(r, "entries", db->entries);
		record_int(r, "entries_ready", db->entries_ready);
	}
	record_text(r, "last_error", db->last_error);
	record_text(r, "hint", db->hint);
	if (db->state == DATABASE_DOWN) {
		add_number(r, "retained_bytes", db->retained_bytes);
		add_number(r, "safe_bytes", db->safe_bytes);
		add_drift(r, &db->drift);
	}
	return r;
}

/* --- a table -------------------------------------------------------------- */

static int
columns(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

/* printf counts bytes, a terminal characters. */
static void
add_padded(struct strbuf *line, const char *text, int width)
{
	int n = columns(text);

	strbuf_add(line, text);
	for (; n < width; n++)
		strbuf_addc(line, ' ');
}

static void
add_duration(struct strbuf *sb, double seconds)
{
	long long s = (long long)(seconds + 0.5);

	strbuf_addf(sb, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
}

static void
add_copied(struct strbuf *sb, const struct database_status *db)
{
	if (db->load < LOAD_LOADING) {
		strbuf_add(sb, "-");
		return;
	}
	if (db->copied_bytes < db->total_bytes) {
		strbuf_bytes(sb, db->copied_bytes);
		strbuf_add(sb, " of ");
	}
	strbuf_bytes(sb, db->total_bytes);
	if (db->in_indexes)
		strbuf_addf(sb, ", %lld of %lld indexes and constraints",
			    db->entries_ready, db->entries);
	if (db->load != LOAD_LOADING || db->rate <= 0)
		return;
	strbuf_add(sb, ", ");
	strbuf_bytes(sb, (long long)db->rate);
	strbuf_add(sb, "/s, ");
	add_duration(sb, (double)(db->total_bytes - db->copied_bytes) /
				 db->rate);
	strbuf_add(sb, " left");
}

static void
add_difference(struct strbuf *sb, long long difference)
{
	if (difference < 0)
		strbuf_add(sb, "-");
	else
		strbuf_bytes(sb, difference);
}

/* What it is at while it is "initializing". */
static const char *
state_text(const struct database_status *db)
{
	if (db->state == DATABASE_INITIALIZING && db->load == LOAD_COPIED)
		return "initializing (indexes)";
	return database_state_name(db->state);
}

static void
print_row(const char *name, int width, const char *state, const char *tables,
	  const char *copied, const char *difference)
{
	struct strbuf line = STRBUF_INIT;

	strbuf_addc(&line, ' ');
	add_padded(&line, name, width);
	strbuf_add(&line, "  ");
	add_padded(&line, state, 22);
	strbuf_addf(&line, "  %9s  %12s  ", tables, difference);
	strbuf_add(&line, copied);
	puts(line.text);
	strbuf_release(&line);
}

/* A label before each line; what servers say is scrubbed. */
static void
print_lines(const char *label, const char *text)
{
	struct strbuf clean = STRBUF_INIT;
	size_t n;
	char *line;

	for (; text && *text; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		line = mem_strndup(text, n);
		strbuf_reset(&clean);
		strbuf_scrub(&clean, line);
		printf("%s%s\n", label, clean.text);
		free(line);
	}
	strbuf_release(&clean);
}

static void
print_reason(const struct database_status *db)
{
	struct record *row = database_object(db);
	struct strbuf text = STRBUF_INIT;

	print_lines("   Reason: ", db->last_error);
	detail_text_drift(&text, row);
	print_lines("   Table: ", text.text);
	strbuf_reset(&text);
	detail_text_kept(&text, row);
	print_lines("   WAL: ", text.text);
	print_lines("   Hint: ", db->hint);
	strbuf_release(&text);
	record_free(row);
}

static void
print_database(const struct database_status *db, int width)
{
	struct strbuf name = STRBUF_INIT, copied = STRBUF_INIT;
	struct strbuf difference = STRBUF_INIT, tables = STRBUF_INIT;

	strbuf_scrub(&name, db->name);
	add_copied(&copied, db);
	add_difference(&difference, db->xlog_difference);
	if (db->load < LOAD_LOADING)
		strbuf_add(&tables, "-");
	else
		strbuf_addf(&tables, "%lld/%lld", db->tables_ready,
			    db->tables);
	print_row(name.text, width, state_text(db), tables.text, copied.text,
		  difference.text);
	print_reason(db);
	strbuf_release(&name);
	strbuf_release(&copied);
	strbuf_release(&difference);
	strbuf_release(&tables);
}

void
status_table(const struct monitor_sample *sample)
{
	struct strbuf worst = STRBUF_INIT, name = STRBUF_INIT;
	int width = MIN_NAME;
	size_t i;

	for (i = 0; i < sample->n; i++) {
		strbuf_reset(&name);
		strbuf_scrub(&name, sample->databases[i].name);
		if (columns(name.text) > width)
			width = columns(name.text);
	}
	if (sample->n > 0)
		print_row("Database", width, "State", "Tables", "Copied",
			  "Behind");
	for (i = 0; i < sample->n; i++)
		print_database(&sample->databases[i], width);
	add_difference(&worst, sample->xlog_difference);
	printf("Phase: %s. Xlog difference, worst of all: %s\n",
	       sample->phase, worst.text);
	fflush(stdout);
	if (err_is_set(&sample->source_error))
		plain_error(stderr, &sample->source_error);
	if (err_is_set(&sample->destination_error))
		plain_error(stderr, &sample->destination_error);
	strbuf_release(&name);
	strbuf_release(&worst);
}

/* --- one database --------------------------------------------------------- */

static void
print_tables(const struct record *detail)
{
	struct strbuf text = STRBUF_INIT;
	struct record *table;
	char *name;
	size_t i;

	for (i = 0; i < record_count(detail, "tables"); i++) {
		table = record_item(detail, "tables", i);
		name = detail_text_table(table);
		strbuf_addf(&text, "%-11s  %12lld rows  ",
			    record_get(table, "state"),
			    record_get_int(table, "rows"));
		strbuf_bytes(&text, record_get_int(table, "bytes"));
		strbuf_addf(&text, "  %s", name);
		if (record_get(table, "error"))
			strbuf_addf(&text, ": %s",
				    record_get(table, "error"));
		strbuf_addc(&text, '\n');
		free(name);
		record_free(table);
	}
	if (text.len > 0)
		printf("Tables:\n");
	print_lines(" ", text.text);
	strbuf_release(&text);
}

void
status_detail(const struct record *detail)
{
	struct strbuf text = STRBUF_INIT;

	detail_text_servers(&text, detail);
	print_lines(" ", text.text);
	print_tables(detail);
	strbuf_reset(&text);
	detail_text_messages(&text, detail);
	if (text.len > 0)
		printf("Last messages:\n");
	print_lines(" ", text.text);
	strbuf_release(&text);
	fflush(stdout);
}

/* --- JSON ----------------------------------------------------------------- */

static void
add_age(struct record *r, const char *key, double seconds)
{
	if (seconds < 0)
		record_null(r, key);
	else
		record_real(r, key, seconds);
}

static void
add_error(struct record *report, const char *side, const struct err *err)
{
	struct record *r;

	if (!err_is_set(err))
		return;
	r = record_new(NULL);
	record_text(r, "id", err_kind_name(err->kind));
	record_text(r, "side", side);
	record_err(r, err);
	record_append(report, "errors", r);
	record_free(r);
}

static void
add_database(struct record *report, const struct database_status *db)
{
	struct record *r = database_object(db);

	record_append(report, "databases", r);
	record_free(r);
}

/* All that is not of a single database. */
static void
finish_json(struct record *report, const struct monitor_sample *sample,
	    const struct record *detail, int status)
{
	struct err none = ERR_INIT;

	record_text(report, "phase", sample->phase);
	add_number(report, "xlog_difference", sample->xlog_difference);
	record_text(report, "source_lsn", sample->source_lsn);
	record_int(report, "slots", (long long)sample->slots);
	add_number(report, "retained_bytes", sample->retained_bytes);
	add_number(report, "safe_bytes", sample->safe_bytes);
	add_age(report, "source_age", sample->source_age);
	add_age(report, "destination_age", sample->destination_age);
	if (detail)
		record_object(report, "detail", detail);
	add_error(report, "source", &sample->source_error);
	add_error(report, "destination", &sample->destination_error);
	report_print(report, status, &none);
}

void
status_json(const struct monitor_sample *sample, const struct record *detail,
	    int status)
{
	struct record *report = report_new("status");
	size_t i;

	record_array(report, "databases");
	for (i = 0; i < sample->n; i++)
		add_database(report, &sample->databases[i]);
	finish_json(report, sample, detail, status);
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool
same_database(const struct database_status *a,
	      const struct database_status *b)
{
	return a->state == b->state &&
	       a->xlog_difference == b->xlog_difference &&
	       a->copied_bytes == b->copied_bytes &&
	       a->total_bytes == b->total_bytes && a->tables == b->tables &&
	       a->tables_ready == b->tables_ready && a->rate == b->rate &&
	       a->in_indexes == b->in_indexes && a->entries == b->entries &&
	       a->entries_ready == b->entries_ready &&
	       a->retained_bytes == b->retained_bytes &&
	       a->safe_bytes == b->safe_bytes &&
	       drift_is_same(&a->drift, &b->drift) &&
	       same_text(a->last_error, b->last_error) &&
	       same_text(a->hint, b->hint);
}

static bool
same_names(const struct monitor_sample *a, const struct monitor_sample *b)
{
	size_t i;

	for (i = 0; a->n == b->n && i < a->n; i++)
		if (strcmp(a->databases[i].name, b->databases[i].name) != 0)
			return false;
	return a->n == b->n;
}

void
status_changes(const struct monitor_sample *sample,
	       const struct monitor_sample *before)
{
	struct record *report;
	size_t i;

	if (!before->phase || !same_names(sample, before)) {
		status_json(sample, NULL, status_exit(sample));
		return;
	}
	report = report_new("status");
	record_bool(report, "changes", true);
	for (i = 0; i < sample->n; i++)
		if (!same_database(&sample->databases[i],
				   &before->databases[i]))
			add_database(report, &sample->databases[i]);
	finish_json(report, sample, NULL, status_exit(sample));
}

static bool
all_are(const struct monitor_sample *sample, enum database_state state)
{
	size_t i;

	for (i = 0; i < sample->n; i++)
		if (sample->databases[i].state != state)
			return false;
	return sample->n > 0;
}

int
status_exit(const struct monitor_sample *sample)
{
	const struct err *err = err_is_set(&sample->source_error)
					? &sample->source_error
					: &sample->destination_error;

	if (err_is_set(err))
		return err_exit_status(err->kind);
	if (all_are(sample, DATABASE_REPLICATING) ||
	    all_are(sample, DATABASE_STOPPED))
		return err_exit_status(ERR_NONE);
	if (sample->n == 0 || all_are(sample, DATABASE_NOT_SET_UP))
		return err_exit_status(ERR_STATE);
	return err_exit_status(ERR_NEGATIVE);
}
