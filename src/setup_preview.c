/* SPDX-License-Identifier: PostgreSQL */
/* setup --dry-run: what would be done with each database. Changes nothing. */
#include <string.h>

#include "setup.h"

#define STEP "preview"

static const char *const next[] = {
    [LOAD_NONE] = "exists; would be taken if nothing is in it",
    [LOAD_MADE] = "is made; the rest of its schema would be copied",
    [LOAD_SCHEMA] = "has its schema; its tables would be published",
    [LOAD_PREPARED] = "is prepared; its tables would be published",
    [LOAD_LOADING] = "rows are being copied; nothing would be touched",
    [LOAD_COPIED] = "is copied; nothing would be touched",
    [LOAD_INDEXED] = "is copied; nothing would be touched",
    [LOAD_SUBSCRIBED] = "replicates; nothing would be touched",
    [LOAD_HANDED_OVER] = "is handed over; nothing would be touched",
};

/* With --again. */
static const char *
next_again(const struct op *op, const char *name, const struct load *load)
{
	if (load->state == LOAD_NONE)
		return next[LOAD_NONE];
	if (load->state == LOAD_HANDED_OVER &&
	    !text_list_has(&op->options.discard, name))
		return "is handed over; it would be refused";
	return "would be emptied, and its schema copied again";
}

static bool
preview_there(struct op *op, const char *name, struct err *err)
{
	struct pg *pg = op_connect(op, SIDE_DESTINATION, name, PG_PLAIN, err);
	struct load load = {.state = LOAD_NONE};
	bool ok = pg && load_read(pg, &load, err);

	if (ok)
		op_item(op, STEP, name, NULL, "plan", "%s",
			op->options.again ? next_again(op, name, &load)
					  : next[load.state]);
	load_release(&load);
	pg_close(pg);
	return ok;
}

static bool
preview(struct op *op, const struct database *db, void *arg, struct err *err)
{
	const struct rowset *there = arg;
	size_t i;

	for (i = 0; i < there->n_rows; i++)
		if (strcmp(rowset_text(there, i, "name"), db->name) == 0)
			return preview_there(op, db->name, err);
	op_item(op, STEP, db->name, NULL, "plan", "%s",
		"would be made, and its schema copied");
	return true;
}

bool
setup_preview(struct op *op, struct err *err)
{
	struct rowset there = ROWSET_INIT;
	bool ok;

	ok = pg_ask(op->destination.pg, "databases", PG_NONE, &there, err) &&
	     op_each_database(op, 1, preview, &there, err);
	rowset_release(&there);
	return ok;
}
