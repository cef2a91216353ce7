/* SPDX-License-Identifier: PostgreSQL */
/*
 * Runs the rows of check_rows.c: those of this machine, then, side by side,
 * those of the cluster on the main connection and those of its databases.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "check_pass.h"
#include "mechanism.h"
#include "mem.h"

/* --- this machine ------------------------------------------------------- */

static bool
check_local(struct check_pass *pass, struct err *err)
{
	struct check_found found = {0};
	struct check_at at = {.op = pass->op, .found = &found};
	const struct check *check;
	bool ok = true;
	size_t i;

	if (!check_group_wanted(pass, SIDE_NONE, NULL))
		return true;
	check_tell_side(pass, SIDE_NONE);
	check_tell_begun(pass, SIDE_NONE, NULL);
	for (i = 0; ok && (check = check_nth(i)); i++)
		if (check_applies(pass, check, SIDE_NONE, NULL))
			ok = check_row(&at, check, err);
	check_flush(pass, &found);
	check_tell_done(pass, SIDE_NONE, NULL);
	return ok;
}

/* --- a cluster ---------------------------------------------------------- */

static const char *
why_not(const struct check_at *at, const struct check *check)
{
	if (!pg_is_alive(at->pg))
		return "no connection to this server";
	if ((check->flags & CHECK_NEEDS_OTHER) && !pg_is_alive(at->other_pg))
		return "no connection to the other server";
	return NULL;
}

static bool
check_cluster(struct check_pass *pass, const struct err *connect_err,
	      struct err *err)
{
	struct op *op = pass->op;
	struct check_found found = {0};
	struct check_at at = {
		.op = op,
		.cluster = op_cluster(op, pass->side),
		.other = op_cluster(op, check_other_side(pass->side)),
		.pg = op_cluster(op, pass->side)->pg,
		.other_pg = op_cluster(op, check_other_side(pass->side))->pg,
		.found = &found,
	};
	struct change_list changes;
	const struct check *check;
	const char *why;
	bool ok = true;
	size_t i;

	if (!check_group_wanted(pass, pass->side, NULL))
		return true;
	check_tell_begun(pass, pass->side, NULL);
	check_read_changes(at.pg, &changes);
	at.changes = &changes;
	if (err_is_set(connect_err))
		check_connection_failed(&at, connect_err);
	for (i = 0; ok && (check = check_nth(i)); i++) {
		if (!check_applies(pass, check, pass->side, NULL))
			continue;
		if (err_is_set(connect_err) &&
		    strcmp(check->id, "connection") == 0)
			continue;
		at.check = check;
		why = why_not(&at, check);
		if (why)
			check_skip(&at, why);
		else
			ok = check_row(&at, check, err);
		check_flush(pass, &found);
	}
	check_flush(pass, &found);
	check_tell_done(pass, pass->side, NULL);
	change_list_release(&changes);
	return ok;
}

/* What the threads need to know of the destination, read once. */
static void
read_destination(struct check_pass *pass)
{
	struct pg *pg = pass->op->destination.pg;
	struct err ignored = ERR_INIT;

	if (!pg_is_alive(pg))
		return;
	pg_ask(pg, "databases", PG_NONE, &pass->there, &ignored);
	err_release(&ignored);
	pass->available_known = pg_ask(pg, "extensions_available", PG_NONE,
				      &pass->available, &ignored);
	err_release(&ignored);
}

/* --- all ---------------------------------------------------------------- */

/* What could be read of both sides; each side's failure is kept for it. */
static bool
open_sides(struct op *op, struct err *source, struct err *destination,
	   struct err *err)
{
	struct err unfit = ERR_INIT;

	op_open_side(op, SIDE_SOURCE, source);
	if (source->kind != ERR_STOPPED)
		op_open_side(op, SIDE_DESTINATION, destination);
	if (source->kind == ERR_STOPPED || destination->kind == ERR_STOPPED) {
		interrupt_error(err);
		return false;
	}
	if (!err_is_set(source) && !op_read_databases(op, err))
		return false;
	/* Servers that no mechanism fits are a finding (check_mechanism). */
	if (!op->mechanism && !err_is_set(source) && !err_is_set(destination))
		mechanism_choose(op, &unfit);
	err_release(&unfit);
	return true;
}

static bool
check_side(struct check_pass *pass, enum side side,
	   const struct err *connect_err, struct err *err)
{
	pass->side = side;
	return check_cluster(pass, connect_err, err) &&
	       check_databases(pass, err);
}

static bool
check_sides(struct check_pass *pass, const struct err *source,
	    const struct err *destination, struct err *err)
{
	check_tell_side(pass, SIDE_SOURCE);
	check_tell_side(pass, SIDE_DESTINATION);
	return check_side(pass, SIDE_SOURCE, source, err) &&
	       check_side(pass, SIDE_DESTINATION, destination, err);
}

bool
check_all(struct op *op, const struct targets *targets,
	  struct check_counts *counts, struct err *err)
{
	struct check_pass pass = {
		.op = op,
		.targets = targets,
		.counts = counts,
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};
	struct err source = ERR_INIT, destination = ERR_INIT;
	bool ok;

	*counts = (struct check_counts){0};
	/* Which client programs are needed is known from the servers. */
	ok = ignore_load(&pass.ignored, op->dir, err) &&
	     open_sides(op, &source, &destination, err) &&
	     check_local(&pass, err);
	if (ok) {
		read_destination(&pass);
		ok = check_sides(&pass, &source, &destination, err);
	}
	ignore_release(&pass.ignored);
	rowset_release(&pass.there);
	rowset_release(&pass.available);
	err_release(&source);
	err_release(&destination);
	return ok;
}

/* --- the operation ------------------------------------------------------ */

/* A word that is no check would silently look at nothing. */
static bool
targets_exist(const struct targets *targets, struct err *err)
{
	const struct target *t;

	for (t = targets->items; t < targets->items + targets->n; t++) {
		if (!t->check || check_find(t->check))
			continue;
		err_set(err, ERR_USAGE, "nothing to check is called \"%s\"",
			t->check);
		err_hint(err, "Say source, destination, local or all, or the "
			      "id of a check.");
		return false;
	}
	return true;
}

bool
check_run(struct op *op, struct err *err)
{
	struct check_counts counts = {0};
	struct targets targets;
	bool ok;

	ok = targets_parse(&targets, &op->options.targets, err) &&
	     targets_exist(&targets, err) &&
	     check_all(op, &targets, &counts, err);
	targets_release(&targets);
	if (ok && counts.ko > 0)
		err_set(err, ERR_NEGATIVE, counts.ko == 1 ? "%d check is KO"
							  : "%d checks are KO",
			counts.ko);
	return ok && counts.ko == 0;
}
