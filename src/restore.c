/* SPDX-License-Identifier: PostgreSQL */
/* What pg_dump wrote, cut into its entries. */
#include "restore.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "internal_option.h"
#include "mem.h"
#include "restore_settings.h"
#include "sqltext.h"

/* What begins at the start of a line: an entry, and the end of the dump. */
static const char heading[] = "--\n-- Name: ";
static const char last_line[] = "--\n-- PostgreSQL database dump complete\n--";

/* Never copied: pgrepup's own, and what the mechanisms make for themselves. */
static const struct own {
	const char *class;
	const char *name;
} own[] = {
	{"SCHEMA", "pgrepup"},
	{"SCHEMA", "pglogical"},
	{"SCHEMA", "pglogical_origin"},
	{"EXTENSION", "pglogical"},
	{"EXTENSION", "pglogical_origin"},
	{"PUBLICATION", "pgrepup"},
	{"PUBLICATION", "pgrepup_insert"},
};

static bool
is_own_name(const char *class, const char *name)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(own); i++)
		if (strcmp(own[i].class, class) == 0 &&
		    strcmp(own[i].name, name) == 0)
			return true;
	return false;
}

static bool
is_of_class(const struct restore_entry *e, const char *class)
{
	return strcmp(e->about.class, class) == 0;
}

/* It, a comment about it, its owner or rights; or within such a schema. */
static bool
is_own(const struct restore_entry *e)
{
	return is_own_name(e->about.class, e->about.name) ||
	       is_own_name("SCHEMA", e->about.schema);
}

/*
 * Publications come at the end (stop_publications.c). Subscriptions do not
 * come at all: with the old server still at its slot, the new one would take
 * changes away from it; a check names them.
 */
static bool
is_schema(const struct restore_entry *e)
{
	return !is_own(e) && !is_of_class(e, "PUBLICATION") &&
	       !is_of_class(e, "SUBSCRIPTION");
}

static bool
is_publication(const struct restore_entry *e)
{
	return !is_own(e) && is_of_class(e, "PUBLICATION");
}

/* 64 bits of FNV-1a; the seed makes several of one text. */
static uint64_t
hash(const char *text, uint64_t seed)
{
	uint64_t h = UINT64_C(14695981039346656037) ^ seed;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return h;
}

static char *
entry_key(const struct restore_entry *e)
{
	uint64_t a = hash(e->sql, 0), b = hash(e->sql, 0x5bd1e995);

	return mem_printf("%s %016llx%016llx", e->type, (unsigned long long)a,
			  (unsigned long long)b);
}

typedef bool (*wanted_fn)(const struct restore_entry *e);

/* A dump on its way into a script. */
struct parse {
	struct restore_script *script;
	wanted_fn wanted;
	struct restore_settings settings; /* for the entries to come */
	struct err *err;
};

/*
 * Adds the statements of an entry from text to end, whose first tells what it
 * is about; SET lines are for the entries that follow.
 */
static bool
add_statements(struct parse *parse, struct restore_entry *e,
	       struct strbuf *sql, const char *text, const char *end)
{
	const char *p = text, *copied = text, *next;
	bool first = true;

	while ((p = sqltext_next_word(text, p)) < end) {
		next = sqltext_statement_end(text, p);
		if (next > end)
			next = end;
		if (restore_settings_is(p)) {
			if (!restore_settings_take(&parse->settings, p, next,
						   parse->err))
				return false;
		} else {
			if (first)
				statement_read(p, next, &e->about);
			first = false;
			strbuf_addn(sql, copied, (size_t)(p - copied));
			internal_option_strip(p, next, sql);
			copied = next;
		}
		p = next;
	}
	if (first)
		statement_read(p, p, &e->about);
	return true;
}

/* The last place of a word in the text before end, or NULL. */
static char *
find_last(char *text, const char *end, const char *word)
{
	char *found = NULL, *p = text;

	while ((p = strstr(p, word)) && p < end)
		found = p++;
	return found;
}

/* "TYPE; Schema: ...; Owner: ...": capitals, which a name may have too. */
static bool
is_type(const char *text)
{
	size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ");

	return n > 0 && strncmp(text + n, "; Schema: ", 10) == 0 &&
	       strstr(text + n, "; Owner: ");
}

/*
 * "NAME; Type: TYPE; Schema: SCHEMA; Owner: ..." up to the end of the line,
 * read from its end: what a name can say comes before. Names of schemas and
 * roles can say it too, so this is for people, and decides nothing.
 */
static bool
read_heading(struct restore_entry *e, const char *line, struct err *err)
{
	static const char mark[] = "; Type: ";
	size_t n = strcspn(line, "\n");
	char *copy = mem_strndup(line, n), *end = copy + n, *type, *schema;

	do {
		type = find_last(copy, end, mark);
		end = type;
	} while (type && !is_type(type + strlen(mark)));
	if (!type || strncmp(line + n, "\n--\n", 4) != 0) {
		err_set(err, ERR_SYSTEM,
			"pg_dump wrote a heading that is none: %s", copy);
		free(copy);
		return false;
	}
	*type = '\0';
	type += strlen(mark);
	schema = strchr(type, ';');
	*schema = '\0';
	schema += strlen("; Schema: ");
	*find_last(schema, schema + strlen(schema), "; Owner: ") = '\0';
	e->name = mem_strdup(copy);
	e->type = mem_strdup(type);
	e->schema = mem_strdup(schema);
	free(copy);
	return true;
}

