/* SPDX-License-Identifier: PostgreSQL */
/*
 * Mechanism native: the subscription. It takes over from our own copy at the
 * slot's consistent point: made without a copy and disabled, its origin set to
 * that point, all in one transaction; enabled after it.
 */
#include "advice.h"
#include "load_role.h"
#include "mech_native.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

/*
 * What the subscription is made with, by the destination's version. Not
 * among it: origin = none, which would leave out what the source itself has
 * received by replication; disable_on_error, since most errors pass (a lock, a
 * deadlock); two_phase and failover, which keep something on the source.
 */
static const struct option {
	int min;
	const char *text;
} options[] = {
	{100000, "create_slot = false"},
	{100000, "copy_data = false"},
	{100000, "enabled = false"},
	/* a big transaction is not held back on the source */
	{140000, "streaming = on"},
};

/*
 * A superuser's subscription can act as each table's owner, whose code (a
 * CHECK, a generated column) then runs with his rights only. Where that cannot
 * be it acts as its own owner, and that is said.
 */
static bool
choose_owner(const struct mechanism_at *at, bool *as_owner, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok;

	*as_owner = true;
	if (!load_role_can_be(at->op) || !at->op->destination.superuser)
		return true;
	ok = pg_ask(at->destination, "not_as_owner", PG_NONE, &rows, err);
	*as_owner = ok && rows.n_rows == 0;
	if (ok && rows.n_rows > 0)
		op_item(at->op, "start", at->database, "run_as_owner", "warn",
			"changes are applied as \"%s\" and not as the tables' "
			"owners: %s.%s%s, %s",
			at->op->destination.user,
			rowset_text(&rows, 0, "schema"),
			rowset_text(&rows, 0, "name"),
			rows.n_rows > 1 ? " and others" : "",
			rowset_text(&rows, 0, "why"));
	rowset_release(&rows);
	return ok;
}

static void
create_statement(const struct mechanism_at *at, const char *name,
		 const char *slot, bool as_owner, struct strbuf *sql)
{
	const struct cluster *c = &at->op->destination;
	struct strbuf dsn = STRBUF_INIT;
	size_t i;

	mech_source_dsn(at, &dsn);
	mech_dsn_password(at, &dsn);
	strbuf_add(sql, "CREATE SUBSCRIPTION ");
	strbuf_ident(sql, name);
	strbuf_add(sql, " CONNECTION ");
	strbuf_literal(sql, dsn.text);
	strbuf_add(sql, " PUBLICATION " NATIVE_PUBLICATION
			", " NATIVE_PUBLICATION_INSERT " WITH (slot_name = ");
	strbuf_literal(sql, slot);
	for (i = 0; i < LENGTH_OF(options); i++)
		if (c->version >= options[i].min)
			strbuf_addf(sql, ", %s", options[i].text);
	if (!as_owner)
		strbuf_add(sql, ", run_as_owner = true");
	strbuf_add(sql, ")");
	mech_dsn_wipe(&dsn);
}

static bool
create_subscription(const struct mechanism_at *at, const char *name,
		    const char *slot, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok, as_owner;

	if (!choose_owner(at, &as_owner, err))
		return false;
	create_statement(at, name, slot, as_owner, &sql);
	ok = pg_run(at->destination, sql.text, NULL, err);
	mech_dsn_wipe(&sql);
	return ok;
}

/*
 * Who is no superuser may not. The slot begins at that very place by itself,
 * since nobody has read from it: this is the second of two locks.
 */
static bool
position_origin(const struct mechanism_at *at, const char *name,
		const char *lsn, struct err *err)
{
	char *may = pg_ask_value(at->destination, "origin_may_advance",
				 PG_NONE, err);
	bool skip = may && strcmp(may, "t") != 0;
	struct rowset sub = ROWSET_INIT;
	bool ok = may != NULL;

	free(may);
	if (!ok || skip)
		return ok;
	ok = native_find(at, name, &sub, err) &&
	     pg_ask(at->destination, "origin_advance",
		    PG_BIND(rowset_text(&sub, 0, "origin"), lsn), NULL, err);
	rowset_release(&sub);
	return ok;
}

/* A table that was copied and is not subscribed to would silently stand
 * still; one that is the other way round would lack its first rows. */
