/* SPDX-License-Identifier: PostgreSQL */
/*
 * Mechanism native: the publications, table by table, never FOR ALL TABLES,
 * which takes in tables of extensions and all of pgrepup's own; only that of
 * the barriers travels, from the beginning.
 *
 * From the moment on that a table is published, PostgreSQL refuses an UPDATE
 * or DELETE of it when it has no replica identity. So a table is published
 * in one transaction with a look at its identity, under a lock that keeps
 * the identity as it is; one without goes into a publication of new rows only,
 * when a person has said so (the fix "replica_identity"), else into none.
 */
#include "mech_native.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "retry.h"
#include "tables.h"

/* The publications, and what they publish by the source's version. */
static const struct publication {
	const char *name;
	bool insert_only;
	const char *publish;
	const char *publish_10; /* which knows no truncate */
} publications[] = {
	{
		.name = NATIVE_PUBLICATION,
		.publish = "insert, update, delete, truncate",
		.publish_10 = "insert, update, delete",
	},
	{
		.name = NATIVE_PUBLICATION_INSERT,
		.insert_only = true,
		.publish = "insert, truncate",
		.publish_10 = "insert",
	},
};

/* --- making them -------------------------------------------------------- */

static bool
refuse_foreign(const char *name, struct err *err)
{
	err_set(err, ERR_STATE,
		"publication \"%s\" exists, and pgrepup did not make it", name);
	err_hint(err, "Rename it (ALTER PUBLICATION ... RENAME TO ...), or "
		      "drop it when nobody needs it.");
	return false;
}

/* *there: it is, and is ours. */
static bool
find_publication(struct pg *pg, const char *name, bool *there, struct err *err)
{
	struct change_list list = {.n = 0};
	struct rowset rows = ROWSET_INIT;
	bool ok;

	ok = registry_list(pg, CHANGE_PUBLICATION, &list, err) &&
	     pg_ask(pg, "publication", PG_BIND(name), &rows, err);
	*there = ok && rows.n_rows > 0;
	if (*there &&
	    !change_list_find(&list, CHANGE_PUBLICATION, "", name, ""))
		ok = refuse_foreign(name, err);
	change_list_release(&list);
	rowset_release(&rows);
	return ok;
}

static bool
create_publication(struct pg *pg, const struct publication *p,
		   struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "CREATE PUBLICATION ");
	strbuf_ident(&sql, p->name);
	if (!p->insert_only)
		strbuf_add(&sql, " FOR TABLE ONLY pgrepup.barrier");
	strbuf_add(&sql, " WITH (publish = ");
	strbuf_literal(&sql, pg_version(pg) < 110000 ? p->publish_10
						     : p->publish);
	strbuf_add(&sql, ")");
	ok = pg_begin(pg, err) && pg_run(pg, sql.text, NULL, err) &&
	     mech_record(pg, CHANGE_PUBLICATION, p->name, NULL, NULL, NULL,
			 err) &&
	     pg_commit(pg, err);
	if (!ok)
		pg_rollback(pg);
	strbuf_release(&sql);
	return ok;
}

/* Empty: no table is concerned before start. */
bool
native_prepare(const struct mechanism_at *at, const struct rowset *tables,
	       struct err *err)
{
	bool there;
	size_t i;

	(void)tables;
	if (!registry_open(at->source, err))
		return false;
	for (i = 0; i < LENGTH_OF(publications); i++)
		if (!find_publication(at->source, publications[i].name, &there,
				      err) ||
		    (!there && !create_publication(at->source,
						   &publications[i], err)))
			return false;
	return true;
}

/* --- tables ------------------------------------------------------------- */

/* One publication, what it has and what it shall have. */
struct content {
	const struct publication *publication;
	struct rowset members;
	const struct rowset *tables;
	const struct change_list *insert_only;
};

static bool
belongs(const struct content *c, const char *schema, const char *name)
{
	bool insert_only = change_list_find(c->insert_only, CHANGE_INSERT_ONLY,
					    schema, name, "") != NULL;

	return insert_only == c->publication->insert_only &&
	       tables_have(c->tables, schema, name);
}

static bool
is_missing(void *arg, const char *schema, const char *name)
{
	const struct content *c = arg;

	return belongs(c, schema, name) &&
	       !tables_have(&c->members, schema, name);
}

static bool
is_surplus(void *arg, const char *schema, const char *name)
{
	return !belongs(arg, schema, name);
}

/* One change of one publication. */
struct alteration {
	const struct publication *publication;
	const char *verb; /* "ADD" */
	const char *schema;
	const char *name;
};

