/* SPDX-License-Identifier: PostgreSQL */
/* The rows of mechanisms, and dropping what they make. */
#include "mechanism.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* How long a slot or an origin may stay in use after its user was told. */
#define RELEASE_PATIENCE 30.0
/* When the process that keeps a slot is ended. */
#define RELEASE_GRACE 10.0

static const struct mechanism *const mechanisms[] = {
	&mechanism_pglogical,
	&mechanism_native,
};

const struct mechanism *
mechanism_find(const char *name)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(mechanisms); i++)
		if (strcmp(mechanisms[i]->name, name) == 0)
			return mechanisms[i];
	return NULL;
}

/* Ends the process that keeps the slot, once; below 9.5 nobody knows it. */
static void
end_user(struct op *op, struct pg *source, const char *slot, const char *pid)
{
	struct err ignored = ERR_INIT;

	if (!pid)
		return;
	op_log(op, "notice", pg_dbname(source),
	       "ending process %s, which still uses replication slot \"%s\"",
	       pid, slot);
	pg_ask(source, "backend_terminate", PG_BIND(pid), NULL, &ignored);
	err_release(&ignored);
}

/* One look: is it gone (or could it be dropped now)? */
static bool
try_drop_slot(struct op *op, struct pg *source, const char *slot,
	      bool end_it, bool *gone, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	struct err failed = ERR_INIT;
	bool ok;

	ok = pg_ask(source, "slot_find", PG_BIND(slot), &rows, err);
	*gone = ok && rows.n_rows == 0;
	if (ok && !*gone && !rowset_bool(&rows, 0, "active")) {
		ok = pg_ask(source, "slot_drop", PG_BIND(slot), &rows,
			    &failed);
		/* A row says that it did; so there is nothing to wait for. */
		*gone = ok && rows.n_rows == 1;
		/* Somebody was faster: in use again, or already gone. */
		if (!ok && (err_is(&failed, "55006") ||
			    err_is(&failed, "42704")))
			ok = true;
		else
			err_move(err, &failed);
		err_release(&failed);
	} else if (ok && !*gone && end_it) {
		end_user(op, source, slot, rowset_get(&rows, 0, "pid"));
	}
	rowset_release(&rows);
	return ok;
}

bool
mechanism_drop_slot(struct op *op, struct pg *source, const char *slot,
		    struct err *err)
{
	double began = clock_now();
	bool ended = false, end_it, gone;

	for (;;) {
		end_it = !ended && clock_now() - began > RELEASE_GRACE;
		if (!try_drop_slot(op, source, slot, end_it, &gone, err))
			return false;
		if (gone)
			return true;
		ended = ended || end_it;
		if (clock_now() - began > RELEASE_PATIENCE)
			break;
		if (!interrupt_sleep(op->interrupt, 0.1, err))
			return false;
	}
	err_set(err, ERR_STATE, "replication slot \"%s\" is still in use",
		slot);
	err_at(err, "source database \"%s\"", pg_dbname(source));
	return false;
}

bool
mechanism_drop_origin(struct op *op, struct pg *destination,
		      const char *origin, struct err *err)
{
	double began = clock_now();
	struct rowset rows = ROWSET_INIT;
	struct err failed = ERR_INIT;
	bool gone, ok;

	for (;;) {
		ok = pg_ask(destination, "origin_find", PG_BIND(origin), &rows,
			    err);
		gone = rows.n_rows == 0;
		rowset_release(&rows);
		rows = (struct rowset)ROWSET_INIT;
		if (!ok || gone)
			return ok;
		if (!pg_ask(destination, "origin_drop", PG_BIND(origin), NULL,
			    &failed) &&
		    (!err_is(&failed, "55006") ||
		     clock_now() - began > RELEASE_PATIENCE)) {
			err_move(err, &failed);
			return false;
		}
		err_release(&failed);
		if (!interrupt_sleep(op->interrupt, 0.1, err))
			return false;
	}
}

bool
mechanism_connect(struct op *op, const char *database,
		  struct mechanism_at *at, struct err *err)
{
	*at = (struct mechanism_at){.op = op, .database = database};
	at->source = op_connect(op, SIDE_SOURCE, database, PG_PLAIN, err);
	if (at->source)
		at->destination = op_connect(op, SIDE_DESTINATION, database,
					     PG_PLAIN, err);
	return at->destination != NULL;
}
