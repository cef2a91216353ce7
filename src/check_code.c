/* SPDX-License-Identifier: PostgreSQL */
/*
 * Checks for code of owners that runs with the rights of others on the
 * destination.
 */
#include <stdlib.h>
#include <string.h>

#include "check_rows.h"
#include "load_role.h"
#include "mem.h"
#include "node_tree.h"

/*
 * Can code of owners be kept to their rights? *why: the first table for which
 * changes cannot be applied so, which the caller frees; "" when the mechanism
 * cannot at all; NULL: it can.
 */
static bool
read_why_not(const struct check_at *at, char **why, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = true;

	*why = NULL;
	if (!load_role_can_be(at->op) || !at->op->destination.superuser)
		*why = mem_strdup("");
	else
		ok = pg_ask(at->pg, "not_as_owner", PG_NONE, &rows, err);
	if (ok && rows.n_rows > 0)
		*why = mem_printf("%s.%s, %s", rowset_text(&rows, 0, "schema"),
				  rowset_text(&rows, 0, "name"),
				  rowset_text(&rows, 0, "why"));
	rowset_release(&rows);
	return ok;
}

static void
report_code(const struct check_at *at, const struct rowset *rows, size_t i,
	    enum check_status status, const char *why)
{
	char *current = mem_printf(
		"%s%s%s", rowset_text(rows, i, "current"),
		*why ? "; changes cannot be applied as the tables' owners: "
		     : "",
		why);

	check_report(at, &(struct finding){
		.status = status,
		.schema = rowset_text(rows, i, "schema"),
		.object = rowset_text(rows, i, "name"),
		.current = current,
	});
	free(current);
}

/* Whoever can choose that it runs with our rights is not to be let. */
bool
check_owners_code(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	char *why = NULL;
	bool ok = pg_ask(at->pg, "owners_code", PG_NONE, &rows, err);
	size_t i;

	if (ok && rows.n_rows > 0)
		ok = read_why_not(at, &why, err);
	for (i = 0; ok && i < rows.n_rows; i++)
		if (why || rowset_bool(&rows, i, "of_superuser"))
			report_code(at, &rows, i,
				    why && *why && rowset_bool(&rows, i, "each_row")
					    ? CHECK_KO
					    : CHECK_WARN,
				    why ? why : "");
	free(why);
	rowset_release(&rows);
	return ok;
}

/* One that is called with a column of the table runs for rows alone. */
static bool
runs_now(const struct rowset *rows, size_t i)
{
	const char *tree = rowset_get(rows, i, "tree");

	/* No tree: a value stands in the schema itself. */
	return !tree || rowset_bool(rows, i, "inlines") ||
	       node_tree_may_fold(tree, rowset_text(rows, i, "function"));
}

bool
check_owners_code_restored(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(at->pg, "owners_code_restored", PG_NONE, &rows, err);
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++)
		if (runs_now(&rows, i))
			report_code(at, &rows, i, CHECK_KO, "");
	rowset_release(&rows);
	return ok;
}
