/* SPDX-License-Identifier: PostgreSQL */
/* Walking an operation's steps and databases, and saying what happens. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "op.h"
#include "pause.h"
#include "work.h"

static struct record *
step_record(const struct step *step, size_t i, size_t n, const char *state)
{
	struct record *r = record_new("step");

	record_text(r, "id", step->id);
	record_int(r, "n", (long long)i + 1);
	record_int(r, "of", (long long)n);
	record_text(r, "title", step->title);
	record_text(r, "state", state);
	return r;
}

static void
say_plan(struct op *op, const struct step *steps, size_t n)
{
	struct record *plan = record_new("plan"), *r;
	size_t i;

	for (i = 0; i < n; i++) {
		r = record_new(NULL);
		record_text(r, "id", steps[i].id);
		record_text(r, "title", steps[i].title);
		record_text(r, "leaves", steps[i].leaves);
		record_bool(r, "pauses", steps[i].pauses);
		record_append(plan, "steps", r);
		record_free(r);
	}
	op_say(op, plan);
}

static bool
run_step(struct op *op, const struct step *step, size_t i, size_t n,
	 struct err *err)
{
	double began = clock_now();
	struct record *r;
	bool ok;

	op->step = step;
	op->step_n = i + 1;
	op->step_of = n;
	journal_write(op->journal, step_record(step, i, n, "run"));
	ok = step->run(op, err);
	r = step_record(step, i, n, ok ? "ok" : op->paused ? "wait" : "ko");
	record_real(r, "seconds", clock_now() - began);
	journal_write(op->journal, r);
	op->step = NULL;
	return ok;
}

bool
op_is_to_pause(const struct op *op)
{
	return op->run && op->dir && pause_is_asked(op->dir, op->run);
}

void
op_pause(const struct op *op, struct err *err)
{
	struct strbuf words = STRBUF_INIT;

	err_set(err, ERR_STOPPED, "paused %s step %zu of %zu",
		op->step ? "in" : "after", op->step_n, op->step_of);
	op_options_words(&op->options, &words);
	err_hint(err, "Run `pgrepup %s%s` to go on from here.", op->command,
		 words.text);
	strbuf_release(&words);
}

/* Between two steps: is there a reason to end here? */
static bool
may_go_on(struct op *op, struct err *err)
{
	if (interrupt_raised(op->interrupt)) {
		interrupt_error(err);
		return false;
	}
	/* Nobody would see what it does. */
	if (!journal_is_whole(op->journal, err))
		return false;
	op->paused = op->step_n > 0 && op_is_to_pause(op);
	if (op->paused)
		op_pause(op, err);
	return !op->paused;
}

bool
op_run_steps(struct op *op, const struct step *steps, size_t n,
	     struct err *err)
{
	size_t i;

	say_plan(op, steps, n);
	for (i = 0; i < n; i++)
		if (!may_go_on(op, err) ||
		    !run_step(op, &steps[i], i, n, err))
			return false;
	return true;
}

void
op_say(struct op *op, struct record *r)
{
	if (op->journal)
		journal_write(op->journal, r);
	else
		record_free(r);
}

struct record *
op_item_record(const char *step, const char *database, const char *object,
	       const char *state, const char *detail)
{
	struct record *r = record_new("item");

	record_text(r, "step", step);
	record_text(r, "database", database);
	record_text(r, "object", object);
	record_text(r, "state", state);
	record_text(r, "detail", *detail ? detail : NULL);
	return r;
}

void
op_item(struct op *op, const char *step, const char *database,
	const char *object, const char *state, const char *fmt, ...)
{
	va_list ap;
	char *detail;

	va_start(ap, fmt);
	detail = mem_vprintf(fmt, ap);
	va_end(ap);
	op_say(op, op_item_record(step, database, object, state, detail));
	free(detail);
}

void
op_log(struct op *op, const char *level, const char *database,
       const char *fmt, ...)
{
	va_list ap;
	char *message;

	if (!op->journal)
		return;
	va_start(ap, fmt);
	message = mem_vprintf(fmt, ap);
	va_end(ap);
	journal_log(op->journal, level, database, "%s", message);
	free(message);
}

