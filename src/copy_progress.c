/* SPDX-License-Identifier: PostgreSQL */
/*
 * How far the copy of a database is, in bytes of tables on the source. What a
 * stream has sent of a table is scaled by what the finished ones took.
 */
#include <pthread.h>
#include <stdlib.h>

#include "copy.h"
#include "mem.h"

/* A copy of a minute is told every second, one of hours every ten: it must
 * not fill a disk. */
#define SAY_EVERY 1.0
#define SAY_SELDOM 10.0
#define TABLES_AT_ONCE 200 /* named in one record */
/* Tables that are told of when they begin and end, whatever was said just
 * before: of few tables each, of many the big ones. */
#define FEW 100
#define BIG (1024 * 1024)

struct running {
	const char *table; /* NULL: none */
	long long bytes;   /* of its table */
	long long sent;
};

struct copy_progress {
	pthread_mutex_t lock;
	struct op *op;
	const char *database;
	double began;
	double said;
	long long total_bytes;
	long long done_bytes; /* of finished tables */
	long long done_sent;  /* what those took on the line */
	long long tables;
	long long tables_ready;
	struct running *running;
	size_t n;
};

/* All that are going to be copied, some at a time: readers do not wait. */
static void
say_tables(const struct copy_progress *p, const struct rowset *tables)
{
	struct record *r = NULL;
	char *name;
	size_t i;

	for (i = 0; i < tables->n_rows; i++) {
		if (i % TABLES_AT_ONCE == 0) {
			if (r)
				op_say(p->op, r);
			r = record_new("tables");
			record_text(r, "database", p->database);
			record_int(r, "first", (long long)i);
		}
		name = mem_printf("%s.%s", rowset_text(tables, i, "schema"),
				  rowset_text(tables, i, "name"));
		record_append_text(r, "names", name);
		record_append_int(r, "bytes", rowset_int(tables, i, "bytes"));
		free(name);
	}
	if (r)
		op_say(p->op, r);
}

struct copy_progress *
copy_progress_new(struct op *op, const char *database,
		  const struct rowset *tables, size_t streams)
{
	struct copy_progress *p = MEM_NEW(struct copy_progress);
	size_t i;

	pthread_mutex_init(&p->lock, NULL);
	p->op = op;
	p->database = database;
	p->began = clock_now();
	p->tables = (long long)tables->n_rows;
	for (i = 0; i < tables->n_rows; i++)
		p->total_bytes += rowset_int(tables, i, "bytes");
	p->n = streams;
	p->running = MEM_ARRAY(struct running, streams);
	say_tables(p, tables);
	return p;
}

void
copy_progress_free(struct copy_progress *p)
{
	if (!p)
		return;
	pthread_mutex_destroy(&p->lock);
	free(p->running);
	free(p);
}

static long long
copied_of(const struct copy_progress *p, const struct running *run)
{
	/* Until a good part is known, a byte sent is a byte of the table. */
	double scale = p->done_sent > 1024 * 1024
			   ? (double)p->done_bytes / (double)p->done_sent
			   : 1.0;
	long long part = (long long)((double)run->sent * scale);

	return part < run->bytes ? part : run->bytes;
}

static long long
copied_bytes(const struct copy_progress *p)
{
	long long sum = p->done_bytes;
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->running[i].table)
			sum += copied_of(p, &p->running[i]);
	return sum;
}

static void
add_running(struct record *r, const struct copy_progress *p)
{
	const struct running *run;
	struct record *table;

	for (run = p->running; run < p->running + p->n; run++) {
		if (!run->table)
			continue;
		table = record_new(NULL);
		record_text(table, "table", run->table);
		record_int(table, "bytes", run->bytes);
		record_int(table, "copied_bytes", copied_of(p, run));
		record_append(r, "running", table);
		record_free(table);
	}
}

static struct record *
make_record(const struct copy_progress *p, double now)
{
	struct record *r = record_new("progress");
	long long bytes = copied_bytes(p);
	double seconds = now - p->began;
	double rate = seconds > 0.5 ? (double)bytes / seconds : 0;

	record_text(r, "database", p->database);
	record_text(r, "phase", "copy");
	record_int(r, "copied_bytes", bytes);
	record_int(r, "total_bytes", p->total_bytes);
	record_int(r, "tables", p->tables);
	record_int(r, "tables_ready", p->tables_ready);
	record_real(r, "rate", rate);
	if (rate > 0)
		record_real(r, "eta_seconds",
			    (double)(p->total_bytes - bytes) / rate);
	else
		record_null(r, "eta_seconds");
	add_running(r, p);
	return r;
}

void
copy_progress_say(struct copy_progress *p, bool now)
{
	double time = clock_now();
	double every = (time - p->began) / 60;
	struct record *r = NULL;

	every = every < SAY_EVERY ? SAY_EVERY : every;
	every = every > SAY_SELDOM ? SAY_SELDOM : every;
	pthread_mutex_lock(&p->lock);
	if (now || time - p->said >= every) {
		p->said = time;
		r = make_record(p, time);
	}
	pthread_mutex_unlock(&p->lock);
	if (r)
		journal_write(p->op->journal, r);
}

void
copy_progress_begin(struct copy_progress *p, size_t stream, const char *table,
		    long long bytes)
{
	pthread_mutex_lock(&p->lock);
	p->running[stream] = (struct running){.table = table, .bytes = bytes};
	pthread_mutex_unlock(&p->lock);
	copy_progress_say(p, p->tables <= FEW || bytes >= BIG);
}

void
copy_progress_sent(struct copy_progress *p, size_t stream, size_t bytes)
{
	pthread_mutex_lock(&p->lock);
	p->running[stream].sent += (long long)bytes;
	pthread_mutex_unlock(&p->lock);
	copy_progress_say(p, false);
}

void
copy_progress_end(struct copy_progress *p, size_t stream, bool ready)
{
	struct running *run = &p->running[stream];

	pthread_mutex_lock(&p->lock);
	if (ready) {
		p->done_bytes += run->bytes;
		p->done_sent += run->sent;
		p->tables_ready++;
	}
	run->table = NULL;
	pthread_mutex_unlock(&p->lock);
	copy_progress_say(p, p->tables <= FEW || run->bytes >= BIG);
}
