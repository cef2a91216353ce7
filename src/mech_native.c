/* SPDX-License-Identifier: PostgreSQL */
/* Mechanism native: the row, names, state. */
#include "mech_native.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "server_log.h"

/* Of the database's name in that of its slot, which has 63 bytes. */
#define NAME_SHOWN 45

char *
native_name(const struct mechanism_at *at)
{
	char *shown = mem_strndup(at->database, NAME_SHOWN);
	char *name, *c;

	/* A slot's name has no other characters. */
	for (c = shown; *c; c++) {
		*c = (char)tolower((unsigned char)*c);
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789", *c))
			*c = '_';
	}
	name = mem_printf("pgrepup_%s_%08x", shown, mech_hash(at));
	free(shown);
	return name;
}

bool
native_find(const struct mechanism_at *at, const char *name,
	    struct rowset *rows, struct err *err)
{
	return pg_ask(at->destination, "native_subscription", PG_BIND(name),
		      rows, err);
}

static char *
slot_name(const struct mechanism_at *at, struct err *err)
{
	return mech_subscription(at, native_name(at), err);
}

/* Why the apply worker is not there, as far as the servers tell. */
static char *
down_reason(const struct mechanism_at *at, const char *name,
	    const struct rowset *sub)
{
	char *reason = mech_slot_gone(at, rowset_get(sub, 0, "slot"));

	return reason ? reason : server_log_subscription(at->destination, name);
}

static enum subscription_state
state_of(const struct rowset *sub)
{
	if (sub->n_rows == 0)
		return SUBSCRIPTION_NONE;
	if (!rowset_bool(sub, 0, "enabled"))
		return SUBSCRIPTION_DISABLED;
	if (!rowset_get(sub, 0, "pid"))
		return SUBSCRIPTION_DOWN;
	if (rowset_int(sub, 0, "pending") > 0)
		return SUBSCRIPTION_INITIALIZING;
	return SUBSCRIPTION_REPLICATING;
}

static bool
native_state(const struct mechanism_at *at, enum subscription_state *state,
	     char **reason, struct err *err)
{
	struct rowset sub = ROWSET_INIT;
	char *name = slot_name(at, err);
	bool ok;

	*state = SUBSCRIPTION_NONE;
	*reason = NULL;
	ok = name && native_find(at, name, &sub, err);
	if (ok)
		*state = state_of(&sub);
	if (ok && *state == SUBSCRIPTION_DOWN)
		*reason = down_reason(at, name, &sub);
	rowset_release(&sub);
	free(name);
	return ok;
}

static bool
native_workers(const struct mechanism_at *at, struct rowset *rows,
	       struct err *err)
{
	return pg_ask(at->destination, "native_workers", PG_NONE, rows, err);
}

/* Origins are for superusers' eyes. */
static bool
ask_origin(const struct mechanism_at *at, const struct rowset *sub,
	   struct rowset *origin, bool *may, struct err *err)
{
	*may = pg_ask(at->destination, "origin_find",
		      PG_BIND(rowset_text(sub, 0, "origin")), origin, err);
	if (*may)
		return true;
	if (!err_is(err, "42501") || sub->n_rows == 0)
		return false;
	err_release(err);
	return true;
}

/* The origin moves with each transaction that was applied: not with empty
 * ones, nor with those of other databases. */
static bool
native_applied(const struct mechanism_at *at, const char *slot, char **lsn,
	       struct err *err)
{
	struct rowset sub = ROWSET_INIT, origin = ROWSET_INIT;
	char *name = slot_name(at, err);
	const char *found;
	bool ok, may = true;

	*lsn = NULL;
	ok = name && native_find(at, name, &sub, err) &&
	     ask_origin(at, &sub, &origin, &may, err);
	found = rowset_get(&origin, 0, "remote_lsn");
	if (ok && origin.n_rows > 0)
		*lsn = mem_strdup(found ? found : "0/0");
	else if (ok && may)
		err_set(err, ERR_STATE,
			"the subscription of slot \"%s\" is gone from the "
			"destination",
			slot);
	rowset_release(&sub);
	rowset_release(&origin);
	free(name);
	return !err_is_set(err);
}

const struct mechanism mechanism_native = {
	.name = "native",
	.plugin = "pgoutput",
	/* run_as_owner */
	.as_owner_version = 160000,
	.min_version = 100000,
	.min_destination = 100000,
	.truncate_version = 110000,
	.full_identity = true,
	.prepare = native_prepare,
	.publish = native_publish,
	.members = native_members,
	.slot_name = slot_name,
	.subscribe = native_subscribe,
	.disable = native_disable,
	.state = native_state,
	.workers = native_workers,
	.applied = native_applied,
	.unsubscribe = native_unsubscribe,
	.remove = native_remove,
};
