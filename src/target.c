/* SPDX-License-Identifier: PostgreSQL */
/* Words that name checks and fixes: read, written, matched. */
#include "target.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "strbuf.h"

#define SPECIAL ".@:=\""

/* "\x0a": the byte of it; 0 when there is no such thing. */
static char
escaped_byte(const char *c)
{
	char digits[3] = "";

	if (c[0] != '\\' || c[1] != 'x' || !isxdigit((unsigned char)c[2]) ||
	    !isxdigit((unsigned char)c[3]))
		return 0;
	memcpy(digits, c + 2, 2);
	return (char)strtol(digits, NULL, 16);
}

/* A name in quotes, behind the first. False when there is no second. */
static bool
take_quoted(const char **c, struct strbuf *sb)
{
	char byte;

	while (**c && (**c != '"' || (*c)[1] == '"')) {
		byte = escaped_byte(*c);
		strbuf_addc(sb, byte ? byte : **c);
		*c += byte ? 4 : **c == '"' ? 2 : 1;
	}
	if (**c != '"')
		return false;
	(*c)++;
	return true;
}

/* Takes one name, quoted or not, off *c. False when it is empty or broken. */
static bool
take_name(const char **c, char **name)
{
	struct strbuf sb = STRBUF_INIT;
	size_t n;

	if (**c == '"') {
		(*c)++;
		if (!take_quoted(c, &sb)) {
			strbuf_release(&sb);
			return false;
		}
	} else {
		n = strcspn(*c, SPECIAL);
		strbuf_addn(&sb, *c, n);
		*c += n;
	}
	*name = strbuf_detach(&sb);
	return **name != '\0';
}

static bool
side_find(const char *name, enum side *side)
{
	int i;

	for (i = SIDE_NONE; i <= SIDE_DESTINATION; i++)
		if (strcmp(side_name((enum side)i), name) == 0) {
			*side = (enum side)i;
			return true;
		}
	return false;
}

static bool
take_side(const char **c, struct target *t)
{
	char *name = NULL;
	bool ok;

	if (**c != '@')
		return true;
	(*c)++;
	ok = take_name(c, &name) && side_find(name, &t->side);
	t->any_side = false;
	free(name);
	return ok;
}

/* The name of a check, of a side, or "all". */
static bool
take_check(const char **c, struct target *t)
{
	t->any_side = true;
	if (!take_name(c, &t->check))
		return false;
	if (strcmp(t->check, "all") != 0 && !side_find(t->check, &t->side))
		return take_side(c, t);
	t->any_side = strcmp(t->check, "all") == 0;
	free(t->check);
	t->check = NULL;
	return true;
}

/*
 * database, database.table or database.schema.table; of what is in no
 * database: .object
 */
static bool
take_names(const char **c, char **names)
{
	char *found[3] = {NULL, NULL, NULL};
	size_t n = 0;
	bool ok = true;

	if (**c != ':')
		return true;
	if ((*c)[1] == '.') {
		(*c)++;
		n++;
	}
	do {
		(*c)++;
		ok = n < LENGTH_OF(found) && take_name(c, &found[n]);
		n += n < LENGTH_OF(found) ? 1 : 0;
	} while (ok && **c == '.');
	names[0] = found[0];
	names[1] = found[2] ? found[1] : NULL;
	names[2] = found[2] ? found[2] : found[1];
	return ok;
}

static bool
take_variant(const char **c, char **variant)
{
	if (**c != '=')
		return true;
	(*c)++;
	return take_name(c, variant);
}

static bool
parse(struct target *t, const char *word, struct err *err)
{
	const char *c = word;

	t->text = mem_strdup(word);
	if (take_check(&c, t) && take_names(&c, t->names) &&
	    take_variant(&c, &t->variant) && *c == '\0')
		return true;
	err_set(err, ERR_USAGE, "\"%s\" names no check", word);
	err_hint(err, "Say source, destination, local or all, or a check as "
		      "CHECK, CHECK@SIDE, CHECK:DATABASE or "
		      "CHECK:DATABASE.SCHEMA.TABLE.");
	return false;
}

bool
targets_parse(struct targets *targets, const struct text_list *words,
	      struct err *err)
{
	size_t i;

	targets->items = MEM_ARRAY(struct target, words->n);
	targets->n = 0;
	for (i = 0; i < words->n; i++)
		if (!parse(&targets->items[targets->n++], words->items[i],
			   err))
			return false;
	return true;
}

static bool
means(const char *wanted, const char *name)
{
	return !wanted || (name && strcmp(wanted, name) == 0);
}

bool
target_means(const struct target *target, const struct target_thing *thing)
{
	return means(target->check, thing->check) &&
	       (target->any_side || target->side == thing->side) &&
	       means(target->names[0], thing->database) &&
	       means(target->names[1], thing->schema) &&
	       means(target->names[2], thing->object);
}

struct target *
targets_find(const struct targets *targets, const struct target_thing *thing)
{
	struct target *t;

	for (t = targets->items; t < targets->items + targets->n; t++)
		if (target_means(t, thing))
			return t;
	return NULL;
}

void
targets_release(struct targets *targets)
{
	struct target *t;

	for (t = targets->items; t < targets->items + targets->n; t++) {
		free(t->text);
		free(t->check);
		free(t->names[0]);
		free(t->names[1]);
		free(t->names[2]);
		free(t->variant);
	}
	free(targets->items);
	*targets = (struct targets){.n = 0};
}

static void
add_escaped(struct strbuf *sb, const char *name)
{
	unsigned char c;

	strbuf_addc(sb, '"');
	for (; (c = (unsigned char)*name); name++)
		if (c < ' ' || c > '~' || c == '\\' || c == '"')
			strbuf_addf(sb, "\\x%02x", c);
		else
			strbuf_addc(sb, (char)c);
	strbuf_addc(sb, '"');
}

static void
add_name(struct strbuf *sb, const char *separator, const char *name)
{
	bool special;

	if (!name)
		return;
	special = !*name || strpbrk(name, SPECIAL);
	strbuf_add(sb, separator);
	if (*name &&
	    (!strbuf_is_shown(name) || (special && strchr(name, '\\'))))
		add_escaped(sb, name);
	else if (special)
		strbuf_ident(sb, name);
	else
		strbuf_add(sb, name);
}

char *
target_word(const struct target_thing *thing)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_addf(&sb, "%s@%s", thing->check, side_name(thing->side));
	add_name(&sb, ":", thing->database);
	if (!thing->database && thing->object)
		strbuf_addc(&sb, ':');
	add_name(&sb, ".", thing->schema);
	add_name(&sb, ".", thing->object);
	add_name(&sb, "=", thing->variant);
	return strbuf_detach(&sb);
}
