/* SPDX-License-Identifier: PostgreSQL */
/* Words that name fixes; see target.h */
#include <stdlib.h>
#include <string.h>

#include "fix.h"

bool
fix_targets_parse(struct targets *targets, const struct text_list *words,
		  struct err *err)
{
	const struct target *t;

	if (!targets_parse(targets, words, err))
		return false;
	for (t = targets->items; t < targets->items + targets->n; t++) {
		if (!t->check || fix_exists(t->check))
			continue;
		err_set(err, ERR_USAGE, "there is no fix for \"%s\"",
			t->check);
		err_hint(err, "`pgrepup fix --dry-run` shows what can be "
			      "fixed.");
		return false;
	}
	return true;
}

struct target_thing
fix_plan_thing(const struct fix_plan *plan)
{
	return (struct target_thing){
		.check = plan->fix->check,
		.side = plan->side,
		.database = plan->database,
		.schema = plan->schema,
		.object = plan->object,
		.variant = plan->variant,
	};
}

struct target *
fix_targets_match(const struct targets *targets, const struct fix_plan *plan)
{
	struct target_thing thing = fix_plan_thing(plan);
	struct target *found = targets_find(targets, &thing);
	size_t i;

	for (i = 0; !found && i + 1 < plan->mended.n; i += 2) {
		thing.schema = plan->mended.items[i];
		thing.object = plan->mended.items[i + 1];
		found = targets_find(targets, &thing);
	}
	return found;
}

char *
fix_plan_target(const struct fix_plan *plan)
{
	struct target_thing thing = fix_plan_thing(plan);

	return target_word(&thing);
}
