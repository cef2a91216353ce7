/* SPDX-License-Identifier: PostgreSQL */
/*
 * Looking into single databases of the destination, by a few connections at a
 * time, each for a moment: all of them the first time, later only those whose
 * state the cluster-wide views do not tell, so many a tick, in turn.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "monitor_internal.h"
#include "work.h"

#define LOOK_THREADS 4
#define LOOKS_PER_TICK 8
/* A database that does not answer must not keep the others waiting. */
#define LOOK_TIMEOUT 5.0
/* Comparing all tables is no work for each tick. */
#define GUESS_PAUSE 20.0

/* Before start only an operation changes anything, and it says when it begins
 * and ends: what others do may be seen a little later. */
static bool
is_waiting(const struct monitor *m, const struct watched *w)
{
	return w->load.state < LOAD_LOADING && !m->at_work && !w->failed &&
	       !w->stale;
}

/* Does the load state say all, as long as the slot is as it is? */
static bool
is_settled(const struct monitor *m, const struct watched *w)
{
	if (!w->looked || w->failed || w->stale || monitor_barrier_is_due(m, w))
		return false;
	if (w->load.state == LOAD_HANDED_OVER)
		return !w->has_slot;
	return w->load.state == LOAD_SUBSCRIBED &&
	       w->subscription == SUBSCRIPTION_REPLICATING &&
	       w->slot_active && w->applying;
}

/* What the servers show besides their logs. */
static void
look_closer(struct monitor *m, struct watched *w, struct pg *pg)
{
	struct pg_options options = {
		.dbname = w->name,
		.connect_timeout = LOOK_TIMEOUT,
		.interrupt = m->op->interrupt,
	};
	struct mechanism_at at = {
		.op = m->op, .database = w->name, .destination = pg};
	struct err ignored = ERR_INIT;

	at.source = pg_connect(&m->op->conf->source, &options, &ignored);
	if (at.source) {
		pg_set_timeout(at.source, LOOK_TIMEOUT);
		drift_find(&at, &w->drift);
	}
	if (at.source && w->drift.n == 0 && m->op->mechanism->guess)
		w->guess = m->op->mechanism->guess(&at);
	pg_close(at.source);
	err_release(&ignored);
}

/* Which tables cannot take their changes: DDL of an application is what it
 * mostly is. The log has the first of them, where it can be read. */
static void
find_cause(struct monitor *m, struct watched *w, struct pg *pg)
{
	if (w->subscription != SUBSCRIPTION_DOWN)
		return;
	if (w->guessed == 0 || clock_now() - w->guessed > GUESS_PAUSE) {
		free(w->guess);
		w->guess = NULL;
		drift_release(&w->drift);
		look_closer(m, w, pg);
		w->guessed = clock_now();
	}
	if (!w->reason && w->guess)
		w->reason = mem_printf("no worker applies changes; %s",
				       w->guess);
	else if (!w->reason && w->drift.n > 0)
		w->reason = mem_printf("no worker applies changes; table "
				       "\"%s\" is not the same on both sides",
				       w->drift.tables[0].name);
}

static bool
look(struct monitor *m, struct watched *w, struct pg *pg, struct err *err)
{
	struct mechanism_at at = {
		.op = m->op, .database = w->name, .destination = pg};

	load_release(&w->load);
	if (!load_read(pg, &w->load, err))
		return false;
	w->subscription = SUBSCRIPTION_NONE;
	if (w->load.state != LOAD_SUBSCRIBED)
		return true;
	if (!m->op->mechanism) {
		err_set(err, ERR_STATE,
			"the destination does not say by which mechanism it "
			"replicates");
		return false;
	}
	if (!m->op->mechanism->state(&at, &w->subscription, &w->reason, err))
		return false;
	find_cause(m, w, pg);
	return monitor_barrier(m, w, pg, err);
}

static void
look_into(struct monitor *m, struct watched *w)
{
	struct pg_options options = {
		.dbname = w->name,
		.connect_timeout = LOOK_TIMEOUT,
		.interrupt = m->op->interrupt,
	};
	struct err err = ERR_INIT;
	struct pg *pg = pg_connect(&m->op->conf->destination, &options, &err);

	free(w->reason);
	w->reason = NULL;
	if (pg)
		pg_set_timeout(pg, LOOK_TIMEOUT);
	w->failed = !pg || !look(m, w, pg, &err);
	w->looked = true;
	w->stale = false;
	if (w->failed) {
		free(w->reason);
		w->reason = mem_strdup(err.message);
	}
	err_release(&err);
	pg_close(pg);
}

struct round {
	struct monitor *m;
	double deadline;
	struct watched **items;
	size_t n;
};

static void
look_at_item(void *arg, size_t i)
{
	struct round *round = arg;

	if (interrupt_raised(round->m->op->interrupt) ||
	    (round->deadline > 0 && clock_now() > round->deadline))
		return;
	look_into(round->m, round->items[i]);
}

/* Those never looked into, all; then as many as a tick has, in turn, and of
 * those that wait for start one. */
static void
choose(struct monitor *m, struct round *round)
{
	struct watched *w;
	size_t i, others = 0, waiting = 0;

	for (i = 0; i < m->n; i++) {
		w = &m->databases[i];
		if (w->selected && w->exists && !w->looked)
			round->items[round->n++] = w;
	}
	for (i = 0; i < m->n && others < LOOKS_PER_TICK; i++) {
		w = &m->databases[(m->turn + i) % m->n];
		if (!w->selected || !w->exists || !w->looked ||
		    is_settled(m, w))
			continue;
		if (is_waiting(m, w) && waiting++ > 0)
			continue;
		round->items[round->n++] = w;
		others++;
	}
	m->turn = m->n > 0 ? (m->turn + i) % m->n : 0;
}

void
monitor_look(struct monitor *m, double deadline)
{
	struct round round = {
		.m = m,
		.deadline = deadline,
		.items = MEM_ARRAY(struct watched *, m->n),
	};

	choose(m, &round);
	work_each(LOOK_THREADS, round.n, look_at_item, &round);
	free(round.items);
}
