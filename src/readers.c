/* SPDX-License-Identifier: PostgreSQL */
/* Who reads the slots of the source. */
#include "readers.h"

#include <string.h>

#include "load.h"

static bool
refuse(const struct rowset *rows, size_t i, struct err *err)
{
	err_set(err, ERR_STATE,
		"database \"%s\" of the source replicates to another "
		"destination",
		rowset_text(rows, i, "database"));
	err_detail(err, "Its replication slot \"%s\" is read from %s.",
		   rowset_text(rows, i, "slot"), rowset_text(rows, i, "client"));
	err_hint(err, "Bring that upgrade to its end, or uninstall it, with "
		      "its own configuration.");
	return false;
}

/* Is it the slot that this destination has subscribed to? */
static bool
is_ours(struct op *op, const char *database, const char *slot, bool *ours,
	struct err *err)
{
	struct load load = {.state = LOAD_NONE};
	struct pg *pg = op_connect(op, SIDE_DESTINATION, database, PG_PLAIN,
				   err);
	bool ok = pg && load_read(pg, &load, err);

	*ours = ok && load.state >= LOAD_INDEXED && load.slot &&
		strcmp(load.slot, slot) == 0;
	load_release(&load);
	pg_close(pg);
	return ok;
}

bool
readers_ask(struct op *op, struct rowset *readers, struct err *err)
{
	return pg_ask(op->source.pg, "slot_readers", PG_NONE, readers, err);
}

bool
readers_check(struct op *op, const struct rowset *readers, const char *database,
	      bool on_destination, struct err *err)
{
	bool ours;
	size_t i;

	for (i = 0; i < readers->n_rows; i++) {
		if (strcmp(rowset_text(readers, i, "database"), database) != 0)
			continue;
		ours = false;
		if (on_destination &&
		    !is_ours(op, database, rowset_text(readers, i, "slot"),
			     &ours, err))
			return false;
		if (!ours)
			return refuse(readers, i, err);
	}
	return true;
}
