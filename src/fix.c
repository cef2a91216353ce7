/* SPDX-License-Identifier: PostgreSQL */
/* The operation fix: plan everything, then do what was chosen. */
#include "fix.h"

#include <stdlib.h>
#include <string.h>

#include "fix_internal.h"
#include "ignore.h"
#include "mem.h"
#include "needs.h"
#include "registry.h"

static const char *const leaves_setting[] = {CHANGE_SETTING, NULL};
static const char *const leaves_hba[] = {CHANGE_HBA, NULL};
static const char *const leaves_extension[] = {CHANGE_EXTENSION,
					       CHANGE_EXTENSION_UPDATE, NULL};
static const char *const leaves_identity[] = {
	CHANGE_COLUMN, CHANGE_INDEX, CHANGE_REPLICA_IDENTITY,
	CHANGE_INSERT_ONLY, NULL};

/* In the order of doing them: a setting before what leans on it. */
const struct fix fixes[] = {
	{
		.check = "wal_level",
		.sides = ON_SOURCE,
		.setting = "wal_level",
		.plan = fix_setting_plan,
		.apply = fix_setting_apply,
		.leaves = leaves_setting,
	},
	{
		.check = "max_worker_processes",
		.sides = ON_BOTH,
		.setting = "max_worker_processes",
		.plan = fix_setting_plan,
		.apply = fix_setting_apply,
		.leaves = leaves_setting,
	},
	{
		.check = "max_logical_replication_workers",
		.sides = ON_DESTINATION,
		.setting = "max_logical_replication_workers",
		.plan = fix_setting_plan,
		.apply = fix_setting_apply,
		.leaves = leaves_setting,
	},
	{
		.check = "max_replication_slots",
		.sides = ON_BOTH,
		.setting = "max_replication_slots",
		.plan = fix_setting_plan,
		.apply = fix_setting_apply,
		.leaves = leaves_setting,
	},
	{
		.check = "max_connections",
		.sides = ON_SOURCE,
		.setting = "max_connections",
		.plan = fix_setting_plan,
		.apply = fix_setting_apply,
		.leaves = leaves_setting,
	},
	{
		.check = "max_wal_senders",
		.sides = ON_SOURCE,
		.setting = "max_wal_senders",
		.plan = fix_setting_plan,
		.apply = fix_setting_apply,
		.leaves = leaves_setting,
	},
	{
		.check = "max_active_replication_origins",
		.sides = ON_DESTINATION,
		.setting = "max_active_replication_origins",
		.plan = fix_setting_plan,
		.apply = fix_setting_apply,
		.leaves = leaves_setting,
	},
	{
		.check = "output_plugins",
		.sides = ON_SOURCE,
		.setting = "output_plugin_libraries",
		.plan = fix_setting_plan,
		.apply = fix_setting_apply,
		.leaves = leaves_setting,
	},
	{
		.check = "pglogical",
		.sides = ON_BOTH,
		.setting = "shared_preload_libraries",
		.plan = fix_setting_plan,
		.apply = fix_setting_apply,
		.leaves = leaves_setting,
	},
	{
		.check = "pglogical",
		.sides = ON_BOTH,
		.plan = fix_extension_plan,
		.apply = fix_extension_apply,
		.leaves = leaves_extension,
		.in_databases = true,
	},
	{
		.check = "pg_hba",
		.sides = ON_BOTH,
		.plan = fix_hba_plan,
		.apply = fix_hba_apply,
		.leaves = leaves_hba,
	},
	{
		.check = "replica_identity",
		.sides = ON_SOURCE,
		.plan = fix_identity_plan,
		.apply = fix_identity_apply,
		.leaves = leaves_identity,
		.in_databases = true,
	},
	{
		.check = "replica_identity",
		.sides = ON_SOURCE,
		.plan = fix_exclude_plan,
		.apply = fix_exclude_apply,
	},
	{
		.check = "generated_columns",
		.sides = ON_SOURCE,
		.plan = fix_exclude_plan,
		.apply = fix_exclude_apply,
	},
	{
		.check = "foreign_keys",
		.sides = ON_SOURCE,
		.plan = fix_exclude_plan,
		.apply = fix_exclude_apply,
	},
	{
		.check = "tables_left_out",
		.sides = ON_SOURCE,
		.plan = fix_left_out_plan,
		.undo = fix_left_out_undo,
	},
};
const size_t n_fixes = LENGTH_OF(fixes);

