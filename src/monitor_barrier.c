/* SPDX-License-Identifier: PostgreSQL */
/*
 * Barriers, as the monitor sees them: whether one is missing, each time that a
 * database is looked into; and a new one now and then, while somebody watches.
 */
#include <stdlib.h>

#include "barrier.h"
#include "mem.h"
#include "monitor_internal.h"

/* Seconds for the way to the source. */
#define TIMEOUT 5.0

bool
monitor_barrier_is_due(const struct monitor *m, const struct watched *w)
{
	int every = m->op->conf->barriers_every;

	return every > 0 && w->looked && w->load.state == LOAD_SUBSCRIBED &&
	       monitor_is_up(&m->source) &&
	       clock_now() - w->barrier_at >= every;
}

static void
say_missing(struct watched *w, const struct barriers *b)
{
	free(w->gap);
	w->gap = NULL;
	if (b->missing > 0)
		w->gap = mem_printf("changes were lost on their way: what was "
				    "committed %s may be missing (barrier %lld)",
				    b->between ? b->between : "then",
				    b->missing);
}

/* The slot says that it was confirmed, and it is not here. */
static bool
is_lost(struct watched *w, struct pg *source, struct pg *destination,
	struct barriers *b, struct err *err)
{
	long long wanted = strtoll(w->barrier, NULL, 10);
	struct rowset rows = ROWSET_INIT;
	bool ok;

	if (b->last >= wanted)
		return false;
	ok = pg_ask(source, "stop_confirmed",
		    PG_BIND(w->load.slot, w->barrier_lsn), &rows, err) &&
	     rowset_bool(&rows, 0, "reached") &&
	     barriers_read(destination, b, err) && b->last < wanted;
	rowset_release(&rows);
	return ok;
}

static bool
make(struct watched *w, struct pg *source, struct err *err)
{
	free(w->barrier);
	free(w->barrier_lsn);
	w->barrier = w->barrier_lsn = NULL;
	if (!barrier_write(source, &w->barrier, err))
		return false;
	w->barrier_lsn = pg_ask_value(source, "current_lsn", PG_NONE, err);
	return w->barrier_lsn != NULL;
}

/* The source of this database, for a moment. */
static void
ask_source(struct monitor *m, struct watched *w, struct pg *destination,
	   struct barriers *b)
{
	struct pg_options options = {
		.dbname = w->name,
		.connect_timeout = TIMEOUT,
		.interrupt = m->op->interrupt,
	};
	struct err ignored = ERR_INIT;
	struct pg *source =
		pg_connect(&m->op->conf->source, &options, &ignored);

	if (!source) {
		err_release(&ignored);
		return;
	}
	pg_set_timeout(source, TIMEOUT);
	if (w->barrier && is_lost(w, source, destination, b, &ignored) &&
	    !w->gap)
		w->gap = mem_printf("barrier %s has not arrived, though the "
				    "slot was read so far: changes may be "
				    "missing",
				    w->barrier);
	make(w, source, &ignored);
	pg_close(source);
	err_release(&ignored);
}

bool
monitor_barrier(struct monitor *m, struct watched *w, struct pg *destination,
		struct err *err)
{
	bool due = monitor_barrier_is_due(m, w);
	struct barriers b = {.last = 0};
	bool ok = barriers_read(destination, &b, err);

	if (ok)
		say_missing(w, &b);
	if (ok && due)
		ask_source(m, w, destination, &b);
	/* Who looks for a moment makes none. */
	if (due || w->barrier_at == 0)
		w->barrier_at = clock_now();
	barriers_release(&b);
	return ok;
}
