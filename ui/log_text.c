/* SPDX-License-Identifier: PostgreSQL */
/* What a record of the journal says in the log, beyond a message. */
#include "log_text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"

static bool
is(const char *a, const char *b)
{
	return a && strcmp(a, b) == 0;
}

static const char *
word_of(const char *state)
{
	static const char *const words[][2] = {
		{"ok", "done"},	    {"ko", "failed"},	{"wait", "paused"},
		{"done", "done"},   {"failed", "failed"}, {"run", "begins"},
		{"skipped", "skipped"},
	};
	size_t i;

	for (i = 0; i < LENGTH_OF(words); i++)
		if (is(state, words[i][0]))
			return words[i][1];
	return state ? state : "?";
}

static void
add_state(struct strbuf *text, const struct record *r)
{
	strbuf_addf(text, ": %s", word_of(record_get(r, "state")));
	if (record_has(r, "seconds"))
		strbuf_addf(text, ", %.1f s", record_get_real(r, "seconds"));
}

void
log_add_run(struct strbuf *text, const struct record *r)
{
	const char *command = record_get(r, "command");

	strbuf_addf(text, "%s%s", command ? command : "?",
		    record_get_bool(r, "dry_run") ? " (dry run)" : "");
}

static void
begin_text(struct strbuf *text, const struct record *r)
{
	log_add_run(text, r);
	strbuf_add(text, " begins");
}

static void
end_text(struct strbuf *text, const struct record *r)
{
	const char *message = record_get(r, "message");

	log_add_run(text, r);
	strbuf_addf(text, ": %s",
		    record_get_bool(r, "ok")	   ? "done"
		    : record_get_bool(r, "paused") ? "paused"
		    : message			   ? message
						   : "failed");
}

static void
step_text(struct strbuf *text, const struct record *r)
{
	strbuf_addf(text, "%lld of %lld  %s", record_get_int(r, "n"),
		    record_get_int(r, "of"), record_get(r, "title"));
	add_state(text, r);
}

static void
database_text(struct strbuf *text, const struct record *r)
{
	const char *step = record_get(r, "step");

	strbuf_add(text, step ? step : "?");
	add_state(text, r);
}

static void
fix_text(struct strbuf *text, const struct record *r)
{
	const char *target = record_get(r, "target");
	const char *message = record_get(r, "message");

	strbuf_addf(text, "%s %s", record_get_bool(r, "undoing") ? "undo"
								 : "fix",
		    target ? target : "?");
	add_state(text, r);
	if (message || record_get(r, "sql"))
		strbuf_addf(text, ": %s", message ? message
						  : record_get(r, "sql"));
}

static const struct {
	const char *type;
	void (*text)(struct strbuf *text, const struct record *r);
} kinds[] = {
	{"begin", begin_text}, {"end", end_text},
	{"step", step_text},   {"database", database_text},
	{"fix", fix_text},
};

bool
log_is_deed(const struct record *r)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(kinds); i++)
		if (record_is(r, kinds[i].type))
			return true;
	return false;
}

bool
log_has(const struct record *r, bool whole)
{
	const char *state = record_get(r, "state");

	if (!whole)
		return record_get(r, "message") && !record_is(r, "end") &&
		       !is(record_get(r, "level"), "debug");
	/* Of a fix, what was done, and not that it begins. */
	if (record_is(r, "fix"))
		return !is(state, "planned") && !is(state, "run");
	return log_is_deed(r) || record_get(r, "message");
}

bool
log_is_strong(const struct record *r)
{
	const char *state = record_get(r, "state");

	return record_is(r, "error") || record_is(r, "begin") ||
	       (record_is(r, "end") && !record_get_bool(r, "ok")) ||
	       is(state, "ko") || is(state, "failed");
}

void
log_add_text(struct strbuf *text, const struct record *r, bool whole)
{
	size_t i;

	for (i = 0; whole && i < LENGTH_OF(kinds); i++) {
		if (record_is(r, kinds[i].type)) {
			kinds[i].text(text, r);
			return;
		}
	}
	strbuf_add(text, record_get(r, "message"));
}

void
log_add_time(struct strbuf *text, const struct record *r, bool whole)
{
	time_t at = (time_t)record_time(r);
	char clock[32];
	struct tm tm;

	localtime_r(&at, &tm);
	strftime(clock, sizeof(clock),
		 whole && record_is(r, "begin") ? "%Y-%m-%d %H:%M:%S "
						: "%H:%M:%S ",
		 &tm);
	strbuf_add(text, clock);
}
