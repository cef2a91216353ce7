/* SPDX-License-Identifier: PostgreSQL */
/*
 * start: copies every database and begins to replicate it. Where a database
 * stands is read from its load state, so that start can be run again at any
 * time and goes on from there.
 */
#include "start.h"

#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "mem.h"
#include "op_loads.h"
#include "replication_role.h"
#include "strbuf.h"
#include "tables.h"

/* How often a copy is begun before a person is asked. */
#define COPY_TRIES 3

bool
start_record(struct pg *pg, const char *kind, const char *const *texts,
	     enum change_state state, struct err *err)
{
	struct change change = {
		.kind = mem_strdup(kind),
		.schema = mem_strdup(texts[0]),
		.name = mem_strdup(texts[1]),
		.part = mem_strdup(texts[2]),
		.old_value = mem_strdup(texts[3]),
		.new_value = mem_strdup(texts[4]),
		.state = state,
	};
	bool ok = registry_add(pg, &change, NULL, err);

	free(change.kind);
	free(change.schema);
	free(change.name);
	free(change.part);
	free(change.old_value);
	free(change.new_value);
	return ok;
}

static bool
handed_over(struct start *s, struct err *err)
{
	(void)err;
	op_item(s->op, "start", s->db->name, "handed over", "ok", "%s",
		"stopped for good; nothing here is touched any more");
	return true;
}

static bool
not_set_up(struct start *s, struct err *err)
{
	err_set(err, ERR_STATE, "database \"%s\" is not set up%s", s->db->name,
		s->load.state == LOAD_NONE ? "" : " whole");
	err_hint(err, "Run `pgrepup setup` first.");
	return false;
}

/* What is to be done in a state; last: the database is then where it goes. */
static const struct phase {
	bool (*run)(struct start *s, struct err *err);
	bool last;
} phases[] = {
    [LOAD_NONE] = {not_set_up, true},
    [LOAD_MADE] = {not_set_up, true},
    [LOAD_SCHEMA] = {not_set_up, true},
    [LOAD_PREPARED] = {start_copy, false},
    [LOAD_LOADING] = {start_copy, false},
    [LOAD_COPIED] = {start_indexes, false},
    [LOAD_INDEXED] = {start_subscribe, false},
    [LOAD_SUBSCRIBED] = {start_replicate, true},
    [LOAD_HANDED_OVER] = {handed_over, true},
};

static bool
open_database(struct start *s, struct err *err)
{
	bool ok;

	if (!s->db->on_destination)
		return not_set_up(s, err);
	ok = mechanism_connect(s->op, s->db->name, &s->at, err);
	s->source = s->at.source;
	s->destination = s->at.destination;
	return ok;
}

static bool
read_load(struct start *s, struct err *err)
{
	load_release(&s->load);
	return load_read(s->destination, &s->load, err) &&
	       load_refuse_other(&s->load, s->db->name, s->op->conf->name,
				 err);
}

/* The copy of a database whose tables were rewritten meanwhile begins anew, by
 * itself for as often as a nightly job explains. */
static bool
may_try_again(struct start *s, int tries, struct err *err)
{
	if (!s->rewritten || tries >= COPY_TRIES ||
	    interrupt_raised(s->op->interrupt))
		return false;
	op_log(s->op, "warning", s->db->name, "%s; the copy begins anew",
	       err->message);
	err_release(err);
	s->rewritten = false;
	return true;
}

static bool
run_phases(struct start *s, struct err *err)
{
	const struct phase *phase;
	int tries = 0;

	do {
		if (interrupt_raised(s->op->interrupt)) {
			interrupt_error(err);
			return false;
		}
		if (!read_load(s, err))
			return false;
		phase = &phases[s->load.state];
		if (!phase->run(s, err)) {
			if (!may_try_again(s, ++tries, err))
				return false;
			continue;
		}
		if (!phase->last && op_is_to_pause(s->op)) {
			op_pause(s->op, err);
			return false;
		}
	} while (!phase->last);
	return true;
}

static bool
start_database(struct op *op, const struct database *db, void *arg,
	       struct err *err)
{
	struct start s = {.op = op, .db = db, .gate = arg};
	bool ok;

	ok = open_database(&s, err);
	if (ok && op->options.dry_run)
		ok = read_load(&s, err) && start_preview(&s, err);
	else if (ok)
		ok = run_phases(&s, err);
	/* An error that names no place is of this database. */
	if (!ok && err->kind != ERR_STOPPED)
		err_at(err, "database \"%s\"", db->name);
	load_release(&s.load);
	pg_close(s.source);
	pg_close(s.destination);
	return ok;
}

static bool
start_databases(struct op *op, struct err *err)
{
	struct work_gate *gate = work_gate_new((size_t)op->conf->jobs);
	bool ok = op_each_database(op, (size_t)op->conf->databases_at_once,
				   start_database, gate, err);

	work_gate_free(gate);
	return ok;
}

static bool
open_both(struct op *op, struct err *err)
{
	return op_open(op, err) && op_refuse_forgotten(op, err) &&
	       replication_role_refuse_members(op, err);
}

static const struct step steps[] = {
	{.id = "open",
	 .title = "Connect to both servers",
	 .leaves = "Nothing was changed on either side.",
	 .run = open_both},
	{.id = "databases",
	 .title = "Copy the databases and replicate",
	 .leaves = "No row of the source was touched; databases that "
		   "replicate go on.",
	 .run = start_databases,
	 .pauses = true},
};

bool
start_run(struct op *op, struct err *err)
{
	bool ok = op_run_steps(op, steps, LENGTH_OF(steps), err);

	if (op->paused)
		err_detail(err, "The slots of databases that are copied keep "
				"WAL on the source until start has gone on.");
	return ok;
}
