/* SPDX-License-Identifier: PostgreSQL */
/*
 * Mechanism pglogical: the subscription. It takes over from our own copy at
 * the slot's consistent point: made disabled, told that everything is copied,
 * its origin set to that point, all in one transaction; enabled after it.
 */
#include "mech_pglogical.h"

#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "mem.h"

/*
 * pglogical puts the connection string into the detail of its error. The
 * message (libpq's) has no password.
 */
static void
hide_dsn(const struct mechanism_at *at, struct err *err)
{
	const struct endpoint *ep = &at->op->conf->source;

	if (err->detail && strstr(err->detail, "dsn"))
		err_detail(err,
			   "The destination's server connects to %s:%s and "
			   "to itself as role \"%s\".",
			   endpoint_server_host(ep), endpoint_server_port(ep),
			   at->op->conf->replication_user);
}

/* pglogical tries the way from the destination to itself before it makes a
 * subscription, and never again: the password is there only meanwhile. */
static bool
set_own_dsn(const struct mechanism_at *at, struct strbuf *dsn,
	    struct err *err)
{
	return pg_ask(at->destination, "pglogical_node_dsn",
		      PG_BIND(dsn->text), NULL, err);
}

static bool
create_subscription(const struct mechanism_at *at, const char *name,
		    struct err *err)
{
	struct strbuf own = STRBUF_INIT, with = STRBUF_INIT;
	struct strbuf source = STRBUF_INIT;
	bool ok;

	pglogical_source_dsn(at, &source);
	pglogical_dsn_password(at, &source);
	ok = pglogical_destination_dsn(at, &own, err);
	strbuf_add(&with, own.text);
	pglogical_dsn_password(at, &with);
	ok = ok && set_own_dsn(at, &with, err) &&
	     pg_ask(at->destination, "pglogical_subscribe",
		    PG_BIND(name, source.text, PGLOGICAL_SET), NULL, err) &&
	     set_own_dsn(at, &own, err);
	if (!ok)
		hide_dsn(at, err);
	pglogical_dsn_wipe(&with);
	pglogical_dsn_wipe(&source);
	strbuf_release(&own);
	return ok;
}

/* pglogical would drop the slot and make it anew if a row said otherwise. */
static bool
mark_synced(struct pg *pg, const char *name, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok;

	ok = pg_ask(pg, "pglogical_disable", PG_BIND(name), NULL, err) &&
	     pg_ask(pg, "pglogical_synced", PG_BIND(name), &rows, err);
	if (ok && rows.n_rows != 1) {
		err_set(err, ERR_STATE,
			"subscription \"%s\" has %zu rows of state, not one",
			name, rows.n_rows);
		ok = false;
	}
	rowset_release(&rows);
	return ok;
}

/* Does the subscription use the slot that was made for it? */
static bool
slot_matches(struct pg *pg, const char *name, const char *slot,
	     struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	const char *found;
	bool ok;

	ok = pg_ask(pg, "pglogical_subscription", PG_BIND(name), &rows, err);
	found = rowset_get(&rows, 0, "slot");
	if (ok && (!found || strcmp(found, slot) != 0)) {
		err_set(err, ERR_STATE,
			"subscription \"%s\" uses replication slot \"%s\", "
			"not \"%s\"",
			name, found ? found : "", slot);
		ok = false;
	}
	rowset_release(&rows);
	return ok;
}

static bool
position_origin(const struct mechanism_at *at, const char *slot,
		const char *lsn, struct err *err)
{
	return mechanism_drop_origin(at->op, at->destination, slot, err) &&
	       pg_ask(at->destination, "origin_create", PG_BIND(slot), NULL,
		      err) &&
	       pg_ask(at->destination, "origin_advance", PG_BIND(slot, lsn),
		      NULL, err);
}

static bool
make_subscription(const struct mechanism_at *at, const char *name,
		  const char *slot, const char *lsn, struct err *err)
{
	struct pg *pg = at->destination;

	if (pg_begin(pg, err) && pglogical_mute(pg, err) &&
	    pglogical_quiet(pg, err) && create_subscription(at, name, err) &&
	    slot_matches(pg, name, slot, err) && mark_synced(pg, name, err) &&
	    position_origin(at, slot, lsn, err) &&
	    pglogical_record(pg, CHANGE_SUBSCRIPTION, name, NULL, slot, lsn,
			     err) &&
	    pg_commit(pg, err))
		return true;
	pg_rollback(pg);
	return false;
}

/*
 * One that is recorded was made whole. It must have begun at this very place:
 * a slot made later would leave a gap.
 */
