/* SPDX-License-Identifier: PostgreSQL */
/* Stop: positions of the source, barriers, and waiting for the destination. */
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "barrier.h"
#include "mem.h"
#include "registry.h"
#include "stop.h"
#include "strbuf.h"

/* Longest time in which nothing is confirmed: one transaction may be big. */
#define STILL_PATIENCE 600.0
/* A worker that lost its connection is made to try again. */
#define DOWN_PATIENCE 30.0
#define LOOK_EVERY 2.0
/* What is confirmed is there: for a look at it. */
#define ARRIVAL_PATIENCE 5.0
/* A session that ended is in the counters of the server by then. */
#define COUNTERS_LAG 1.5
/* Looks in a row: one that dies at each start is there as well, for moments. */
#define UP_FOR_GOOD 3

static bool
write_something(struct pg *pg, const char *run, struct err *err)
{
	struct change change = {
		/* forgotten at once: no kind of change */
		.kind = mem_strdup("position"),
		.name = mem_strdup(run),
		.state = CHANGE_DONE,
	};
	long long id;
	bool ok;

	/* Locally: a standby that is gone must not hold us up. */
	ok = pg_run(pg, "SET LOCAL synchronous_commit = 'local'", NULL, err) &&
	     registry_add(pg, &change, &id, err) &&
	     registry_forget(pg, id, err);
	free(change.kind);
	free(change.name);
	return ok;
}

/*
 * An acknowledged commit with synchronous_commit off may lie beyond
 * pg_current_wal_lsn(), which is what has been written. A synchronous commit
 * after it has written all before itself. (It must change something: without
 * that a commit writes no WAL to wait for.)
 */
bool
stop_position(struct stop *s, char **lsn, struct err *err)
{
	if (!registry_open(s->source, err))
		return false;
	if (!pg_begin(s->source, err) ||
	    !write_something(s->source, s->op->run, err) ||
	    !pg_commit(s->source, err)) {
		pg_rollback(s->source);
		return false;
	}
	*lsn = pg_ask_value(s->source, "current_lsn", PG_NONE, err);
	return *lsn != NULL;
}

/* What a wait knows. */
struct wait {
	const char *lsn; /* that it waits for */
	char *confirmed; /* last seen */
	long long remaining;
	long long behind; /* at the first look */
	double moved;	 /* when it last did */
	double looked;
	double down;	 /* since when the subscription is; 0: it is not */
	int up;		 /* looks in a row at which it was not */
};

static void
hint_when_down(const struct stop *s, const char *reason, struct err *err)
{
	char *hint = advice_when_down(reason, s->db->name);

	err_hint(err, "%s", hint ? hint
				 : "See `pgrepup status`, then run `pgrepup "
				   "stop` again.");
	free(hint);
}

static bool
gave_up(const struct stop *s, const struct wait *w, const char *why,
	const char *reason, struct err *err)
{
	struct strbuf bytes = STRBUF_INIT;

	strbuf_bytes(&bytes, w->remaining);
	err_set(err, ERR_STATE,
		"the destination has not confirmed %s: %s", w->lsn, why);
	err_detail(err, "Nothing was handed over. It has confirmed %s, %s "
			"remain.%s%s",
		   w->confirmed ? w->confirmed : "nothing", bytes.text,
		   reason ? " " : "", reason ? reason : "");
	hint_when_down(s, reason, err);
	strbuf_release(&bytes);
	return false;
}

/* What the source has given up comes back by no patience. */
static bool
is_kept(struct stop *s, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(s->source, "slot", PG_BIND(s->load.slot), &rows, err);

	if (ok && rowset_bool(&rows, 0, "lost")) {
		err_set(err, ERR_STATE,
			"the source has removed WAL that replication slot "
			"\"%s\" needs",
			s->load.slot);
		hint_when_down(s, err->message, err);
		ok = false;
	}
	rowset_release(&rows);
	return ok;
}

/* Lets it try again, or gives up in the end. */
static bool
bear_down(struct stop *s, struct wait *w, const char *reason, struct err *err)
{
	if (w->down <= 0) {
		w->down = w->looked;
		return true;
	}
	if (w->looked - w->down > DOWN_PATIENCE)
		return gave_up(s, w, "replication is down", reason, err);
	return s->op->mechanism->subscribe(&s->at, s->load.slot, s->load.lsn,
					   err);
}

/* Now and then: is there still somebody who applies changes? */
static bool
look(struct stop *s, struct wait *w, struct err *err)
{
	enum subscription_state state;
	char *reason = NULL;
	bool ok;

	if (clock_now() - w->looked < LOOK_EVERY)
		return true;
	w->looked = clock_now();
	ok = is_kept(s, err) &&
	     s->op->mechanism->state(&s->at, &state, &reason, err);
	w->up = ok && state == SUBSCRIPTION_REPLICATING ? w->up + 1 : 0;
	if (w->up >= UP_FOR_GOOD)
		w->down = 0;
	if (ok && w->up == 0)
		ok = bear_down(s, w, reason, err);
	free(reason);
	return ok;
}

