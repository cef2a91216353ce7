/* SPDX-License-Identifier: PostgreSQL */
/*
 * The checks of each database, on a bounded number of threads. What they find
 * is kept until a database is complete and said in the order of the
 * databases, so that a report reads the same each time.
 */
#include <stdlib.h>
#include <string.h>

#include "check_pass.h"
#include "mem.h"

#define THREADS 4

static bool
is_there(const struct check_pass *pass, const char *name)
{
	size_t i;

	for (i = 0; i < pass->there.n_rows; i++)
		if (strcmp(rowset_text(&pass->there, i, "name"), name) == 0)
			return true;
	return false;
}

static const char *
why_not_database(const struct check_at *at, const struct check *check,
		 bool there)
{
	if (there && !pg_is_alive(at->pg))
		return "no connection to this database";
	if (check->scope == CHECK_CARRIED && !pg_is_alive(at->other_pg))
		return "no connection to this database of the source";
	return NULL;
}

static bool
check_rows_of(struct check_pass *pass, struct check_at *at, bool there,
	      struct err *err)
{
	const struct check *check;
	const char *why;
	size_t i;

	for (i = 0; (check = check_nth(i)); i++) {
		if (!check_applies(pass, check, pass->side, at->db->name))
			continue;
		at->check = check;
		why = why_not_database(at, check, there);
		if (why)
			check_skip(at, why);
		else if (!there && check->scope == CHECK_DATABASE)
			continue; /* setup will make it: nothing to look at */
		else if (!check_row(at, check, err))
			return false;
	}
	return true;
}

/* A connection to one database; its failure is a finding of that side, unless
 * the server is gone that has answered before. */
static struct pg *
database_connect(struct check_at *at, enum side side, struct err *err)
{
	struct err failed = ERR_INIT;
	struct pg *pg;

	if (!op_cluster(at->op, side)->pg)
		return NULL;
	pg = op_connect(at->op, side, at->db->name, PG_PLAIN, &failed);
	if (!pg && (failed.kind == ERR_STOPPED ||
		    !pg_answers(conf_endpoint(at->op->conf, side))))
		err_move(err, &failed);
	/* What is wrong with the source's is said under the source. */
	else if (!pg && side == at->cluster->side)
		check_connection_failed(at, &failed);
	err_release(&failed);
	return pg;
}

static void
say_database(struct check_pass *pass, size_t i)
{
	const char *name = pass->op->databases[i].name;

	check_flush(pass, &pass->found[i]);
	if (check_group_wanted(pass, pass->side, name))
		check_tell_done(pass, pass->side, name);
}

static void
say_in_order(struct check_pass *pass, size_t i)
{
	pthread_mutex_lock(&pass->lock);
	pass->done[i] = true;
	while (pass->next < pass->op->n_databases && pass->done[pass->next])
		say_database(pass, pass->next++);
	pthread_mutex_unlock(&pass->lock);
}

static bool
check_database(struct op *op, const struct database *db, void *arg,
	       struct err *err)
{
	struct check_pass *pass = arg;
	size_t i = (size_t)(db - op->databases);
	bool there = pass->side == SIDE_SOURCE || is_there(pass, db->name);
	struct check_at at = {
		.op = op,
		.cluster = op_cluster(op, pass->side),
		.other = op_cluster(op, check_other_side(pass->side)),
		.db = db,
		.available = pass->available_known ? &pass->available : NULL,
		.found = &pass->found[i],
	};
	struct change_list changes;
	bool ok;

	if (!check_group_wanted(pass, pass->side, db->name)) {
		say_in_order(pass, i);
		return true;
	}
	check_tell_begun(pass, pass->side, db->name);
	if (there)
		at.pg = database_connect(&at, pass->side, err);
	if (pass->side == SIDE_DESTINATION && !err_is_set(err))
		at.other_pg = database_connect(&at, SIDE_SOURCE, err);
	check_read_changes(at.pg, &changes);
	at.changes = &changes;
	ok = !err_is_set(err) && check_rows_of(pass, &at, there, err);
	pg_close(at.pg);
	pg_close(at.other_pg);
	change_list_release(&changes);
	say_in_order(pass, i);
	return ok;
}

bool
check_databases(struct check_pass *pass, struct err *err)
{
	struct op *op = pass->op;
	struct err failed = ERR_INIT;
	bool ok;

	if (!pg_is_alive(op_cluster(op, pass->side)->pg))
		return true;
	pass->found = MEM_ARRAY(struct check_found, op->n_databases);
	pass->done = MEM_ARRAY(bool, op->n_databases);
	pass->next = 0;
	ok = op_each_database(op, THREADS, check_database, pass, &failed);
	for (; pass->next < op->n_databases; pass->next++)
		say_database(pass, pass->next);
	free(pass->found);
	free(pass->done);
	err_move(err, &failed);
	return ok;
}
