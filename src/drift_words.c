/* SPDX-License-Identifier: PostgreSQL */
/*
 * What a difference is called, and which ones matter. The rules are those of
 * both mechanisms: values arrive as text, columns by their names, rows are
 * found by the key that the source sends, columns that it does not send take
 * their defaults, and triggers and foreign keys do not fire.
 */
#include "drift_words.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* Longer definitions nobody reads in a line. */
#define MAX_SHOWN 100

static bool
is_long(const struct drift_fact *fact)
{
	return strlen(fact->definition) > MAX_SHOWN;
}

/* what: the thing with its name, which is freed. */
static char *
words_of(char *what, const struct drift_fact *source,
	 const struct drift_fact *destination)
{
	char *text;

	if (is_long(source) || is_long(destination))
		text = mem_printf("%s is not the same on both sides", what);
	else
		text = mem_printf("%s is %s on the source and %s on the "
				  "destination",
				  what, source->definition,
				  destination->definition);
	free(what);
	return text;
}

static char *
column_differs(const struct drift_fact *source,
	       const struct drift_fact *destination)
{
	const char *name = source->name;

	if (strcmp(source->definition, destination->definition) != 0)
		return words_of(mem_printf("column \"%s\"", name), source,
				destination);
	if (source->is_generated)
		return NULL;
	if (destination->is_generated)
		return mem_printf("column \"%s\" is GENERATED on the "
				  "destination alone",
				  name);
	if (destination->is_not_null && !source->is_not_null)
		return mem_printf("column \"%s\" is NOT NULL on the "
				  "destination alone",
				  name);
	return NULL;
}

static char *
column_words(const struct drift_fact *source,
	     const struct drift_fact *destination)
{
	if (source && destination)
		return column_differs(source, destination);
	if (source && !source->is_generated)
		return mem_printf("column \"%s\" %s is missing on the "
				  "destination",
				  source->name, source->definition);
	if (destination && destination->is_not_null &&
	    !destination->fills_itself)
		return mem_printf("column \"%s\" %s NOT NULL is on the "
				  "destination alone",
				  destination->name, destination->definition);
	return NULL;
}

/* Servers of different versions may put other parentheses around the same. */
static bool
is_same_condition(const char *a, const char *b)
{
	static const char *const passed = " ()";

	for (;;) {
		a += strspn(a, passed);
		b += strspn(b, passed);
		if (*a != *b)
			return false;
		if (!*a)
			return true;
		a++;
		b++;
	}
}

static char *
constraint_words(const struct drift_fact *source,
		 const struct drift_fact *destination)
{
	if (!destination ||
	    (source && is_same_condition(source->definition,
					 destination->definition)))
		return NULL;
	if (source)
		return words_of(mem_printf("constraint \"%s\"", source->name),
				source, destination);
	return mem_printf("constraint \"%s\" %s is on the destination alone",
			  destination->name,
			  is_long(destination) ? "" : destination->definition);
}

/* By what it makes unique; its own name is the definition. */
static char *
unique_words(const struct drift_fact *source,
	     const struct drift_fact *destination)
{
	if (source)
		return NULL;
	return mem_printf("unique index \"%s\" %s is on the destination alone",
			  destination->definition, destination->name);
}

/* Every column is the key where the source's is FULL. */
static char *
identity_words(const struct drift_fact *source,
	       const struct drift_fact *destination)
{
	if (!source || !destination ||
	    strcmp(source->definition, "FULL") == 0 ||
	    strcmp(source->definition, destination->definition) == 0)
		return NULL;
	return words_of(mem_strdup("its replica identity"), source,
			destination);
}

static char *
value_words(const struct drift_fact *source,
	    const struct drift_fact *destination)
{
	if (destination)
		return NULL;
	return mem_printf("value %s is missing on the destination",
			  source->name);
}

/* A type that one side alone uses is told by the column that has it. */
static char *
type_words(const struct drift_fact *source,
	   const struct drift_fact *destination)
{
	if (!source || !destination ||
	    is_same_condition(source->definition, destination->definition))
		return NULL;
	return words_of(mem_printf("type %s", source->name), source,
			destination);
}

static const struct {
	const char *kind; /* as drift_facts says it */
	char *(*words)(const struct drift_fact *source,
		       const struct drift_fact *destination);
} kinds[] = {
	{"column", column_words},     {"constraint", constraint_words},
	{"identity", identity_words}, {"type", type_words},
	{"unique", unique_words},     {"value", value_words},
};

char *
drift_words(const struct drift_fact *source,
	    const struct drift_fact *destination)
{
	const char *kind = source ? source->kind : destination->kind;
	size_t i;

	for (i = 0; i < LENGTH_OF(kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].words(source, destination);
	return NULL;
}
