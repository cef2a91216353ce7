/* SPDX-License-Identifier: PostgreSQL */
/* Start, last phases: the subscription, statistics, and proof that it runs. */
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "barrier.h"
#include "mem.h"
#include "start.h"

/* Seconds in which changes must begin to arrive. */
#define PATIENCE 60.0
/* A worker that starts may be told as down for a moment, and tries again. */
#define DOWN_PATIENCE 20.0
/* A change that arrives within it is one of a destination that is up to date.
 */
#define ARRIVAL_PATIENCE 5.0
/* One that was down before may have stopped trying for minutes. */
#define KICK_AFTER 3.0

/* The first lies behind the slot's consistent point, so it travels. */
static bool
begin_barriers(struct start *s, struct err *err)
{
	char *n = NULL;
	bool ok = barrier_write(s->source, &n, err) &&
		  barrier_begin(s->destination, n, err);

	free(n);
	return ok;
}

bool
start_subscribe(struct start *s, struct err *err)
{
	op_item(s->op, "subscribe", s->db->name, "subscription", "run", "%s",
		s->load.slot ? s->load.slot : "");
	if (!start_slot_check(s, err) || !start_compare_source(s, err) ||
	    !begin_barriers(s, err) ||
	    !s->op->mechanism->subscribe(&s->at, s->load.slot, s->load.lsn,
					 err) ||
	    !load_advance(s->destination, LOAD_INDEXED, LOAD_SUBSCRIBED,
			  s->op->run, err))
		return false;
	op_item(s->op, "subscribe", s->db->name, "subscription", "ok",
		"from %s on", s->load.lsn);
	return true;
}

/* Only when it is still to be done: start may be run again at any time. */
static bool
analyze(struct start *s, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool needed, ok;

	ok = pg_ask(s->destination, "never_analyzed", PG_NONE, &rows, err);
	needed = ok && rowset_bool(&rows, 0, "needed");
	rowset_release(&rows);
	if (!needed)
		return ok;
	if (!work_gate_enter(s->gate, s->op->interrupt)) {
		interrupt_error(err);
		return false;
	}
	op_item(s->op, "analyze", s->db->name, "statistics", "run", "%s",
		"ANALYZE");
	pg_set_timeout(s->destination, 0);
	/* Else the server tells each catalog of its own that it skips. */
	ok = (s->op->destination.superuser ||
	      pg_run(s->destination, "SET client_min_messages = error", NULL,
		     err)) &&
	     pg_run(s->destination, "ANALYZE", NULL, err);
	work_gate_leave(s->gate);
	op_item(s->op, "analyze", s->db->name, "statistics", ok ? "ok" : "ko",
		"%s", "ANALYZE");
	return ok;
}

static bool
does_not_replicate(struct start *s, enum subscription_state state,
		   const char *reason, struct err *err)
{
	static const char *const words[] = {
		[SUBSCRIPTION_NONE] = "has no subscription",
		[SUBSCRIPTION_DISABLED] = "has its subscription disabled",
		[SUBSCRIPTION_INITIALIZING] = "does not replicate yet",
		[SUBSCRIPTION_DOWN] = "does not replicate: down",
	};
	char *hint = advice_when_down(reason, s->db->name);

	err_set(err, ERR_SERVER, "database \"%s\" %s", s->db->name,
		words[state]);
	if (reason)
		err_detail(err, "%s", reason);
	err_hint(err, "%s", hint ? hint
				 : "See `pgrepup status` and the servers' "
				   "logs; `pgrepup start` looks again.");
	free(hint);
	return false;
}

/* A worker that runs, and may believe that it replicates, has proved nothing
 * as long as nobody reads the slot: a mute port looks the same. */
static bool
ask_source(struct start *s, enum subscription_state *state, char **reason,
	   struct err *err)
{
	struct rowset slot = ROWSET_INIT;
	bool ok = pg_ask(s->source, "slot_find", PG_BIND(s->load.slot), &slot,
			 err);

	if (ok && !rowset_bool(&slot, 0, "active")) {
		*state = SUBSCRIPTION_DOWN;
		*reason = mem_printf("Nobody reads replication slot \"%s\" of "
				     "the source: the destination's server "
				     "has not come to it.",
				     s->load.slot);
	}
	rowset_release(&slot);
	return ok;
}

