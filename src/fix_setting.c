/* SPDX-License-Identifier: PostgreSQL */
/*
 * Settings: ALTER SYSTEM, read back from the files, reload; "restart needed"
 * until the value is in force. A library is only added to
 * shared_preload_libraries when the server can load it: it would not start
 * again otherwise.
 */
#include <stdlib.h>
#include <string.h>

#include "fix_internal.h"
#include "limit.h"
#include "mem.h"
#include "needs.h"
#include "registry.h"
#include "restart.h"

#define RELOAD_DEADLINE 10.0

static char *
cost_text(const struct need_found *f)
{
	struct strbuf sb = STRBUF_INIT;
	/* Where it is enough now, it is what waits that is changed. */
	const char *from = f->enough ? f->next : f->current;

	strbuf_addf(&sb, "from %s to %s; %s.", *from ? from : "nothing",
		    f->value,
		    f->restart ? "PostgreSQL must be restarted afterwards"
			       : "the configuration is reloaded");
	if (f->need->why)
		strbuf_addf(&sb, " Why: %s.", f->need->why);
	if (f->standbys > 0)
		strbuf_addf(&sb,
			    " %lld physical standbys are connected: raise it "
			    "on each of them first, a hot standby with less "
			    "stops.",
			    f->standbys);
	return strbuf_detach(&sb);
}

static char *
undo_text(const struct need *need, const struct need_found *f)
{
	struct strbuf sb = STRBUF_INIT;

	need_alter_sql(need, f->altered, &sb);
	strbuf_add(&sb, f->restart ? "; then a restart" : "; then a reload");
	return strbuf_detach(&sb);
}

static void
explain(const struct fix *fix, const struct need_found *f,
	struct fix_plan *plan)
{
	struct strbuf sql = STRBUF_INIT;

	plan->restart = f->restart;
	if (f->fixed) {
		plan->reason = mem_printf("%s is given on the command line of "
					  "the server, where ALTER SYSTEM "
					  "cannot change it",
					  fix->setting);
		return;
	}
	if (f->enough_next) {
		plan->reason = mem_printf("%s is set, and comes into force when "
					  "PostgreSQL is restarted",
					  fix->setting);
		return;
	}
	need_alter_sql(f->need, f->value, &sql);
	strbuf_add(&sql, "; SELECT pg_reload_conf()");
	plan->sql = strbuf_detach(&sql);
	plan->cost = cost_text(f);
	plan->undo = undo_text(f->need, f);
}

/* --- would the server start again? -------------------------------------- */

bool
fix_limit_hint(struct op *op, struct pg *pg, const struct limit *limit,
	       const struct restart *r, char **hint, struct err *err)
{
	const struct need *need =
		limit && limit->bound ? need_find(limit->bound, op->mechanism)
				      : NULL;
	struct need_found found = {0};
	bool ok = true;

	if (need)
		ok = need_judge(op, pg, need, &found, err);
	if (ok && need && found.exists && !found.enough_next && !found.fixed)
		*hint = mem_printf("fix %s first (pgrepup fix %s)",
				   need->setting, need->check);
	else if (ok && limit)
		*hint = limit_hint(limit, r);
	else if (ok)
		*hint = mem_strdup("correct that line first");
	need_found_release(&found);
	return ok;
}

bool
fix_setting_refusal(struct op *op, struct pg *pg,
		    const struct need_found *found,
		    const struct fix_list *before, char **reason, char **hint,
		    struct err *err)
{
	const struct limit *limit = NULL;
	struct restart r;
	char *why = NULL;
	size_t i;
	bool ok = restart_read(pg, &r, err);

	for (i = 0; ok && before && i < before->n; i++)
		if (before->items[i].side == pg_side(pg) &&
		    before->items[i].value)
			restart_set(&r, before->items[i].fix->setting,
				    before->items[i].value);
	if (ok)
		why = restart_change(&r, found->need->setting, found->value,
				     found->restart ? RESTART_STARTS
						    : RESTART_NO_WORSE,
				     &limit);
	*reason = why ? mem_printf("%s is not set to %s: the server would not "
				   "start again, as %s",
				   found->need->setting, found->value, why)
		      : NULL;
	ok = ok && (!why || fix_limit_hint(op, pg, limit, &r, hint, err));
	free(why);
	restart_release(&r);
	return ok;
}

static bool
refuse_plan(struct op *op, struct pg *pg, const struct need_found *found,
	    const struct fix_list *before, struct fix_plan *plan,
	    struct err *err)
{
	if (!fix_setting_refusal(op, pg, found, before, &plan->reason,
				 &plan->hint, err))
		return false;
	if (!plan->reason) {
		plan->value = mem_strdup(found->value);
		return true;
	}
	plan->refused = true;
	free(plan->sql);
	free(plan->cost);
	free(plan->undo);
	plan->sql = plan->cost = plan->undo = NULL;
	return true;
}

