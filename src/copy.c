/* SPDX-License-Identifier: PostgreSQL */
/* The first copy of one database: its streams. */
#include "copy.h"

#include <pthread.h>
#include <stdlib.h>

#include "mem.h"

/* A stream for which others wait gives its place up after so many seconds. */
#define PATIENCE 1.0

struct job {
	const struct copy *copy;
	struct copy_progress *progress;
	pthread_mutex_t lock;
	size_t next; /* row of tables */
	bool failed;
	struct err err; /* the first failure */
};

static bool
is_over(void *arg)
{
	struct job *job = arg;
	bool failed;

	pthread_mutex_lock(&job->lock);
	failed = job->failed;
	pthread_mutex_unlock(&job->lock);
	return failed;
}

static void
fail(struct job *job, struct err *err)
{
	bool first;

	pthread_mutex_lock(&job->lock);
	first = !job->failed;
	job->failed = true;
	if (first)
		err_move(&job->err, err);
	pthread_mutex_unlock(&job->lock);
	/* Whoever was only told to stop has nothing to add. */
	if (!first && err->kind != ERR_STOPPED)
		op_error(job->copy->op, job->copy->database, err);
	err_release(err);
}

/* The row of the next table; false when there is none, or no use. */
static bool
take(struct job *job, size_t *row)
{
	bool ok;

	pthread_mutex_lock(&job->lock);
	ok = !job->failed && job->next < job->copy->tables->n_rows;
	if (ok)
		*row = job->next++;
	pthread_mutex_unlock(&job->lock);
	return ok;
}

static bool
is_left(struct job *job)
{
	bool ok;

	pthread_mutex_lock(&job->lock);
	ok = !job->failed && job->next < job->copy->tables->n_rows;
	pthread_mutex_unlock(&job->lock);
	return ok;
}

static bool
stream_open(struct copy_stream *stream, struct err *err)
{
	const struct copy *copy = stream->copy;

	stream->source =
	    op_connect(copy->op, SIDE_SOURCE, copy->database, PG_LOAD, err);
	if (!stream->source)
		return false;
	stream->destination = op_connect(copy->op, SIDE_DESTINATION,
					 copy->database, PG_LOAD, err);
	if (!stream->destination)
		return false;
	/* TRUNCATE and COMMIT of a big table write and sync a lot. */
	pg_set_timeout(stream->destination, 0);
	return true;
}

static void
stream_close(struct copy_stream *stream)
{
	pg_close(stream->source);
	pg_close(stream->destination);
	pg_close(stream->as_owner);
	stream->source = stream->destination = stream->as_owner = NULL;
}

/* Table after table, until there is none or others should have the place. */
static bool
stream_work(struct job *job, struct copy_stream *stream, struct err *err)
{
	struct work_gate *gate = job->copy->gate;
	double began = clock_now();
	size_t row;

	if (!stream_open(stream, err))
		return false;
	while (take(job, &row)) {
		if (!copy_table(stream, row, err))
			return false;
		if (work_gate_crowded(gate) && clock_now() - began > PATIENCE)
			break;
	}
	return true;
}

static void
stream_main(void *arg, size_t i)
{
	struct job *job = arg;
	struct copy_stream stream = {
		.copy = job->copy,
		.progress = job->progress,
		.i = i,
		.is_over = is_over,
		.arg = job,
	};
	struct err err = ERR_INIT;
	bool ok = true;

	while (ok && is_left(job)) {
		if (!work_gate_enter(job->copy->gate,
				     job->copy->op->interrupt)) {
			interrupt_error(&err);
			ok = false;
			break;
		}
		ok = stream_work(job, &stream, &err);
		stream_close(&stream);
		work_gate_leave(job->copy->gate);
	}
	if (!ok)
		fail(job, &err);
	err_release(&err);
}

bool
copy_database(const struct copy *copy, struct err *err)
{
	size_t n = copy->tables->n_rows;
	size_t streams = (size_t)copy->op->conf->jobs;
	struct job job = {
		.copy = copy,
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};

	if (streams > n)
		streams = n;
	job.progress =
	    copy_progress_new(copy->op, copy->database, copy->tables, streams);
	copy_progress_say(job.progress, true);
	if (n > 0)
		work_each(streams, streams, stream_main, &job);
	copy_progress_say(job.progress, true);
	copy_progress_free(job.progress);
	if (!job.failed)
		return true;
	err_move(err, &job.err);
	return false;
}
