/* SPDX-License-Identifier: PostgreSQL */
/*
 * Taking back one fix: what it left in the registry, by the undo rows that
 * uninstall uses, but all of it or nothing, and never when somebody changed
 * it since or needs it. Only before setup: what setup makes stands on it.
 */
#include <stdlib.h>
#include <string.h>

#include "fix_done.h"
#include "fix_internal.h"
#include "mem.h"
#include "retry.h"
#include "undo.h"

struct undoing {
	struct op *op;
	struct targets *targets;
	struct undo_at at; /* of the registry that is looked into */
	struct restart_changes undone; /* of the cluster; see struct undo_at */
	size_t failed;
	struct err first;
};

/* --- may it be? --------------------------------------------------------- */

static bool
refuse_after_setup(const struct change_list *changes, struct err *err)
{
	if (!fix_done_setup(changes))
		return true;
	err_set(err, ERR_STATE,
		"setup has been run, and what it made stands on the fixes");
	err_hint(err, "`pgrepup uninstall` takes everything back, the fixes "
		      "as well.");
	return false;
}

static bool
is_before_setup(struct pg *pg, struct err *err)
{
	struct change_list changes;
	bool ok;

	ok = registry_list(pg, NULL, &changes, err);
	if (ok)
		ok = refuse_after_setup(&changes, err);
	change_list_release(&changes);
	return ok;
}

/* A result that is none: in words, with what is known more. */
static bool
is_undone(enum undo_result result, const char *why, const char *label,
	  struct err *err)
{
	static const char *const refusals[] = {
		[UNDO_CHANGED] = "was changed by somebody since",
		[UNDO_STAYS] = "cannot be taken back",
		[UNDO_NEEDED] = "is needed by others",
	};

	if (result == UNDO_DONE || result == UNDO_GONE)
		return true;
	err_set(err, ERR_STATE, "%s %s", label, refusals[result]);
	if (why)
		err_detail(err, "%s.", why);
	return false;
}

/* One change, or what it would be when at is a preview. */
static bool
undo_one(const struct undo_at *at, const struct change *change,
	 struct fix_plan *plan, struct err *err)
{
	enum undo_result result = UNDO_DONE;
	char *label = undo_label(at, change), *why = NULL;
	bool ok;

	ok = undo_run(at, change, &result, &why, err) &&
	     is_undone(result, why, label, err);
	/* The setting says that a restart is to come. */
	if (ok && result == UNDO_DONE && why)
		plan->restart = true;
	free(why);
	free(label);
	return ok;
}

/* --- planning ----------------------------------------------------------- */

static char *
cost_text(const struct fix_plan *plan)
{
	if (plan->restart)
		return mem_strdup("PostgreSQL must be restarted afterwards.");
	if (plan->object)
		return mem_strdup("an ACCESS EXCLUSIVE lock for a moment, no "
				  "rewrite.");
	return mem_strdup("a reload of the configuration.");
}

static bool
preview(struct undoing *u, const struct fix_done *done, struct fix_plan *plan,
	struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	struct undo_at at = u->at;
	bool ok = true;
	size_t i;

	at.preview = &sql;
	for (i = 0; ok && i < done->n; i++)
		ok = undo_one(&at, done->changes[i], plan, err);
	if (sql.len == 0)
		strbuf_add(&sql, "-- nothing: it is gone already");
	plan->sql = ok ? strbuf_detach(&sql) : NULL;
	plan->cost = cost_text(plan);
	strbuf_release(&sql);
	return ok;
}

static void
fill_plan(const struct undoing *u, const struct fix_done *done,
	  struct fix_plan *plan)
{
	plan->fix = done->fix;
	plan->side = u->at.cluster->side;
	plan->database = mem_strdup(u->at.database);
	plan->schema = mem_strdup(done->schema);
	plan->object = mem_strdup(done->object);
	plan->variant = mem_strdup(done->variant);
}

/* --- doing -------------------------------------------------------------- */

struct applying {
	const struct fix_done *done;
	const char *sql;
};

static bool
forget(struct pg *pg, const struct fix_done *done, struct err *err)
{
	size_t i;

	for (i = 0; i < done->n; i++)
		if (!registry_forget(pg, done->changes[i]->id, err))
			return false;
	return true;
}

static bool
is_comment(const char *sql)
{
	return strncmp(sql, "--", 2) == 0;
}

/* In a transaction: exactly what was shown, all of it or nothing. */
static bool
apply_sql(struct pg *pg, void *arg, struct err *err)
{
	const struct applying *a = arg;

	return (is_comment(a->sql) || pg_run(pg, a->sql, NULL, err)) &&
	       forget(pg, a->done, err);
}

/* Settings and files know no transaction: one by one. */
static bool
apply_rows(struct undoing *u, const struct fix_done *done,
	   struct fix_plan *plan, struct err *err)
{
	size_t i;

	for (i = 0; i < done->n; i++)
		if (!undo_one(&u->at, done->changes[i], plan, err) ||
		    !registry_forget(u->at.pg, done->changes[i]->id, err))
			return false;
	return true;
}

static bool
apply(struct undoing *u, const struct fix_done *done, struct fix_plan *plan,
      struct err *err)
{
	struct applying a = {.done = done, .sql = plan->sql};
	bool dropped, ok;

