/* SPDX-License-Identifier: PostgreSQL */
/*
 * stop: hands every database over to the destination. Until a database is
 * marked as handed over nothing is given up: replication goes on, and stop can
 * be run again. After the mark only what is left over is taken away, which may
 * be done as often as one likes.
 */
#include "stop.h"

#include <stdlib.h>
#include <string.h>

#include "fence.h"
#include "mem.h"
#include "op_loads.h"
#include "replication_role.h"
#include "setup.h"

/* Rounds in which the source may still change while we look. */
#define ROUNDS 5

static bool
not_replicating(struct stop *s, struct err *err)
{
	if (s->load.state == LOAD_NONE)
		err_set(err, ERR_STATE, "database \"%s\" is not set up",
			s->db->name);
	else
		err_set(err, ERR_STATE,
			"database \"%s\" does not replicate yet: it is \"%s\"",
			s->db->name, load_state_name(s->load.state));
	err_hint(err, "Run `pgrepup %s` first, or leave the database out with "
		      "--only.",
		 s->load.state < LOAD_PREPARED ? "setup" : "start");
	return false;
}

static bool
open_database(struct stop *s, struct err *err)
{
	bool ok;

	if (!s->db->on_destination)
		return not_replicating(s, err);
	ok = mechanism_connect(s->op, s->db->name, &s->at, err);
	s->source = s->at.source;
	s->destination = s->at.destination;
	return ok && load_read(s->destination, &s->load, err) &&
	       load_refuse_other(&s->load, s->db->name, s->op->conf->name,
				 err);
}

static void
close_database(struct stop *s)
{
	load_release(&s->load);
	pg_close(s->source);
	pg_close(s->destination);
}

/* One database of a step; not called for those that are handed over. */
typedef bool (*stop_fn)(struct stop *s, struct err *err);

struct database_step {
	stop_fn run;
	stop_fn handed_over; /* what is done for those; may be NULL */
};

static bool
run_database(struct op *op, const struct database *db, void *arg,
	     struct err *err)
{
	const struct database_step *step = arg;
	struct stop s = {.op = op, .db = db};
	bool ok;

	ok = open_database(&s, err);
	if (ok && s.load.state == LOAD_HANDED_OVER)
		ok = !step->handed_over || step->handed_over(&s, err);
	else if (ok && s.load.state != LOAD_SUBSCRIBED)
		ok = not_replicating(&s, err);
	else if (ok)
		ok = step->run(&s, err);
	if (!ok && err->kind != ERR_STOPPED)
		err_at(err, "database \"%s\"", db->name);
	close_database(&s);
	return ok;
}

static bool
each_database(struct op *op, stop_fn run, stop_fn handed_over,
	      struct err *err)
{
	struct database_step step = {run, handed_over};

	return op_each_database(op, (size_t)op->conf->databases_at_once,
				run_database, &step, err);
}

/* --- the hand-over ------------------------------------------------------- */

/* Where source and destination stand together. */
struct round {
	char *position; /* of the source */
	char *applied;
};

static void
round_release(struct round *r)
{
	free(r->position);
	free(r->applied);
	*r = (struct round){NULL, NULL};
}

/* Everything committed before the position is on the destination. */
static bool
meet(struct stop *s, struct round *r, struct err *err)
{
	return stop_position(s, &r->position, err) &&
	       stop_wait(s, r->position, err) &&
	       s->op->mechanism->applied(&s->at, s->load.slot, &r->applied,
					 err) &&
	       (r->applied || stop_counters(s, &r->applied, err));
}

/* What moved on the source in a round. */
struct moved {
	bool rows; /* since the materialized views were made of them */
	bool sequences;
};

/*
 * One round: meet, bring over what does not replicate, meet again. It was
 * quiet when no row arrived between the two meetings and no sequence moved:
 * asked of what was decoded and applied, for counters of the statistics lag;
 * of these, after waiting for them, only where the former may not be read.
 * next gets the second meeting; moved is that of the last round.
 */
