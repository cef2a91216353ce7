/* SPDX-License-Identifier: PostgreSQL */
/*
 * Running a script's entries: each in a transaction of its own, together with
 * a row that says so. Phases that need nothing but what came before them run
 * in parallel. What fails there because something is missing yet (an index on
 * a view that the script makes later) gets a second chance at the end, where
 * the order is pg_dump's own.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "restore.h"
#include "sqltext.h"
#include "work.h"

/* How often an entry that met a deadlock or a lock timeout is tried. */
#define TRIES 10

enum phase {
	PHASE_INDEX,   /* keys and indexes, in parallel */
	PHASE_ATTACH,  /* of partitions' indexes, in order */
	PHASE_FOREIGN, /* foreign keys, in parallel */
	PHASE_REST,    /* the others and what was deferred, in order */
	PHASE_EVENT,   /* event triggers: nothing of ours may fire them */
	N_PHASES,
};

/* What a statement is about and how it goes on tells its phase. */
static const struct {
	const char *verb; /* NULL: any */
	const char *class;
	const char *does; /* it begins with that */
	enum phase phase;
} phases[] = {
	{"ALTER", "TABLE", "ADD CONSTRAINT PRIMARY KEY", PHASE_INDEX},
	{"ALTER", "TABLE", "ADD CONSTRAINT UNIQUE", PHASE_INDEX},
	{"ALTER", "TABLE", "ADD CONSTRAINT EXCLUDE", PHASE_INDEX},
	{"CREATE", "INDEX", "", PHASE_INDEX},
	{"ALTER", "INDEX", "ATTACH PARTITION", PHASE_ATTACH},
	{"ALTER", "TABLE", "ADD CONSTRAINT FOREIGN KEY", PHASE_FOREIGN},
	{NULL, "EVENT TRIGGER", "", PHASE_EVENT},
};

enum outcome {
	OPEN,
	DONE,
	SKIPPED, /* done by an earlier run */
	FAILED,
};

/* What the connections of one restore share. */
struct restore {
	struct op *op;
	const char *database;
	const struct restore_script *script;
	void (*progress)(void *arg, const struct restore_entry *e);
	void *arg;
	enum outcome *outcomes; /* of each entry */
	size_t *queue;		/* entries of this phase */
	size_t n_queue;
	bool may_defer; /* another phase is to come that may do better */
	pthread_mutex_t lock;
	size_t next; /* in the queue */
	bool broken; /* a connection failed, or a stop: no more entries */
	struct err err; /* why */
};

static enum phase
phase_of(const struct restore_entry *e)
{
	const struct statement *s = &e->about;
	size_t i;

	for (i = 0; i < LENGTH_OF(phases); i++)
		if ((!phases[i].verb || !strcmp(phases[i].verb, s->verb)) &&
		    strcmp(phases[i].class, s->class) == 0 &&
		    strncmp(phases[i].does, s->does, strlen(phases[i].does)) ==
			    0)
			return phases[i].phase;
	return PHASE_REST;
}

/* Its settings, one by one: an older server does not know them all. */
static bool
run_preamble(struct pg *pg, const char *text, struct err *err)
{
	const char *p = text, *next;
	struct err failed = ERR_INIT;
	char *statement;

	while (*(p = sqltext_next_word(text, p))) {
		next = sqltext_statement_end(text, p);
		statement = mem_strndup(p, (size_t)(next - p));
		if (!pg_run(pg, statement, NULL, &failed) &&
		    !err_is(&failed, "42704") && !err_is(&failed, "22023")) {
			free(statement);
			err_move(err, &failed);
			return false;
		}
		err_release(&failed);
		free(statement);
		p = next;
	}
	return true;
}

static struct pg *
connect_stream(struct restore *r, struct err *err)
{
	struct pg *pg = op_connect(r->op, SIDE_DESTINATION, r->database,
				   PG_LOAD, err);

	if (!pg)
		return NULL;
	/* An index may take hours. */
	pg_set_timeout(pg, 0);
	if (run_preamble(pg, r->script->preamble, err))
		return pg;
	pg_close(pg);
	return NULL;
}

/* The row first: no statement of ours is made under what the entry sets. */
static bool
run_once(struct pg *pg, const struct restore_entry *e, struct err *err)
{
	bool ok = pg_begin(pg, err) &&
		  pg_ask(pg, "restored_add", PG_BIND(e->key), NULL, err) &&
		  pg_run(pg, e->sql, NULL, err) && pg_commit(pg, err);

	if (!ok)
		pg_rollback(pg);
	return ok;
}

/* Deadlock detected, lock not available, tuple concurrently updated. */
static bool
is_worth_another_try(const struct err *err)
{
	return err_is(err, "40P01") || err_is(err, "55P03") ||
	       err_is(err, "40001") ||
	       (err_is(err, "XX000") && err->message &&
		strstr(err->message, "concurrently updated"));
}

static bool
run_entry(struct restore *r, struct pg *pg, const struct restore_entry *e,
	  struct err *err)
{
	int i;

	for (i = 1; !run_once(pg, e, err); i++) {
		if (i >= TRIES || !is_worth_another_try(err))
			return false;
		err_release(err);
		if (!interrupt_sleep(r->op->interrupt, 0.2 * i, err))
			return false;
	}
	return true;
}

/* Says what could not be restored, with its name. */
static void
say_failure(struct restore *r, const struct restore_entry *e,
	    const struct err *why)
{
	bool in_schema = strcmp(e->schema, "-") != 0;
	struct err err = ERR_INIT;

	err_set(&err, why->kind, "could not restore %s %s%s%s: %s", e->type,
		in_schema ? e->schema : "", in_schema ? "." : "", e->name,
		why->message);
	err_sqlstate(&err, why->sqlstate);
	if (why->detail)
		err_detail(&err, "%s", why->detail);
	if (why->hint)
		err_hint(&err, "%s", why->hint);
	err_at(&err, "destination database \"%s\"", r->database);
	op_error(r->op, r->database, &err);
	err_release(&err);
}

