/* SPDX-License-Identifier: PostgreSQL */
/* Hints that more than one place gives. */
#include "advice.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "strbuf.h"

char *
advice_anew(const char *database)
{
	struct strbuf word = STRBUF_INIT;
	char *only = mem_printf("--only=%s", database), *text;

	strbuf_shell(&word, only);
	text = mem_printf("`pgrepup setup --again %s`, then `pgrepup start %s`",
			  word.text, word.text);
	strbuf_release(&word);
	free(only);
	return text;
}

void
advice_hint_anew(struct err *err, const char *database)
{
	char *commands = advice_anew(database);

	err_hint(err, "Run %s.", commands);
	free(commands);
}

#define DELETE_THE_ROW                                                         \
	"Something wrote to the destination before the hand-over. Delete "     \
	"that row there: the one of the source then arrives by itself."

/* The first whose words are a part of the reason. */
static const struct advice {
	const char *words;
	const char *text;
	bool anew; /* and how the database is copied anew behind it */
} advices[] = {
	{"duplicate key value", DELETE_THE_ROW, false},
	/* the same in the words of 18: insert_exists, update_exists ... */
	{"_exists", DELETE_THE_ROW, false},
	{"is gone from the source",
	 "What was written since cannot be known. To copy the database anew "
	 "run ",
	 true},
	{"may be missing", "To copy the database anew run ", true},
	{"has removed WAL",
	 "Raise max_slot_wal_keep_size on the source. To copy the database "
	 "anew run ",
	 true},
	{"supervisor of pglogical",
	 "Restart the PostgreSQL server of the destination: nothing else "
	 "brings it back. Then run `pgrepup start`.",
	 false},
	{"deferrable indexes",
	 "Drop that constraint on the destination (ALTER TABLE ... DROP "
	 "CONSTRAINT): the changes then go on by themselves. Make it again "
	 "after stop.",
	 false},
	{"foreign key",
	 "pglogical cannot TRUNCATE a table alone to which others point: drop "
	 "these keys on the destination (ALTER TABLE ... DROP CONSTRAINT), run "
	 "`pgrepup start`, and make them again before stop.",
	 false},
	{"is disabled", "Run `pgrepup start`: it switches it on again.",
	 false},
	{"subscription is gone", "To copy the database anew run ", true},
	{"does not exist", ADVICE_LIKE_THE_SOURCE, false},
	{"replicated column", ADVICE_LIKE_THE_SOURCE, false},
	{"unknown column", ADVICE_LIKE_THE_SOURCE, false},
};

static const struct advice *
find(const char *reason)
{
	size_t i;

	for (i = 0; reason && i < LENGTH_OF(advices); i++)
		if (strstr(reason, advices[i].words))
			return &advices[i];
	return NULL;
}

char *
advice_when_down(const char *reason, const char *database)
{
	const struct advice *advice = find(reason);
	char *anew, *text;

	if (!advice)
		return NULL;
	anew = advice->anew ? advice_anew(database) : mem_strdup("");
	text = mem_printf("%s%s%s", advice->text, anew,
			  advice->anew ? "." : "");
	free(anew);
	return text;
}
