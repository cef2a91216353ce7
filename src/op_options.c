/* SPDX-License-Identifier: PostgreSQL */
/* The options of a run: copied, and taken up by the next one. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "op.h"
#include "record.h"

static const struct kept {
	const char *word;
	size_t flag;
} kept[] = {
	{"--without-source", offsetof(struct op_options, without_source)},
	{"--no-refresh", offsetof(struct op_options, no_refresh)},
	{"--no-role-passwords", offsetof(struct op_options, no_role_passwords)},
};

static bool
is_set(const struct op_options *options, const struct kept *k)
{
	return *(const bool *)((const char *)options + k->flag);
}

void
op_options_say(const struct op_options *options, struct record *begin)
{
	size_t i;

	record_array(begin, "only");
	for (i = 0; i < options->only.n; i++)
		record_append_text(begin, "only", options->only.items[i]);
	record_array(begin, "options");
	for (i = 0; i < LENGTH_OF(kept); i++)
		if (is_set(options, &kept[i]))
			record_append_text(begin, "options", kept[i].word);
}

void
op_options_take_up(struct op_options *options, const struct record *begin)
{
	const char *word;
	size_t i, k;

	op_options_release(options);
	*options = (struct op_options){.yes = false};
	/* One that cannot be read is no database, and by no means all. */
	for (i = 0; i < record_count(begin, "only"); i++) {
		word = record_item_text(begin, "only", i);
		text_list_add(&options->only, word ? word : "");
	}
	for (i = 0; i < record_count(begin, "options"); i++) {
		word = record_item_text(begin, "options", i);
		for (k = 0; word && k < LENGTH_OF(kept); k++)
			if (strcmp(kept[k].word, word) == 0)
				*(bool *)((char *)options + kept[k].flag) =
					true;
	}
}

bool
op_options_same_scope(const struct op_options *a, const struct op_options *b)
{
	size_t i;

	if (a->only.n != b->only.n || a->without_source != b->without_source)
		return false;
	for (i = 0; i < a->only.n; i++)
		if (!text_list_has(&b->only, a->only.items[i]))
			return false;
	return true;
}

void
op_options_words(const struct op_options *options, struct strbuf *text)
{
	struct strbuf word = STRBUF_INIT;
	size_t i;

	for (i = 0; i < LENGTH_OF(kept); i++)
		if (is_set(options, &kept[i]))
			strbuf_addf(text, " %s", kept[i].word);
	for (i = 0; i < options->only.n; i++) {
		strbuf_reset(&word);
		strbuf_addf(&word, "--only=%s", options->only.items[i]);
		strbuf_addc(text, ' ');
		strbuf_shell(text, word.text);
	}
	strbuf_release(&word);
}

static void
copy_list(struct text_list *to, const struct text_list *from)
{
	size_t i;

	*to = (struct text_list){.n = 0};
	for (i = 0; i < from->n; i++)
		text_list_add(to, from->items[i]);
}

void
op_options_copy(struct op_options *to, const struct op_options *from)
{
	*to = *from;
	copy_list(&to->only, &from->only);
	copy_list(&to->discard, &from->discard);
	copy_list(&to->targets, &from->targets);
}

void
op_options_release(struct op_options *options)
{
	text_list_release(&options->only);
	text_list_release(&options->discard);
	text_list_release(&options->targets);
}