bool
fix_setting_plan(FIX_PLAN_ARGS)
{
	struct need_found found = {0};
	struct fix_plan *plan;
	bool ok;

	(void)targets;
	ok = need_judge(op, cluster->pg,
			need_find(fix->setting, op->mechanism), &found, err);
	if (ok && found.exists && !(found.enough && found.enough_next)) {
		plan = fix_list_add(list);
		plan->fix = fix;
		plan->side = cluster->side;
		/* The check has another name than the setting. */
		if (strcmp(fix->check, fix->setting) != 0)
			plan->variant = mem_strdup(fix->setting);
		explain(fix, &found, plan);
		ok = !plan->sql || refuse_plan(op, cluster->pg, &found, list,
					       plan, err);
	}
	need_found_release(&found);
	return ok;
}

/* --- doing it ----------------------------------------------------------- */

static bool
prove_start(struct op *op, struct pg *pg, const struct need_found *found,
	    struct err *err)
{
	char *reason = NULL, *hint = NULL;
	bool ok = fix_setting_refusal(op, pg, found, NULL, &reason, &hint,
				      err);

	if (ok && reason) {
		err_set(err, ERR_STATE, "%s", reason);
		err_hint(err, "%s.", hint);
		ok = false;
	}
	free(reason);
	free(hint);
	return ok;
}

static bool
prove(struct op *op, struct pg *pg, const struct need_found *found,
      struct err *err)
{
	if (strcmp(found->need->setting, "shared_preload_libraries") == 0 &&
	    !restart_loads(op, pg_side(pg), found->value, found->current, err))
		return false;
	return prove_start(op, pg, found, err);
}

/*
 * The row of the registry, before the change. What is recorded and has been
 * changed by somebody since is not ours any more: its value now is the one to
 * go back to.
 */
static bool
record_before(struct pg *pg, const struct need_found *found, long long *id,
	      struct err *err)
{
	struct change_note note = {
		.kind = CHANGE_SETTING,
		.name = found->need->setting,
		.old_value = found->altered,
		.new_value = found->value,
		.state = CHANGE_PLANNED,
	};
	const struct change *row;
	struct change_list list;
	bool ok;

	if (!registry_open(pg, err) ||
	    !registry_list(pg, CHANGE_SETTING, &list, err))
		return false;
	row = change_list_find(&list, CHANGE_SETTING, "", note.name, "");
	ok = true;
	if (row && !need_same(found->need, row->new_value, found->altered) &&
	    !need_same(found->need, row->old_value, found->altered))
		ok = registry_forget(pg, row->id, err);
	change_list_release(&list);
	return ok && registry_note(pg, &note, id, err);
}

static bool
alter(struct pg *pg, const struct need *need, const char *value,
      struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	need_alter_sql(need, value, &sql);
	ok = pg_run(pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

/* Nobody is told to restart before the file says what was meant. */
static bool
read_back(struct op *op, struct pg *pg, const struct need_found *before,
	  struct err *err)
{
	struct need_found now = {0};
	struct err ignored = ERR_INIT;
	bool ok, same;

	ok = need_judge(op, pg, before->need, &now, err);
	same = ok && need_same(before->need, now.altered, before->value);
	if (ok && !same) {
		err_set(err, ERR_SERVER,
			"the server wrote \"%s\" for %s instead of \"%s\"",
			now.altered ? now.altered : "", before->need->setting,
			before->value);
		alter(pg, before->need, before->altered, &ignored);
		err_hint(err, "The former value was put back.");
	}
	err_release(&ignored);
	need_found_release(&now);
	return same;
}

/* After a reload the value comes into force within moments. */
static bool
wait_in_force(struct op *op, struct pg *pg, const struct need *need,
	      struct err *err)
{
	double deadline = clock_now() + RELOAD_DEADLINE;
	struct need_found now = {0};
	bool enough = false;

	while (!enough) {
		if (!need_judge(op, pg, need, &now, err)) {
			need_found_release(&now);
			return false;
		}
		enough = now.enough;
		need_found_release(&now);
		if (!enough && clock_now() > deadline) {
			err_set(err, ERR_SERVER,
				"%s is not in force after the reload",
				need->setting);
			err_hint(err, "A setting of the database, of the role "
				      "or in a file may come before it.");
			return false;
		}
		if (!enough && !interrupt_sleep(op->interrupt, 0.1, err))
			return false;
	}
	return true;
}

static bool
change_setting(struct op *op, struct pg *pg, const struct need_found *found,
	       struct err *err)
{
	long long id;

	return prove(op, pg, found, err) &&
	       record_before(pg, found, &id, err) &&
	       alter(pg, found->need, found->value, err) &&
	       read_back(op, pg, found, err) && registry_done(pg, id, err) &&
	       pg_ask(pg, "reload", PG_NONE, NULL, err) &&
	       (found->restart || wait_in_force(op, pg, found->need, err));
}

bool
fix_setting_apply(FIX_APPLY_ARGS)
{
	struct pg *pg = op_cluster(op, plan->side)->pg;
	struct need_found found = {0};
	bool ok;

	ok = need_judge(op, pg,
			need_find(plan->fix->setting, op->mechanism), &found,
			err);
	if (ok && found.exists && !found.enough_next)
		ok = change_setting(op, pg, &found, err);
	need_found_release(&found);
	return ok;
}
