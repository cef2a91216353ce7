/* SPDX-License-Identifier: PostgreSQL */
/* The monitor: connections, the cluster-wide statements, samples. */
#include "monitor.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"
#include "monitor_internal.h"

/* A side that does not answer is told soon, and tried again each tick. */
#define CONNECT_TIMEOUT 5.0
#define ASK_TIMEOUT 10.0
/* Older progress is of a runner that has ended. */
#define PROGRESS_AGE 10.0

struct monitor *
monitor_new(struct op *op)
{
	struct monitor *m = MEM_NEW(struct monitor);

	m->op = op;
	return m;
}

struct watched *
monitor_find(struct monitor *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (strcmp(m->databases[i].name, name) == 0)
			return &m->databases[i];
	return NULL;
}

static struct watched *
find_or_add(struct monitor *m, const char *name)
{
	struct watched *w = monitor_find(m, name);

	if (w)
		return w;
	MEM_GROW(m->databases, m->n, m->alloc);
	w = &m->databases[m->n++];
	*w = (struct watched){.name = mem_strdup(name), .difference = -1};
	return w;
}

static void
drop_connection(struct monitor *m, enum side side)
{
	struct pg **pg = side == SIDE_SOURCE ? &m->source : &m->destination;

	pg_close(*pg);
	*pg = NULL;
}

static bool
need_connection(struct monitor *m, enum side side, struct err *err)
{
	struct pg **pg = side == SIDE_SOURCE ? &m->source : &m->destination;
	struct pg_options options = {
		.connect_timeout = CONNECT_TIMEOUT,
		.interrupt = m->op->interrupt,
	};

	if (pg_is_alive(*pg))
		return true;
	pg_close(*pg);
	*pg = pg_connect(conf_endpoint(m->op->conf, side), &options, err);
	if (*pg)
		pg_set_timeout(*pg, ASK_TIMEOUT);
	return *pg != NULL;
}

/* The databases of the upgrade, by the same rules as everywhere. */
static bool
read_databases(struct monitor *m, struct err *err)
{
	size_t i;
	bool ok;

	m->op->source.pg = m->source;
	ok = op_read_databases(m->op, err);
	m->op->source.pg = NULL;
	if (!ok)
		return false;
	for (i = 0; i < m->n; i++)
		m->databases[i].selected = false;
	for (i = 0; i < m->op->n_databases; i++)
		find_or_add(m, m->op->databases[i].name)->selected = true;
	m->source_known = true;
	return true;
}

static void
forget_slots(struct monitor *m)
{
	struct watched *w;

	free(m->source_lsn);
	m->source_lsn = NULL;
	for (w = m->databases; w < m->databases + m->n; w++) {
		w->has_slot = w->slot_active = w->slot_lost = false;
		w->difference = -1;
	}
}

static void
take_slots(struct monitor *m, const struct rowset *rows)
{
	struct watched *w;
	const char *database, *slot;
	size_t i;

	forget_slots(m);
	m->source_lsn = mem_strdup(rowset_get(rows, 0, "lsn"));
	for (i = 0; i < rows->n_rows; i++) {
		database = rowset_get(rows, i, "database");
		slot = rowset_get(rows, i, "slot");
		w = database ? monitor_find(m, database) : NULL;
		if (!w || !w->load.slot || strcmp(w->load.slot, slot) != 0)
			continue;
		w->has_slot = true;
		w->slot_active = rowset_bool(rows, i, "active");
		w->slot_lost = rowset_bool(rows, i, "lost");
		if (rowset_get(rows, i, "difference"))
			w->difference = rowset_int(rows, i, "difference");
	}
}

static bool
read_slots(struct monitor *m, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(m->source, "monitor_source", PG_NONE, &rows, err);

	if (ok)
		take_slots(m, &rows);
	rowset_release(&rows);
	return ok;
}

/* As long as the source has never answered, the destination's databases may
 * be those of the upgrade; the ones that are not set up fall out later. */
static bool
read_destination(struct monitor *m, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	struct watched *w;
	const char *name;
	size_t i;

	if (!pg_ask(m->destination, "monitor_destination", PG_NONE, &rows,
		    err))
		return false;
	for (i = 0; i < m->n; i++)
		m->databases[i].exists = m->databases[i].applying = false;
	for (i = 0; i < rows.n_rows; i++) {
		name = rowset_get(&rows, i, "name");
		w = m->source_known ? monitor_find(m, name)
				    : find_or_add(m, name);
		if (!w)
			continue;
		w->exists = true;
		w->selected = w->selected || !m->source_known;
		w->applying = rowset_bool(&rows, i, "applying");
	}
	for (i = 0; i < m->n; i++)
		if (!m->databases[i].exists)
			m->databases[i].looked = false;
	rowset_release(&rows);
	return true;
}

/* Which mechanism it is needs both versions, once. */
static void
choose_mechanism(struct monitor *m)
{
	struct err ignored = ERR_INIT;
	struct op *op = m->op;

	if (op->mechanism || !m->source || !m->destination)
		return;
	op->source.side = SIDE_SOURCE;
	op->source.version = pg_version(m->source);
	op->destination.side = SIDE_DESTINATION;
	op->destination.version = pg_version(m->destination);
	op->mechanism = mechanism_choose(op, &ignored);
	err_release(&ignored);
}