static bool
one_round(struct stop *s, const struct round *last, struct round *next,
	  struct moved *moved, struct err *err)
{
	bool ok;

	/* Views may take long, and the application waits. */
	ok = (!moved->rows || stop_views(s, err)) &&
	     stop_sequences(s, &moved->sequences, err) && meet(s, next, err) &&
	     stop_check_tables(s, err) && stop_check_sessions(s, err);
	if (!ok)
		return false;
	moved->rows = strcmp(last->applied, next->applied) != 0;
	/* Rows may be still while a sequence is used: look once more. */
	return stop_sequences(s, &moved->sequences, err);
}

static bool
still_changes(struct stop *s, const struct round *r, struct err *err)
{
	if (s->op->options.force) {
		op_item(s->op, "hand_over", s->db->name, "changes", "warn",
			"the source still changes; what it commits after %s "
			"may be lost",
			r->position);
		return true;
	}
	err_set(err, ERR_NEGATIVE, "still changes on the source");
	err_detail(err, "Rows arrived or sequences moved in each of %d rounds; "
			"nothing was handed over.",
		   ROUNDS);
	err_hint(err, "Find out who writes, end it, and run `pgrepup stop` "
		      "again.");
	return false;
}

static bool
until_quiet(struct stop *s, struct round *last, struct err *err)
{
	struct round next = {NULL, NULL};
	struct moved moved = {.rows = true};
	bool quiet = false, ok;
	int i;

	ok = stop_prove(s, err) && meet(s, last, err);
	for (i = 0; ok && !quiet && i < ROUNDS; i++) {
		ok = one_round(s, last, &next, &moved, err);
		quiet = !moved.rows && !moved.sequences;
		if (ok) {
			round_release(last);
			*last = next;
			next = (struct round){NULL, NULL};
		}
		round_release(&next);
	}
	return ok && (quiet || still_changes(s, last, err)) &&
	       stop_prove(s, err);
}

/* The mark: from here on nothing empties a table of this database again. */
static bool
mark(struct stop *s, const char *lsn, struct err *err)
{
	if (pg_begin(s->destination, err) &&
	    load_set_handed_over(s->destination, lsn, err) &&
	    load_advance(s->destination, LOAD_SUBSCRIBED, LOAD_HANDED_OVER,
			 s->op->run, err) &&
	    pg_commit(s->destination, err)) {
		op_item(s->op, "hand_over", s->db->name, "handed over", "ok",
			"at %s of the source", lsn);
		return true;
	}
	pg_rollback(s->destination);
	return false;
}

/* Gone on both servers, asked and not believed. */
static bool
prove_gone(struct stop *s, struct err *err)
{
	struct rowset slot = ROWSET_INIT;
	char *origin = NULL;
	bool ok;

	ok = pg_ask(s->source, "slot_find", PG_BIND(s->load.slot), &slot, err);
	if (ok && s->op->mechanism->origin_left)
		origin = s->op->mechanism->origin_left(&s->at, s->load.slot,
						       err);
	ok = ok && !err_is_set(err);
	if (ok && (slot.n_rows > 0 || origin)) {
		err_set(err, ERR_STATE, "replication %s \"%s\" is still there",
			slot.n_rows > 0 ? "slot" : "origin",
			slot.n_rows > 0 ? s->load.slot : origin);
		ok = false;
	}
	if (ok)
		op_item(s->op, "hand_over", s->db->name, "subscription", "ok",
			"gone with its slot");
	rowset_release(&slot);
	free(origin);
	return ok;
}

/* What follows the mark. Triggers after it: until the subscription is gone they
 * would fire for rows that still arrive. Others get in last of all. */
static bool
clean_up(struct stop *s, struct err *err)
{
	return s->op->mechanism->unsubscribe(&s->at, err) &&
	       stop_triggers(s, err) && stop_publications(s, err) &&
	       prove_gone(s, err) &&
	       fence_open(s->op, s->source, s->destination, s->db->name,
			  "hand_over", err);
}

