/* SPDX-License-Identifier: PostgreSQL */
/*
 * Leaving a table out of the upgrade: a line of tables.exclude in the
 * configuration. A remedy for what no other helps, never proposed by itself:
 * it has to be named, as CHECK:DATABASE.SCHEMA.TABLE=exclude. It is taken back
 * under the name of the check that tells of tables that are left out.
 */
#include <stdlib.h>
#include <string.h>

#include "fix_done.h"
#include "fix_internal.h"
#include "mem.h"

char *
fix_exclude_entry(const char *database, const char *schema, const char *object)
{
	return mem_printf("%s.%s.%s", database, schema, object);
}

bool
fix_exclude_is_named(const struct target *target)
{
	return target->variant &&
	       strcmp(target->variant, FIX_EXCLUDE_VARIANT) == 0;
}

/* Why not: no such table, or too late. */
static bool
find_reason(struct op *op, struct pg *pg, struct fix_plan *plan,
	    struct err *err)
{
	struct change_list changes = {.n = 0};
	char *entry = fix_exclude_entry(plan->database, plan->schema,
					plan->object);
	char *oid = pg_ask_value(pg, "table_oid",
				 PG_BIND(plan->schema, plan->object), err);
	bool ok = !err_is_set(err) && registry_list(pg, NULL, &changes, err);

	if (ok && !oid)
		plan->reason = mem_strdup("there is no such table");
	else if (ok && text_list_has(&op->conf->tables_exclude, entry))
		plan->reason = mem_strdup("it is left out already");
	else if (ok && fix_done_setup(&changes))
		plan->reason = mem_strdup("setup has been run, which made it "
					  "part of the upgrade");
	change_list_release(&changes);
	free(oid);
	free(entry);
	return ok;
}

/* What is shown, and for the person whose comments would be lost. */
static void
explain(const struct op *op, struct fix_plan *plan, const char *verb)
{
	char *entry = fix_exclude_entry(plan->database, plan->schema,
					plan->object);

	plan->sql = mem_printf("-- tables.exclude in %s %s\n-- %s",
			       op->conf->path, verb, entry);
	plan->cost = mem_printf("nothing on the servers. A table that is left "
				"out is made on the destination and stays "
				"empty.%s",
				conf_has_comments(op->conf)
					? " The comments in the configuration "
					  "are lost; the former file is kept "
					  "beside it, with ~ after its name."
					: "");
	free(entry);
}

static bool
plan_one(struct op *op, const struct fix *fix, const struct target *target,
	 struct fix_list *list, struct err *err)
{
	struct fix_plan *plan = fix_list_add(list);
	struct pg *pg;
	bool ok;

	plan->fix = fix;
	plan->side = SIDE_SOURCE;
	plan->database = mem_strdup(target->names[0]);
	plan->schema = mem_strdup(target->names[1]);
	plan->object = mem_strdup(target->names[2]);
	plan->variant = mem_strdup(FIX_EXCLUDE_VARIANT);
	pg = op_connect(op, SIDE_SOURCE, plan->database, PG_PLAIN, err);
	ok = pg && find_reason(op, pg, plan, err);
	pg_close(pg);
	if (ok && !plan->reason) {
		explain(op, plan, "gets");
		plan->undo = mem_strdup("its line is taken out again");
	}
	return ok;
}

bool
fix_exclude_plan(FIX_PLAN_ARGS)
{
	const struct target *t;

	(void)cluster;
	for (t = targets->items; t < targets->items + targets->n; t++) {
		if (!fix_exclude_is_named(t) || !t->check ||
		    strcmp(t->check, fix->check) != 0)
			continue;
		if (!t->names[0] || !t->names[1] || !t->names[2]) {
			err_set(err, ERR_USAGE, "\"%s\" names no table",
				t->text);
			err_hint(err, "Say CHECK:DATABASE.SCHEMA.TABLE"
				      "=exclude.");
			return false;
		}
		if (!plan_one(op, fix, t, list, err))
			return false;
	}
	return true;
}

bool
fix_exclude_apply(FIX_APPLY_ARGS)
{
	char *entry = fix_exclude_entry(plan->database, plan->schema,
					plan->object);
	bool ok = conf_leave_out(op->conf, entry, err) &&
		  conf_save(op->conf, err);

	free(entry);
	return ok;
}

/* --- taking back -------------------------------------------------------- */

/* Only the undo of it is planned. */
bool
fix_left_out_plan(FIX_PLAN_ARGS)
{
	(void)fix;
	(void)op;
	(void)cluster;
	(void)targets;
	(void)list;
	(void)err;
	return true;
}

static bool
is_meant(const struct target *t, const struct fix *fix)
{
	return t->check && strcmp(t->check, fix->check) == 0 && t->names[0] &&
	       t->names[1] && t->names[2];
}

static bool
take_in(struct op *op, const struct fix *fix, const struct target *t,
	const char *entry, struct err *err)
{
	bool doing = op->options.yes && !op->options.dry_run, ok = true;
	struct fix_list list = {.n = 0};
	struct fix_plan *plan = fix_list_add(&list);

	plan->fix = fix;
	plan->side = SIDE_SOURCE;
	plan->database = mem_strdup(t->names[0]);
	plan->schema = mem_strdup(t->names[1]);
	plan->object = mem_strdup(t->names[2]);
	explain(op, plan, "loses");
	fix_say(op, plan, doing ? "run" : "planned");
	if (doing)
		ok = conf_take_in(op->conf, entry, err) &&
		     conf_save(op->conf, err);
	if (doing)
		fix_say(op, plan, ok ? "done" : "failed");
	fix_list_release(&list);
	return ok;
}

bool
fix_left_out_undo(struct op *op, const struct fix *fix,
		  struct targets *targets, struct err *err)
{
	struct target *t;
	bool ok = true;
	char *entry;

	for (t = targets->items; ok && t < targets->items + targets->n; t++) {
		if (!is_meant(t, fix))
			continue;
		entry = fix_exclude_entry(t->names[0], t->names[1],
					  t->names[2]);
		t->matched = text_list_has(&op->conf->tables_exclude, entry);
		if (t->matched)
			ok = take_in(op, fix, t, entry, err);
		free(entry);
	}
	return ok;
}
