/* SPDX-License-Identifier: PostgreSQL */
/*
 * The reader of what pg_dump writes: any text, and a dump as pg_dump would
 * write it of objects whose names and texts are the input. Whatever an owner
 * has called them, the entries are those that there are.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "mem.h"
#include "restore.h"

enum part {
	SCHEMA,
	TABLE,
	OWNER,
	LITERAL,
	BODY,
	N_PARTS,
};

/* An entry of the dump, and what the reader must make of it. */
struct expected {
	const char *class;
	const char *schema;
	const char *name;
	char *statement;
};

static void
read_any(const char *text)
{
	struct restore_script script;
	struct err err = ERR_INIT;

	if (restore_parse(text, &script, &err))
		restore_script_release(&script);
	else if (!err_is_set(&err))
		fuzz_fail("a dump is refused without a reason");
	err_release(&err);
	if (restore_parse_publications(text, &script, &err))
		restore_script_release(&script);
	err_release(&err);
}

/* In quotes unless it is all small, as pg_dump does (fmtId). */
static void
add_name(struct strbuf *sb, const char *name)
{
	const char *c = name;

	while (islower((unsigned char)*c) || *c == '_' ||
	       (c > name && isdigit((unsigned char)*c)))
		c++;
	if (*c)
		strbuf_ident(sb, name);
	else
		strbuf_add(sb, name);
}

/* Line feeds of names are spaces in headings (sanitize_line). */
static void
add_heading(struct strbuf *sb, const char *name, const char *type,
	    const char *schema, const char *owner)
{
	size_t from = sb->len;
	char *c;

	strbuf_addf(sb, "-- Name: %s; Type: %s; Schema: %s; Owner: %s", name,
		    type, schema, owner);
	for (c = sb->text + from; *c; c++)
		if (*c == '\n' || *c == '\r')
			*c = ' ';
}

/* "$_$", "$_X$" ... until the body does not have it, nor its beginning. */
static char *
dollar_tag(const char *body)
{
	struct strbuf tag = STRBUF_INIT;

	strbuf_add(&tag, "$_");
	while (strstr(body, tag.text))
		strbuf_addc(&tag, 'X');
	strbuf_addc(&tag, '$');
	return strbuf_detach(&tag);
}

static void
add_entry(struct strbuf *dump, const struct expected *e, const char *owner)
{
	strbuf_add(dump, "--\n");
	add_heading(dump, e->name, e->class, *e->schema ? e->schema : "-",
		    owner);
	strbuf_addf(dump, "\n--\n\n%s\n\n\n", e->statement);
}

static char *
create_table(char **parts)
{
	struct strbuf sql = STRBUF_INIT;

	strbuf_add(&sql, "CREATE TABLE ");
	add_name(&sql, parts[SCHEMA]);
	strbuf_addc(&sql, '.');
	add_name(&sql, parts[TABLE]);
	strbuf_add(&sql, " (\n    a text DEFAULT ");
	strbuf_literal(&sql, parts[LITERAL]);
	strbuf_add(&sql, "\n);\n\n\nALTER TABLE ");
	add_name(&sql, parts[SCHEMA]);
	strbuf_addc(&sql, '.');
	add_name(&sql, parts[TABLE]);
	strbuf_add(&sql, " OWNER TO ");
	add_name(&sql, parts[OWNER]);
	strbuf_addc(&sql, ';');
	return strbuf_detach(&sql);
}

static char *
create_function(char **parts)
{
	struct strbuf sql = STRBUF_INIT;
	char *tag = dollar_tag(parts[BODY]);

	strbuf_add(&sql, "CREATE FUNCTION ");
	add_name(&sql, parts[SCHEMA]);
	strbuf_addc(&sql, '.');
	add_name(&sql, parts[TABLE]);
	strbuf_addf(&sql, "() RETURNS text\n    LANGUAGE sql\n    AS %s%s%s;",
		    tag, parts[BODY], tag);
	free(tag);
	return strbuf_detach(&sql);
}

static char *
comment_on(char **parts)
{
	struct strbuf sql = STRBUF_INIT;

	strbuf_add(&sql, "COMMENT ON TABLE ");
	add_name(&sql, parts[SCHEMA]);
	strbuf_addc(&sql, '.');
	add_name(&sql, parts[TABLE]);
	strbuf_add(&sql, " IS ");
	strbuf_literal(&sql, parts[LITERAL]);
	strbuf_addc(&sql, ';');
	return strbuf_detach(&sql);
}

static char *
create_schema(char **parts)
{
	struct strbuf sql = STRBUF_INIT;

	strbuf_add(&sql, "CREATE SCHEMA ");
	add_name(&sql, parts[SCHEMA]);
	strbuf_addc(&sql, ';');
	return strbuf_detach(&sql);
}

static void
compare(const struct restore_entry *is, const struct expected *e)
{
	if (strcmp(is->about.class, e->class) != 0 ||
	    strcmp(is->about.schema, e->schema) != 0 ||
	    strcmp(is->about.name, e->name) != 0)
		fuzz_fail("%s \"%s\".\"%s\" was read as %s \"%s\".\"%s\"",
			  e->class, e->schema, e->name, is->about.class,
			  is->about.schema, is->about.name);
	if (!strstr(is->sql, e->statement))
		fuzz_fail("not all is run of: %s\nbut: %s", e->statement,
			  is->sql);
}

static void
read_dump(const struct strbuf *dump, const struct expected *e, size_t n)
{
	struct restore_script script;
	struct err err = ERR_INIT;
	size_t i;

	if (!restore_parse(dump->text, &script, &err))
		fuzz_fail("refused: %s\n%s", err.message, dump->text);
	if (script.n != n)
		fuzz_fail("%zu entries of %zu in\n%s", script.n, n,
			  dump->text);
	for (i = 0; i < n; i++)
		compare(&script.entries[i], &e[i]);
	restore_script_release(&script);
	err_release(&err);
}

/* Those are left out, whoever made them. */
static bool
is_own(const char *name)
{
	return strcmp(name, "pgrepup") == 0 || strcmp(name, "pglogical") == 0 ||
	       strcmp(name, "pglogical_origin") == 0;
}

static void
write_and_read(char **parts)
{
	struct expected e[] = {
		{"SCHEMA", "", parts[SCHEMA], create_schema(parts)},
		{"TABLE", parts[SCHEMA], parts[TABLE], create_table(parts)},
		{"TABLE", parts[SCHEMA], parts[TABLE], comment_on(parts)},
		{"FUNCTION", parts[SCHEMA], parts[TABLE],
		 create_function(parts)},
	};
	struct strbuf dump = STRBUF_INIT;
	size_t i;

	strbuf_add(&dump, "--\n-- PostgreSQL database dump\n--\n\n"
			  "SET standard_conforming_strings = on;\n\n");
	for (i = 0; i < LENGTH_OF(e); i++)
		add_entry(&dump, &e[i], parts[OWNER]);
	strbuf_add(&dump, "--\n-- PostgreSQL database dump complete\n--\n\n");
	read_dump(&dump, e, LENGTH_OF(e));
	for (i = 0; i < LENGTH_OF(e); i++)
		free(e[i].statement);
	strbuf_release(&dump);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *parts[N_PARTS];

	read_any(text);
	free(text);
	fuzz_texts(data, size, parts, N_PARTS);
	if (*parts[SCHEMA] && *parts[TABLE] && *parts[OWNER] &&
	    !is_own(parts[SCHEMA]))
		write_and_read(parts);
	fuzz_texts_free(parts, N_PARTS);
	return 0;
}
