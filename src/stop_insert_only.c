/* SPDX-License-Identifier: PostgreSQL */
/*
 * Stop: tables of which only new rows travel, as a person has chosen, and whose
 * rows were updated or deleted on the source since start. The server's own
 * counters tell; where they have gone back or are switched off, nobody can, and
 * that is said as well.
 */
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "mem.h"
#include "registry.h"
#include "stop.h"
#include "tables.h"

/* What is known of the tables of a database. */
struct sight {
	struct change_list chosen;
	struct rowset then; /* when start began */
	struct rowset now;
	bool counts; /* does the source count at all? */
};

static bool
look(struct stop *s, struct sight *at, struct err *err)
{
	char *counts = pg_ask_value(s->source, "setting",
				    PG_BIND("track_counts"), err);

	at->counts = counts && strcmp(counts, "on") == 0;
	free(counts);
	return !err_is_set(err) &&
	       pg_ask(s->destination, "copied_filenodes", PG_NONE, &at->then,
		      err) &&
	       tables_read(s->source, s->op->conf, &at->now, err);
}

static void
sight_release(struct sight *at)
{
	change_list_release(&at->chosen);
	rowset_release(&at->then);
	rowset_release(&at->now);
}

/* -1: not known. */
static long long
changes_of(const struct rowset *rows, const struct change *table)
{
	size_t i;

	for (i = 0; i < rows->n_rows; i++)
		if (strcmp(rowset_text(rows, i, "schema"), table->schema) == 0 &&
		    strcmp(rowset_text(rows, i, "name"), table->name) == 0 &&
		    rowset_get(rows, i, "changes"))
			return rowset_int(rows, i, "changes");
	return -1;
}

/* A table that is left out or gone is told elsewhere. */
static bool
is_copied(const struct sight *at, const struct change *table)
{
	return changes_of(&at->now, table) >= 0;
}

static bool
say_lost(struct stop *s, const struct sight *at, const struct change *table)
{
	long long then = changes_of(&at->then, table);
	long long now = changes_of(&at->now, table);
	const char *state = s->op->options.force ? "warn" : "ko";
	char *name;

	if (!is_copied(at, table) || (at->counts && now == then))
		return false;
	name = mem_printf("%s.%s", table->schema, table->name);
	if (!at->counts || then < 0 || now < then)
		op_item(s->op, "tables", s->db->name, name, state, "%s",
			"only its new rows travel, and nobody knows whether "
			"others were changed: the source did not count, or "
			"counts anew");
	else
		op_item(s->op, "tables", s->db->name, name, state,
			"only its new rows travel, and %lld %s updated or "
			"deleted on the source since start",
			now - then, now - then == 1 ? "row was" : "rows were");
	free(name);
	return true;
}

static bool
refuse(const struct stop *s, size_t n, struct err *err)
{
	char *anew = advice_anew(s->db->name);

	err_set(err, ERR_NEGATIVE,
		"rows changed on the source that do not travel: %zu %s", n,
		n == 1 ? "table" : "tables");
	err_hint(err, "Compare the tables and mend the destination by hand, "
		      "then --force goes on; or give them a key, and run %s.",
		 anew);
	free(anew);
	return false;
}

bool
stop_check_insert_only(struct stop *s, struct err *err)
{
	struct sight at = {.then = ROWSET_INIT, .now = ROWSET_INIT};
	size_t i, n = 0;
	bool ok;

	ok = registry_list(s->source, CHANGE_INSERT_ONLY, &at.chosen, err) &&
	     (at.chosen.n == 0 || look(s, &at, err));
	for (i = 0; ok && i < at.chosen.n; i++)
		n += say_lost(s, &at, &at.chosen.items[i]);
	sight_release(&at);
	if (ok && n > 0 && !s->op->options.force)
		return refuse(s, n, err);
	return ok;
}
