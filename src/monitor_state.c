/* SPDX-License-Identifier: PostgreSQL */
/* From facts to states: of a database, and of the upgrade. */
#include <string.h>

#include "advice.h"
#include "mem.h"
#include "monitor_internal.h"

/* More than this behind is catching up: a segment of WAL. */
#define CLOSE_ENOUGH (16LL * 1024 * 1024)

static const char *const names[] = {
	[DATABASE_UNKNOWN] = "unknown",
	[DATABASE_NOT_SET_UP] = "not set up",
	[DATABASE_READY] = "ready",
	[DATABASE_INITIALIZING] = "initializing",
	[DATABASE_CATCHING_UP] = "catching up",
	[DATABASE_REPLICATING] = "replicating",
	[DATABASE_DOWN] = "down",
	[DATABASE_GAP] = "gap",
	[DATABASE_STOPPED] = "stopped",
};

const char *
database_state_name(enum database_state state)
{
	return names[state];
}

/* A subscription is there: do changes arrive? */
static enum database_state
subscribed_state(const struct monitor *m, const struct watched *w)
{
	if (!monitor_is_up(&m->source) || w->failed)
		return w->failed ? DATABASE_UNKNOWN : DATABASE_DOWN;
	if (w->gap)
		return DATABASE_GAP;
	if (!w->has_slot || w->slot_lost || !w->slot_active || !w->applying)
		return DATABASE_DOWN;
	if (w->subscription == SUBSCRIPTION_INITIALIZING)
		return DATABASE_INITIALIZING;
	if (w->subscription != SUBSCRIPTION_REPLICATING)
		return DATABASE_DOWN;
	return w->difference > CLOSE_ENOUGH ? DATABASE_CATCHING_UP
					    : DATABASE_REPLICATING;
}

static const enum database_state states[] = {
	[LOAD_NONE] = DATABASE_NOT_SET_UP,
	[LOAD_MADE] = DATABASE_NOT_SET_UP,
	[LOAD_SCHEMA] = DATABASE_NOT_SET_UP,
	[LOAD_PREPARED] = DATABASE_READY,
	[LOAD_LOADING] = DATABASE_INITIALIZING,
	[LOAD_COPIED] = DATABASE_INITIALIZING,
	[LOAD_INDEXED] = DATABASE_INITIALIZING,
	[LOAD_HANDED_OVER] = DATABASE_STOPPED,
};

enum database_state
monitor_state(const struct monitor *m, const struct watched *w)
{
	if (w->looked && w->load.state == LOAD_HANDED_OVER)
		return DATABASE_STOPPED;
	if (!monitor_is_up(&m->destination))
		return DATABASE_UNKNOWN;
	if (!w->exists)
		return DATABASE_NOT_SET_UP;
	if (!w->looked)
		return DATABASE_UNKNOWN;
	if (w->load.state == LOAD_SUBSCRIBED)
		return subscribed_state(m, w);
	return w->failed ? DATABASE_UNKNOWN : states[w->load.state];
}

static const char *
down_reason(const struct monitor *m, const struct watched *w)
{
	if (!monitor_is_up(&m->source))
		return m->source.err.message;
	if (!w->has_slot)
		return "the replication slot is gone from the source";
	if (w->slot_lost)
		return "the source has removed WAL that the slot needs";
	if (w->reason)
		return w->reason;
	if (w->subscription == SUBSCRIPTION_DISABLED)
		return "the subscription is disabled";
	if (w->subscription == SUBSCRIPTION_NONE)
		return "the subscription is gone from the destination";
	if (!w->applying)
		return "no worker applies changes; the log of the "
		       "destination's server says why";
	return "nobody reads the replication slot";
}

const char *
monitor_reason(const struct monitor *m, const struct watched *w)
{
	switch (monitor_state(m, w)) {
	case DATABASE_GAP:
		return w->gap;
	case DATABASE_DOWN:
		return down_reason(m, w);
	case DATABASE_UNKNOWN:
		return monitor_is_up(&m->destination)
			       ? w->reason
			       : m->destination.err.message;
	case DATABASE_INITIALIZING:
	case DATABASE_READY:
		return w->journal_error;
	default:
		return NULL;
	}
}

/* Not when what keeps it down is the subscription or its slot. */
const struct drift *
monitor_drift(const struct monitor *m, const struct watched *w)
{
	if (w->drift.n == 0 || w->subscription != SUBSCRIPTION_DOWN ||
	    monitor_state(m, w) != DATABASE_DOWN ||
	    !monitor_is_up(&m->source) || !w->has_slot || w->slot_lost)
		return NULL;
	return &w->drift;
}

char *
monitor_hint(const struct monitor *m, const struct watched *w)
{
	const char *reason = monitor_reason(m, w);

	if (reason && reason == w->journal_error)
		return mem_strdup(w->journal_hint);
	if (!monitor_is_up(&m->source) || !monitor_is_up(&m->destination))
		return NULL;
	if (monitor_drift(m, w))
		return mem_strdup(ADVICE_LIKE_THE_SOURCE);
	return advice_when_down(reason, w->name);
}

static size_t
count(const struct database_status *databases, size_t n,
      enum database_state state)
{
	size_t i, found = 0;

	for (i = 0; i < n; i++)
		found += databases[i].state == state;
	return found;
}

/* The step that has begun last and is not yet through for all. */
const char *
monitor_phase(const struct database_status *databases, size_t n)
{
	size_t stopped = count(databases, n, DATABASE_STOPPED);
	size_t missing = count(databases, n, DATABASE_NOT_SET_UP);
	size_t ready = count(databases, n, DATABASE_READY);
	size_t copying = count(databases, n, DATABASE_INITIALIZING);
	size_t unknown = count(databases, n, DATABASE_UNKNOWN);

	if (n > 0 && unknown == n)
		return "unknown";
	if (missing == n)
		return "config";
	if (stopped == n)
		return "stopped";
	if (stopped > 0)
		return "stop";
	if (missing + ready == n)
		return "setup";
	if (missing + ready + copying > 0)
		return "start";
	return "replicating";
}
