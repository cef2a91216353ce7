/* SPDX-License-Identifier: PostgreSQL */
/* The monitor: from what both sides have said to samples. */
#include "monitor.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "copy.h"
#include "mem.h"
#include "monitor_internal.h"

struct monitor *
monitor_new(struct op *op, double patience, struct err *err)
{
	struct monitor *m = MEM_NEW(struct monitor);

	m->op = op;
	m->patience = patience;
	m->sides[0] = monitor_side_new(op, SIDE_SOURCE, err);
	m->sides[1] = monitor_side_new(op, SIDE_DESTINATION, err);
	if (m->sides[0] && m->sides[1])
		return m;
	monitor_free(m);
	return NULL;
}

/* Names come in the same order nearly always: it begins after the last. */
struct watched *
monitor_find(struct monitor *m, const char *name)
{
	size_t i, k;

	for (k = 0; k < m->n; k++) {
		i = (m->found + 1 + k) % m->n;
		if (strcmp(m->databases[i].name, name) != 0)
			continue;
		m->found = i;
		return &m->databases[i];
	}
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
	*w = (struct watched){
		.name = mem_strdup(name),
		.difference = -1,
		.retained = -1,
		.safe = -1,
	};
	return w;
}

static void
forget_slots(struct monitor *m)
{
	struct watched *w;

	for (w = m->databases; w < m->databases + m->n; w++) {
		w->has_slot = w->slot_active = w->slot_lost = false;
		w->difference = w->retained = w->safe = -1;
	}
}

static long long
number_or(const struct rowset *rows, size_t i, const char *column)
{
	return rowset_get(rows, i, column) ? rowset_int(rows, i, column) : -1;
}

/* A slot counts when its name is the one that was made for the database. */
static void
take_slots(struct monitor *m)
{
	const struct rowset *rows = &m->source.rows;
	struct watched *w;
	const char *database, *slot;
	size_t i;

	forget_slots(m);
	for (i = 0; i < rows->n_rows; i++) {
		database = rowset_get(rows, i, "database");
		slot = rowset_text(rows, i, "slot");
		w = database ? monitor_find(m, database) : NULL;
		if (!w || !w->load.slot || strcmp(w->load.slot, slot) != 0)
			continue;
		w->has_slot = true;
		w->slot_active = rowset_bool(rows, i, "active");
		w->slot_lost = rowset_bool(rows, i, "lost");
		w->difference = number_or(rows, i, "difference");
		w->retained = number_or(rows, i, "retained");
		w->safe = number_or(rows, i, "safe");
	}
}

static void
take_source(struct monitor *m)
{
	const struct text_list *names = &m->source.databases;
	size_t i;

	if (!monitor_is_up(&m->source))
		return;
	for (i = 0; i < m->n; i++)
		m->databases[i].selected = false;
	for (i = 0; i < names->n; i++)
		find_or_add(m, names->items[i])->selected = true;
	m->source_known = true;
}

/* As long as the source has never answered, the destination's databases may
 * be those of the upgrade; the ones that are not set up fall out later. */
static void
take_destination(struct monitor *m)
{
	const struct rowset *rows = &m->destination.rows;
	struct watched *w;
	const char *name;
	size_t i;

	if (!monitor_is_up(&m->destination))
		return;
	for (i = 0; i < m->n; i++)
		m->databases[i].exists = m->databases[i].applying = false;
	for (i = 0; i < rows->n_rows; i++) {
		name = rowset_text(rows, i, "name");
		w = m->source_known ? monitor_find(m, name)
				    : find_or_add(m, name);
		if (!w)
			continue;
		w->exists = true;
		w->selected = w->selected || !m->source_known;
		w->applying = rowset_bool(rows, i, "applying");
	}
	for (i = 0; i < m->n; i++)
		if (!m->databases[i].exists)
			m->databases[i].looked = false;
}

/* Asks both at once; who does not answer in time is taken up later. */
static void
ask_sides(struct monitor *m)
{
	double deadline = m->patience > 0 ? clock_now() + m->patience : 0;
	bool answered;
	size_t i;

	for (i = 0; i < MONITOR_SIDES; i++)
		monitor_side_ask(m->sides[i]);
	for (i = 0; i < MONITOR_SIDES; i++)
		monitor_side_wait(m->sides[i], deadline);
	if (monitor_side_take(m->sides[0], &m->source))
		take_source(m);
	answered = monitor_side_take(m->sides[1], &m->destination);
	if (answered) {
		take_destination(m);
		m->op->mechanism = m->destination.mechanism;
	}
	monitor_read_journal(m);
	if (answered && monitor_is_up(&m->destination))
		monitor_look(m, deadline);
	/* After the looks, which tell the names of the slots. */
	take_slots(m);
}