static bool
hand_over(struct stop *s, struct err *err)
{
	struct round last = {NULL, NULL};
	bool ok;

	ok = until_quiet(s, &last, err) && mark(s, last.position, err) &&
	     clean_up(s, err);
	round_release(&last);
	return ok;
}

static bool
already(struct stop *s, struct err *err)
{
	op_item(s->op, "hand_over", s->db->name, "handed over", "ok",
		"before, at %s of the source",
		s->load.handed_over ? s->load.handed_over : "?");
	return clean_up(s, err);
}

/* --- steps ---------------------------------------------------------------- */

/* Who was taken a right since setup would get it back. Once a database is
 * handed over, roles are the destination's own, and nothing is said. */
static bool
check_roles(struct op *op, struct err *err)
{
	size_t n = 0;

	if (!setup_say_altered_roles(op, "sessions", &n, err) ||
	    !setup_say_altered_memberships(op, "sessions", &n, err) ||
	    !setup_say_reset_settings(op, "sessions", &n, err))
		return false;
	if (n == 0 || op->options.force)
		return true;
	err_set(err, ERR_NEGATIVE, "not the same on both sides: %zu %s", n,
		n == 1 ? "role" : "roles");
	err_hint(err, "Run `pgrepup setup`, which brings over what was altered "
		      "on the source, then `pgrepup stop` again; drop what was "
		      "dropped there.");
	return false;
}

static bool
check_sessions(struct op *op, struct err *err)
{
	return op_refuse_forgotten(op, err) &&
	       replication_role_refuse_members(op, err) &&
	       check_roles(op, err) &&
	       each_database(op, stop_check_sessions, NULL, err);
}

/* The schema is looked at once: nobody is connected any more. */
static bool
check_database(struct stop *s, struct err *err)
{
	return stop_check_held(s, err) && stop_check_tables(s, err) &&
	       stop_check_schema(s, err) &&
	       stop_check_rights(s, err);
}

static bool
check_tables(struct op *op, struct err *err)
{
	return each_database(op, check_database, NULL, err);
}

static bool
preview(struct stop *s, struct err *err)
{
	(void)err;
	op_item(s->op, "hand_over", s->db->name, "hand over", "skip", "%s",
		"would wait for the last change, set sequences, refresh "
		"materialized views, and drop the subscription");
	return true;
}

/* Nobody needs it when every database is handed over: of a part we do not ask
 * about the others. setup gives it back what a new one needs. */
static bool
retire_role(struct op *op, struct err *err)
{
	if (op->options.only.n > 0)
		return true;
	if (!replication_role_disable(op, err))
		return false;
	op_item(op, "hand_over", NULL, op->conf->replication_user, "ok", "%s",
		"the replication role may not log in any more");
	return true;
}

static bool
hand_over_all(struct op *op, struct err *err)
{
	if (op->options.dry_run)
		return each_database(op, preview, NULL, err);
	return each_database(op, hand_over, already, err) &&
	       retire_role(op, err);
}

#define ALL_AS_IT_WAS "Nothing was changed on either side; replication goes on."

static const struct step steps[] = {
	{.id = "open",
	 .title = "Connect to both servers",
	 .leaves = ALL_AS_IT_WAS,
	 .run = op_open},
	{.id = "sessions",
	 .title = "Nobody is connected to the source's databases",
	 .leaves = ALL_AS_IT_WAS,
	 .run = check_sessions},
	{.id = "tables",
	 .title = "The same tables on both sides",
	 .leaves = ALL_AS_IT_WAS,
	 .run = check_tables},
	{.id = "hand_over",
	 .title = "Hand the databases over",
	 .leaves = "No row of the source was touched; databases that were "
		   "not handed over still replicate.",
	 .run = hand_over_all},
};

bool
stop_run(struct op *op, struct err *err)
{
	return op_run_steps(op, steps, LENGTH_OF(steps), err);
}