const struct fix *
fix_find(const char *check)
{
	size_t i;

	for (i = 0; i < n_fixes; i++)
		if (strcmp(fixes[i].check, check) == 0)
			return &fixes[i];
	return NULL;
}

bool
fix_exists(const char *check)
{
	return fix_find(check) != NULL;
}

struct fix_plan *
fix_list_add(struct fix_list *list)
{
	MEM_GROW(list->items, list->n, list->alloc);
	list->items[list->n] = (struct fix_plan){.side = SIDE_NONE};
	return &list->items[list->n++];
}

void
fix_list_release(struct fix_list *list)
{
	struct fix_plan *p;

	for (p = list->items; p < list->items + list->n; p++) {
		free(p->database);
		free(p->schema);
		free(p->object);
		free(p->variant);
		free(p->choices);
		free(p->sql);
		free(p->cost);
		free(p->undo);
		free(p->reason);
		free(p->hint);
		free(p->value);
		text_list_release(&p->mended);
	}
	free(list->items);
	*list = (struct fix_list){.n = 0};
}

static struct database *
find_database(struct op *op, const char *name)
{
	size_t i;

	for (i = 0; i < op->n_databases; i++)
		if (strcmp(op->databases[i].name, name) == 0)
			return &op->databases[i];
	return NULL;
}

/* Whoever owns a database may put there what looks like a registry: that
 * database is passed over, which is said once. */
static bool
has_strange_registry(struct op *op, struct pg *pg, const char *database,
		     struct err *err)
{
	struct database *db = find_database(op, database);
	struct err why = ERR_INIT;
	enum registry_is is;
	bool strange;

	if (!registry_look(pg, &is, &why, err))
		return true;
	strange = err_is_set(&why);
	if (strange && db && !db->passed_over[pg_side(pg)]) {
		op_error(op, database, &why);
		db->passed_over[pg_side(pg)] = true;
	}
	err_release(&why);
	return strange;
}

struct pg *
fix_connect(struct op *op, const struct cluster *cluster, const char *database,
	    struct err *err)
{
	struct err failed = ERR_INIT;
	struct pg *pg = op_connect(op, cluster->side, database, PG_PLAIN,
				   &failed);

	if (pg && !has_strange_registry(op, pg, database, &failed))
		return pg;
	pg_close(pg);
	if (failed.kind == ERR_STOPPED)
		err_move(err, &failed);
	else if (err_is_set(&failed) && cluster->side == SIDE_SOURCE)
		op_error(op, database, &failed);
	err_release(&failed);
	return NULL;
}

static bool
is_meant(const struct targets *targets, const char *database)
{
	size_t i;

	for (i = 0; i < targets->n; i++)
		if (!targets->items[i].names[0] ||
		    strcmp(targets->items[i].names[0], database) == 0)
			return true;
	return targets->n == 0;
}

bool
fix_tell_passed_over(const struct op *op, const struct targets *targets,
		     struct err *err)
{
	const struct database *db;

	for (db = op->databases; db < op->databases + op->n_databases; db++) {
		if ((!db->passed_over[SIDE_SOURCE] &&
		     !db->passed_over[SIDE_DESTINATION]) ||
		    !is_meant(targets, db->name))
			continue;
		err_set(err, ERR_STATE, "database \"%s\" was passed over",
			db->name);
		err_hint(err, "Its schema \"pgrepup\" is told about above.");
		return false;
	}
	return true;
}

/* --- planning ----------------------------------------------------------- */

struct fix_run {
	struct targets targets;
	struct fix_list list;
	struct ignore_list ignored;
	size_t failed;
	struct err first; /* the first failure */
};

static bool
plan_side(struct fix_run *run, struct op *op, const struct fix *fix,
	  enum side side, struct err *err)
{
	int on = side == SIDE_SOURCE ? ON_SOURCE : ON_DESTINATION;

	if (!(fix->sides & on))
		return true;
	return fix->plan(fix, op, op_cluster(op, side), &run->targets,
			 &run->list, err);
}

/* Is any plan of that row wanted at all? */
static bool
is_wanted(const struct targets *targets, const struct fix *fix)
{
	size_t i;

	for (i = 0; i < targets->n; i++)
		if (!targets->items[i].check ||
		    strcmp(targets->items[i].check, fix->check) == 0)
			return true;
	return targets->n == 0;
}

static bool
plan_all(struct fix_run *run, struct op *op, struct err *err)
{
	size_t i;

	for (i = 0; i < n_fixes; i++)
		if (is_wanted(&run->targets, &fixes[i]) &&
		    (!plan_side(run, op, &fixes[i], SIDE_SOURCE, err) ||
		     !plan_side(run, op, &fixes[i], SIDE_DESTINATION, err)))
			return false;
	return true;
}