static double
progress_rate(const struct watched *w)
{
	double age = (double)time(NULL) - w->progress_time;

	return age < COPY_PROGRESS_FRESH ? w->progress_rate : 0;
}

/* The first line: libpq tells each address that it tried. */
static char *
last_error(const struct monitor *m, const struct watched *w)
{
	const char *reason = monitor_reason(m, w);
	int n = reason ? (int)strcspn(reason, "\n") : 0;

	if (!reason)
		return NULL;
	if (monitor_is_up(&m->source) ||
	    monitor_state(m, w) != DATABASE_DOWN)
		return mem_strndup(reason, (size_t)n);
	return mem_printf("the source does not answer: %.*s", n, reason);
}

/* What grows as long as it is down, and for whose table. */
static void
sample_down(const struct monitor *m, const struct watched *w,
	    struct database_status *s)
{
	const struct drift *drift = monitor_drift(m, w);

	if (drift)
		drift_copy(&s->drift, drift);
	s->retained_bytes = w->retained;
	s->safe_bytes = w->safe;
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
		.in_indexes = w->load.state == LOAD_COPIED && w->in_indexes,
		.entries = w->entries,
		.entries_ready = w->entries_ready,
		.last_error = last_error(m, w),
		.hint = monitor_hint(m, w),
		.retained_bytes = -1,
		.safe_bytes = -1,
	};
	if (s->state == DATABASE_STOPPED)
		s->xlog_difference = 0;
	if (s->state == DATABASE_DOWN)
		sample_down(m, w, s);
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

/* All slots keep the same WAL: what the farthest one needs. */
static void
add_slot(struct monitor_sample *sample, const struct watched *w)
{
	if (!w->has_slot)
		return;
	sample->slots++;
	if (w->retained > sample->retained_bytes)
		sample->retained_bytes = w->retained;
	if (w->safe >= 0 &&
	    (sample->safe_bytes < 0 || w->safe < sample->safe_bytes))
		sample->safe_bytes = w->safe;
}

static double
age(const struct side_answer *side)
{
	return side->at > 0 ? clock_now() - side->at : -1;
}

static void
fill_sample(const struct monitor *m, struct monitor_sample *sample)
{
	struct database_status *s;
	size_t i;

	sample->databases = MEM_ARRAY(struct database_status, m->n);
	for (i = 0; i < m->n; i++) {
		if (!belongs(m, &m->databases[i]))
			continue;
		s = &sample->databases[sample->n++];
		sample_database(m, &m->databases[i], s);
		add_slot(sample, &m->databases[i]);
		if (s->xlog_difference > sample->xlog_difference)
			sample->xlog_difference = s->xlog_difference;
	}
	sample->phase = monitor_phase(sample->databases, sample->n);
	if (sample->n == 0 && (!monitor_is_up(&m->source) ||
			       !monitor_is_up(&m->destination)))
		sample->phase = "unknown";
	sample->source_lsn = mem_strdup(rowset_get(&m->source.rows, 0, "lsn"));
	sample->source_age = age(&m->source);
	sample->destination_age = age(&m->destination);
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
	*sample = (struct monitor_sample){
		.phase = "unknown",
		.xlog_difference = -1,
		.retained_bytes = -1,
		.safe_bytes = -1,
	};
	ask_sides(m);
	if (interrupt_raised(m->op->interrupt)) {
		interrupt_error(err);
		return false;
	}
	fill_sample(m, sample);
	copy_error(&sample->source_error, &m->source.err);
	copy_error(&sample->destination_error, &m->destination.err);
	return true;
}

void
monitor_sample_release(struct monitor_sample *sample)
{
	size_t i;

	for (i = 0; i < sample->n; i++) {
		free(sample->databases[i].name);
		free(sample->databases[i].last_error);
		free(sample->databases[i].hint);
		drift_release(&sample->databases[i].drift);
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
	monitor_side_free(m->sides[0]);
	monitor_side_free(m->sides[1]);
	for (w = m->databases; w < m->databases + m->n; w++) {
		free(w->name);
		free(w->reason);
		free(w->guess);
		free(w->gap);
		free(w->barrier);
		free(w->barrier_lsn);
		drift_release(&w->drift);
		free(w->journal_error);
		free(w->journal_hint);
		load_release(&w->load);
	}
	free(m->databases);
	side_answer_release(&m->source);
	side_answer_release(&m->destination);
	journal_reader_close(m->journal);
	free(m);
}
