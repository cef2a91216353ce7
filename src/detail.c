/* SPDX-License-Identifier: PostgreSQL */
/* One database: its slot, who reads it, who applies. */
#include "detail.h"

#include <stdlib.h>
#include <string.h>

#include "detail_internal.h"
#include "mem.h"

#define CONNECT_TIMEOUT 5.0
#define ASK_TIMEOUT 5.0
/* A side that failed is left alone for so many seconds. */
#define RETRY_AFTER 5.0

struct detail *
detail_new(const struct op *op, const char *database)
{
	struct detail *d = MEM_NEW(struct detail);

	d->op = (struct op){
		.conf = op->conf,
		.dir = op->dir,
		.interrupt = op->interrupt,
	};
	d->database = mem_strdup(database);
	d->source.side = SIDE_SOURCE;
	d->destination.side = SIDE_DESTINATION;
	return d;
}

const char *
detail_database(const struct detail *d)
{
	return d->database;
}

void
detail_free(struct detail *d)
{
	if (!d)
		return;
	pg_close(d->source.pg);
	pg_close(d->destination.pg);
	err_release(&d->source.err);
	err_release(&d->destination.err);
	load_release(&d->load);
	detail_journal_release(&d->journal);
	detail_tables_release(&d->tables);
	free(d->database);
	free(d);
}

/* --- connections ---------------------------------------------------------- */

static bool
open_side(struct detail *d, struct detail_side *s)
{
	struct pg_options options = {
		.dbname = d->database,
		.connect_timeout = CONNECT_TIMEOUT,
		.interrupt = d->op.interrupt,
	};

	if (pg_is_alive(s->pg)) {
		err_release(&s->err);
		return true;
	}
	pg_close(s->pg);
	s->pg = NULL;
	if (clock_now() < s->next_try)
		return false;
	err_release(&s->err);
	s->pg = pg_connect(conf_endpoint(d->op.conf, s->side), &options,
			   &s->err);
	if (s->pg)
		pg_set_timeout(s->pg, ASK_TIMEOUT);
	else
		s->next_try = clock_now() + RETRY_AFTER;
	return s->pg != NULL;
}

/* What a statement could not do: said, and tried again later. */
static void
fail(struct detail_side *s, struct err *err)
{
	if (!err_is_set(err))
		return;
	err_release(&s->err);
	err_move(&s->err, err);
	if (s->err.kind != ERR_CONNECT)
		return;
	pg_close(s->pg);
	s->pg = NULL;
	s->next_try = clock_now() + RETRY_AFTER;
}

/* The destination's connect database knows by which one setup began. */
static bool
recall_mechanism(struct detail *d, struct err *err)
{
	struct pg_options options = {
		.connect_timeout = CONNECT_TIMEOUT,
		.interrupt = d->op.interrupt,
	};
	struct pg *pg;
	bool ok;

	if (d->op.mechanism)
		return true;
	pg = pg_connect(&d->op.conf->destination, &options, err);
	if (!pg)
		return false;
	pg_set_timeout(pg, ASK_TIMEOUT);
	ok = mechanism_recall(pg, &d->op.mechanism, err);
	pg_close(pg);
	return ok;
}

/* --- what is added -------------------------------------------------------- */

static void
put_number(struct record *r, const char *key, const struct rowset *rows,
	   size_t i, const char *column)
{
	if (rowset_get(rows, i, column))
		record_int(r, key, rowset_int(rows, i, column));
	else
		record_null(r, key);
}

static void
put_seconds(struct record *r, const char *key, const struct rowset *rows,
	    size_t i)
{
	const char *value = rowset_get(rows, i, key);

	if (value)
		record_real(r, key, strtod(value, NULL));
	else
		record_null(r, key);
}

static bool
add_slot(struct detail *d, struct record *r, struct err *err)
{
	static const char *const texts[] = {"slot", "lsn", "restart_lsn",
					    "confirmed_lsn", "wal_status",
					    "state"};
	struct rowset rows = ROWSET_INIT;
	struct record *slot;
	size_t i;

	if (!pg_ask(d->source.pg, "detail_slot", PG_BIND(d->load.slot), &rows,
		    err))
		return false;
	if (rows.n_rows > 0) {
		slot = record_new(NULL);
		for (i = 0; i < LENGTH_OF(texts); i++)
			record_text(slot, texts[i],
				    rowset_get(&rows, 0, texts[i]));
		record_bool(slot, "active", rowset_bool(&rows, 0, "active"));
		put_number(slot, "pid", &rows, 0, "pid");
		put_number(slot, "xlog_difference", &rows, 0, "difference");
		put_number(slot, "retained_bytes", &rows, 0, "retained");
		put_number(slot, "safe_bytes", &rows, 0, "safe");
		put_seconds(slot, "seconds", &rows, 0);
		put_seconds(slot, "reply_seconds", &rows, 0);
		record_append(r, "slots", slot);
		record_free(slot);
	}
	rowset_release(&rows);
	return true;
}

