/* SPDX-License-Identifier: PostgreSQL */
/* What a statement of pg_dump's is about. */
#include "statement.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "sqltext.h"
#include "strbuf.h"

/* How many keywords behind the names tell what a statement does. */
#define MAX_DOES 4

/* A place in the statement. */
struct at {
	const char *text; /* where it begins */
	const char *p;
	const char *end;
};

/* The class stands behind ON. */
static const char *const verbs_on[] = {"COMMENT", "GRANT", "REVOKE",
				       "SECURITY"};

/* Words before a name that are no part of what it names. */
static const char *const noise[] = {
	"OR", "REPLACE", "IF", "NOT", "EXISTS", "ONLY", "UNIQUE", "UNLOGGED",
};

static bool
is_one_of(const char *word, const char *const *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

static bool
is_name(const struct at *at)
{
	return at->p < at->end &&
	       (*at->p == '"' || *at->p == '_' ||
		islower((unsigned char)*at->p));
}

static bool
is_keyword(const struct at *at)
{
	return at->p < at->end && isupper((unsigned char)*at->p);
}

static void
skip_spaces(struct at *at)
{
	at->p = sqltext_next_word(at->text, at->p);
	if (at->p > at->end)
		at->p = at->end;
}

/* Over what begins at p: something quoted, all of a bracket, or a character. */
static void
skip_one(struct at *at)
{
	int depth = 0;

	do {
		depth += *at->p == '(' ? 1 : *at->p == ')' ? -1 : 0;
		at->p = sqltext_skip(at->text, at->p);
	} while (depth > 0 && at->p < at->end);
	if (at->p > at->end)
		at->p = at->end;
}

static bool
is_word_character(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$';
}

static char *
take_word(struct at *at)
{
	const char *from = at->p;

	while (at->p < at->end && is_word_character(*at->p))
		at->p++;
	return mem_strndup(from, (size_t)(at->p - from));
}

/* An identifier without its quotes, or the signs of an operator. */
static char *
take_name(struct at *at)
{
	struct strbuf name = STRBUF_INIT;
	const char *from = at->p;

	if (at->p >= at->end || *at->p != '"') {
		if (is_name(at))
			return take_word(at);
		while (at->p < at->end && *at->p != '(' &&
		       !isspace((unsigned char)*at->p))
			at->p++;
		return mem_strndup(from, (size_t)(at->p - from));
	}
	skip_one(at);
	for (from++; from + 1 < at->p; from++) {
		strbuf_addc(&name, *from);
		if (*from == '"')
			from++;
	}
	return strbuf_detach(&name);
}

/* To the next word of either kind; false at the end. */
static bool
find_word(struct at *at)
{
	for (skip_spaces(at); at->p < at->end; skip_spaces(at)) {
		if (is_keyword(at) || is_name(at))
			return true;
		skip_one(at);
	}
	return false;
}

/* Behind the next keyword of that text, if there is one. */
static void
pass_keyword(struct at *at, const char *keyword)
{
	bool found = false, is_it;
	char *word;

	while (!found && find_word(at)) {
		is_it = is_keyword(at);
		word = is_it ? take_word(at) : take_name(at);
		found = is_it && strcmp(word, keyword) == 0;
		free(word);
	}
}

/* Keywords up to the first name or bracket. */
static char *
take_class(struct at *at)
{
	struct strbuf class = STRBUF_INIT;
	char *word;

	for (skip_spaces(at); is_keyword(at); skip_spaces(at)) {
		word = take_word(at);
		if (!is_one_of(word, noise, LENGTH_OF(noise))) {
			strbuf_sep(&class, " ");
			strbuf_add(&class, word);
		}
		free(word);
	}
	return strbuf_detach(&class);
}

static void
take_names(struct at *at, char **schema, char **name)
{
	*schema = NULL;
	*name = take_name(at);
	if (at->p < at->end && *at->p == '.') {
		at->p++;
		*schema = *name;
		*name = take_name(at);
	}
}

/* "ON schema.table" behind the name of a policy, an index, a constraint. */
static char *
schema_behind_on(struct at at)
{
	char *schema = NULL, *name = NULL, *word;
	bool found;

	skip_spaces(&at);
	word = is_keyword(&at) ? take_word(&at) : NULL;
	found = word && strcmp(word, "ON") == 0;
	free(word);
	if (found) {
		free(take_class(&at));
		take_names(&at, &schema, &name);
		free(name);
	}
	return schema;
}

static char *
take_does(struct at *at)
{
	struct strbuf does = STRBUF_INIT;
	char *word;
	int n = 0;

	while (n < MAX_DOES && find_word(at)) {
		if (is_keyword(at)) {
			word = take_word(at);
			strbuf_sep(&does, " ");
			strbuf_add(&does, word);
			n++;
		} else {
			word = take_name(at);
		}
		free(word);
	}
	return strbuf_detach(&does);
}

void
statement_read(const char *text, const char *end, struct statement *s)
{
	struct at at = {.text = text, .p = text, .end = end};
	char *schema = NULL, *name = NULL;

	skip_spaces(&at);
	s->verb = is_keyword(&at) ? take_word(&at) : mem_strdup("");
	if (is_one_of(s->verb, verbs_on, LENGTH_OF(verbs_on)))
		pass_keyword(&at, "ON");
	s->class = take_class(&at);
	if (is_name(&at)) {
		take_names(&at, &schema, &name);
		if (!schema)
			schema = schema_behind_on(at);
	}
	s->schema = schema ? schema : mem_strdup("");
	s->name = name ? name : mem_strdup("");
	s->does = take_does(&at);
}

void
statement_release(struct statement *s)
{
	free(s->verb);
	free(s->class);
	free(s->schema);
	free(s->name);
	free(s->does);
	*s = (struct statement){.verb = NULL};
}

void
statement_names(const char *text, char **schema, char **name)
{
	struct at at = {
		.text = text,
		.p = text,
		.end = text + strlen(text),
	};

	take_names(&at, schema, name);
	if (!*schema)
		*schema = mem_strdup("");
}