static void
ask_source(struct monitor *m)
{
	err_release(&m->source_error);
	if (!need_connection(m, SIDE_SOURCE, &m->source_error) ||
	    !read_databases(m, &m->source_error) ||
	    !read_slots(m, &m->source_error)) {
		drop_connection(m, SIDE_SOURCE);
		forget_slots(m);
	}
}

static void
ask_destination(struct monitor *m)
{
	err_release(&m->destination_error);
	if (!need_connection(m, SIDE_DESTINATION, &m->destination_error) ||
	    !read_destination(m, &m->destination_error))
		drop_connection(m, SIDE_DESTINATION);
}

/* The slot's name is known only after a look: then the slots are read once
 * more, so that the first sample is whole. */
static void
look_and_ask(struct monitor *m)
{
	struct err ignored = ERR_INIT;
	size_t i;
	bool news = false;

	if (!m->destination)
		return;
	for (i = 0; i < m->n; i++)
		news = news || !m->databases[i].looked;
	monitor_look(m);
	if (news && m->source)
		read_slots(m, &ignored);
	err_release(&ignored);
}

static double
progress_rate(const struct watched *w)
{
	double age = (double)time(NULL) - w->progress_time;

	return age < PROGRESS_AGE ? w->progress_rate : 0;
}

/* The first line: libpq tells each address that it tried. */
static char *
last_error(const struct monitor *m, const struct watched *w)
{
	const char *reason = monitor_reason(m, w);
	int n = reason ? (int)strcspn(reason, "\n") : 0;

	if (!reason)
		return NULL;
	if (m->source || monitor_state(m, w) != DATABASE_DOWN)
		return mem_strndup(reason, (size_t)n);
	return mem_printf("the source does not answer: %.*s", n, reason);
}

static void
sample_database(const struct monitor *m, const struct watched *w,
		struct database_status *s)
{
	*s = (struct database_status){
		.name = mem_strdup(w->name),
		.state = monitor_state(m, w),
		.load = w->load.state,
		.xlog_difference = w->difference,
		.copied_bytes = w->load.bytes,
		.total_bytes = w->load.total_bytes,
		.tables = w->load.tables,
		.tables_ready = w->load.tables_ready,
		.last_error = last_error(m, w),
	};
	if (s->state == DATABASE_STOPPED)
		s->xlog_difference = 0;
	if (w->load.state == LOAD_LOADING) {
		s->rate = progress_rate(w);
		if (w->progress_bytes > s->copied_bytes && s->rate > 0)
			s->copied_bytes = w->progress_bytes;
	}
}

/* A database of the destination that nobody set up is none of the upgrade's,
 * as far as one can know without the source. */
static bool
belongs(const struct monitor *m, const struct watched *w)
{
	return w->selected &&
	       (m->source_known || w->load.state != LOAD_NONE);
}

static void
fill_sample(const struct monitor *m, struct monitor_sample *sample)
{
	const struct database_status *s;
	size_t i;

	sample->databases = MEM_ARRAY(struct database_status, m->n);
	sample->xlog_difference = -1;
	for (i = 0; i < m->n; i++) {
		if (!belongs(m, &m->databases[i]))
			continue;
		s = &sample->databases[sample->n++];
		sample_database(m, &m->databases[i],
				&sample->databases[sample->n - 1]);
		if (s->xlog_difference > sample->xlog_difference)
			sample->xlog_difference = s->xlog_difference;
	}
	sample->phase = monitor_phase(sample->databases, sample->n);
	if (sample->n == 0 && (!m->source || !m->destination))
		sample->phase = "unknown";
	sample->source_lsn = mem_strdup(m->source_lsn);
}

static void
copy_error(struct err *to, const struct err *from)
{
	if (!err_is_set(from))
		return;
	err_set(to, from->kind, "%s", from->message);
	err_sqlstate(to, from->sqlstate);
	if (from->detail)
		err_detail(to, "%s", from->detail);
	if (from->hint)
		err_hint(to, "%s", from->hint);
	if (from->where)
		err_at(to, "%s", from->where);
}

bool
monitor_tick(struct monitor *m, struct monitor_sample *sample,
	     struct err *err)
{
	*sample = (struct monitor_sample){.phase = "unknown"};
	ask_source(m);
	ask_destination(m);
	choose_mechanism(m);
	monitor_read_journal(m);
	look_and_ask(m);
	if (interrupt_raised(m->op->interrupt)) {
		interrupt_error(err);
		return false;
	}
	fill_sample(m, sample);
	copy_error(&sample->source_error, &m->source_error);
	copy_error(&sample->destination_error, &m->destination_error);
	return true;
}

void
monitor_sample_release(struct monitor_sample *sample)
{
	size_t i;

	for (i = 0; i < sample->n; i++) {
		free(sample->databases[i].name);
		free(sample->databases[i].last_error);
	}
	free(sample->databases);
	free(sample->source_lsn);
	err_release(&sample->source_error);
	err_release(&sample->destination_error);
	*sample = (struct monitor_sample){.n = 0};
}

void
monitor_free(struct monitor *m)
{
	struct watched *w;

	if (!m)
		return;
	for (w = m->databases; w < m->databases + m->n; w++) {
		free(w->name);
		free(w->reason);
		free(w->journal_error);
		load_release(&w->load);
	}
	free(m->databases);
	free(m->source_lsn);
	err_release(&m->source_error);
	err_release(&m->destination_error);
	journal_reader_close(m->journal);
	pg_close(m->source);
	pg_close(m->destination);
	free(m);
}
