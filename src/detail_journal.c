/* SPDX-License-Identifier: PostgreSQL */
/* What the journal says of one database: messages, tables that failed. */
#include <stdlib.h>
#include <string.h>

#include "detail_internal.h"
#include "mem.h"

#define MESSAGES 20

static bool
is(const struct record *r, const char *key, const char *value)
{
	const char *is = record_get(r, key);

	return is && strcmp(is, value) == 0;
}

static void
add_message(struct detail_journal *j, const struct record *r)
{
	if (!j->messages)
		j->messages = MEM_ARRAY(struct record *, MESSAGES);
	if (j->n_messages == MESSAGES) {
		record_free(j->messages[0]);
		memmove(j->messages, j->messages + 1,
			(MESSAGES - 1) * sizeof(*j->messages));
		j->n_messages--;
	}
	j->messages[j->n_messages++] = record_copy(r);
}

static void
forget_failed(struct detail_journal *j)
{
	size_t i;

	for (i = 0; i < j->n_failed; i++)
		record_free(j->failed[i]);
	j->n_failed = 0;
}

static void
take_item(struct detail_journal *j, const struct record *r)
{
	if (!is(r, "step", "copy") || !is(r, "state", "ko"))
		return;
	MEM_GROW(j->failed, j->n_failed, j->alloc_failed);
	j->failed[j->n_failed++] = record_copy(r);
}

static void
take(struct detail *d, const struct record *r)
{
	struct detail_journal *j = &d->journal;

	/* A new copy begins: what failed before is tried again. */
	if (record_is(r, "begin") &&
	    (is(r, "command", "start") || is(r, "command", "setup")))
		forget_failed(j);
	if (!is(r, "database", d->database))
		return;
	if (record_is(r, "item"))
		take_item(j, r);
	else if (record_is(r, "error") ||
		 (record_is(r, "log") && !is(r, "level", "debug")))
		add_message(j, r);
}

static void
read_on(struct detail *d)
{
	struct err ignored = ERR_INIT;
	struct detail_journal *j = &d->journal;
	struct record *r;

	if (!j->reader && d->op.dir)
		j->reader = journal_reader_open(d->op.dir, &ignored);
	err_release(&ignored);
	while (j->reader && !interrupt_raised(d->op.interrupt) &&
	       (r = journal_reader_next(j->reader))) {
		take(d, r);
		record_free(r);
	}
}

void
detail_add_journal(struct detail *d, struct record *r)
{
	static const char *const members[] = {"time", "message", "detail",
					      "hint"};
	struct record *one;
	size_t i, k;

	read_on(d);
	for (i = 0; i < d->journal.n_messages; i++) {
		const struct record *m = d->journal.messages[i];

		one = record_new(NULL);
		record_text(one, "level",
			    record_is(m, "error") ? "error"
						  : record_get(m, "level"));
		for (k = 0; k < LENGTH_OF(members); k++)
			record_text(one, members[k],
				    record_get(m, members[k]));
		record_append(r, "messages", one);
		record_free(one);
	}
}

const char *
detail_table_error(const struct detail *d, const char *schema,
		   const char *table)
{
	size_t i, n = strlen(schema);
	const char *object;

	for (i = d->journal.n_failed; i > 0; i--) {
		object = record_get(d->journal.failed[i - 1], "object");
		if (object && strncmp(object, schema, n) == 0 &&
		    object[n] == '.' && strcmp(object + n + 1, table) == 0)
			return record_get(d->journal.failed[i - 1], "detail");
	}
	return NULL;
}

void
detail_journal_release(struct detail_journal *j)
{
	size_t i;

	forget_failed(j);
	for (i = 0; i < j->n_messages; i++)
		record_free(j->messages[i]);
	free(j->failed);
	free(j->messages);
	journal_reader_close(j->reader);
}
