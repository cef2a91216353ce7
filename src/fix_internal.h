/* SPDX-License-Identifier: PostgreSQL */
/* The functions of the rows in fix.c, and what they share. */
#ifndef PGREPUP_FIX_INTERNAL_H
#define PGREPUP_FIX_INTERNAL_H

#include "fix.h"

#define FIX_PLAN_ARGS                                                          \
	const struct fix *fix, struct op *op, struct cluster *cluster,         \
		const struct targets *targets, struct fix_list *list,          \
		struct err *err
#define FIX_APPLY_ARGS                                                         \
	struct op *op, const struct fix_plan *plan, struct err *err

bool fix_setting_plan(FIX_PLAN_ARGS);
bool fix_setting_apply(FIX_APPLY_ARGS);
bool fix_extension_plan(FIX_PLAN_ARGS);
bool fix_extension_apply(FIX_APPLY_ARGS);
bool fix_hba_plan(FIX_PLAN_ARGS);
bool fix_hba_apply(FIX_APPLY_ARGS);
bool fix_identity_plan(FIX_PLAN_ARGS);
bool fix_identity_apply(FIX_APPLY_ARGS);

/* fix_say.c: a plan, as a record; with why it is not done, or failed. */
void fix_say(struct op *op, const struct fix_plan *plan, const char *state);
void fix_say_skipped(struct op *op, const struct fix_plan *plan,
		     const char *reason);
void fix_say_failed(struct op *op, const struct fix_plan *plan,
		    const struct err *err);
/* fix_undo.c: takes back the fixes that targets name. */
bool fix_undo(struct op *op, struct targets *targets, struct err *err);

/* fix_exclude.c: the remedy of that name; its line in tables.exclude. */
char *fix_exclude_entry(const char *database, const char *schema,
			const char *object);
bool fix_exclude_is_named(const struct target *target);
bool fix_exclude_plan(FIX_PLAN_ARGS);
bool fix_exclude_apply(FIX_APPLY_ARGS);
bool fix_left_out_plan(FIX_PLAN_ARGS);
/* Takes tables in again that targets name under the check of fix. */
bool fix_left_out_undo(struct op *op, const struct fix *fix,
		       struct targets *targets, struct err *err);

/*
 * A session in a database of that side, for planning. NULL without an error
 * when there is none to look into: it does not exist there yet, or cannot be
 * connected to, or has a registry that is not to be used, which is then said
 * to the journal.
 */
struct pg *fix_connect(struct op *op, const struct cluster *cluster,
		       const char *database, struct err *err);
/* False and an error when such a registry was met in a database that targets
 * name: what was left out there is not done. */
bool fix_tell_passed_over(const struct op *op, const struct targets *targets,
			  struct err *err);

#endif
