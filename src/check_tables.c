/* SPDX-License-Identifier: PostgreSQL */
/* Checks of what is in a database of the source. */
#include <stdlib.h>
#include <string.h>

#include "check_rows.h"
#include "fix_done.h"
#include "identity.h"
#include "mem.h"
#include "registry.h"
#include "tables.h"

/*
 * Most checks here are a statement whose every row is a finding: columns
 * schema, name, current (why, or what), and needed where there is one.
 */
static bool
ask_tables(const struct check_at *at, const char *statement,
	   struct rowset *rows, struct err *err)
{
	char *excluded = tables_excluded(at->op->conf, at->db->name);
	bool ok = pg_ask(at->pg, statement, PG_BIND(excluded), rows, err);

	free(excluded);
	return ok;
}

static bool
report_rows_with(const struct check_at *at, const char *statement,
		 enum check_status status, const char *remedy, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = ask_tables(at, statement, &rows, err);
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++)
		check_report(at, &(struct finding){
					 .status = status,
					 .schema = rowset_get(&rows, i,
							      "schema"),
					 .object = rowset_text(&rows, i, "name"),
					 .current = rowset_get(&rows, i,
							       "current"),
					 .needed = rowset_text(&rows, i,
							      "needed"),
					 .fixable = remedy != NULL,
					 .remedy = remedy,
				 });
	rowset_release(&rows);
	return ok;
}

static bool
report_rows(const struct check_at *at, const char *statement,
	    enum check_status status, struct err *err)
{
	return report_rows_with(at, statement, status, NULL, err);
}

/* --- replica identity --------------------------------------------------- */

/* The plan that would mend a table, or the tree that it is in; or NULL. */
static const struct fix_plan *
plan_of(const struct fix_list *plans, const struct identity_table *t)
{
	const struct fix_plan *p;
	size_t i;

	for (p = plans->items; p < plans->items + plans->n; p++) {
		if (strcmp(p->schema, t->schema) == 0 &&
		    strcmp(p->object, t->name) == 0)
			return p;
		for (i = 0; i + 1 < p->mended.n; i += 2)
			if (strcmp(p->mended.items[i], t->schema) == 0 &&
			    strcmp(p->mended.items[i + 1], t->name) == 0)
				return p;
	}
	return NULL;
}

static char *
problem_text(const struct identity_table *t)
{
	if (*t->identity == 'f' && t->unequal)
		return mem_printf("REPLICA IDENTITY FULL, but there is no "
				  "equality for %s",
				  t->unequal);
	if (*t->identity == 'f' && t->generated)
		return mem_printf("REPLICA IDENTITY FULL, but generated, so "
				  "never sent: %s",
				  t->generated);
	return mem_strdup(identity_problem(t));
}

static void
report_identity(const struct check_at *at, const struct identity_table *t,
		const struct fix_plan *plan)
{
	bool fixable = identity_best(t) != IDENTITY_NOTHING;
	char *fix = check_fix_command(at, t->schema, t->name);
	char *current = problem_text(t);

	check_report(at, &(struct finding){
				 .status = CHECK_KO,
				 .schema = t->schema,
				 .object = t->name,
				 .current = current,
				 .needed = t->full_identity
						   ? "a primary key, or "
						     "REPLICA IDENTITY USING "
						     "INDEX or FULL"
						   : "a primary key, or "
						     "REPLICA IDENTITY USING "
						     "INDEX",
				 .hint = fixable ? fix
						 : "give it a primary key, or "
						   "leave it out "
						   "(tables.exclude)",
				 .fixable = fixable,
				 .fix_sql = plan ? plan->sql : NULL,
			 });
	free(current);
	free(fix);
}

static bool
is_in_need(const struct identity_tables *tables, const struct fix_done *done)
{
	size_t i;

	for (i = 0; i < tables->n; i++)
		if (strcmp(tables->items[i].schema, done->schema) == 0 &&
		    strcmp(tables->items[i].name, done->object) == 0)
			return true;
	return false;
}

/* What was fixed is told by name: it can be taken back. */
static bool
report_fixed(const struct check_at *at, const struct identity_tables *tables,
	     struct err *err)
{
	struct fix_done_list done;
	const struct fix_done *d;
	char *how;
	bool ok = fix_done_read(at->pg, at->changes, false, &done, err);

	for (d = done.items; ok && d < done.items + done.n; d++) {
		if (strcmp(d->fix->check, at->check->id) != 0 ||
		    is_in_need(tables, d))
			continue;
		how = d->variant ? mem_printf("fixed by pgrepup: %s",
					      d->variant)
				 : mem_strdup("fixed by pgrepup");
		check_report(at, &(struct finding){
					 .status = CHECK_OK,
					 .schema = d->schema,
					 .object = d->object,
					 .current = how,
					 .fixed = true,
				 });
		free(how);
	}
	fix_done_release(&done);
	return ok;
}

bool
check_replica_identity(const struct check_at *at, struct err *err)
{
	struct identity_tables tables;
	struct fix_list plans = {.n = 0};
	size_t i;
	bool ok = identity_read(at->pg, at->op, &tables, err);

	if (ok && tables.n > 0)
		ok = fix_identity_plan_in(at->op, at->pg, at->db->name, &plans,
					  err);
	for (i = 0; ok && i < tables.n; i++)
		report_identity(at, &tables.items[i],
				plan_of(&plans, &tables.items[i]));
	ok = ok && report_fixed(at, &tables, err);
	fix_list_release(&plans);
	identity_release(&tables);
	return ok;
}

