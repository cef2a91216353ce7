/* SPDX-License-Identifier: PostgreSQL */
/*
 * Stop: tables that have another file than when start began, from sources whose
 * TRUNCATE does not travel. VACUUM FULL, CLUSTER and some forms of ALTER TABLE
 * do the same and are harmless; nobody can tell them apart afterwards.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "stop.h"
#include "tables.h"

/* The row of that table, or n_rows. */
static size_t
find(const struct rowset *tables, const char *schema, const char *name)
{
	size_t i;

	for (i = 0; i < tables->n_rows; i++)
		if (strcmp(rowset_get(tables, i, "schema"), schema) == 0 &&
		    strcmp(rowset_get(tables, i, "name"), name) == 0)
			break;
	return i;
}

/* Is it the same file? A table that is missing is told elsewhere. */
static bool
is_same(const struct rowset *then, size_t i, const struct rowset *now)
{
	const char *file = rowset_get(then, i, "filenode");
	size_t k = find(now, rowset_get(then, i, "schema"),
			rowset_get(then, i, "name"));
	const char *found = k < now->n_rows ? rowset_get(now, k, "filenode")
					    : NULL;

	return !file || !found || strcmp(file, found) == 0;
}

static size_t
say_rewritten(struct stop *s, const struct rowset *then,
	      const struct rowset *now)
{
	size_t i, n = 0;
	char *name;

	for (i = 0; i < then->n_rows; i++) {
		if (is_same(then, i, now))
			continue;
		name = mem_printf("%s.%s", rowset_get(then, i, "schema"),
				  rowset_get(then, i, "name"));
		op_item(s->op, "tables", s->db->name, name,
			s->op->options.force ? "warn" : "ko", "%s",
			"was truncated or rewritten since start, and TRUNCATE "
			"does not travel");
		free(name);
		n++;
	}
	return n;
}

bool
stop_check_truncated(struct stop *s, struct err *err)
{
	struct rowset then = ROWSET_INIT, now = ROWSET_INIT;
	size_t n = 0;
	bool ok;

	if (s->op->source.version >= s->op->mechanism->truncate_version)
		return true;
	ok = pg_ask(s->destination, "copied_filenodes", PG_NONE, &then, err) &&
	     tables_read(s->source, s->op->conf, &now, err);
	if (ok)
		n = say_rewritten(s, &then, &now);
	if (n > 0 && !s->op->options.force) {
		err_set(err, ERR_NEGATIVE,
			"truncated or rewritten on the source since start: "
			"%zu %s",
			n, n == 1 ? "table" : "tables");
		err_hint(err, "If that was VACUUM FULL or CLUSTER, --force goes "
			      "on. Else run `pgrepup setup --again`, then "
			      "`pgrepup start`.");
		ok = false;
	}
	rowset_release(&then);
	rowset_release(&now);
	return ok;
}
