/* SPDX-License-Identifier: PostgreSQL */
/*
 * Stop: tables that have another file than when start began. What ALTER TABLE
 * computes while it rewrites a table never travels, not even when its columns
 * are in the end what they were; nor, of some mechanisms, what was written
 * while it was UNLOGGED; nor, of some sources, TRUNCATE. VACUUM FULL and
 * CLUSTER are harmless, and nobody can tell them from the last two afterwards.
 */
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "mem.h"
#include "stop.h"
#include "tables.h"

/* What happened to a table, as far as it shows. */
enum rewriting {
	REWRITING_NONE,
	REWRITING_UNKNOWN, /* VACUUM FULL, CLUSTER, TRUNCATE, SET LOGGED */
	REWRITING_ALTERED, /* and its columns were altered as well */
};

/* The source's tables as they are now, to be found by name. */
struct entry {
	const char *schema;
	const char *name;
	size_t row;
};

struct now {
	struct rowset rows;
	struct entry *entries; /* sorted */
};

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->schema, y->schema);

	return order ? order : strcmp(x->name, y->name);
}

static void
sort(struct now *now)
{
	size_t i, n = now->rows.n_rows;

	now->entries = MEM_ARRAY(struct entry, n + 1);
	for (i = 0; i < n; i++)
		now->entries[i] = (struct entry){
			.schema = rowset_text(&now->rows, i, "schema"),
			.name = rowset_text(&now->rows, i, "name"),
			.row = i,
		};
	qsort(now->entries, n, sizeof(*now->entries), compare_entries);
}

/* A value of the same table, then and now: is it another one? */
static bool
differs(const struct rowset *then, size_t i, const struct now *now,
	const struct entry *entry, const char *column)
{
	const char *old = rowset_get(then, i, column);
	const char *found = rowset_get(&now->rows, entry->row, column);

	return old && found && strcmp(old, found) != 0;
}

/* A table that is missing is told elsewhere. */
static enum rewriting
rewriting_of(const struct rowset *then, size_t i, const struct now *now)
{
	const struct entry key = {
		.schema = rowset_text(then, i, "schema"),
		.name = rowset_text(then, i, "name"),
	};
	const struct entry *e =
	    bsearch(&key, now->entries, now->rows.n_rows, sizeof(key),
		    compare_entries);

	if (!e || !differs(then, i, now, e, "filenode"))
		return REWRITING_NONE;
	return differs(then, i, now, e, "altered") ? REWRITING_ALTERED
						   : REWRITING_UNKNOWN;
}

/* How many of each kind there are. */
struct count {
	size_t altered;
	size_t unknown; /* those that speak against stopping */
};

/* NULL: no harm can have been done. *refuses: is it worth a refusal? */
static const char *
judge(const struct stop *s, enum rewriting rewriting, bool *refuses)
{
	*refuses = true;
	if (rewriting == REWRITING_ALTERED)
		return "was rewritten by ALTER TABLE since start, and the "
		       "values that this computed do not travel";
	if (rewriting == REWRITING_NONE)
		return NULL;
	if (s->op->source.version < s->op->mechanism->truncate_version)
		return "was truncated or rewritten since start, and TRUNCATE "
		       "does not travel";
	*refuses = false;
	return s->op->mechanism->unguarded
		       ? "has another file than at start: VACUUM FULL, "
			 "CLUSTER and TRUNCATE do no harm, but what was "
			 "written while it was UNLOGGED does not travel"
		       : "has another file than at start: VACUUM FULL, CLUSTER, "
			 "TRUNCATE and what repacks a table do no harm";
}

static void
say(struct stop *s, const struct rowset *then, size_t i, const char *what,
    bool refuses)
{
	const char *state = refuses && !s->op->options.force ? "ko"
			    : refuses || s->op->mechanism->unguarded ? "warn"
								      : "ok";
	char *name = mem_printf("%s.%s", rowset_text(then, i, "schema"),
				rowset_text(then, i, "name"));

	op_item(s->op, "tables", s->db->name, name, state, "%s", what);
	free(name);
}

static struct count
say_rewritten(struct stop *s, const struct rowset *then,
	      const struct now *now)
{
	struct count n = {0};
	size_t i;

	for (i = 0; i < then->n_rows; i++) {
		enum rewriting rewriting = rewriting_of(then, i, now);
		bool refuses;
		const char *what = judge(s, rewriting, &refuses);

		if (!what)
			continue;
		say(s, then, i, what, refuses);
		n.altered += rewriting == REWRITING_ALTERED;
		n.unknown += refuses && rewriting == REWRITING_UNKNOWN;
	}
	return n;
}

static bool
refuse(const struct stop *s, struct count count, struct err *err)
{
	size_t n = count.altered + count.unknown;
	char *anew = advice_anew(s->db->name);

	err_set(err, ERR_NEGATIVE,
		"truncated or rewritten on the source since start: %zu %s", n,
		n == 1 ? "table" : "tables");
	err_hint(err, "%s Else run %s.",
		 count.altered > 0
			 ? "When its rows are the same on both sides (compare "
			   "them), --force goes on."
			 : "If that was VACUUM FULL or CLUSTER, --force goes "
			   "on.",
		 anew);
	free(anew);
	return false;
}

bool
stop_check_rewritten(struct stop *s, struct err *err)
{
	struct rowset then = ROWSET_INIT;
	struct now now = {.rows = ROWSET_INIT};
	struct count n = {0};
	bool ok;

	ok = pg_ask(s->destination, "copied_filenodes", PG_NONE, &then, err) &&
	     tables_read(s->source, s->op->conf, &now.rows, err);
	if (ok) {
		sort(&now);
		n = say_rewritten(s, &then, &now);
	}
	if (n.altered + n.unknown > 0 && !s->op->options.force)
		ok = refuse(s, n, err);
	rowset_release(&then);
	rowset_release(&now.rows);
	free(now.entries);
	return ok;
}
