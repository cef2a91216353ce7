/* SPDX-License-Identifier: PostgreSQL */
/* The schema of a database as pg_dump writes it, cut into its entries. */
#include "restore.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "internal_option.h"
#include "mem.h"
#include "sqltext.h"
#include "tools.h"

/* How long pg_dump waits for a table that somebody holds, and how often. */
#define LOCK_WAIT "--lock-wait-timeout=20000"
#define DUMP_TRIES 5

/* Where the heading of an entry begins, at the start of a line. */
static const char heading[] = "--\n-- Name: ";

/* Never copied: pgrepup's own, and what the mechanisms make for themselves. */
static const char *const own_names[] = {
	"pgrepup",
	"pgrepup_insert",
	"pglogical",
	"pglogical_origin",
};

static bool
is_own_name(const char *name)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(own_names); i++)
		if (strcmp(own_names[i], name) == 0)
			return true;
	return false;
}

/* Of that type, or a comment about one. */
static bool
is_of_type(const struct restore_entry *e, const char *type)
{
	size_t n = strlen(type);

	return strncmp(e->type, type, n) == 0 ||
	       (strncmp(e->name, type, n) == 0 && e->name[n] == ' ');
}

/* "x", "SCHEMA x", or "x TABLE", as a published table is named. */
static bool
has_own_name(const struct restore_entry *e, const char *type)
{
	size_t n = strlen(type);
	const char *name = e->name;
	char *first;
	bool own;

	if (strncmp(name, type, n) == 0 && name[n] == ' ')
		name += n + 1;
	if (strncmp(e->type, "PUBLICATION ", 12) != 0)
		return is_own_name(name);
	first = mem_strndup(name, strcspn(name, " "));
	own = is_own_name(first);
	free(first);
	return own;
}

/*
 * Publications come at the end (stop_publications.c). Subscriptions do not
 * come at all: with the old server still at its slot, the new one would take
 * changes away from it; a check names them.
 */
static bool
is_schema(const struct restore_entry *e)
{
	return !is_own_name(e->schema) && !is_of_type(e, "PUBLICATION") &&
	       !is_of_type(e, "SUBSCRIPTION") &&
	       !(is_of_type(e, "SCHEMA") && has_own_name(e, "SCHEMA")) &&
	       !(is_of_type(e, "EXTENSION") && has_own_name(e, "EXTENSION"));
}

static bool
is_publication(const struct restore_entry *e)
{
	return is_of_type(e, "PUBLICATION") && !has_own_name(e, "PUBLICATION");
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

/* "SET name = value;" at p: the name begins there, or NULL. */
static const char *
set_name(const char *p)
{
	return strncmp(p, "SET ", 4) == 0 ? p + 4 : NULL;
}

/* The SET lines that hold for the entries to come, by name. */
struct settings {
	char **names;
	char **values; /* as SQL literals */
	size_t n;
	size_t alloc;
};

static void
settings_put(struct settings *s, char *name, char *value)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (strcmp(s->names[i], name) == 0) {
			free(name);
			free(s->values[i]);
			s->values[i] = value;
			return;
		}
	}
	if (s->n == s->alloc) {
		s->alloc = s->alloc ? s->alloc * 2 : 8;
		s->names = mem_resize(s->names, s->alloc, sizeof(char *));
		s->values = mem_resize(s->values, s->alloc, sizeof(char *));
	}
	s->names[s->n] = name;
	s->values[s->n++] = value;
}

static void
settings_release(struct settings *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		free(s->names[i]);
		free(s->values[i]);
	}
	free(s->names);
	free(s->values);
}

/*
 * An identifier, quoted or not, or a literal, as a literal. The search_path,
 * which the pg_dump of old minor releases sets for each schema, is a list, and
 * keeps its quotes.
 */
static char *
as_literal(const char *name, const char *value, size_t n)
{
	struct strbuf text = STRBUF_INIT, literal = STRBUF_INIT;
	size_t i;

	if (n > 0 && value[0] == '\'')
		return mem_strndup(value, n);
	if (n > 1 && value[0] == '"' && strcmp(name, "search_path") != 0) {
		for (i = 1; i + 1 < n; i++) {
			strbuf_addc(&text, value[i]);
			if (value[i] == '"')
				i++;
		}
	} else {
		strbuf_addn(&text, value, n);
	}
	strbuf_literal(&literal, text.text);
	strbuf_release(&text);
	return strbuf_detach(&literal);
}

/* Takes "name = value;" */
static void
settings_take(struct settings *s, const char *from, const char *end)
{
	const char *equal = memchr(from, '=', (size_t)(end - from));
	const char *name_end = equal;
	char *name;

	if (!equal)
		return;
	while (name_end > from && isspace((unsigned char)name_end[-1]))
		name_end--;
	for (equal++; isspace((unsigned char)*equal); equal++)
		continue;
	while (end > equal &&
	       (end[-1] == ';' || isspace((unsigned char)end[-1])))
		end--;
	name = mem_strndup(from, (size_t)(name_end - from));
	settings_put(s, name, as_literal(name, equal, (size_t)(end - equal)));
}

/*
 * For one transaction only, and only what that server knows: an older one has
 * no default_table_access_method.
 */
