/* SPDX-License-Identifier: PostgreSQL */
/*
 * What the runner says of a copy that is under way: bytes of the tables that
 * are not yet done, and errors. Only of the newest start; everything that
 * matters for longer is in the clusters.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "monitor_internal.h"

static void
forget(struct watched *w)
{
	w->progress_time = 0;
	w->progress_bytes = 0;
	w->progress_rate = 0;
	w->in_indexes = false;
	w->entries = w->entries_ready = 0;
	free(w->journal_error);
	free(w->journal_hint);
	w->journal_error = w->journal_hint = NULL;
	w->stale = true;
	w->guessed = 0;
}

/* Operations after which what was known is to be asked again. */
static const char *const fresh_starts[] = {"setup", "start", "uninstall"};

static bool
changes_databases(const struct record *r)
{
	const char *command = record_get(r, "command");
	size_t i;

	for (i = 0; command && i < LENGTH_OF(fresh_starts); i++)
		if (strcmp(command, fresh_starts[i]) == 0)
			return !record_get_bool(r, "dry_run");
	return false;
}

static void
take_begin(struct monitor *m)
{
	size_t i;

	m->at_work = true;
	for (i = 0; i < m->n; i++)
		forget(&m->databases[i]);
}

/* What it did last was perhaps not yet seen. */
static void
take_end(struct monitor *m)
{
	size_t i;

	m->at_work = false;
	for (i = 0; i < m->n; i++)
		m->databases[i].stale = true;
}

static void
take_progress(struct watched *w, const struct record *r)
{
	const char *phase = record_get(r, "phase");

	w->in_indexes = phase && strcmp(phase, "indexes") == 0;
	w->entries = record_get_int(r, "entries");
	w->entries_ready = record_get_int(r, "entries_ready");
	w->progress_time = record_time(r);
	w->progress_bytes = record_get_int(r, "copied_bytes");
	w->progress_rate = record_get_real(r, "rate");
}

static void
take_error(struct watched *w, const struct record *r)
{
	free(w->journal_error);
	free(w->journal_hint);
	w->journal_error = mem_strdup(record_get(r, "message"));
	w->journal_hint = mem_strdup(record_get(r, "hint"));
}

static void
take_record(struct monitor *m, const struct record *r)
{
	const char *name = record_get(r, "database");
	struct watched *w = name ? monitor_find(m, name) : NULL;

	if (record_is(r, "begin") && changes_databases(r))
		take_begin(m);
	else if (record_is(r, "end") && changes_databases(r))
		take_end(m);
	else if (w && record_is(r, "progress"))
		take_progress(w, r);
	else if (w && record_is(r, "error"))
		take_error(w, r);
}

void
monitor_read_journal(struct monitor *m)
{
	struct err ignored = ERR_INIT;
	struct record *r;

	if (!m->journal && m->op->dir)
		m->journal = journal_reader_open(m->op->dir, &ignored);
	err_release(&ignored);
	while (m->journal && (r = journal_reader_next(m->journal))) {
		take_record(m, r);
		record_free(r);
	}
}
