/* SPDX-License-Identifier: PostgreSQL */
/* What is in use on a server, of what the settings of needs.c bound. */
#include "needs.h"

#include <stdlib.h>

#include "mechanism.h"

/* Names of our slots on the source, which the origins are named after. */
static bool
our_slots(struct op *op, const char *databases, char **names, struct err *err)
{
	*names = NULL;
	if (!op->source.pg || !op->mechanism)
		return true;
	*names = pg_ask_value(op->source.pg, "our_slots",
			      PG_BIND(databases, op->mechanism->plugin), err);
	return !err_is_set(err);
}

static void
take_counts(const struct rowset *rows, struct need_counts *counts)
{
	counts->connectable = rowset_int(rows, 0, "connectable");
	counts->slots = rowset_int(rows, 0, "slots");
	counts->senders = rowset_int(rows, 0, "senders");
	counts->workers = rowset_int(rows, 0, "workers");
	counts->appliers = rowset_int(rows, 0, "appliers");
	counts->origins = rowset_int(rows, 0, "origins");
	counts->standbys = rowset_int(rows, 0, "standbys");
}

bool
need_count(struct op *op, struct pg *pg, struct need_counts *counts,
	   struct err *err)
{
	struct strbuf databases = STRBUF_INIT;
	struct rowset rows = ROWSET_INIT;
	char *slots = NULL;
	size_t i;
	bool ok;

	for (i = 0; i < op->n_databases; i++)
		strbuf_array(&databases, op->databases[i].name);
	strbuf_array_end(&databases);
	counts->databases = (long long)op->n_databases;
	ok = our_slots(op, databases.text, &slots, err) &&
	     pg_ask(pg, "in_use", PG_BIND(databases.text, slots ? slots : "{}"),
		    &rows, err);
	if (ok)
		take_counts(&rows, counts);
	rowset_release(&rows);
	strbuf_release(&databases);
	free(slots);
	return ok;
}
