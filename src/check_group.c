/* SPDX-License-Identifier: PostgreSQL */
/*
 * Groups of checks: those of this machine, of a side, of a database of a
 * side. A face is told what is waited for, and what is looked at just now.
 */
#include "check_pass.h"

#include <string.h>

static bool
is_in_group(const struct check *check, enum side side, const char *database)
{
	if (side == SIDE_NONE)
		return check->scope == CHECK_LOCAL;
	if (!(check->sides & check_side_flag(side)))
		return false;
	return database ? check->scope == CHECK_DATABASE ||
				  check->scope == CHECK_CARRIED
			: check->scope == CHECK_CLUSTER;
}

static bool
is_wanted(const struct check_pass *pass, const struct check *check,
	  enum side side, const char *database)
{
	const struct targets *targets = pass->targets;
	const struct target *t;

	if (!targets || targets->n == 0)
		return true;
	for (t = targets->items; t < targets->items + targets->n; t++)
		if ((!t->check || strcmp(t->check, check->id) == 0) &&
		    (t->any_side || t->side == side) &&
		    (!t->names[0] ||
		     (database && strcmp(t->names[0], database) == 0)))
			return true;
	return false;
}

bool
check_applies(const struct check_pass *pass, const struct check *check,
	      enum side side, const char *database)
{
	return is_in_group(check, side, database) &&
	       check_fits_mechanism(pass, check) &&
	       is_wanted(pass, check, side, database);
}

bool
check_group_wanted(const struct check_pass *pass, enum side side,
		   const char *database)
{
	const struct check *check;
	size_t i;

	for (i = 0; (check = check_nth(i)); i++)
		if (check_applies(pass, check, side, database))
			return true;
	return false;
}

static struct record *
group_record(enum side side, const char *database, const char *state)
{
	struct record *r = record_new("group");

	record_text(r, "side", side_name(side));
	record_text(r, "database", database);
	record_text(r, "state", state);
	return r;
}

static void
tell_waiting(struct check_pass *pass, enum side side, const char *database)
{
	struct record *r = group_record(side, database, "wait");
	const struct check *check;
	size_t i, n = 0;

	record_array(r, "ids");
	for (i = 0; (check = check_nth(i)); i++)
		if (check_applies(pass, check, side, database)) {
			record_append_text(r, "ids", check->id);
			n++;
		}
	if (n > 0)
		journal_write(pass->op->journal, r);
	else
		record_free(r);
}

void
check_tell_side(struct check_pass *pass, enum side side)
{
	size_t i;

	tell_waiting(pass, side, NULL);
	if (side != SIDE_NONE && pg_is_alive(op_cluster(pass->op, side)->pg))
		for (i = 0; i < pass->op->n_databases; i++)
			tell_waiting(pass, side, pass->op->databases[i].name);
}

void
check_tell_begun(struct check_pass *pass, enum side side, const char *database)
{
	journal_write(pass->op->journal, group_record(side, database, "run"));
}

void
check_tell_done(struct check_pass *pass, enum side side, const char *database)
{
	journal_write(pass->op->journal, group_record(side, database, "done"));
}