static void
settings_write(const struct settings *s, struct strbuf *sql)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		strbuf_add(sql, "SELECT pg_catalog.set_config(s.name, ");
		strbuf_add(sql, s->values[i]);
		strbuf_add(sql, ", true) FROM pg_catalog.pg_settings s "
				"WHERE s.name = ");
		strbuf_literal(sql, s->names[i]);
		strbuf_add(sql, ";\n");
	}
}

/*
 * Adds the statements of an entry from text to end; SET lines at its end are
 * for the entries that follow and go to later.
 */
static void
add_statements(struct strbuf *sql, const char *text, const char *end,
	       struct settings *later)
{
	const char *p = text, *copied = text, *next, *name;

	while ((p = sqltext_next_word(text, p)) < end) {
		next = sqltext_statement_end(text, p);
		if (next > end)
			next = end;
		name = set_name(p);
		if (name) {
			settings_take(later, name, next);
		} else {
			strbuf_addn(sql, copied, (size_t)(p - copied));
			internal_option_strip(p, next, sql);
			copied = next;
		}
		p = next;
	}
}

/* "NAME; Type: TYPE; Schema: SCHEMA; Owner: ..." up to the end of the line */
static void
read_heading(struct restore_entry *e, const char *line)
{
	char *copy = mem_strndup(line, strcspn(line, "\n"));
	char *type = strstr(copy, "; Type: "), *schema = NULL, *owner = NULL;

	if (type) {
		*type = '\0';
		type += strlen("; Type: ");
		schema = strstr(type, "; Schema: ");
	}
	if (schema) {
		*schema = '\0';
		schema += strlen("; Schema: ");
		owner = strstr(schema, "; Owner: ");
	}
	if (owner)
		*owner = '\0';
	e->name = mem_strdup(copy);
	e->type = mem_strdup(type ? type : "");
	e->schema = mem_strdup(schema ? schema : "-");
	free(copy);
}

static void
entry_release(struct restore_entry *e)
{
	free(e->type);
	free(e->schema);
	free(e->name);
	free(e->sql);
	free(e->key);
}

typedef bool (*wanted_fn)(const struct restore_entry *e);

/* The entry whose heading begins at p and which goes on until end. */
static void
add_entry(struct restore_script *script, const char *p, const char *end,
	  struct settings *settings, wanted_fn wanted)
{
	struct restore_entry e = {0};
	struct strbuf sql = STRBUF_INIT;

	p += strlen(heading);
	read_heading(&e, p);
	p += strcspn(p, "\n");
	settings_write(settings, &sql);
	add_statements(&sql, p, end, settings);
	e.sql = strbuf_detach(&sql);
	if (!wanted(&e)) {
		entry_release(&e);
		return;
	}
	e.key = entry_key(&e);
	MEM_GROW(script->entries, script->n, script->alloc);
	script->entries[script->n++] = e;
}

static bool
is_line_start(const char *text, const char *p)
{
	return p == text || p[-1] == '\n';
}

/* The next heading outside of quotes, or the end of the text. */
static const char *
find_heading(const char *text, const char *p)
{
	while (*p) {
		if (is_line_start(text, p) &&
		    strncmp(p, heading, strlen(heading)) == 0)
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

static void
parse(const char *text, struct restore_script *script, wanted_fn wanted)
{
	char *sql = without_meta_lines(text);
	struct settings settings = {.n = 0};
	const char *p = find_heading(sql, sql), *next;

	*script = (struct restore_script){
		.preamble = mem_strndup(sql, (size_t)(p - sql)),
	};
	for (; *p; p = next) {
		next = p + strlen(heading);
		next = find_heading(sql, next + strcspn(next, "\n"));
		add_entry(script, p, next, &settings, wanted);
	}
	settings_release(&settings);
	free(sql);
}

void
restore_parse(const char *text, struct restore_script *script)
{
	parse(text, script, is_schema);
}

void
restore_parse_publications(const char *text, struct restore_script *script)
{
	parse(text, script, is_publication);
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

/* Somebody holds a table of the source: pg_dump ends, and may try again. */
static bool
is_lock_timeout(const struct strbuf *messages)
{
	return strstr(messages->text, "lock timeout") ||
	       strstr(messages->text, "statement timeout");
}

bool
restore_dump(struct op *op, const char *database, const char *section,
	     const char *snapshot, struct strbuf *script, struct err *err)
{
	char *section_arg = mem_printf("--section=%s", section);
	char *snapshot_arg = mem_printf("--snapshot=%s",
					snapshot ? snapshot : "");
	const char *const args[] = {
		"--schema-only",
		section_arg,
		"--encoding=UTF8",
		LOCK_WAIT,
		"--exclude-schema=pgrepup",
		"--exclude-schema=pglogical",
		"--exclude-schema=pglogical_origin",
		snapshot ? snapshot_arg : NULL,
		NULL,
	};
	struct strbuf messages = STRBUF_INIT;
	struct err failed = ERR_INIT;
	bool ok = false;
	int i;

	for (i = 0; !ok && i < DUMP_TRIES; i++) {
		err_release(&failed);
		strbuf_reset(&messages);
		strbuf_reset(script);
		ok = tools_run(op, "pg_dump", SIDE_SOURCE, database, args, NULL,
			       script, &messages, &failed);
		if (!ok && !is_lock_timeout(&messages))
			break;
	}
	if (!ok) {
		err_at(&failed, "source database \"%s\"", database);
		err_move(err, &failed);
	}
	strbuf_release(&messages);
	free(section_arg);
	free(snapshot_arg);
	return ok;
}
