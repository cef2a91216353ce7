/* SPDX-License-Identifier: PostgreSQL */
/*
 * Words that name checks, databases and tables: any text, and the word of a
 * thing whose names are the input, which means that thing and no other. Lists
 * of names in the configuration are written and read in the same way.
 */
#include <stdlib.h>
#include <string.h>

#include "conf_internal.h"
#include "fuzz.h"
#include "mem.h"
#include "needs.h"
#include "statement.h"
#include "target.h"

#define N_NAMES 4

static bool
parse(const char *word, struct targets *targets)
{
	struct text_list words = {.n = 0};
	struct err err = ERR_INIT;
	bool ok;

	text_list_add(&words, word);
	ok = targets_parse(targets, &words, &err);
	if (ok == err_is_set(&err))
		fuzz_fail("\"%s\" is refused without a reason", word);
	text_list_release(&words);
	err_release(&err);
	return ok;
}

static void
read_any(const char *text)
{
	struct target_thing thing = {.check = "wal_level",
				     .side = SIDE_SOURCE,
				     .database = text};
	struct text_list list = need_list_parse(text);
	struct targets targets;
	char *schema, *name;

	if (parse(text, &targets))
		targets_find(&targets, &thing);
	targets_release(&targets);
	text_list_release(&list);
	statement_names(text, &schema, &name);
	free(schema);
	free(name);
}

/* One with another name at that place is another thing. */
static void
expect_no_other(const struct targets *targets, const struct target_thing *thing)
{
	struct target_thing other = *thing;
	char *more = mem_printf("%sx", thing->object);

	other.object = more;
	if (targets_find(targets, &other))
		fuzz_fail("%s means another thing too", targets->items->text);
	other = *thing;
	other.database = more;
	if (strcmp(more, thing->database) != 0 &&
	    targets_find(targets, &other))
		fuzz_fail("%s means another thing too", targets->items->text);
	free(more);
}

static void
write_and_read(char **names)
{
	const struct target_thing thing = {
		.check = "replica_identity",
		.side = SIDE_DESTINATION,
		.database = names[0],
		.schema = names[1],
		.object = names[2],
		.variant = *names[3] ? names[3] : NULL,
	};
	char *word = target_word(&thing);
	struct targets targets;

	if (!parse(word, &targets))
		fuzz_fail("%s cannot be read", word);
	if (!targets_find(&targets, &thing))
		fuzz_fail("%s does not mean what it was made of", word);
	if (*names[3] && strcmp(targets.items->variant, names[3]) != 0)
		fuzz_fail("%s: the variant is \"%s\"", word,
			  targets.items->variant);
	expect_no_other(&targets, &thing);
	targets_release(&targets);
	free(word);
}

static void
write_and_read_list(char **names)
{
	struct text_list list = {.n = 0}, again = {.n = 0};
	char *text;
	size_t i;

	for (i = 0; i < N_NAMES; i++)
		if (*names[i])
			text_list_add(&list, names[i]);
	text = conf_format_list(&list);
	if (list.n > 0 && !conf_parse_list(text, &again))
		fuzz_fail("the list %s cannot be read", text);
	for (i = 0; i < list.n; i++)
		if (again.n != list.n ||
		    strcmp(list.items[i], again.items[i]) != 0)
			fuzz_fail("the list %s is another one", text);
	free(text);
	text_list_release(&list);
	text_list_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *names[N_NAMES];

	read_any(text);
	free(text);
	fuzz_texts(data, size, names, N_NAMES);
	if (*names[0] && *names[1] && *names[2])
		write_and_read(names);
	write_and_read_list(names);
	fuzz_texts_free(names, N_NAMES);
	return 0;
}
