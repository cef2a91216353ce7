/* SPDX-License-Identifier: PostgreSQL */
/* Words that name fixes: CHECK[@SIDE][:DATABASE[[.SCHEMA].OBJECT]][=VARIANT] */
#include <stdlib.h>
#include <string.h>

#include "fix.h"
#include "mem.h"
#include "strbuf.h"

#define SPECIAL ".@:=\""

/* Takes one name, quoted or not, off *c. False when it is empty or broken. */
static bool
take_name(const char **c, char **name)
{
	struct strbuf sb = STRBUF_INIT;
	size_t n;

	if (**c == '"') {
		for ((*c)++; **c && (**c != '"' || (*c)[1] == '"'); (*c)++) {
			if (**c == '"')
				(*c)++;
			strbuf_addc(&sb, **c);
		}
		if (**c != '"') {
			strbuf_release(&sb);
			return false;
		}
		(*c)++;
	} else {
		n = strcspn(*c, SPECIAL);
		strbuf_addn(&sb, *c, n);
		*c += n;
	}
	*name = strbuf_detach(&sb);
	return **name != '\0';
}

static bool
take_side(const char **c, enum side *side)
{
	char *name = NULL;
	bool ok;

	if (**c != '@')
		return true;
	(*c)++;
	ok = take_name(c, &name);
	if (ok && strcmp(name, side_name(SIDE_SOURCE)) == 0)
		*side = SIDE_SOURCE;
	else if (ok && strcmp(name, side_name(SIDE_DESTINATION)) == 0)
		*side = SIDE_DESTINATION;
	else
		ok = false;
	free(name);
	return ok;
}

/* database, database.table or database.schema.table */
static bool
take_names(const char **c, char **names)
{
	char *found[3] = {NULL, NULL, NULL};
	size_t n = 0;
	bool ok = true;

	if (**c != ':')
		return true;
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
parse(struct fix_target *t, const char *word, struct err *err)
{
	const char *c = word;

	t->text = mem_strdup(word);
	if (!take_name(&c, &t->check) || !take_side(&c, &t->side) ||
	    !take_names(&c, t->names) || !take_variant(&c, &t->variant) ||
	    *c != '\0') {
		err_set(err, ERR_USAGE, "invalid fix \"%s\"", word);
		err_hint(err, "A fix is named CHECK, CHECK:DATABASE or "
			      "CHECK:DATABASE.SCHEMA.TABLE.");
		return false;
	}
	if (!fix_exists(t->check)) {
		err_set(err, ERR_USAGE, "there is no fix for \"%s\"",
			t->check);
		err_hint(err, "`pgrepup fix --dry-run` shows what can be "
			      "fixed.");
		return false;
	}
	return true;
}

bool
fix_targets_parse(struct fix_targets *targets, const struct text_list *words,
		  struct err *err)
{
	size_t i;

	targets->items = MEM_ARRAY(struct fix_target, words->n);
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

static bool
means_table(const struct fix_target *t, const struct fix_plan *plan)
{
	size_t i;

	if (means(t->names[1], plan->schema) &&
	    means(t->names[2], plan->object))
		return true;
	for (i = 0; i + 1 < plan->mended.n; i += 2)
		if (means(t->names[1], plan->mended.items[i]) &&
		    means(t->names[2], plan->mended.items[i + 1]))
			return true;
	return false;
}

struct fix_target *
fix_targets_match(const struct fix_targets *targets,
		  const struct fix_plan *plan)
{
	struct fix_target *t;

	for (t = targets->items; t < targets->items + targets->n; t++)
		if (strcmp(t->check, plan->fix->check) == 0 &&
		    (t->side == SIDE_NONE || t->side == plan->side) &&
		    means(t->names[0], plan->database) &&
		    means_table(t, plan))
			return t;
	return NULL;
}

void
fix_targets_release(struct fix_targets *targets)
{
	struct fix_target *t;

	for (t = targets->items; t < targets->items + targets->n; t++) {
		free(t->text);
		free(t->check);
		free(t->names[0]);
		free(t->names[1]);
		free(t->names[2]);
		free(t->variant);
	}
	free(targets->items);
	*targets = (struct fix_targets){.n = 0};
}

static void
add_name(struct strbuf *sb, const char *separator, const char *name)
{
	if (!name)
		return;
	strbuf_add(sb, separator);
	if (!*name || strpbrk(name, SPECIAL))
		strbuf_ident(sb, name);
	else
		strbuf_add(sb, name);
}

char *
fix_plan_target(const struct fix_plan *plan)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_addf(&sb, "%s@%s", plan->fix->check, side_name(plan->side));
	add_name(&sb, ":", plan->database);
	add_name(&sb, ".", plan->schema);
	add_name(&sb, ".", plan->object);
	add_name(&sb, "=", plan->variant);
	return strbuf_detach(&sb);
}