	pg_set_timeout(u->at.pg, 0);
	ok = done->fix->in_databases
		     ? retry_locked(u->at.pg, u->op->interrupt, apply_sql, &a,
				    err)
		     : apply_rows(u, done, plan, err);
	return ok && registry_drop_if_empty(u->at.pg, &dropped, err);
}

static void
undo_done(struct undoing *u, const struct fix_done *done)
{
	struct fix_list list = {.n = 0};
	struct fix_plan *plan = fix_list_add(&list);
	struct target *target;
	struct err err = ERR_INIT;
	bool ok;

	fill_plan(u, done, plan);
	target = fix_targets_match(u->targets, plan);
	if (!target) {
		fix_list_release(&list);
		return;
	}
	target->matched = true;
	ok = preview(u, done, plan, &err);
	if (ok && (u->op->options.dry_run || !u->op->options.yes)) {
		fix_say(u->op, plan, "planned");
	} else if (ok) {
		fix_say(u->op, plan, "run");
		ok = apply(u, done, plan, &err);
		if (ok)
			fix_say(u->op, plan, "done");
	}
	if (!ok) {
		if (err.kind != ERR_STOPPED)
			fix_say_failed(u->op, plan, &err);
		u->failed++;
		err_move(&u->first, &err);
	}
	fix_list_release(&list);
}

static bool
undo_registry(struct undoing *u, bool cluster_wide, struct err *err)
{
	struct change_list changes;
	struct fix_done_list done = {.n = 0};
	bool ok;
	size_t i;

	ok = registry_list(u->at.pg, NULL, &changes, err) &&
	     refuse_after_setup(&changes, err) &&
	     fix_done_read(u->at.pg, &changes, cluster_wide, &done, err);
	/* The other way round than they are done: after each of them the
	 * server starts. */
	for (i = done.n; ok && i-- > 0;)
		undo_done(u, &done.items[i]);
	fix_done_release(&done);
	change_list_release(&changes);
	return ok && u->first.kind != ERR_STOPPED;
}

static bool
undo_in_cluster(struct undoing *u, enum side side, struct err *err)
{
	struct cluster *cluster = op_cluster(u->op, side);
	const struct op_options *options = &u->op->options;

	restart_changes_release(&u->undone);
	u->at = (struct undo_at){
		.op = u->op,
		.cluster = cluster,
		.pg = cluster->pg,
		.undone = options->dry_run || !options->yes ? &u->undone
							    : NULL,
	};
	return undo_registry(u, true, err);
}

static bool
undo_in_database(struct undoing *u, enum side side, const char *database,
	      struct err *err)
{
	struct cluster *cluster = op_cluster(u->op, side);
	bool ok;

	u->at = (struct undo_at){
		.op = u->op,
		.cluster = cluster,
		.pg = fix_connect(u->op, cluster, database, err),
		.database = database,
	};
	if (!u->at.pg)
		return !err_is_set(err);
	ok = undo_registry(u, false, err);
	pg_close(u->at.pg);
	return ok;
}

static bool
undo_all(struct undoing *u, struct err *err)
{
	static const enum side sides[] = {SIDE_SOURCE, SIDE_DESTINATION};
	struct op *op = u->op;
	size_t s, i;

	for (s = 0; s < LENGTH_OF(sides); s++)
		for (i = 0; i < op->n_databases; i++)
			if (!undo_in_database(u, sides[s],
					   op->databases[i].name, err))
				return false;
	/* A setting may be needed by what is in a database. */
	for (s = 0; s < LENGTH_OF(sides); s++)
		if (!undo_in_cluster(u, sides[s], err))
			return false;
	return true;
}

/* What is recorded in no registry. */
static bool
undo_elsewhere(struct op *op, struct targets *targets, struct err *err)
{
	size_t i;

	for (i = 0; i < n_fixes; i++)
		if (fixes[i].undo &&
		    !fixes[i].undo(op, &fixes[i], targets, err))
			return false;
	return true;
}

static bool
tell(struct undoing *u, struct err *err)
{
	const struct target *t = u->targets->items;
	size_t i;

	for (i = 0; i < u->targets->n; i++)
		if (!t[i].matched)
			op_log(u->op, "notice", NULL, "%s: nothing to undo",
			       t[i].text);
	if (u->failed == 0)
		return true;
	err_set(err, u->first.kind, "%zu %s not taken back", u->failed,
		u->failed == 1 ? "fix was" : "fixes were");
	err_sqlstate(err, u->first.sqlstate);
	err_detail(err, "%s", u->first.message);
	return false;
}

bool
fix_undo(struct op *op, struct targets *targets, struct err *err)
{
	struct undoing u = {
		.op = op,
		.targets = targets,
		.first = ERR_INIT,
	};
	bool ok;

	if (targets->n == 0) {
		err_set(err, ERR_USAGE, "--undo needs to know which fix");
		err_hint(err, "Name it as in `pgrepup check --json`, or say "
			      "all.");
		return false;
	}
	ok = op_open(op, err) && is_before_setup(op->source.pg, err) &&
	     is_before_setup(op->destination.pg, err) && undo_all(&u, err) &&
	     undo_elsewhere(op, targets, err) && tell(&u, err) &&
	     fix_tell_passed_over(op, targets, err);
	if (!ok && u.first.kind == ERR_STOPPED)
		err_move(err, &u.first);
	restart_changes_release(&u.undone);
	err_release(&u.first);
	return ok;
}