static bool
check_recorded(const struct change *c, const char *slot, const char *lsn,
	       struct err *err)
{
	if (c->old_value && strcmp(c->old_value, slot) == 0 && c->new_value &&
	    strcmp(c->new_value, lsn) == 0)
		return true;
	err_set(err, ERR_STATE,
		"subscription \"%s\" began at %s of slot \"%s\", not at %s of "
		"slot \"%s\"",
		c->name, c->new_value ? c->new_value : "?",
		c->old_value ? c->old_value : "?", lsn, slot);
	return false;
}

bool
pglogical_subscribe(const struct mechanism_at *at, const char *slot,
		    const char *lsn, struct err *err)
{
	struct change_list list;
	char *name = NULL;
	bool ok;

	ok = registry_list(at->destination, CHANGE_SUBSCRIPTION, &list, err);
	if (ok && list.n > 0)
		ok = check_recorded(&list.items[0], slot, lsn, err);
	if (ok)
		name = pglogical_subscription(at, err);
	ok = ok && name &&
	     (list.n > 0 || make_subscription(at, name, slot, lsn, err)) &&
	     pg_ask(at->destination, "pglogical_enable", PG_BIND(name), NULL,
		    err);
	free(name);
	change_list_release(&list);
	return ok;
}

/* Drops it and forgets it at once. pglogical tries to drop the slot as well,
 * and only warns when it cannot. */
static bool
drop_subscription(const struct mechanism_at *at, const struct change *c,
		  struct err *err)
{
	struct pg *pg = at->destination;

	if (pg_begin(pg, err) && pglogical_quiet(pg, err) &&
	    pg_ask(pg, "pglogical_unsubscribe", PG_BIND(c->name), NULL, err) &&
	    registry_forget(pg, c->id, err) && pg_commit(pg, err))
		return true;
	hide_dsn(at, err);
	pg_rollback(pg);
	return false;
}

static bool
drop_subscriptions(const struct mechanism_at *at, struct err *err)
{
	struct change_list list;
	bool installed, ok;
	size_t i;

	ok = registry_list(at->destination, CHANGE_SUBSCRIPTION, &list, err) &&
	     pglogical_is_installed(at->destination, &installed, err);
	for (i = 0; ok && i < list.n; i++)
		ok = installed ? drop_subscription(at, &list.items[i], err)
			       : registry_forget(at->destination,
						 list.items[i].id, err);
	change_list_release(&list);
	return ok && pglogical_unmute(at->destination, err);
}

static bool
forget_slot(struct pg *pg, const char *slot, struct err *err)
{
	struct change_list list;
	const struct change *c;
	bool ok = registry_list(pg, CHANGE_SLOT, &list, err);

	c = change_list_find(&list, CHANGE_SLOT, "", slot, "");
	if (ok && c)
		ok = registry_forget(pg, c->id, err);
	change_list_release(&list);
	return ok;
}

/* Slot and origin of that name: asked for on both servers until gone. */
static bool
drop_slot(const struct mechanism_at *at, const char *slot, struct err *err)
{
	if (!mechanism_drop_origin(at->op, at->destination, slot, err))
		return false;
	if (at->source)
		return mechanism_drop_slot(at->op, at->source, slot, err) &&
		       forget_slot(at->source, slot, err) &&
		       forget_slot(at->destination, slot, err);
	op_item(at->op, "unsubscribe", at->database, slot, "warn",
		"replication slot \"%s\" may remain on the source, which was "
		"not asked; it keeps WAL there until it is dropped",
		slot);
	return true;
}

/* The slots that were made for this database, as far as anybody recorded. */
static bool
find_slots(const struct mechanism_at *at, struct text_list *slots,
	   struct err *err)
{
	struct load load = {.state = LOAD_NONE};
	struct change_list subs = {.n = 0}, made = {.n = 0};
	size_t i;
	bool ok;

	ok = registry_list(at->destination, CHANGE_SUBSCRIPTION, &subs, err) &&
	     load_read(at->destination, &load, err) &&
	     (!at->source ||
	      registry_list(at->source, CHANGE_SLOT, &made, err));
	if (ok && load.slot)
		text_list_add(slots, load.slot);
	for (i = 0; ok && i < subs.n; i++)
		if (subs.items[i].old_value &&
		    !text_list_has(slots, subs.items[i].old_value))
			text_list_add(slots, subs.items[i].old_value);
	for (i = 0; ok && i < made.n; i++)
		if (!text_list_has(slots, made.items[i].name))
			text_list_add(slots, made.items[i].name);
	change_list_release(&subs);
	change_list_release(&made);
	load_release(&load);
	return ok;
}

bool
pglogical_unsubscribe(const struct mechanism_at *at, struct err *err)
{
	struct text_list slots = {.n = 0};
	size_t i;
	bool ok;

	/* Before any of it is forgotten. */
	ok = find_slots(at, &slots, err) && drop_subscriptions(at, err);
	for (i = 0; ok && i < slots.n; i++)
		ok = drop_slot(at, slots.items[i], err);
	text_list_release(&slots);
	return ok;
}