/* Rows of the mechanism's workers, or of sessions of pgrepup. */
static void
add_workers(struct record *r, enum side side, const struct rowset *rows)
{
	struct record *one;
	const char *what;
	size_t i;

	for (i = 0; i < rows->n_rows; i++) {
		/* NULL: no such column, they are sessions of ours */
		what = rowset_get(rows, i, "what");
		one = record_new(NULL);
		record_text(one, "side", side_name(side));
		record_text(one, "what", what ? what : "pgrepup");
		put_number(one, "pid", rows, i, "pid");
		record_text(one, "state", rowset_get(rows, i, "state"));
		put_seconds(one, "seconds", rows, i);
		put_seconds(one, "message_seconds", rows, i);
		record_text(one, "doing", rowset_get(rows, i, "doing"));
		record_append(r, "workers", one);
		record_free(one);
	}
}

static bool
add_sessions(struct detail_side *s, struct record *r, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(s->pg, "detail_sessions", PG_NONE, &rows, err);

	if (ok)
		add_workers(r, s->side, &rows);
	rowset_release(&rows);
	return ok;
}

static const char *const subscription_names[] = {
	[SUBSCRIPTION_NONE] = NULL,
	[SUBSCRIPTION_DISABLED] = "disabled",
	[SUBSCRIPTION_INITIALIZING] = "initializing",
	[SUBSCRIPTION_REPLICATING] = "replicating",
	[SUBSCRIPTION_DOWN] = "down",
};

/* What only a database with a subscription has. */
static bool
add_subscription(struct detail *d, struct record *r, struct err *err)
{
	const struct mechanism *m = d->op.mechanism;
	struct mechanism_at at = {
		.op = &d->op,
		.database = d->database,
		.source = d->source.pg,
		.destination = d->destination.pg,
	};
	struct rowset rows = ROWSET_INIT;
	struct err ignored = ERR_INIT;
	char *reason = NULL, *lsn = NULL;
	bool ok;

	if (!m || d->load.state != LOAD_SUBSCRIBED)
		return true;
	ok = m->state(&at, &d->subscription, &reason, err) &&
	     m->workers(&at, &rows, err);
	if (ok) {
		add_workers(r, SIDE_DESTINATION, &rows);
		record_text(r, "subscription",
			    subscription_names[d->subscription]);
		record_text(r, "reason", reason);
	}
	if (ok && d->load.slot &&
	    m->applied(&at, d->load.slot, &lsn, &ignored))
		record_text(r, "applied_lsn", lsn);
	err_release(&ignored);
	rowset_release(&rows);
	free(reason);
	free(lsn);
	return ok;
}

/* --- the whole ------------------------------------------------------------ */

static void
ask_destination(struct detail *d, struct record *r)
{
	struct err err = ERR_INIT;

	d->subscription = SUBSCRIPTION_NONE;
	if (!open_side(d, &d->destination))
		return;
	load_release(&d->load);
	if (load_read(d->destination.pg, &d->load, &err) &&
	    (d->load.state != LOAD_SUBSCRIBED || recall_mechanism(d, &err)) &&
	    add_subscription(d, r, &err))
		add_sessions(&d->destination, r, &err);
	fail(&d->destination, &err);
	err_release(&err);
}

static void
ask_source(struct detail *d, struct record *r)
{
	struct err err = ERR_INIT;

	if (d->source.pg &&
	    (!d->load.slot || add_slot(d, r, &err)))
		add_sessions(&d->source, r, &err);
	fail(&d->source, &err);
	err_release(&err);
}

static void
add_error(struct record *r, const struct detail_side *s)
{
	struct record *one;

	if (!err_is_set(&s->err))
		return;
	one = record_new(NULL);
	record_text(one, "side", side_name(s->side));
	record_err(one, &s->err);
	record_append(r, "errors", one);
	record_free(one);
}

struct record *
detail_read(struct detail *d, enum detail_what what)
{
	static const char *const arrays[] = {"slots", "workers", "messages",
					     "errors"};
	struct record *r = record_new("detail");
	struct err err = ERR_INIT;
	size_t i;

	record_text(r, "database", d->database);
	for (i = 0; i < LENGTH_OF(arrays); i++)
		record_array(r, arrays[i]);
	open_side(d, &d->source);
	ask_destination(d, r);
	ask_source(d, r);
	record_text(r, "load", load_state_name(d->load.state));
	/* Its error belongs to the tables and disturbs nothing else. */
	detail_add_journal(d, r);
	if (!detail_add_tables(d, r, what, &err))
		record_text(r, "tables_error", err.message);
	err_release(&err);
	add_error(r, &d->source);
	add_error(r, &d->destination);
	return r;
}
