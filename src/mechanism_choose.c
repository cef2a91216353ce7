/* SPDX-License-Identifier: PostgreSQL */
/*
 * Which mechanism replicates, and why. Rules are rows, tried in order; a fact
 * is asked of the servers only when no row before it has decided.
 */
#include <stdlib.h>
#include <string.h>

#include "mechanism.h"
#include "mem.h"
#include "registry.h"
#include "tables.h"

/* Both servers have publications and subscriptions from here on. */
#define NATIVE_VERSION 100000

static void
choose(struct op *op, const struct mechanism *m, char *reason)
{
	op->mechanism = m;
	free(op->mechanism_reason);
	op->mechanism_reason = reason;
}

/* --- what is decided already -------------------------------------------- */

bool
mechanism_recall(struct pg *pg, const struct mechanism **m, struct err *err)
{
	struct change_list list;
	const char *name = NULL;
	bool ok = registry_list(pg, CHANGE_MECHANISM, &list, err);

	*m = NULL;
	if (ok && list.n > 0) {
		name = list.items[0].name;
		*m = mechanism_find(name);
	}
	if (name && !*m) {
		err_set(err, ERR_CONFIG,
			"setup began with mechanism \"%s\", which this "
			"pgrepup does not know",
			name);
		ok = false;
	}
	change_list_release(&list);
	return ok;
}

static bool
recall(struct op *op, struct err *err)
{
	const struct mechanism *m;

	if (!mechanism_recall(op->destination.pg, &m, err) ||
	    (!m && op->source.pg && !mechanism_recall(op->source.pg, &m, err)))
		return false;
	if (m)
		choose(op, m, mem_strdup("setup began with it"));
	return true;
}

bool
mechanism_fix(struct op *op, struct err *err)
{
	const struct change_note note = {
		.kind = CHANGE_MECHANISM,
		.name = op->mechanism->name,
		.state = CHANGE_DONE,
	};

	return registry_note(op->source.pg, &note, NULL, err) &&
	       registry_note(op->destination.pg, &note, NULL, err);
}

/* --- auto --------------------------------------------------------------- */

/* A rule gives the reason when it decides; else it leaves NULL. */
typedef bool (*rule_fn)(struct op *op, char **reason, struct err *err);

static struct cluster *
side_at(struct op *op, int i)
{
	return i == 0 ? &op->source : &op->destination;
}

static bool
is_too_old(struct op *op, char **reason, struct err *err)
{
	int i;

	(void)err;
	for (i = 0; i < 2 && !*reason; i++)
		if (side_at(op, i)->version < NATIVE_VERSION)
			*reason = mem_printf("%s is %s",
					     side_name(side_at(op, i)->side),
					     side_at(op, i)->version_text);
	return true;
}

static bool
is_missing(struct op *op, char **reason, struct err *err)
{
	char *version;
	int i;

	for (i = 0; i < 2 && !*reason; i++) {
		version = pg_ask_value(side_at(op, i)->pg,
				       "extension_available",
				       PG_BIND("pglogical"), err);
		if (!version && !err_is_set(err))
			*reason = mem_printf("no pglogical on the %s",
					     side_name(side_at(op, i)->side));
		free(version);
	}
	return !err_is_set(err);
}

static bool
is_no_superuser(struct op *op, char **reason, struct err *err)
{
	int i;

	(void)err;
	for (i = 0; i < 2 && !*reason; i++)
		if (!side_at(op, i)->superuser)
			*reason = mem_printf("role %s of the %s is no "
					     "superuser",
					     side_at(op, i)->user,
					     side_name(side_at(op, i)->side));
	return true;
}

static bool
count_generated(struct op *op, const struct database *db, size_t *n,
		struct err *err)
{
	struct pg *pg = op_connect(op, SIDE_SOURCE, db->name, PG_PLAIN, err);
	char *excluded = tables_excluded(op->conf, db->name);
	struct rowset rows = ROWSET_INIT;
	bool ok;

	ok = pg && pg_ask(pg, "generated_columns", PG_BIND(excluded), &rows,
			  err);
	if (ok)
		*n += rows.n_rows;
	rowset_release(&rows);
	free(excluded);
	pg_close(pg);
	return ok;
}

/* pglogical cannot carry them. What cannot be looked into is no reason: a
 * check names it. */
static bool
has_generated(struct op *op, char **reason, struct err *err)
{
	struct err failed = ERR_INIT;
	size_t i, n = 0;

	for (i = 0; i < op->n_databases; i++) {
		count_generated(op, &op->databases[i], &n, &failed);
		if (failed.kind == ERR_STOPPED) {
			err_move(err, &failed);
			return false;
		}
		err_release(&failed);
	}
	if (n > 0)
		*reason = mem_printf("generated columns in %zu %s", n,
				     n == 1 ? "table" : "tables");
	return true;
}

static bool
is_everywhere(struct op *op, char **reason, struct err *err)
{
	(void)op;
	(void)err;
	*reason = mem_strdup("pglogical is on both servers");
	return true;
}

static const struct {
	rule_fn run;
	const struct mechanism *mechanism;
} rules[] = {
	{is_too_old, &mechanism_pglogical},
	{is_missing, &mechanism_native},
	{is_no_superuser, &mechanism_native},
	{has_generated, &mechanism_native},
	{is_everywhere, &mechanism_pglogical},
};

static bool
choose_by_facts(struct op *op, struct err *err)
{
	char *reason = NULL;
	size_t i;

	for (i = 0; !reason && i < LENGTH_OF(rules); i++) {
		if (!rules[i].run(op, &reason, err)) {
			free(reason);
			return false;
		}
		if (reason)
			choose(op, rules[i].mechanism, reason);
	}
	return true;
}

/* --- the choice --------------------------------------------------------- */

/* Is one of the servers too old for it? */
static bool
fits(struct op *op, struct err *err)
{
	const struct mechanism *m = op->mechanism;
	const struct cluster *old = NULL;

	if (op->source.pg && op->source.version < m->min_version)
		old = &op->source;
	else if (op->destination.version < m->min_destination)
		old = &op->destination;
	if (!old)
		return true;
	err_set(err, ERR_CONFIG,
		"PostgreSQL %s is too old to be the %s under mechanism %s",
		old->version_text, side_name(old->side), m->name);
	if (m == &mechanism_native)
		err_hint(err, "Set mechanism to auto or pglogical.");
	choose(op, NULL, NULL);
	return false;
}

bool
mechanism_choose(struct op *op, struct err *err)
{
	const char *wanted = op->conf->mechanism;
	const struct mechanism *m = wanted ? mechanism_find(wanted) : NULL;

	choose(op, NULL, NULL);
	if (!recall(op, err))
		return false;
	if (!op->source.pg && !op->mechanism) {
		err_set(err, ERR_STATE,
			"the destination knows of no upgrade that was set up");
		return false;
	}
	if (!op->mechanism && m)
		choose(op, m, mem_strdup("the configuration says so"));
	return (op->mechanism || choose_by_facts(op, err)) && fits(op, err);
}