/* Those of a line of their own can be taken in again. */
bool
check_tables_left_out(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	const char *schema, *name;
	char *entry;
	size_t i;
	bool ok = ask_tables(at, "tables_left_out", &rows, err);

	for (i = 0; ok && i < rows.n_rows; i++) {
		schema = rowset_text(&rows, i, "schema");
		name = rowset_text(&rows, i, "name");
		entry = mem_printf("%s.%s.%s", at->db->name, schema, name);
		check_report(at, &(struct finding){
					 .status = CHECK_WARN,
					 .schema = schema,
					 .object = name,
					 .current = "left out by tables.exclude",
					 .fixed = text_list_has(
						 &at->op->conf->tables_exclude,
						 entry),
				 });
		free(entry);
	}
	rowset_release(&rows);
	return ok;
}

/* What a person chose has its price all the same. */
bool
check_insert_only(const struct check_at *at, struct err *err)
{
	struct change_list list;
	size_t i;
	bool ok = registry_list(at->pg, CHANGE_INSERT_ONLY, &list, err);

	for (i = 0; ok && i < list.n; i++)
		check_report(at, &(struct finding){
					 .status = CHECK_WARN,
					 .schema = list.items[i].schema,
					 .object = list.items[i].name,
					 .current = "only its new rows travel, "
						    "as was chosen",
				 });
	change_list_release(&list);
	return ok;
}

bool
check_row_security(const struct check_at *at, struct err *err)
{
	if (at->op->source.superuser && at->op->destination.superuser)
		return true;
	return report_rows(at, "forced_row_security", CHECK_KO, err);
}

bool
check_ownership(const struct check_at *at, struct err *err)
{
	return report_rows(at, "tables_not_owned", CHECK_KO, err);
}

/* --- what is not carried, or not without a word ------------------------- */

bool
check_generated_columns(const struct check_at *at, struct err *err)
{
	return report_rows_with(at, "generated_columns", CHECK_KO,
				FIX_EXCLUDE_VARIANT, err);
}

bool
check_deferrable(const struct check_at *at, struct err *err)
{
	return report_rows(at, "deferrable", CHECK_WARN, err);
}

bool
check_truncate_keys(const struct check_at *at, struct err *err)
{
	char *excluded = tables_excluded(at->op->conf, at->db->name);
	char *n = pg_ask_value(at->pg, "truncate_keys", PG_BIND(excluded),
			       err);

	if (n && strcmp(n, "0") != 0)
		check_say(at, CHECK_WARN, NULL, NULL,
			  "foreign keys of others point to %s table%s", n,
			  strcmp(n, "1") == 0 ? "" : "s");
	free(n);
	free(excluded);
	return !err_is_set(err);
}

bool
check_partitions(const struct check_at *at, struct err *err)
{
	if (at->cluster->version < 100000)
		return true;
	return report_rows(at, "partitioned", CHECK_WARN, err);
}

/* Tables of 12 and later have none. */
bool
check_oids(const struct check_at *at, struct err *err)
{
	if (at->cluster->version >= 120000 ||
	    at->op->destination.version < 120000)
		return true;
	return report_rows(at, "oids", CHECK_WARN, err);
}

bool
check_unlogged(const struct check_at *at, struct err *err)
{
	return report_rows(at, "unlogged", CHECK_WARN, err);
}

bool
check_extension_rows(const struct check_at *at, struct err *err)
{
	return report_rows(at, "extension_rows", CHECK_WARN, err);
}

bool
check_extension_members(const struct check_at *at, struct err *err)
{
	return report_rows(at, "extension_members", CHECK_KO, err);
}

bool
check_materialized_views(const struct check_at *at, struct err *err)
{
	return report_rows(at, "materialized_views", CHECK_WARN, err);
}

bool
check_triggers(const struct check_at *at, struct err *err)
{
	return report_rows(at, "triggers_firing", CHECK_WARN, err);
}

/* From this version on a superuser's session can fire none at all. */
#define NO_EVENT_TRIGGERS 170000

bool
check_event_triggers(const struct check_at *at, struct err *err)
{
	const struct op *op = at->op;

	if (op->source.version >= NO_EVENT_TRIGGERS &&
	    op->destination.version >= NO_EVENT_TRIGGERS)
		return true;
	return report_rows(at, "event_triggers", CHECK_WARN, err);
}

bool
check_foreign_keys(const struct check_at *at, struct err *err)
{
	return report_rows_with(at, "foreign_keys_out", CHECK_KO,
				FIX_EXCLUDE_VARIANT, err);
}

bool
check_sequences(const struct check_at *at, struct err *err)
{
	return report_rows(at, "sequences_full", CHECK_WARN, err);
}

bool
check_large_objects(const struct check_at *at, struct err *err)
{
	char *n = pg_ask_value(at->pg, "large_objects", PG_NONE, err);

	if (n && strcmp(n, "0") != 0)
		check_say(at, CHECK_WARN, NULL, NULL, "%s large object%s", n,
			  strcmp(n, "1") == 0 ? "" : "s");
	free(n);
	return !err_is_set(err);
}
