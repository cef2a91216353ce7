/* SPDX-License-Identifier: PostgreSQL */
/* How each kind of record is shown as plain text. */
#include "plain_records.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "strbuf.h"

static void
replace(char **text, const char *new)
{
	free(*text);
	*text = mem_strdup(new);
}

static const struct {
	const char *command;
	const char *heading;
} headings[] = {
	{"fix", "Fixing..."},
	{"setup", "Setting up..."},
	{"start", "Starting replication..."},
	{"disable", "Disabling subscriptions..."},
	{"stop", "Stopping replication..."},
	{"uninstall", "Uninstalling..."},
};

static void
show_begin(struct plain *plain, const struct record *record)
{
	const char *command = record_get(record, "command");
	size_t i;

	plain->problems_only = command && strcmp(command, "check") != 0;
	for (i = 0; command && i < LENGTH_OF(headings); i++)
		if (strcmp(headings[i].command, command) == 0)
			fprintf(plain->out, "%s%s\n", headings[i].heading,
				record_get_bool(record, "dry_run")
					? " (dry run: nothing is changed)"
					: "");
}

static void
take_plan(struct plain *plain, const struct record *record)
{
	struct record *step;
	size_t i;

	text_list_release(&plain->plan);
	plain->begun = 0;
	for (i = 0; i < record_count(record, "steps"); i++) {
		step = record_item(record, "steps", i);
		text_list_add(&plain->plan, record_get(step, "title"));
		record_free(step);
	}
}

/* Where the operation did not get to. */
static void
show_end(struct plain *plain, const struct record *record)
{
	for (; plain->begun < plain->plan.n && !record_get_bool(record, "ok");
	     plain->begun++)
		plain_line(plain, 0, plain->plan.items[plain->begun],
			   PLAIN_WAIT);
	text_list_release(&plain->plan);
}

static void
show_step(struct plain *plain, const struct record *record)
{
	const char *title = record_get(record, "title");
	const char *state = record_get(record, "state");

	if (strcmp(state, "run") == 0) {
		plain->begun = (size_t)record_get_int(record, "n");
		replace(&plain->step_title, title);
		replace(&plain->open_step, NULL);
		return;
	}
	plain_line(plain, 0, title, plain_state(state));
	replace(&plain->step_title, NULL);
}

/* The heading of the running step, before the first thing below it. */
static void
open_step(struct plain *plain)
{
	struct strbuf line = STRBUF_INIT;

	if (!plain->step_title || plain->open_step)
		return;
	strbuf_scrub(&line, plain->step_title);
	plain_clear(plain);
	fprintf(plain->out, " > %s:\n", line.text);
	replace(&plain->open_step, plain->step_title);
	strbuf_release(&line);
}

/* What begins is worth a line only as long as it is the newest. */
static void
show_running(struct plain *plain, struct strbuf *text, const char *detail)
{
	if (detail) {
		strbuf_sep(text, "  ");
		strbuf_add(text, detail);
	}
	plain_live(plain, text->text);
}

static void
show_item(struct plain *plain, const struct record *record)
{
	const char *database = record_get(record, "database");
	const char *object = record_get(record, "object");
	const char *detail = record_get(record, "detail");
	enum plain_state state = plain_state(record_get(record, "state"));
	struct strbuf text = STRBUF_INIT;

	if (database)
		strbuf_add(&text, database);
	if (object) {
		strbuf_sep(&text, ": ");
		strbuf_add(&text, object);
	}
	if (state == PLAIN_RUN && !plain->verbose) {
		show_running(plain, &text, detail);
		strbuf_release(&text);
		return;
	}
	open_step(plain);
	if (detail && text.len + strlen(detail) < 60 &&
	    !strchr(detail, '\n')) {
		strbuf_sep(&text, "  ");
		strbuf_add(&text, detail);
		detail = NULL;
	}
	plain_line(plain, 1, text.text, state);
	if (detail)
		plain_note(plain, 1, "  ", detail);
	strbuf_release(&text);
}

