/* SPDX-License-Identifier: PostgreSQL */
/*
 * Options that only the server's own release knows. pg_dump writes those of
 * columns as ALTER ... SET (a=1, b=2), those of indexes behind WITH, in
 * CREATE INDEX or in the constraint that has the index.
 */
#include "internal_option.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "sqltext.h"

/* What is dropped of each is made anew, or has no meaning any more. */
static const struct {
	const char *name;
	const char *source; /* which releases have it, and where that stands */
} options[] = {
	{"pg_attver",
	 "of columns: 14.25, 15.20, 16.16, 17.12, 18.7, 19.0 and later count "
	 "there how often a column was made or altered (CVE-2026-6460)"},
	{"recheck_on_update",
	 "of indexes: 11 accepts it, ignores it from 11.1 on, and 12 removed "
	 "it (release notes of 11.1, commit 1c53c4dec3)"},
};

/* Statements of pg_dump's that may set options, none of which has a query. */
static const char *const beginnings[] = {
	"ALTER TABLE ",
	"ALTER FOREIGN TABLE ",
	"ALTER MATERIALIZED VIEW ",
	"ALTER INDEX ",
	"CREATE INDEX ",
	"CREATE UNIQUE INDEX ",
};

/* The words before a list of options; without it the second means nothing. */
static const struct {
	const char *word;
	bool whole; /* the statement does nothing but set them */
} places[] = {
	{"SET (", true},
	{"WITH (", false},
};

char *
internal_option_array(void)
{
	struct strbuf array = STRBUF_INIT;
	size_t i;

	strbuf_addc(&array, '{');
	for (i = 0; i < LENGTH_OF(options); i++)
		strbuf_addf(&array, "%s%s", i > 0 ? "," : "",
			    options[i].name);
	strbuf_addc(&array, '}');
	return strbuf_detach(&array);
}

static bool
starts(const char *text, const char *end, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(end - text) >= n && strncmp(text, word, n) == 0;
}

static bool
may_set_options(const char *text, const char *end)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(beginnings); i++)
		if (starts(text, end, beginnings[i]))
			return true;
	return false;
}

/* "name", "name=value" or "name='value'", with spaces before it. */
static bool
is_internal(const char *item, const char *end)
{
	size_t i, n;

	while (item < end && isspace((unsigned char)*item))
		item++;
	for (i = 0; i < LENGTH_OF(options); i++) {
		n = strlen(options[i].name);
		if (starts(item, end, options[i].name) &&
		    (item + n == end || item[n] == '='))
			return true;
	}
	return false;
}

/* What ends an item of the list: its comma or the closing bracket. */
static const char *
item_end(const char *text, const char *p, const char *end)
{
	while (p < end && *p != ',' && *p != ')')
		p = sqltext_skip(text, p);
	return p;
}

/*
 * The items of the list at p that are kept, with commas between. Returns the
 * place of the closing bracket.
 */
static const char *
keep_items(const char *text, const char *p, const char *end,
	   struct strbuf *kept)
{
	const char *item;

	for (; p < end; p++) {
		while (p < end && isspace((unsigned char)*p))
			p++;
		item = p;
		p = item_end(text, p, end);
		if (!is_internal(item, p)) {
			strbuf_sep(kept, ", ");
			strbuf_addn(kept, item, (size_t)(p - item));
		}
		if (p < end && *p == ')')
			break;
	}
	return p;
}

/* Which place begins at p, behind a space; LENGTH_OF(places) is none. */
static size_t
place_at(const char *text, const char *p, const char *end)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(places); i++)
		if (p > text && p[-1] == ' ' && starts(p, end, places[i].word))
			break;
	return i;
}

/*
 * Copies up to the end, list by list. False when nothing is left that the
 * statement would set.
 */
static bool
copy_lists(const char *text, const char *end, struct strbuf *sql)
{
	struct strbuf kept = STRBUF_INIT;
	const char *p = text, *next;
	int depth = 0;
	size_t place;

	while (p < end) {
		place = depth == 0 ? place_at(text, p, end)
				   : LENGTH_OF(places);
		next = sqltext_skip(text, p);
		depth += *p == '(' ? 1 : *p == ')' ? -1 : 0;
		if (place == LENGTH_OF(places)) {
			strbuf_addn(sql, p, (size_t)(next - p));
			p = next;
			continue;
		}
		strbuf_reset(&kept);
		p = keep_items(text, p + strlen(places[place].word), end,
			       &kept);
		p += p < end;
		if (kept.len > 0)
			strbuf_addf(sql, "%s%s)", places[place].word,
				    kept.text);
		else if (places[place].whole)
			break;
	}
	strbuf_release(&kept);
	return p == end;
}

void
internal_option_strip(const char *text, const char *end, struct strbuf *sql)
{
	struct strbuf stripped = STRBUF_INIT;

	if (!may_set_options(text, end))
		strbuf_addn(sql, text, (size_t)(end - text));
	else if (copy_lists(text, end, &stripped))
		strbuf_addn(sql, stripped.text, stripped.len);
	strbuf_release(&stripped);
}
