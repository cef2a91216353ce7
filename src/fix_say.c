/* SPDX-License-Identifier: PostgreSQL */
/* What fix says of a plan: "fix" records. */
#include <stdlib.h>

#include "fix_internal.h"
#include "record.h"

static struct record *
plan_record(const struct op *op, const struct fix_plan *plan,
	    const char *state)
{
	struct record *r = record_new("fix");
	char *target = fix_plan_target(plan);

	record_text(r, "check", plan->fix->check);
	record_text(r, "side", side_name(plan->side));
	record_text(r, "database", plan->database);
	record_text(r, "schema", plan->schema);
	record_text(r, "object", plan->object);
	record_text(r, "variant", plan->variant);
	record_text(r, "choices", plan->choices);
	record_text(r, "target", target);
	record_text(r, "sql", plan->sql);
	record_text(r, "cost", plan->cost);
	record_text(r, "undo", plan->undo);
	record_text(r, "message", plan->reason);
	record_text(r, "hint", plan->hint);
	record_int(r, "rewrite_bytes", plan->rewrite_bytes);
	record_bool(r, "restart", plan->restart);
	record_bool(r, "heavy", plan->heavy);
	record_bool(r, "undoing", op->options.undo);
	record_text(r, "state", state);
	free(target);
	return r;
}

void
fix_say(struct op *op, const struct fix_plan *plan, const char *state)
{
	journal_write(op->journal, plan_record(op, plan, state));
}

void
fix_say_skipped(struct op *op, const struct fix_plan *plan,
		const char *reason)
{
	struct record *r = plan_record(op, plan, "skipped");

	record_text(r, "message", reason);
	journal_write(op->journal, r);
}

void
fix_say_failed(struct op *op, const struct fix_plan *plan,
	       const struct err *err)
{
	struct record *r = plan_record(op, plan, "failed");

	record_text(r, "message", err->message);
	record_text(r, "detail", err->detail);
	record_text(r, "hint", err->hint);
	record_text(r, "sqlstate", *err->sqlstate ? err->sqlstate : NULL);
	journal_write(op->journal, r);
}