static void
show_progress(struct plain *plain, const struct record *record)
{
	long long copied = record_get_int(record, "copied_bytes");
	long long total = record_get_int(record, "total_bytes");
	long long eta = (long long)record_get_real(record, "eta_seconds");
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s: %s ", record_get(record, "database"),
		    record_get(record, "phase"));
	strbuf_bytes(&text, copied);
	strbuf_add(&text, " of ");
	strbuf_bytes(&text, total);
	if (record_get_real(record, "rate") > 0) {
		strbuf_add(&text, ", ");
		strbuf_bytes(&text, (long long)record_get_real(record, "rate"));
		strbuf_add(&text, "/s");
	}
	if (record_has(record, "eta_seconds"))
		strbuf_addf(&text, ", %lld:%02lld left", eta / 60, eta % 60);
	plain_live(plain, text.text);
	strbuf_release(&text);
}

static void
check_heading(struct plain *plain, const char *side)
{
	struct strbuf line = STRBUF_INIT;

	if (plain->side && strcmp(plain->side, side) == 0)
		return;
	replace(&plain->side, side);
	strbuf_scrub(&line, strcmp(side, "local") == 0 ? "this machine" : side);
	fprintf(plain->out, "Checking %s...\n", line.text);
	strbuf_release(&line);
}

/* With many databases what is well would hide what is not: it is counted. */
static void
hold_back(struct plain *plain, const char *database)
{
	if (!plain->ok_database || strcmp(plain->ok_database, database) != 0) {
		plain_settle(plain);
		replace(&plain->ok_database, database);
	}
	plain->n_ok++;
}

static void
check_label(const struct record *record, struct strbuf *text)
{
	const char *database = record_get(record, "database");
	const char *object = record_get(record, "object");
	const char *title = record_get(record, "title");

	if (database)
		strbuf_addf(text, "%s: ", database);
	strbuf_add(text, title ? title : record_get(record, "id"));
	if (object)
		strbuf_addf(text, " %s", object);
}

static const struct {
	const char *key;
	const char *label;
	bool ignored; /* said of what is ignored */
} check_notes[] = {
	{"current", "Found: ", true},
	{"needed", "Needed: ", false},
	{"hint", "Hint: ", false},
	{"reason", "Ignored: ", true},
};

static void
show_problem(struct plain *plain, const struct record *record,
	     enum plain_state state)
{
	struct strbuf text = STRBUF_INIT;
	const char *note;
	size_t i;

	check_label(record, &text);
	plain_line(plain, 0, text.text, state);
	strbuf_release(&text);
	for (i = 0; state != PLAIN_OK && i < LENGTH_OF(check_notes); i++) {
		note = record_get(record, check_notes[i].key);
		if (note && (check_notes[i].ignored || state != PLAIN_IGNORED))
			plain_note(plain, 0, check_notes[i].label, note);
	}
}

static void
show_check(struct plain *plain, const struct record *record)
{
	const char *side = record_get(record, "side");
	const char *database = record_get(record, "database");
	const char *current = record_get(record, "current");
	enum plain_state state = plain_state(record_get(record, "status"));
	struct strbuf text = STRBUF_INIT, group = STRBUF_INIT;

	plain->counts[state]++;
	if (plain->problems_only && state == PLAIN_OK)
		return;
	if (!side || !plain->side || strcmp(plain->side, side) != 0 ||
	    (state != PLAIN_SKIP && (!database || plain->n_skipped > 0)))
		plain_settle(plain);
	check_heading(plain, side ? side : "local");
	if (state == PLAIN_SKIP) {
		check_label(record, &text);
		if (database)
			strbuf_addf(&group, "%s: ", database);
		plain_skip(plain, group.text, text.text,
			   current ? current : "");
	} else if (database && state == PLAIN_OK) {
		hold_back(plain, database);
	} else {
		show_problem(plain, record, state);
	}
	strbuf_release(&text);
	strbuf_release(&group);
}

/* "KO 4   WARN 1   OK 61", of a check that has ended. */
static void
show_counts(struct plain *plain, const struct record *record)
{
	static const enum plain_state order[] = {PLAIN_KO, PLAIN_WARN,
						 PLAIN_OK, PLAIN_SKIP,
						 PLAIN_IGNORED};
	struct strbuf text = STRBUF_INIT;
	const char *command = record_get(record, "command");
	size_t i;

	plain_settle(plain);
	for (i = 0; i < LENGTH_OF(order); i++) {
		if (plain->counts[order[i]] == 0)
			continue;
		strbuf_sep(&text, "   ");
		strbuf_addf(&text, "%s %d", plain_state_word(order[i]),
			    plain->counts[order[i]]);
	}
	if (command && strcmp(command, "check") == 0 && text.len > 0)
		fprintf(plain->out, "%s\n", text.text);
	strbuf_release(&text);
}