/* One look; true in *over when there is nothing to wait for. */
static bool
look(struct start *s, double began, bool *over, struct err *err)
{
	enum subscription_state state;
	char *reason = NULL;
	double waited = clock_now() - began;
	bool ok = s->op->mechanism->state(&s->at, &state, &reason, err);

	if (ok && (state == SUBSCRIPTION_REPLICATING ||
		   state == SUBSCRIPTION_INITIALIZING))
		ok = ask_source(s, &state, &reason, err);
	*over = !ok || state == SUBSCRIPTION_REPLICATING || waited > PATIENCE ||
		(state == SUBSCRIPTION_DOWN && waited > DOWN_PATIENCE);
	if (ok && *over && state != SUBSCRIPTION_REPLICATING)
		ok = does_not_replicate(s, state, reason, err);
	else if (ok && !*over && waited > KICK_AFTER &&
		 state != SUBSCRIPTION_INITIALIZING)
		ok = s->op->mechanism->subscribe(&s->at, s->load.slot,
						 s->load.lsn, err);
	free(reason);
	return ok;
}

/* Nobody holds it any more. */
static bool
forget_held(struct start *s, struct err *err)
{
	struct change_list list;
	size_t i;
	bool ok = registry_list(s->destination, CHANGE_HELD, &list, err);

	for (i = 0; ok && i < list.n; i++)
		ok = registry_forget(s->destination, list.items[i].id, err);
	change_list_release(&list);
	return ok;
}

/* Has the destination confirmed more than when this was asked last? */
static bool
has_moved(struct start *s, char **last, bool *moved, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(s->source, "stop_confirmed",
			 PG_BIND(s->load.slot, s->load.lsn), &rows, err);
	const char *now = rowset_text(&rows, 0, "lsn");

	*moved = ok && *last && strcmp(*last, now) != 0;
	free(*last);
	*last = mem_strdup(now);
	rowset_release(&rows);
	return ok;
}

static bool
say_proved(struct start *s, const char *state, const char *n, const char *what)
{
	op_item(s->op, "replicate", s->db->name, "replicating", state,
		"barrier %s has %s", n, what);
	return true;
}

/* Until the barrier has arrived, or it is seen why it has not. */
static bool
wait_for_barrier(struct start *s, const char *n, char **last, struct err *err)
{
	double began = clock_now(), waited;
	bool arrived, moved, over;

	for (;;) {
		if (!barriers_wait(s->destination, n, 1, s->op->interrupt,
				   &arrived, err))
			return false;
		if (arrived)
			return say_proved(s, "ok", n, "arrived");
		waited = clock_now() - began;
		if (!has_moved(s, last, &moved, err))
			return false;
		if (moved && waited > ARRIVAL_PATIENCE)
			return say_proved(s, "ok", n,
					  "not arrived yet: it catches up");
		if (waited > PATIENCE)
			return say_proved(s, "warn", n,
					  "not arrived, nor was anything "
					  "confirmed: see `pgrepup status`");
		if (waited > ARRIVAL_PATIENCE && !look(s, began, &over, err))
			return false;
	}
}

/*
 * What arrives proves that changes do: a worker that dies at each change looks
 * as if it replicated in between. A destination that is far behind has not come
 * to it yet; then what it confirms must move.
 */
static bool
prove(struct start *s, struct err *err)
{
	char *n = NULL, *last = NULL;
	bool ok = barrier_write(s->source, &n, err) &&
		  wait_for_barrier(s, n, &last, err);

	free(last);
	free(n);
	return ok;
}

bool
start_replicate(struct start *s, struct err *err)
{
	double began;
	bool over;

	/* What is lost comes by no waiting. */
	if (!start_slot_check(s, err) || !analyze(s, err))
		return false;
	began = clock_now();
	do {
		if (!look(s, began, &over, err))
			return false;
		if (!over && !interrupt_sleep(s->op->interrupt, 0.3, err))
			return false;
	} while (!over);
	return forget_held(s, err) && prove(s, err);
}