static bool
ask_confirmed(struct stop *s, struct wait *w, bool *reached, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	const char *lsn;
	bool ok;

	ok = pg_ask(s->source, "stop_confirmed",
		    PG_BIND(s->load.slot, w->lsn), &rows, err);
	if (ok && rows.n_rows == 0) {
		err_set(err, ERR_STATE,
			"replication slot \"%s\" is gone from the source",
			s->load.slot);
		hint_when_down(s, err->message, err);
		ok = false;
	}
	*reached = ok && rowset_bool(&rows, 0, "reached");
	lsn = rowset_get(&rows, 0, "lsn");
	if (ok && lsn && (!w->confirmed || strcmp(lsn, w->confirmed) != 0)) {
		free(w->confirmed);
		w->confirmed = mem_strdup(lsn);
		w->remaining = rowset_int(&rows, 0, "remaining");
		if (w->behind < 0)
			w->behind = w->remaining > 0 ? w->remaining : 0;
		w->moved = clock_now();
	}
	rowset_release(&rows);
	return ok;
}

static bool
wait_confirmed(struct stop *s, struct wait *w, struct err *err)
{
	bool reached;

	for (;;) {
		if (!ask_confirmed(s, w, &reached, err))
			return false;
		if (reached)
			return true;
		if (!look(s, w, err))
			return false;
		if (clock_now() - w->moved > STILL_PATIENCE)
			return gave_up(s, w, "nothing has moved for long",
				       NULL, err);
		if (!interrupt_sleep(s->op->interrupt, 0.1, err))
			return false;
	}
}

static void
say_confirmed(struct stop *s, const struct wait *w, bool ok)
{
	char *detail = mem_printf("%s confirmed, %s asked for",
				  w->confirmed ? w->confirmed : "?",
				  w->lsn);
	struct record *r = op_item_record("hand_over", s->db->name, "changes",
					  ok ? "ok" : "ko", detail);

	/* What was between them when the wait began, and when it ended. */
	if (w->behind >= 0)
		record_int(r, "behind_bytes", w->behind);
	if (ok)
		record_int(r, "difference_bytes", 0);
	else if (w->confirmed)
		record_int(r, "difference_bytes", w->remaining);
	op_say(s->op, r);
	free(detail);
}

bool
stop_wait(struct stop *s, const char *lsn, struct err *err)
{
	struct wait w = {
		.lsn = lsn,
		.behind = -1,
		.moved = clock_now(),
		.looked = clock_now(),
	};
	bool ok;

	op_item(s->op, "hand_over", s->db->name, "changes", "run",
		"waiting until the destination confirms %s", lsn);
	ok = wait_confirmed(s, &w, err);
	say_confirmed(s, &w, ok);
	free(w.confirmed);
	return ok;
}

/* Where the source does not count, sessions and sequences are all there is. */
bool
stop_counters(struct stop *s, char **text, struct err *err)
{
	if (!interrupt_sleep(s->op->interrupt, COUNTERS_LAG, err))
		return false;
	*text = pg_ask_value(s->source, "stop_counters", PG_NONE, err);
	if (*text || err_is_set(err))
		return *text != NULL;
	op_item(s->op, "hand_over", s->db->name, "changes", "warn", "%s",
		"it was not seen whether rows still arrive, only that nobody "
		"is connected to the source: who is no superuser judges by "
		"its counters, and track_counts is off");
	*text = mem_strdup("unknown");
	return true;
}

static bool
has_arrived(struct stop *s, const char *n, struct err *err)
{
	bool arrived;

	if (!barriers_wait(s->destination, n, ARRIVAL_PATIENCE,
			   s->op->interrupt, &arrived, err))
		return false;
	if (arrived)
		return true;
	err_set(err, ERR_NEGATIVE,
		"barrier %s has not arrived, though replication slot \"%s\" "
		"says so",
		n, s->load.slot);
	err_detail(err, "Somebody else has read the slot or moved it on: what "
			"the destination lacks may be gone from it.");
	advice_hint_anew(err, s->db->name);
	return false;
}

/* The slot's word is not enough: anybody may have moved it on. */
bool
stop_prove(struct stop *s, struct err *err)
{
	char *n = NULL, *lsn = NULL;
	bool ok = barrier_write(s->source, &n, err);

	if (ok)
		lsn = pg_ask_value(s->source, "current_lsn", PG_NONE, err);
	ok = lsn && stop_wait(s, lsn, err) && has_arrived(s, n, err);
	if (ok)
		op_item(s->op, "hand_over", s->db->name, "barrier", "ok",
			"%s has arrived, and all before it", n);
	free(n);
	free(lsn);
	return ok;
}
