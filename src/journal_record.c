/* SPDX-License-Identifier: PostgreSQL */
/* Which lines of a journal are records. A disk that was full, an editor or a
 * later pgrepup may have left others: they are passed over at this one place,
 * so that whoever reads a record finds the texts that its kind always has. */
#include "journal_record.h"

#include "mem.h"

#define TEXTS_MAX 4

/* The members that are texts in every record of that type (doc/journal.md). */
static const struct {
	const char *type;
	const char *texts[TEXTS_MAX];
} kinds[] = {
	{"begin", {"command", "run"}},
	{"check", {"id", "title", "side", "status"}},
	{"cluster", {"side"}},
	{"database", {"step", "database", "state"}},
	{"databases", {"step"}},
	{"end", {"command"}},
	{"error", {"message"}},
	{"fix", {"check", "side", "state"}},
	{"group", {"side", "state"}},
	{"item", {"step", "state"}},
	{"log", {"level", "message"}},
	{"mechanism", {"name"}},
	{"progress", {"database", "phase"}},
	{"step", {"id", "title", "state"}},
	{"tables", {"database"}},
};

static bool
has_texts(const struct record *r, const char *const *texts)
{
	size_t i;

	for (i = 0; i < TEXTS_MAX && texts[i]; i++)
		if (!record_get(r, texts[i]))
			return false;
	return true;
}

/* Each step of a plan is named. */
static bool
has_steps(const struct record *r)
{
	static const char *const texts[TEXTS_MAX] = {"id", "title"};
	size_t i, n = record_count(r, "steps");
	struct record *step;
	bool ok = true;

	for (i = 0; ok && i < n; i++) {
		step = record_item(r, "steps", i);
		ok = step && has_texts(step, texts);
		record_free(step);
	}
	return ok;
}

static bool
is_whole(const struct record *r)
{
	size_t i;

	if (!record_get(r, "type"))
		return false;
	for (i = 0; i < LENGTH_OF(kinds); i++)
		if (record_is(r, kinds[i].type))
			return has_texts(r, kinds[i].texts);
	return !record_is(r, "plan") || has_steps(r);
}

struct record *
journal_record(const char *line)
{
	struct record *r = record_parse(line);

	if (r && !is_whole(r)) {
		record_free(r);
		r = NULL;
	}
	return r;
}