/* --- doing -------------------------------------------------------------- */

/* A target that names the table itself, not only its database. */
static bool
is_named(const struct target *target)
{
	return target && target->names[2];
}

static void
fail(struct fix_run *run, struct op *op, const struct fix_plan *plan,
     struct err *err)
{
	if (err->kind != ERR_STOPPED)
		fix_say_failed(op, plan, err);
	run->failed++;
	err_move(&run->first, err);
	err_release(err);
}

static void
apply_one(struct fix_run *run, struct op *op, const struct fix_plan *plan)
{
	struct err err = ERR_INIT;

	/* What runs is shown before it runs, whoever agreed to it. */
	fix_say(op, plan, "run");
	if (plan->fix->apply(op, plan, &err))
		fix_say(op, plan, "done");
	else
		fail(run, op, plan, &err);
}

/* Nothing is to run; a preview says so, a run that was to do it fails. */
static void
not_done(struct fix_run *run, struct op *op, const struct fix_plan *plan)
{
	struct err err = ERR_INIT;

	if (!plan->refused || op->options.dry_run || !op->options.yes) {
		fix_say_skipped(op, plan, plan->reason);
		return;
	}
	err_set(&err, ERR_STATE, "%s", plan->reason);
	if (plan->hint)
		err_hint(&err, "%s.", plan->hint);
	fail(run, op, plan, &err);
}

/* What a person lives with is left alone, unless it is named. */
static bool
is_ignored(const struct fix_run *run, struct op *op,
	   const struct fix_plan *plan, const struct target *target)
{
	const struct target_thing thing = fix_plan_thing(plan);
	const char *why = target && target->check
				  ? NULL
				  : ignore_reason(&run->ignored, &thing);
	char *reason;

	if (!why)
		return false;
	reason = mem_printf("it is ignored: %s", why);
	fix_say_skipped(op, plan, reason);
	free(reason);
	return true;
}

static void
take_one(struct fix_run *run, struct op *op, const struct fix_plan *plan)
{
	struct target *target = fix_targets_match(&run->targets, plan);

	if (run->targets.n > 0 && !target)
		return;
	if (target)
		target->matched = true;
	if (is_ignored(run, op, plan, target))
		return;
	if (!plan->sql)
		not_done(run, op, plan);
	else if (op->options.dry_run || !op->options.yes)
		fix_say(op, plan, "planned");
	else if (plan->heavy && !is_named(target))
		fix_say_skipped(op, plan, "it rewrites more than "
				      "fix.rewrite_limit: name it to do it");
	else
		apply_one(run, op, plan);
}

static void
tell_unmatched(const struct fix_run *run, struct op *op)
{
	const struct targets *t = &run->targets;
	size_t i;

	for (i = 0; i < t->n; i++)
		if (!t->items[i].matched)
			op_log(op, "notice", NULL, "%s: nothing to fix",
			       t->items[i].text);
}

static bool
apply_all(struct fix_run *run, struct op *op, struct err *err)
{
	size_t i;

	for (i = 0; i < run->list.n; i++) {
		if (interrupt_raised(op->interrupt)) {
			interrupt_error(err);
			return false;
		}
		take_one(run, op, &run->list.items[i]);
	}
	tell_unmatched(run, op);
	if (run->failed == 0)
		return true;
	err_set(err, run->first.kind, "%zu %s", run->failed,
		run->failed == 1 ? "fix failed" : "fixes failed");
	err_sqlstate(err, run->first.sqlstate);
	err_detail(err, "%s", run->first.message);
	return false;
}

static bool
do_fixes(struct fix_run *run, struct op *op, struct err *err)
{
	return ignore_load(&run->ignored, op->dir, err) && op_open(op, err) &&
	       plan_all(run, op, err) && apply_all(run, op, err) &&
	       fix_tell_passed_over(op, &run->targets, err);
}

bool
fix_run(struct op *op, struct err *err)
{
	struct fix_run run = {.failed = 0, .first = ERR_INIT};
	bool ok;

	ok = fix_targets_parse(&run.targets, &op->options.targets, err) &&
	     (op->options.undo ? fix_undo(op, &run.targets, err)
			       : do_fixes(&run, op, err));
	targets_release(&run.targets);
	fix_list_release(&run.list);
	ignore_release(&run.ignored);
	err_release(&run.first);
	return ok;
}