void
op_error(struct op *op, const char *database, const struct err *err)
{
	struct record *r = record_new("error");

	record_text(r, "database", database);
	record_err(r, err);
	journal_write(op->journal, r);
}

void
op_say_databases(struct op *op, const char *const *names, size_t n)
{
	struct record *r;
	size_t i;

	/* A check outside of any step says all it has to say by itself. */
	if (!op->step || n == 0)
		return;
	r = record_new("databases");
	record_text(r, "step", op->step->id);
	for (i = 0; i < n; i++)
		record_append_text(r, "databases", names[i]);
	op_say(op, r);
}

void
op_say_database(struct op *op, const char *database, const char *state,
		double seconds)
{
	struct record *r;

	if (!op->step)
		return;
	r = record_new("database");
	record_text(r, "step", op->step->id);
	record_text(r, "database", database);
	record_text(r, "state", state);
	if (strcmp(state, "run") != 0)
		record_real(r, "seconds", seconds);
	op_say(op, r);
}

static void
say_all_databases(struct op *op)
{
	const char **names = MEM_ARRAY(const char *, op->n_databases);
	size_t i;

	for (i = 0; i < op->n_databases; i++)
		names[i] = op->databases[i].name;
	op_say_databases(op, names, op->n_databases);
	free(names);
}

struct each_database {
	struct op *op;
	op_database_fn fn;
	void *arg;
	pthread_mutex_t lock;
	size_t failed; /* or stopped */
	bool paused;   /* at least one; none failed but by that */
	struct err first;
};

/* Before a database is begun: has this come to its end? */
static bool
is_over(struct each_database *each)
{
	struct op *op = each->op;
	struct err err = ERR_INIT;
	bool whole = journal_is_whole(op->journal, &err);

	err_release(&err);
	if (!whole || interrupt_raised(op->interrupt))
		return true;
	if (!op->step || !op->step->pauses || !op_is_to_pause(op))
		return false;
	pthread_mutex_lock(&each->lock);
	each->paused = true;
	pthread_mutex_unlock(&each->lock);
	return true;
}

static void
take_failure(struct each_database *each, struct err *err)
{
	bool stopped = err->kind == ERR_STOPPED;

	pthread_mutex_lock(&each->lock);
	if (stopped && !interrupt_raised(each->op->interrupt)) {
		each->paused = true;
	} else {
		each->failed++;
		err_move(&each->first, err);
	}
	pthread_mutex_unlock(&each->lock);
	err_release(err);
}

static void
one_database(void *arg, size_t i)
{
	struct each_database *each = arg;
	const struct database *db = &each->op->databases[i];
	struct err err = ERR_INIT;
	double began = clock_now();
	const char *state = "ok";

	if (is_over(each))
		return;
	op_say_database(each->op, db->name, "run", 0);
	if (!each->fn(each->op, db, each->arg, &err)) {
		/* A stop is no failure of the database. */
		state = err.kind == ERR_STOPPED ? "wait" : "ko";
		if (err.kind != ERR_STOPPED)
			op_error(each->op, db->name, &err);
		take_failure(each, &err);
	}
	op_say_database(each->op, db->name, state, clock_now() - began);
}

bool
op_each_database(struct op *op, size_t n_threads, op_database_fn fn,
		 void *arg, struct err *err)
{
	struct each_database each = {
		.op = op,
		.fn = fn,
		.arg = arg,
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};

	say_all_databases(op);
	work_each(n_threads, op->n_databases, one_database, &each);
	if (interrupt_raised(op->interrupt))
		interrupt_error(err);
	else if (!journal_is_whole(op->journal, err))
		; /* not every database was begun */
	else if (op->n_databases == 1 && each.failed == 1)
		err_move(err, &each.first);
	else if (each.failed > 0) {
		err_set(err, each.first.kind, "%zu of %zu databases failed",
			each.failed, op->n_databases);
		err_sqlstate(err, each.first.sqlstate);
		err_hint(err, "Their errors are above; the same command run "
			      "again goes on from here.");
	} else if (each.paused) {
		op->paused = true;
		op_pause(op, err);
	}
	err_release(&each.first);
	return !err_is_set(err);
}