static const struct {
	const char *key;
	const char *label;
	bool before; /* said before it runs, and not again after it */
} fix_notes[] = {
	{"sql", "Runs: ", true},       {"cost", "Cost: ", true},
	{"undo", "Undo: ", true},      {"message", "", false},
	{"detail", "Detail: ", false}, {"hint", "Hint: ", false},
};

static const struct {
	const char *name;
	enum plain_state shown;
	bool before;
} fix_states[] = {
	{"planned", PLAIN_PLAN, true},
	{"run", PLAIN_RUN, true},
	{"done", PLAIN_OK, false},
	{"failed", PLAIN_KO, false},
	{"skipped", PLAIN_SKIP, true},
};

static void
fix_label(const struct record *record, struct strbuf *text)
{
	const char *database = record_get(record, "database");
	const char *schema = record_get(record, "schema");
	const char *object = record_get(record, "object");

	strbuf_addf(text, "%s%s %s",
		    record_get_bool(record, "undoing") ? "undo of " : "",
		    record_get(record, "side"), record_get(record, "check"));
	if (database)
		strbuf_addf(text, " %s", database);
	if (object)
		strbuf_addf(text, " %s%s%s", schema ? schema : "",
			    schema ? "." : "", object);
}

static void
show_fix_notes(struct plain *plain, const struct record *record, bool before)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(fix_notes); i++)
		if (record_get(record, fix_notes[i].key) &&
		    (before || !fix_notes[i].before))
			plain_note(plain, 0, fix_notes[i].label,
				   record_get(record, fix_notes[i].key));
}

static void
show_fix(struct plain *plain, const struct record *record)
{
	const char *state = record_get(record, "state");
	struct strbuf text = STRBUF_INIT;
	size_t i;

	fix_label(record, &text);
	for (i = 0; i < LENGTH_OF(fix_states); i++) {
		if (!state || strcmp(fix_states[i].name, state) != 0)
			continue;
		if (fix_states[i].shown == PLAIN_RUN && plain->agreed)
			break;
		plain_line(plain, 0, text.text, fix_states[i].shown);
		show_fix_notes(plain, record, fix_states[i].before);
	}
	strbuf_release(&text);
}

static void
show_log(struct plain *plain, const struct record *record)
{
	const char *level = record_get(record, "level");
	const char *database = record_get(record, "database");
	struct strbuf text = STRBUF_INIT;

	if (strcmp(level, "debug") == 0 && !plain->verbose)
		return;
	open_step(plain);
	if (strcmp(level, "warning") == 0 || strcmp(level, "error") == 0)
		strbuf_addf(&text, "%s: ", level);
	if (database)
		strbuf_addf(&text, "%s: ", database);
	strbuf_add(&text, record_get(record, "message"));
	plain_note(plain, 0, "", text.text);
	strbuf_release(&text);
}

static void
show_error(struct plain *plain, const struct record *record)
{
	struct err err = ERR_INIT;
	struct strbuf text = STRBUF_INIT;
	const char *database = record_get(record, "database");

	open_step(plain);
	record_get_err(record, &err);
	if (database)
		strbuf_addf(&text, "%s: ", database);
	strbuf_add(&text, err.message);
	if (*err.sqlstate)
		strbuf_addf(&text, " (%s)", err.sqlstate);
	plain_note(plain, 0, "error: ", text.text);
	if (err.where)
		plain_note(plain, 1, "on ", err.where);
	if (err.detail)
		plain_note(plain, 1, "Detail: ", err.detail);
	if (err.hint)
		plain_note(plain, 1, "Hint: ", err.hint);
	strbuf_release(&text);
	err_release(&err);
}

const struct plain_record_kind plain_record_kinds[] = {
	{"begin", show_begin}, {"plan", take_plan},
	{"step", show_step},   {"item", show_item},
	{"check", show_check}, {"fix", show_fix},
	{"log", show_log},     {"error", show_error},
	{"progress", show_progress}, {"end", show_counts},
	{"end", show_end},
};
const size_t plain_n_record_kinds = LENGTH_OF(plain_record_kinds);
