/* SPDX-License-Identifier: PostgreSQL */
/* Walking an operation's steps and databases, and saying what happens. */
#include <pthread.h>
#include <stdlib.h>

#include "mem.h"
#include "op.h"
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

static bool
run_step(struct op *op, const struct step *step, size_t i, size_t n,
	 struct err *err)
{
	double began = clock_now();
	struct record *r;
	bool ok;

	journal_write(op->journal, step_record(step, i, n, "run"));
	ok = step->run(op, err);
	r = step_record(step, i, n, ok ? "ok" : "ko");
	record_real(r, "seconds", clock_now() - began);
	journal_write(op->journal, r);
	return ok;
}

bool
op_run_steps(struct op *op, const struct step *steps, size_t n,
	     struct err *err)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (interrupt_raised(op->interrupt)) {
			interrupt_error(err);
			return false;
		}
		if (!run_step(op, &steps[i], i, n, err))
			return false;
	}
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

struct each_database {
	struct op *op;
	op_database_fn fn;
	void *arg;
	pthread_mutex_t lock;
	size_t failed;
	struct err first;
};

static void
one_database(void *arg, size_t i)
{
	struct each_database *each = arg;
	const struct database *db = &each->op->databases[i];
	struct err err = ERR_INIT;

	if (interrupt_raised(each->op->interrupt))
		return;
	if (each->fn(each->op, db, each->arg, &err))
		return;
	/* A stop is no failure of the database. */
	if (err.kind != ERR_STOPPED)
		op_error(each->op, db->name, &err);
	pthread_mutex_lock(&each->lock);
	each->failed++;
	err_move(&each->first, &err);
	pthread_mutex_unlock(&each->lock);
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

	work_each(n_threads, op->n_databases, one_database, &each);
	if (interrupt_raised(op->interrupt))
		interrupt_error(err);
	else if (op->n_databases == 1 && each.failed == 1)
		err_move(err, &each.first);
	else if (each.failed > 0) {
		err_set(err, each.first.kind, "%zu of %zu databases failed",
			each.failed, op->n_databases);
		err_sqlstate(err, each.first.sqlstate);
		err_hint(err, "Their errors are above; the same command run "
			      "again goes on from here.");
	}
	err_release(&each.first);
	return !err_is_set(err);
}