static bool
compare_tables(const struct mechanism_at *at, const char *name,
	       struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(at->destination, "native_differences", PG_BIND(name),
			 &rows, err);

	if (ok && rows.n_rows > 0) {
		err_set(err, ERR_STATE, "table \"%s.%s\" is %s",
			rowset_text(&rows, 0, "schema"),
			rowset_text(&rows, 0, "name"),
			rowset_text(&rows, 0, "what"));
		advice_hint_anew(err, at->database);
		ok = false;
	}
	rowset_release(&rows);
	return ok;
}

static bool
make_subscription(const struct mechanism_at *at, const char *name,
		  const char *slot, const char *lsn, struct err *err)
{
	struct pg *pg = at->destination;

	if (pg_begin(pg, err) && mech_mute(at, err) && mech_quiet(pg, err) &&
	    create_subscription(at, name, slot, err) &&
	    compare_tables(at, name, err) &&
	    position_origin(at, name, lsn, err) &&
	    mech_record(pg, CHANGE_SUBSCRIPTION, name, NULL, slot, lsn, err) &&
	    pg_commit(pg, err))
		return true;
	pg_rollback(pg);
	return false;
}

static bool
alter(struct pg *pg, const char *name, const char *what, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "ALTER SUBSCRIPTION ");
	strbuf_ident(&sql, name);
	strbuf_addf(&sql, " %s", what);
	ok = pg_run(pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

static bool
enable(struct pg *pg, const char *name, struct err *err)
{
	return alter(pg, name, "ENABLE", err);
}

static bool
disable(struct pg *pg, const char *name, struct err *err)
{
	return alter(pg, name, "DISABLE", err);
}

/* --- the way back ------------------------------------------------------- */

static bool
drop(struct pg *pg, const char *name, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "DROP SUBSCRIPTION ");
	strbuf_ident(&sql, name);
	/* Without its slot it asks nothing of the source. */
	ok = disable(pg, name, err) &&
	     alter(pg, name, "SET (slot_name = NONE)", err) &&
	     pg_run(pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

/* Its name has the number of the subscription, which is gone as well. */
static bool
origin_is_gone(struct pg *pg, const struct rowset *sub, struct err *err)
{
	char *left = pg_ask_value(pg, "native_origin",
				  PG_BIND(rowset_text(sub, 0, "origin")), err);

	if (left)
		err_set(err, ERR_STATE,
			"replication origin \"%s\" is still there", left);
	free(left);
	return !err_is_set(err);
}

/* Drops it, with its origin, and forgets it at once. */
static bool
drop_recorded(const struct mechanism_at *at, const struct change *c,
	      struct err *err)
{
	struct pg *pg = at->destination;
	struct rowset sub = ROWSET_INIT;
	bool ok;

	ok = native_find(at, c->name, &sub, err) && pg_begin(pg, err) &&
	     (sub.n_rows == 0 || (drop(pg, c->name, err) &&
				  origin_is_gone(pg, &sub, err))) &&
	     registry_forget(pg, c->id, err) && pg_commit(pg, err);
	if (!ok)
		pg_rollback(pg);
	rowset_release(&sub);
	return ok;
}

static bool
drop_subscriptions(const struct mechanism_at *at, struct err *err)
{
	struct change_list list;
	size_t i;
	bool ok;

	ok = registry_list(at->destination, CHANGE_SUBSCRIPTION, &list, err);
	for (i = 0; ok && i < list.n; i++)
		ok = drop_recorded(at, &list.items[i], err);
	change_list_release(&list);
	return ok;
}

static char *
name_of(const struct mechanism_at *at, struct err *err)
{
	return mech_subscription(at, native_name(at), err);
}

static const struct mech_sub how = {
	.name = name_of,
	.make = make_subscription,
	.enable = enable,
	.disable = disable,
	.drop_all = drop_subscriptions,
};

bool
native_subscribe(const struct mechanism_at *at, const char *slot,
		 const char *lsn, struct err *err)
{
	return mech_subscribe(at, &how, slot, lsn, err);
}

bool
native_disable(const struct mechanism_at *at, struct err *err)
{
	return mech_disable(at, &how, err);
}

bool
native_unsubscribe(const struct mechanism_at *at, struct err *err)
{
	return mech_unsubscribe(at, &how, err);
}
