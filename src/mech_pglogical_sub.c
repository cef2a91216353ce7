/* SPDX-License-Identifier: PostgreSQL */
/*
 * Mechanism pglogical: the subscription. It takes over from our own copy at
 * the slot's consistent point: made disabled, told that everything is copied,
 * its origin set to that point, all in one transaction; enabled after it.
 */
#include "mech_pglogical.h"

#include <stdlib.h>
#include <string.h>

#include "fence.h"
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

	mech_source_dsn(at, &source);
	mech_dsn_password(at, &source);
	ok = mech_destination_dsn(at, &own, err);
	strbuf_add(&with, own.text);
	mech_dsn_password(at, &with);
	ok = ok && set_own_dsn(at, &with, err) &&
	     pg_ask(at->destination, "pglogical_subscribe",
		    PG_BIND(name, source.text, PGLOGICAL_SET), NULL, err) &&
	     set_own_dsn(at, &own, err);
	if (!ok)
		hide_dsn(at, err);
	mech_dsn_wipe(&with);
	mech_dsn_wipe(&source);
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
	found = rowset_text(&rows, 0, "slot");
	if (ok && strcmp(found, slot) != 0) {
		err_set(err, ERR_STATE,
			"subscription \"%s\" uses replication slot \"%s\", "
			"not \"%s\"",
			name, found, slot);
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
subscribe_now(const struct mechanism_at *at, const char *name,
	      const char *slot, const char *lsn, struct err *err)
{
	struct pg *pg = at->destination;

	if (pg_begin(pg, err) && mech_mute(at, err) &&
	    mech_quiet(pg, err) && create_subscription(at, name, err) &&
	    slot_matches(pg, name, slot, err) && mark_synced(pg, name, err) &&
	    position_origin(at, slot, lsn, err) &&
	    mech_record(pg, CHANGE_SUBSCRIPTION, name, NULL, slot, lsn,
			     err) &&
	    pg_commit(pg, err))
		return true;
	pg_rollback(pg);
	return false;
}

/* The way from the destination to itself leads through its fence, which is put
 * back whatever became of it. */
static bool
make_subscription(const struct mechanism_at *at, const char *name,
		  const char *slot, const char *lsn, struct err *err)
{
	const struct interrupt *interrupt;
	struct err left = ERR_INIT;
	bool ok = fence_set_ajar(at->op, at->destination, true, err) &&
		  subscribe_now(at, name, slot, lsn, err);

	/* ^C must not leave it open. */
	interrupt = pg_set_interrupt(at->destination, NULL);
	if (!fence_set_ajar(at->op, at->destination, false, &left) && ok) {
		err_move(err, &left);
		ok = false;
	}
	pg_set_interrupt(at->destination, interrupt);
	err_release(&left);
	return ok;
}

static bool
enable(struct pg *pg, const char *name, struct err *err)
{
	return pg_ask(pg, "pglogical_enable", PG_BIND(name), NULL, err);
}

static bool
disable(struct pg *pg, const char *name, struct err *err)
{
	return pg_ask(pg, "pglogical_disable", PG_BIND(name), NULL, err);
}

/* Drops it and forgets it at once. pglogical tries to drop the slot as well,
 * and only warns when it cannot. */
static bool
drop_subscription(const struct mechanism_at *at, const struct change *c,
		  struct err *err)
{
	struct pg *pg = at->destination;

	if (pg_begin(pg, err) && mech_quiet(pg, err) &&
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
	return ok;
}

static bool
drop_origin(const struct mechanism_at *at, const char *slot, struct err *err)
{
	return mechanism_drop_origin(at->op, at->destination, slot, err);
}

static const struct mech_sub how = {
	.name = pglogical_subscription,
	.make = make_subscription,
	.enable = enable,
	.disable = disable,
	.drop_all = drop_subscriptions,
	.drop_origin = drop_origin,
};

bool
pglogical_subscribe(const struct mechanism_at *at, const char *slot,
		    const char *lsn, struct err *err)
{
	return mech_subscribe(at, &how, slot, lsn, err);
}

bool
pglogical_disable(const struct mechanism_at *at, struct err *err)
{
	return mech_disable(at, &how, err);
}

bool
pglogical_unsubscribe(const struct mechanism_at *at, struct err *err)
{
	return mech_unsubscribe(at, &how, err);
}
