/* SPDX-License-Identifier: PostgreSQL */
/* Holds the advisory locks; asks servers and journal every few seconds. */
#include "guard.h"

#include <pthread.h>
#include <stdlib.h>

#include "mem.h"
#include "upgrade.h"

#define ASK_EVERY 5.0 /* seconds */

struct guard {
	struct op *op;
	struct pg *source; /* NULL: op->source_gone */
	struct pg *destination;
	struct interrupt *ended; /* raised by guard_stop */
	struct err lost;
	pthread_t thread;
};

static struct pg *
take(struct op *op, enum side side, struct err *err)
{
	struct pg *pg = op_connect(op, side, NULL, PG_PLAIN, err);
	struct rowset rows = ROWSET_INIT;
	const char *holder;

	if (!pg || !pg_ask(pg, "advisory_lock", PG_NONE, &rows, err))
		goto failed;
	if (!rowset_bool(&rows, 0, "locked")) {
		holder = rowset_get(&rows, 0, "holder");
		err_set(err, ERR_STATE,
			"another pgrepup is at work on the %s cluster",
			side_name(side));
		if (holder)
			err_detail(err, "It is the session %s.", holder);
		err_hint(err, "Wait until it is done, or stop it.");
		goto failed;
	}
	rowset_release(&rows);
	/* The operation's interrupt must not end the asking. */
	pg_set_interrupt(pg, NULL);
	pg_set_timeout(pg, 30);
	return pg;
failed:
	rowset_release(&rows);
	pg_close(pg);
	return NULL;
}

/* An operation that nobody can see is as lost as one without its lock. */
static bool
holds(struct guard *g)
{
	if (!journal_is_whole(g->op->journal, &g->lost))
		return false;
	if ((!g->source || pg_run(g->source, "SELECT 1", NULL, &g->lost)) &&
	    pg_run(g->destination, "SELECT 1", NULL, &g->lost))
		return true;
	op_log(g->op, "error", NULL,
	       "the session that holds the lock was lost: %s",
	       g->lost.message);
	return false;
}

static void *
guard_main(void *arg)
{
	struct guard *g = arg;
	struct err slept = ERR_INIT;

	while (interrupt_sleep(g->ended, ASK_EVERY, &slept)) {
		if (holds(g))
			continue;
		interrupt_raise(g->op->interrupt);
		break;
	}
	err_release(&slept);
	return NULL;
}

static void
guard_free(struct guard *g)
{
	pg_close(g->source);
	pg_close(g->destination);
	interrupt_free(g->ended);
	err_release(&g->lost);
	free(g);
}

/* After what was said already: mostly it is a password, or the network. */
static void
add_hint(struct err *err, const char *hint)
{
	char *said = err->hint ? mem_printf("%s ", err->hint) : mem_strdup("");

	err_hint(err, "%s%s", said, hint);
	free(said);
}

/* May a source that could not be connected to be taken for gone? One that
 * answers is there: what was left on it would keep its WAL. */
static bool
is_gone(const struct op *op, struct err *err)
{
	if (pg_answers(&op->conf->source)) {
		add_hint(err, "A server answers there, so the source is not "
			      "gone: mend the connection first. `pgrepup "
			      "uninstall --without-source` leaves it as it is "
			      "all the same, with slots that keep its WAL.");
		return false;
	}
	if (!op->options.force)
		add_hint(err, "If the source is gone for good, `pgrepup "
			      "uninstall --force` does what can be done on the "
			      "destination.");
	return op->options.force;
}

static void
do_without(struct op *op, const char *why)
{
	op_log(op, "warning", NULL, "the source is left as it is: %s", why);
	op->source_gone = true;
}

static bool
take_source(struct guard *g, const struct operation *operation,
	    struct err *err)
{
	struct op *op = g->op;

	if (operation->lone && op->options.without_source) {
		do_without(op, "--without-source");
		return true;
	}
	g->source = take(op, SIDE_SOURCE, err);
	if (g->source || err->kind != ERR_CONNECT || !operation->lone)
		return g->source != NULL;
	if (!is_gone(op, err))
		return false;
	do_without(op, err->message);
	err_release(err);
	return true;
}

struct guard *
guard_start(struct op *op, const struct operation *operation, struct err *err)
{
	struct guard *g = MEM_NEW(struct guard);

	g->op = op;
	if ((g->ended = interrupt_new(err)) && take_source(g, operation, err) &&
	    (g->destination = take(op, SIDE_DESTINATION, err)) &&
	    upgrade_refuse_other(op, operation, g->source, g->destination,
				 err)) {
		if (pthread_create(&g->thread, NULL, guard_main, g) == 0)
			return g;
		err_set(err, ERR_SYSTEM, "could not start a thread");
	}
	guard_free(g);
	return NULL;
}

void
guard_stop(struct guard *g, struct err *err)
{
	if (!g)
		return;
	interrupt_raise(g->ended);
	pthread_join(g->thread, NULL);
	if (err_is_set(&g->lost)) {
		err_release(err);
		err_move(err, &g->lost);
		if (!err->hint)
			err_hint(err, "Nothing more was begun. Run the same "
				      "command again to go on from here.");
	}
	guard_free(g);
}
