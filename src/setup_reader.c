/* SPDX-License-Identifier: PostgreSQL */
/*
 * One source, one destination. A source that replicates to another destination
 * by an upgrade of the same name has the same names for all: setup would take
 * away its password, and start its slot.
 */
#include <string.h>

#include "setup.h"

static bool
refuse(const struct rowset *rows, size_t i, struct err *err)
{
	err_set(err, ERR_STATE,
		"database \"%s\" of the source replicates to another "
		"destination",
		rowset_get(rows, i, "database"));
	err_detail(err, "Its replication slot \"%s\" is read from %s.",
		   rowset_get(rows, i, "slot"), rowset_get(rows, i, "client"));
	err_hint(err, "Bring that upgrade to its end, or uninstall it, with "
		      "its own configuration.");
	return false;
}

/* Is it the slot that this destination has subscribed to? */
static bool
is_ours(struct op *op, const struct database *db, const char *slot, bool *ours,
	struct err *err)
{
	struct load load = {.state = LOAD_NONE};
	struct pg *pg;
	bool ok;

	*ours = false;
	if (!db->on_destination)
		return true;
	pg = op_connect(op, SIDE_DESTINATION, db->name, PG_PLAIN, err);
	ok = pg && load_read(pg, &load, err);
	*ours = ok && load.state >= LOAD_INDEXED && load.slot &&
		strcmp(load.slot, slot) == 0;
	load_release(&load);
	pg_close(pg);
	return ok;
}

static bool
check_slot(struct op *op, const struct rowset *rows, size_t i, struct err *err)
{
	const char *database = rowset_get(rows, i, "database");
	const char *slot = rowset_get(rows, i, "slot");
	bool ours;
	size_t k;

	for (k = 0; k < op->n_databases; k++) {
		if (strcmp(op->databases[k].name, database) != 0)
			continue;
		if (!is_ours(op, &op->databases[k], slot, &ours, err))
			return false;
		return ours || refuse(rows, i, err);
	}
	return true;
}

bool
setup_check_readers(struct op *op, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i;
	bool ok = pg_ask(op->source.pg, "slot_readers", PG_NONE, &rows, err);

	for (i = 0; ok && i < rows.n_rows; i++)
		ok = check_slot(op, &rows, i, err);
	rowset_release(&rows);
	return ok;
}
