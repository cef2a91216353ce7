/* SPDX-License-Identifier: PostgreSQL */
/*
 * disable: databases stop to apply changes until `pgrepup start`, as when the
 * destination needs rest or a row of it is mended by hand. Nothing is lost:
 * their slots keep on the source what is written meanwhile.
 */
#include <stdlib.h>
#include <time.h>

#include "barrier.h"
#include "load.h"
#include "mem.h"
#include "mechanism.h"
#include "op.h"
#include "registry.h"

/* Seconds in which the source must see that nobody reads the slot. */
#define PATIENCE 30.0

static bool
does_not_replicate(const struct database *db, const struct load *load,
		   struct err *err)
{
	err_set(err, ERR_STATE,
		"database \"%s\" does not replicate: it is \"%s\"", db->name,
		load_state_name(load->state));
	return false;
}

/* Asked of the source: a worker may go on for a moment. */
static bool
wait_unread(const struct mechanism_at *at, const char *slot, struct err *err)
{
	double end = clock_now() + PATIENCE;
	struct rowset rows = ROWSET_INIT;
	bool active = true, ok;

	for (;;) {
		ok = pg_ask(at->source, "slot_find", PG_BIND(slot), &rows, err);
		active = ok && rowset_bool(&rows, 0, "active");
		rowset_release(&rows);
		if (!ok || !active)
			return ok;
		if (clock_now() > end)
			break;
		if (!interrupt_sleep(at->op->interrupt, 0.1, err))
			return false;
	}
	err_set(err, ERR_SERVER,
		"replication slot \"%s\" of the source is still read", slot);
	err_hint(err, "The subscription is disabled. See `pgrepup status`.");
	return false;
}

/* A slot that nobody reads may be that of a worker which dies at each start. */
static bool
prove_disabled(const struct mechanism_at *at, struct err *err)
{
	enum subscription_state state;
	char *reason = NULL;
	bool ok = at->op->mechanism->state(at, &state, &reason, err);

	free(reason);
	if (ok && state != SUBSCRIPTION_DISABLED) {
		err_set(err, ERR_STATE, "the subscription is not disabled");
		err_hint(err, "Somebody else has enabled or dropped it. See "
			      "`pgrepup status`.");
		ok = false;
	}
	return ok;
}

/* By whom and since when, for who finds it so. */
static bool
note_held(const struct mechanism_at *at, struct err *err)
{
	time_t now = time(NULL);
	struct tm tm;
	char when[32];

	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC",
		 gmtime_r(&now, &tm));
	return registry_note(at->destination,
			     &(struct change_note){
				     .kind = CHANGE_HELD,
				     .name = "subscription",
				     .old_value = at->op->destination.user,
				     .new_value = when,
				     .state = CHANGE_DONE,
			     },
			     NULL, err);
}

/* The barrier lies among what is kept: if that is moved on, it is missing. */
static bool
disable(const struct mechanism_at *at, const struct load *load,
	struct err *err)
{
	struct op *op = at->op;
	char *n;

	if (op->options.dry_run) {
		op_item(op, "disable", at->database, "subscription", "skip",
			"%s", "would be disabled");
		return true;
	}
	if (!op->mechanism->disable(at, err) ||
	    !wait_unread(at, load->slot, err) || !prove_disabled(at, err) ||
	    !note_held(at, err) || !barrier_write(at->source, &n, err))
		return false;
	free(n);
	op_item(op, "disable", at->database, "subscription", "ok",
		"disabled; replication slot \"%s\" keeps WAL on the source",
		load->slot);
	return true;
}

static bool
disable_database(struct op *op, const struct database *db, void *arg,
		 struct err *err)
{
	struct load load = {.state = LOAD_NONE};
	struct mechanism_at at = {.op = op, .database = db->name};
	bool ok = true;

	(void)arg;
	if (db->on_destination)
		ok = mechanism_connect(op, db->name, &at, err) &&
		     load_read(at.destination, &load, err) &&
		     load_refuse_other(&load, db->name, op->conf->name, err);
	if (ok && load.state == LOAD_SUBSCRIBED)
		ok = disable(&at, &load, err);
	else if (ok && op->options.only.n > 0)
		ok = does_not_replicate(db, &load, err);
	else if (ok)
		op_item(op, "disable", db->name, "subscription", "skip", "%s",
			"it does not replicate");
	if (!ok && err->kind != ERR_STOPPED)
		err_at(err, "database \"%s\"", db->name);
	load_release(&load);
	pg_close(at.source);
	pg_close(at.destination);
	return ok;
}

static bool
disable_all(struct op *op, struct err *err)
{
	return op_each_database(op, (size_t)op->conf->databases_at_once,
				disable_database, NULL, err);
}

static const struct step steps[] = {
	{.id = "open",
	 .title = "Connect to both servers",
	 .leaves = "Nothing was changed on either side; replication goes on.",
	 .run = op_open},
	{.id = "disable",
	 .title = "Disable the subscriptions",
	 .leaves = "Databases that were not disabled replicate as before.",
	 .run = disable_all},
};

bool
disable_run(struct op *op, struct err *err)
{
	return op_run_steps(op, steps, LENGTH_OF(steps), err);
}