static bool
alter(struct pg *pg, const struct alteration *a, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "ALTER PUBLICATION ");
	strbuf_ident(&sql, a->publication->name);
	strbuf_addf(&sql, " %s TABLE ONLY ", a->verb);
	strbuf_ident2(&sql, a->schema, a->name);
	ok = pg_run(pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

/* Could its rows still be changed? */
static bool
has_identity(struct pg *pg, const struct alteration *a, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(pg, "native_identity", PG_BIND(a->schema, a->name),
			 &rows, err);

	if (ok && !rowset_bool(&rows, 0, "usable")) {
		err_set(err, ERR_SERVER,
			"it has no replica identity, so that its UPDATE and "
			"DELETE would fail");
		ok = false;
	}
	rowset_release(&rows);
	return ok;
}

static bool
alter_once(struct pg *pg, void *arg, struct err *err)
{
	const struct alteration *a = arg;
	bool look = *a->verb == 'A' && !a->publication->insert_only;

	if (pg_begin(pg, err) && alter(pg, a, err) &&
	    (!look || has_identity(pg, a, err)) && pg_commit(pg, err))
		return true;
	pg_rollback(pg);
	return false;
}

static bool
add_table(const struct mechanism_at *at, void *arg, const char *schema,
	  const char *name, struct err *err)
{
	const struct content *c = arg;
	struct alteration a = {c->publication, "ADD", schema, name};

	return mech_locking(at, at->source, name, alter_once, &a, err);
}

static bool
drop_table(const struct mechanism_at *at, void *arg, const char *schema,
	   const char *name, struct err *err)
{
	const struct content *c = arg;
	struct alteration a = {c->publication, "DROP", schema, name};

	return mech_locking(at, at->source, name, alter_once, &a, err);
}

static bool
fill(const struct mechanism_at *at, struct content *c, struct err *err)
{
	struct mech_tables out = {
		.verb = "taken out of the publication",
		.list = &c->members,
		.wanted = is_surplus,
		.change = drop_table,
		.arg = c,
	};
	struct mech_tables in = {
		.verb = "added to the publication",
		.list = c->tables,
		.wanted = is_missing,
		.change = add_table,
		.arg = c,
	};

	return pg_ask(at->source, "publication_tables",
		      PG_BIND(c->publication->name), &c->members, err) &&
	       mech_change_tables(at, &out, err) &&
	       mech_change_tables(at, &in, err);
}

bool
native_publish(const struct mechanism_at *at, const struct rowset *tables,
	       struct err *err)
{
	struct change_list insert_only = {.n = 0};
	size_t i;
	bool ok;

	ok = native_prepare(at, tables, err) &&
	     registry_list(at->source, CHANGE_INSERT_ONLY, &insert_only, err);
	for (i = 0; ok && i < LENGTH_OF(publications); i++) {
		struct content c = {
			.publication = &publications[i],
			.tables = tables,
			.insert_only = &insert_only,
		};

		ok = fill(at, &c, err);
		rowset_release(&c.members);
	}
	change_list_release(&insert_only);
	return ok;
}

bool
native_members(const struct mechanism_at *at, struct rowset *rows,
	       struct err *err)
{
	return pg_ask(at->source, "native_members",
		      PG_BIND(NATIVE_PUBLICATION, NATIVE_PUBLICATION_INSERT),
		      rows, err);
}

/* --- the way back ------------------------------------------------------- */

static bool
drop_publication(struct pg *pg, void *arg, struct err *err)
{
	const struct change *c = arg;
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "DROP PUBLICATION IF EXISTS ");
	strbuf_ident(&sql, c->name);
	ok = pg_run(pg, sql.text, NULL, err) &&
	     registry_forget(pg, c->id, err);
	strbuf_release(&sql);
	return ok;
}

static bool
drop_publications(const struct mechanism_at *at, struct err *err)
{
	struct change_list list;
	size_t i;
	bool ok;

	ok = registry_list(at->source, CHANGE_PUBLICATION, &list, err);
	for (i = 0; ok && i < list.n; i++) {
		ok = retry_locked(at->source, at->op->interrupt,
				  drop_publication, &list.items[i], err);
		if (ok)
			op_item(at->op, "nodes", at->database,
				list.items[i].name, "ok",
				"source: publication dropped");
	}
	change_list_release(&list);
	return ok;
}

/* Slots that a subscription of the destination made for its first copies and
 * left when it was dropped, or its server went away. */
static bool
drop_sync_slots(const struct mechanism_at *at, struct err *err)
{
	const char *id = at->op->destination.system_identifier;
	struct rowset slots = ROWSET_INIT, sub = ROWSET_INIT;
	const char *name;
	size_t i;
	bool ok = pg_ask(at->source, "native_sync_slots", PG_BIND(id), &slots,
			 err);

	for (i = 0; ok && i < slots.n_rows; i++) {
		name = rowset_text(&slots, i, "name");
		ok = pg_ask(at->destination, "native_subscription_of",
			    PG_BIND(rowset_text(&slots, i, "subscription")),
			    &sub, err);
		if (ok && sub.n_rows == 0) {
			ok = mechanism_drop_slot(at->op, at->source, name, err);
			op_item(at->op, "nodes", at->database, name,
				ok ? "ok" : "ko", "source: %s",
				"replication slot that a first copy left");
		}
		rowset_release(&sub);
		sub = (struct rowset)ROWSET_INIT;
	}
	rowset_release(&slots);
	return ok;
}

bool
native_remove(const struct mechanism_at *at, struct err *err)
{
	if (!at->source)
		return true;
	return drop_publications(at, err) &&
	       (!at->destination || drop_sync_slots(at, err));
}
