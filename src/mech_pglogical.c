/* SPDX-License-Identifier: PostgreSQL */
/* Mechanism pglogical: the row, names, state. */
#include "mech_pglogical.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "server_log.h"

bool
pglogical_is_installed(struct pg *pg, bool *installed, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(pg, "pglogical_installed", PG_NONE, &rows, err);

	*installed = ok && rowset_bool(&rows, 0, "installed");
	rowset_release(&rows);
	return ok;
}

/*
 * pglogical makes slot names of 16 bytes each of database, node and
 * subscription, with '_' for what is no small letter: databases "a-b" and
 * "a b" would share a slot if their subscriptions had the same name.
 */
char *
pglogical_subscription(const struct mechanism_at *at, struct err *err)
{
	return mech_subscription(at, mem_printf("pgrepup_%08x", mech_hash(at)),
				 err);
}

static char *
slot_name(const struct mechanism_at *at, struct err *err)
{
	char *sub = pglogical_subscription(at, err);
	char *slot = NULL;

	if (sub)
		slot = pg_ask_value(at->destination, "pglogical_slot_name",
				    PG_BIND(PGLOGICAL_SOURCE_NODE, sub), err);
	free(sub);
	return slot;
}

/* It starts the manager of each database, which starts the workers. Ended by
 * somebody (pg_terminate_backend), it comes back with the server alone. */
static char *
supervisor_gone(const struct mechanism_at *at)
{
	struct err ignored = ERR_INIT;
	char *runs = pg_ask_value(at->destination, "pglogical_supervised",
				  PG_NONE, &ignored);
	char *reason = NULL;

	if (runs && strcmp(runs, "f") == 0)
		reason = mem_strdup("the supervisor of pglogical does not run "
				    "on the destination: nothing starts its "
				    "workers");
	free(runs);
	err_release(&ignored);
	return reason;
}

/* Why the apply worker is not there, as far as the servers tell. */
static char *
down_reason(const struct mechanism_at *at, const struct rowset *sub)
{
	/* NULL: it was dropped meanwhile */
	char *reason = mech_slot_gone(at, rowset_get(sub, 0, "slot"));
	char *worker;

	if (!reason)
		reason = supervisor_gone(at);
	if (reason)
		return reason;
	worker = mem_printf("pglogical apply %s:%s",
			    rowset_text(sub, 0, "database"),
			    rowset_text(sub, 0, "id"));
	reason = server_log_reason(at->destination, worker);
	free(worker);
	return reason;
}

static const struct {
	const char *status;
	enum subscription_state state;
} states[] = {
	{"disabled", SUBSCRIPTION_DISABLED},
	{"initializing", SUBSCRIPTION_INITIALIZING},
	{"replicating", SUBSCRIPTION_REPLICATING},
	{"down", SUBSCRIPTION_DOWN},
	/* the worker runs, and no row says what it does */
	{"unknown", SUBSCRIPTION_INITIALIZING},
};

static enum subscription_state
state_of(const struct rowset *rows)
{
	const char *status = rowset_text(rows, 0, "status");
	size_t i;

	for (i = 0; i < LENGTH_OF(states); i++) {
		if (strcmp(states[i].status, status) != 0)
			continue;
		if (states[i].state == SUBSCRIPTION_REPLICATING &&
		    rowset_int(rows, 0, "pending") > 0)
			return SUBSCRIPTION_INITIALIZING;
		return states[i].state;
	}
	return SUBSCRIPTION_NONE;
}

static bool
read_state(const struct mechanism_at *at, const char *name,
	   enum subscription_state *state, char **reason, struct err *err)
{
	struct rowset rows = ROWSET_INIT, sub = ROWSET_INIT;
	bool ok;

	ok = pg_ask(at->destination, "pglogical_state", PG_BIND(name), &rows,
		    err) &&
	     pg_ask(at->destination, "pglogical_subscription", PG_BIND(name),
		    &sub, err);
	if (ok)
		*state = state_of(&rows);
	if (ok && *state == SUBSCRIPTION_DOWN && sub.n_rows > 0)
		*reason = down_reason(at, &sub);
	rowset_release(&rows);
	rowset_release(&sub);
	return ok;
}

static char *
pglogical_guess(const struct mechanism_at *at)
{
	struct err ignored = ERR_INIT;
	char *table = pg_ask_value(at->source, "pglogical_truncated", PG_NONE,
				   &ignored);
	char *text = NULL;

	if (table)
		text = mem_printf("perhaps TRUNCATE of table \"%s\", to which "
				  "foreign keys point",
				  table);
	free(table);
	err_release(&ignored);
	return text;
}

static bool
pglogical_state(const struct mechanism_at *at, enum subscription_state *state,
		char **reason, struct err *err)
{
	bool installed;
	char *name;
	bool ok;

	*state = SUBSCRIPTION_NONE;
	*reason = NULL;
	if (!pglogical_is_installed(at->destination, &installed, err) ||
	    !installed)
		return !err_is_set(err);
	name = pglogical_subscription(at, err);
	ok = name && read_state(at, name, state, reason, err);
	free(name);
	return ok;
}

static bool
pglogical_workers(const struct mechanism_at *at, struct rowset *rows,
		  struct err *err)
{
	return pg_ask(at->destination, "pglogical_workers", PG_NONE, rows,
		      err);
}

/* The origin has the slot's name, and moves with each transaction that was
 * applied: not with empty ones, nor with those of other databases. */
static bool
pglogical_applied(const struct mechanism_at *at, const char *slot, char **lsn,
		  struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	const char *found;
	bool ok;

	ok = pg_ask(at->destination, "origin_find", PG_BIND(slot), &rows, err);
	found = rowset_get(&rows, 0, "remote_lsn");
	*lsn = NULL;
	if (ok && rows.n_rows > 0)
		*lsn = mem_strdup(found ? found : "0/0");
	else if (ok)
		err_set(err, ERR_STATE,
			"replication origin \"%s\" is gone from the "
			"destination",
			slot);
	rowset_release(&rows);
	return *lsn != NULL;
}

static bool
pglogical_prepare(const struct mechanism_at *at, const struct rowset *tables,
		  struct err *err)
{
	return pglogical_make_nodes(at, err) &&
	       pglogical_publish(at, tables, err);
}

/* The origin has the slot's name. */
static char *
origin_left(const struct mechanism_at *at, const char *slot, struct err *err)
{
	return pg_ask_value(at->destination, "origin_find", PG_BIND(slot),
			    err);
}

const struct mechanism mechanism_pglogical = {
	.name = "pglogical",
	.plugin = "pglogical_output",
	.min_version = 90400,
	/* 9.4 has no functions to position a replication origin */
	.min_destination = 90500,
	.needs_itself = true,
	.unguarded = true,
	.prepare = pglogical_prepare,
	.publish = pglogical_publish,
	.members = pglogical_members,
	.slot_name = slot_name,
	.subscribe = pglogical_subscribe,
	.disable = pglogical_disable,
	.state = pglogical_state,
	.guess = pglogical_guess,
	.workers = pglogical_workers,
	.applied = pglogical_applied,
	.unsubscribe = pglogical_unsubscribe,
	.origin_left = origin_left,
	.remove = pglogical_remove,
};
