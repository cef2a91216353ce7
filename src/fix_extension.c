/* SPDX-License-Identifier: PostgreSQL */
/*
 * Extension pglogical in the databases that have it already, brought to the
 * version of the server's package; and pglogical_origin, which 9.4 needs.
 */
#include <stdlib.h>
#include <string.h>

#include "fix_internal.h"
#include "mechanism.h"
#include "mem.h"
#include "names.h"
#include "registry.h"
#include "retry.h"

static void
add_plan(const struct fix *fix, enum side side, const char *database,
	 const struct rowset *rows, size_t i, struct fix_list *list)
{
	struct fix_plan *plan = fix_list_add(list);
	const char *name = rowset_text(rows, i, "name");
	const char *installed = rowset_get(rows, i, "installed");
	struct strbuf sql = STRBUF_INIT;

	strbuf_add(&sql, installed ? "ALTER EXTENSION " : "CREATE EXTENSION ");
	strbuf_ident(&sql, name);
	strbuf_add(&sql, installed ? " UPDATE" : "");
	plan->fix = fix;
	plan->side = side;
	plan->database = mem_strdup(database);
	plan->variant = mem_strdup(rowset_text(rows, i, "variant"));
	plan->sql = strbuf_detach(&sql);
	plan->cost = mem_strdup("a moment; no table of yours is touched.");
	plan->undo = installed
			     ? mem_printf("none: %s has no way back to "
					  "version %s", name, installed)
			     : mem_printf("DROP EXTENSION %s", name);
}

bool
fix_extension_plan(FIX_PLAN_ARGS)
{
	struct rowset rows = ROWSET_INIT;
	struct pg *pg;
	size_t d, i;

	(void)targets;
	if (op->mechanism && strcmp(op->mechanism->name, "pglogical") != 0)
		return true;
	for (d = 0; d < op->n_databases; d++) {
		pg = fix_connect(op, cluster, op->databases[d].name, err);
		if (!pg) {
			if (err_is_set(err))
				return false;
			continue;
		}
		if (pg_ask(pg, "fix_extension", PG_NONE, &rows, err))
			for (i = 0; i < rows.n_rows; i++)
				add_plan(fix, cluster->side,
					 op->databases[d].name, &rows, i,
					 list);
		pg_close(pg);
		rowset_release(&rows);
		if (err_is_set(err))
			return false;
	}
	return true;
}

struct extension {
	const struct fix_plan *plan;
	struct rowset rows;
};

/* What is planned may have been done meanwhile: it is looked at again. */
static bool
apply_row(struct pg *pg, const struct extension *x, size_t i, struct err *err)
{
	const char *installed = rowset_get(&x->rows, i, "installed");
	struct change_note note = {
		.kind = installed ? CHANGE_EXTENSION_UPDATE : CHANGE_EXTENSION,
		.name = rowset_text(&x->rows, i, "name"),
		.old_value = installed,
		.new_value = rowset_get(&x->rows, i, "available"),
		.state = CHANGE_DONE,
	};

	return names_refuse_strangers(pg, err) &&
	       (installed || names_make_schema(pg, note.name, err)) &&
	       registry_open(pg, err) &&
	       registry_note(pg, &note, NULL, err) &&
	       pg_run(pg, x->plan->sql, NULL, err) &&
	       (installed || names_revoke_all(pg, note.name, err));
}

static bool
apply(struct pg *pg, void *arg, struct err *err)
{
	struct extension *x = arg;
	size_t i;

	if (!pg_ask(pg, "fix_extension", PG_NONE, &x->rows, err))
		return false;
	for (i = 0; i < x->rows.n_rows; i++)
		if (strcmp(rowset_text(&x->rows, i, "variant"),
			   x->plan->variant) == 0)
			return apply_row(pg, x, i, err);
	return true;
}

bool
fix_extension_apply(FIX_APPLY_ARGS)
{
	struct extension x = {.plan = plan};
	struct pg *pg = op_connect(op, plan->side, plan->database, PG_PLAIN,
				   err);
	bool ok;

	if (!pg)
		return false;
	ok = retry_locked(pg, op->interrupt, apply, &x, err);
	rowset_release(&x.rows);
	pg_close(pg);
	return ok;
}
