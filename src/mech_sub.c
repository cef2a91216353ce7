/* SPDX-License-Identifier: PostgreSQL */
/* What is the same in how the mechanisms make and drop a subscription. */
#include <stdlib.h>

#include "mech_common.h"
#include "mem.h"

bool
mech_subscribe(const struct mechanism_at *at, const struct mech_sub *how,
	       const char *slot, const char *lsn, struct err *err)
{
	struct change_list list;
	char *name = NULL;
	bool ok;

	ok = registry_list(at->destination, CHANGE_SUBSCRIPTION, &list, err);
	if (ok && list.n > 0)
		ok = mech_check_recorded(&list.items[0], slot, lsn, err);
	if (ok)
		name = how->name(at, err);
	ok = ok && name &&
	     (list.n > 0 || how->make(at, name, slot, lsn, err)) &&
	     how->enable(at->destination, name, err);
	free(name);
	change_list_release(&list);
	return ok;
}

bool
mech_disable(const struct mechanism_at *at, const struct mech_sub *how,
	     struct err *err)
{
	char *name = how->name(at, err);
	bool ok = name && how->disable(at->destination, name, err);

	free(name);
	return ok;
}

bool
mech_unsubscribe(const struct mechanism_at *at, const struct mech_sub *how,
		 struct err *err)
{
	struct text_list slots = {.n = 0};
	size_t i;
	bool ok;

	/* Before any of it is forgotten. */
	ok = mech_find_slots(at, &slots, err) && how->drop_all(at, err) &&
	     mech_unmute(at->destination, err);
	for (i = 0; ok && i < slots.n; i++)
		ok = (!how->drop_origin ||
		      how->drop_origin(at, slots.items[i], err)) &&
		     mech_drop_slot(at, slots.items[i], err);
	text_list_release(&slots);
	return ok;
}

char *
mech_slot_gone(const struct mechanism_at *at, const char *slot)
{
	struct rowset rows = ROWSET_INIT;
	struct err ignored = ERR_INIT;
	char *reason = NULL;

	if (at->source && slot &&
	    pg_ask(at->source, "slot_find", PG_BIND(slot), &rows, &ignored) &&
	    rows.n_rows == 0)
		reason = mem_printf("replication slot \"%s\" is gone from the "
				    "source",
				    slot);
	rowset_release(&rows);
	err_release(&ignored);
	return reason;
}