/* Syntax error or something missing: later it may be there. */
static bool
may_do_better_later(const struct restore *r, const struct err *err)
{
	return r->may_defer && strncmp(err->sqlstate, "42", 2) == 0;
}

static void
break_off(struct restore *r, struct err *err)
{
	pthread_mutex_lock(&r->lock);
	r->broken = true;
	err_move(&r->err, err);
	pthread_mutex_unlock(&r->lock);
}

/* False when nothing more can be run. */
static bool
settle(struct restore *r, size_t at, bool ok, struct err *err)
{
	const struct restore_entry *e = &r->script->entries[at];

	if (!ok && err->kind != ERR_SERVER) {
		break_off(r, err);
		return false;
	}
	if (ok) {
		r->outcomes[at] = DONE;
	} else if (!may_do_better_later(r, err)) {
		r->outcomes[at] = FAILED;
		say_failure(r, e, err);
	}
	err_release(err);
	if (r->progress && r->outcomes[at] != OPEN) {
		pthread_mutex_lock(&r->lock);
		r->progress(r->arg, e);
		pthread_mutex_unlock(&r->lock);
	}
	return true;
}

/* The next entry of the phase; false when there is none. */
static bool
take(struct restore *r, size_t *at)
{
	bool more;

	pthread_mutex_lock(&r->lock);
	more = !r->broken && r->next < r->n_queue;
	if (more)
		*at = r->queue[r->next++];
	pthread_mutex_unlock(&r->lock);
	return more;
}

static void
run_stream(void *arg, size_t i)
{
	struct restore *r = arg;
	struct err err = ERR_INIT;
	struct pg *pg = connect_stream(r, &err);
	size_t at;

	(void)i;
	if (!pg) {
		break_off(r, &err);
		return;
	}
	while (take(r, &at)) {
		bool ok = run_entry(r, pg, &r->script->entries[at], &err);

		if (!settle(r, at, ok, &err))
			break;
	}
	pg_close(pg);
}

/* Fills the queue with what is open of that phase, in order. */
static void
queue_phase(struct restore *r, enum phase phase, bool whole)
{
	size_t i;

	r->n_queue = r->next = 0;
	for (i = 0; i < r->script->n; i++)
		if (r->outcomes[i] == OPEN &&
		    (whole || phase_of(&r->script->entries[i]) <= phase))
			r->queue[r->n_queue++] = i;
}

static void
run_queue(struct restore *r, size_t streams)
{
	if (r->n_queue == 0 || r->broken)
		return;
	if (streams > r->n_queue)
		streams = r->n_queue;
	work_each(streams, streams, run_stream, r);
}

static void
run_phases(struct restore *r, size_t streams)
{
	static const bool is_parallel[N_PHASES] = {
		[PHASE_INDEX] = true,
		[PHASE_FOREIGN] = true,
	};
	enum phase phase;

	for (phase = PHASE_INDEX; phase < N_PHASES; phase++) {
		r->may_defer = phase < PHASE_REST;
		queue_phase(r, phase, false);
		run_queue(r, is_parallel[phase] ? streams : 1);
	}
}

static int
compare_key(const void *key, const void *row)
{
	return strcmp(key, *(char *const *)row);
}

/* Marks what earlier runs have done. */
static bool
skip_done(struct restore *r, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	struct pg *pg = op_connect(r->op, SIDE_DESTINATION, r->database,
				   PG_PLAIN, err);
	size_t i;
	bool ok;

	ok = pg && pg_ask(pg, "restored", PG_NONE, &rows, err);
	for (i = 0; ok && i < r->script->n; i++)
		if (bsearch(r->script->entries[i].key, rows.values,
			    rows.n_rows, sizeof(char *), compare_key))
			r->outcomes[i] = SKIPPED;
	rowset_release(&rows);
	pg_close(pg);
	return ok;
}

static void
count(const struct restore *r, struct restore_result *result)
{
	size_t i;

	*result = (struct restore_result){.done = 0};
	for (i = 0; i < r->script->n; i++) {
		result->done += r->outcomes[i] == DONE;
		result->skipped += r->outcomes[i] == SKIPPED;
		result->failed += r->outcomes[i] == FAILED;
	}
}

static void
run_all(struct restore *r, size_t streams)
{
	if (streams > 1) {
		run_phases(r, streams);
	} else {
		queue_phase(r, N_PHASES, true);
		run_queue(r, 1);
	}
}

bool
restore_apply(struct op *op, const char *database,
	      const struct restore_script *script, size_t streams,
	      void (*progress)(void *arg, const struct restore_entry *e),
	      void *arg, struct restore_result *result, struct err *err)
{
	struct restore r = {
		.op = op,
		.database = database,
		.script = script,
		.progress = progress,
		.arg = arg,
		.outcomes = MEM_ARRAY(enum outcome, script->n),
		.queue = MEM_ARRAY(size_t, script->n),
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.err = ERR_INIT,
	};

	if (skip_done(&r, &r.err))
		run_all(&r, streams);
	count(&r, result);
	err_move(err, &r.err);
	if (result->failed > 0) {
		err_set(err, ERR_SERVER,
			"%zu of %zu objects could not be restored",
			result->failed, script->n);
		err_at(err, "destination database \"%s\"", database);
	}
	free(r.outcomes);
	free(r.queue);
	return !err_is_set(err);
}