static void
entry_release(struct restore_entry *e)
{
	statement_release(&e->about);
	free(e->type);
	free(e->schema);
	free(e->name);
	free(e->sql);
	free(e->key);
}

/* The entry whose heading begins at p and which goes on until end. */
static bool
add_entry(struct parse *parse, const char *p, const char *end)
{
	struct restore_script *script = parse->script;
	struct restore_entry e = {0};
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	p += strlen(heading);
	ok = read_heading(&e, p, parse->err);
	p += strcspn(p, "\n");
	restore_settings_write(&parse->settings, &sql);
	ok = ok && add_statements(parse, &e, &sql, p, end);
	e.sql = strbuf_detach(&sql);
	if (!ok || !parse->wanted(&e)) {
		entry_release(&e);
		return ok;
	}
	e.key = entry_key(&e);
	MEM_GROW(script->entries, script->n, script->alloc);
	script->entries[script->n++] = e;
	return true;
}

static bool
is_line_start(const char *text, const char *p)
{
	return p == text || p[-1] == '\n';
}

/* Does that begin at p? */
static bool
is_at(const char *p, const char *what)
{
	return strncmp(p, what, strlen(what)) == 0;
}

/* The next heading or the last line outside of quotes, or the end. */
static const char *
find_heading(const char *text, const char *p)
{
	while (*p) {
		if (is_line_start(text, p) &&
		    (is_at(p, heading) || is_at(p, last_line)))
			return p;
		p = sqltext_skip(text, p);
	}
	return p;
}

/*
 * Newer minors of pg_dump write \restrict and \unrestrict for psql: a line
 * that begins with a backslash outside of quotes is no SQL.
 */
static char *
without_meta_lines(const char *text)
{
	struct strbuf out = STRBUF_INIT;
	const char *p = text, *next;

	while (*p) {
		if (*p == '\\' && is_line_start(text, p)) {
			p += strcspn(p, "\n");
			continue;
		}
		next = sqltext_skip(text, p);
		strbuf_addn(&out, p, (size_t)(next - p));
		p = next;
	}
	return strbuf_detach(&out);
}

/* Is the place where the headings end the end of a whole dump? */
static bool
is_whole(const char *p)
{
	if (!is_at(p, last_line))
		return false;
	p += strlen(last_line);
	return p[strspn(p, "\n")] == '\0';
}

/* Quotes end elsewhere where a backslash means something in all of them. */
static bool
has_standard_strings(const struct restore_script *script)
{
	return !strstr(script->preamble, "standard_conforming_strings = off");
}

static bool
parse_text(struct parse *parse, const char *sql)
{
	const char *p = find_heading(sql, sql), *next;

	parse->script->preamble = mem_strndup(sql, (size_t)(p - sql));
	if (!has_standard_strings(parse->script)) {
		err_set(parse->err, ERR_SYSTEM,
			"pg_dump wrote without standard_conforming_strings");
		return false;
	}
	for (; is_at(p, heading); p = next) {
		next = p + strlen(heading);
		next = find_heading(sql, next + strcspn(next, "\n"));
		if (!add_entry(parse, p, next))
			return false;
	}
	if (is_whole(p))
		return true;
	err_set(parse->err, ERR_SYSTEM, "what pg_dump wrote is not whole");
	err_detail(parse->err, "Its last line is missing.");
	return false;
}

static bool
parse(const char *text, struct restore_script *script, wanted_fn wanted,
      struct err *err)
{
	char *sql = without_meta_lines(text);
	struct parse parse = {
		.script = script,
		.wanted = wanted,
		.err = err,
	};
	bool ok;

	*script = (struct restore_script){.n = 0};
	ok = parse_text(&parse, sql);
	if (!ok)
		restore_script_release(script);
	restore_settings_release(&parse.settings);
	free(sql);
	return ok;
}

bool
restore_parse(const char *text, struct restore_script *script,
	      struct err *err)
{
	return parse(text, script, is_schema, err);
}

bool
restore_parse_publications(const char *text, struct restore_script *script,
			   struct err *err)
{
	return parse(text, script, is_publication, err);
}

/* One that is NOT VALID need not be passed by what was there before. */
bool
restore_is_check(const struct restore_entry *e)
{
	static const char not_valid[] = "NOT VALID;";
	const struct statement *s = &e->about;
	size_t n = strlen(e->sql);

	while (n > 0 && strchr(" \n", e->sql[n - 1]))
		n--;
	return strcmp(s->verb, "ALTER") == 0 &&
	       strncmp(s->does, "ADD CONSTRAINT CHECK", 20) == 0 &&
	       (n < strlen(not_valid) ||
		strncmp(e->sql + n - strlen(not_valid), not_valid,
			strlen(not_valid)) != 0);
}

void
restore_script_release(struct restore_script *script)
{
	size_t i;

	for (i = 0; i < script->n; i++)
		entry_release(&script->entries[i]);
	free(script->entries);
	free(script->preamble);
	*script = (struct restore_script){.n = 0};
}
