/* SPDX-License-Identifier: PostgreSQL */
/* Undoing what is of one database, but its tables. */
#include <stdlib.h>
#include <string.h>

#include "mechanism.h"
#include "mem.h"
#include "undo.h"

/* --- settings of a database --------------------------------------------- */

static bool
set_for_database(const struct undo_at *at, const struct change *change,
		 struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "ALTER DATABASE ");
	strbuf_ident(&sql, pg_dbname(at->pg));
	strbuf_add(&sql, change->old_value ? " SET " : " RESET ");
	strbuf_ident(&sql, change->name);
	if (change->old_value) {
		strbuf_add(&sql, " = ");
		strbuf_literal(&sql, change->old_value);
	}
	ok = undo_is_preview(at, sql.text) ||
	     pg_run(at->pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

static bool
same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool
undo_database_setting(UNDO_ARGS)
{
	char *now = pg_ask_value(at->pg, "database_setting",
				 PG_BIND(change->name), err);
	bool ok = !err_is_set(err);

	if (ok && same(now, change->old_value)) {
		*result = UNDO_GONE;
	} else if (ok && !same(now, change->new_value)) {
		*result = UNDO_CHANGED;
		*why = mem_printf("it is \"%s\" now", now ? now : "");
	} else if (ok) {
		ok = set_for_database(at, change, err);
	}
	free(now);
	return ok;
}

/* --- the fence ----------------------------------------------------------- */

/* Words that are known, of a text that comes out of a table. */
static void
add_public(struct strbuf *sql, const char *database, const char *rights)
{
	static const char *const known[] = {"CONNECT", "TEMPORARY", "CREATE"};
	size_t i;
	bool any = false;

	for (i = 0; i < LENGTH_OF(known); i++) {
		if (!strstr(rights, known[i]))
			continue;
		strbuf_add(sql, any ? ", " : "GRANT ");
		strbuf_add(sql, known[i]);
		any = true;
	}
	if (!any)
		return;
	strbuf_add(sql, " ON DATABASE ");
	strbuf_ident(sql, database);
	strbuf_add(sql, " TO PUBLIC");
}

static const struct fence_part {
	const char *name;
	const char *column; /* of fence_facts.sql */
	const char *clause; /* of ALTER DATABASE; NULL: rights */
} fence_parts[] = {
	{FENCE_OWNER, "owner", " OWNER TO "},
	{FENCE_LIMIT, "connection_limit", " CONNECTION LIMIT "},
	{FENCE_PUBLIC, "public", NULL},
};

static const struct fence_part *
find_fence_part(const char *name)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(fence_parts); i++)
		if (strcmp(fence_parts[i].name, name) == 0)
			return &fence_parts[i];
	return NULL;
}

static void
write_fence_part(const struct undo_at *at, const struct fence_part *part,
		 const char *value, struct strbuf *sql)
{
	if (!part->clause) {
		add_public(sql, pg_dbname(at->pg), value);
		return;
	}
	strbuf_add(sql, "ALTER DATABASE ");
	strbuf_ident(sql, pg_dbname(at->pg));
	strbuf_add(sql, part->clause);
	if (strcmp(part->name, FENCE_LIMIT) == 0)
		strbuf_addf(sql, "%lld", strtoll(value, NULL, 10));
	else
		strbuf_ident(sql, value);
}

/* Of a database that was not handed over: stop has opened the others. */
bool
undo_fence(UNDO_ARGS)
{
	const char *was = change->old_value ? change->old_value : "";
	const char *is = change->new_value ? change->new_value : "";
	const struct fence_part *part = find_fence_part(change->name);
	struct rowset rows = ROWSET_INIT;
	struct strbuf sql = STRBUF_INIT;
	const char *now;
	bool ok;

	if (!part) {
		*result = UNDO_NEEDED;
		*why = mem_strdup("this pgrepup does not know that part");
		return true;
	}
	ok = pg_ask(at->pg, "fence_facts", PG_BIND(pg_dbname(at->pg)), &rows,
		    err);
	now = rowset_text(&rows, 0, part->column);
	write_fence_part(at, part, was, &sql);
	if (ok && strcmp(now, was) == 0) {
		*result = UNDO_GONE;
	} else if (ok && strcmp(now, is) != 0) {
		*result = UNDO_CHANGED;
		*why = mem_printf("it is \"%s\" now", now);
	} else if (ok && !undo_is_preview(at, sql.text)) {
		ok = pg_run(at->pg, sql.text, NULL, err);
	}
	strbuf_release(&sql);
	rowset_release(&rows);
	return ok;
}

/* --- grants ------------------------------------------------------------- */

/* The only ones that pgrepup grants; never text from a table into SQL. */
static const char *const grants[] = {
	"USAGE ON SCHEMA",
	"SELECT ON TABLE",
	"CONNECT ON DATABASE",
};

static bool
revoke(const struct undo_at *at, const struct change *change,
       const char *grant, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_addf(&sql, "REVOKE %s ", grant);
	if (*change->schema)
		strbuf_ident2(&sql, change->schema, change->name);
	else
		strbuf_ident(&sql, change->name);
	strbuf_add(&sql, " FROM ");
	if (*change->part)
		strbuf_ident(&sql, change->part);
	else
		strbuf_add(&sql, "PUBLIC");
	ok = undo_is_preview(at, sql.text) ||
	     pg_run(at->pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

/* No such schema, table, database or role any more. */
static bool
is_gone(const struct err *err)
{
	return err_is(err, "3F000") || err_is(err, "42P01") ||
	       err_is(err, "3D000") || err_is(err, "42704");
}

bool
undo_grant(UNDO_ARGS)
{
	struct err failed = ERR_INIT;
	const char *grant = NULL;
	size_t i;

	for (i = 0; i < LENGTH_OF(grants); i++)
		if (same(grants[i], change->new_value))
			grant = grants[i];
	if (!grant) {
		*result = UNDO_NEEDED;
		*why = mem_strdup("this pgrepup does not know that grant");
	} else if (!revoke(at, change, grant, &failed) && is_gone(&failed)) {
		*result = UNDO_GONE;
		err_release(&failed);
	}
	err_move(err, &failed);
	return !err_is_set(err);
}

/* --- extensions, and what the mechanism drops --------------------------- */

static bool
extension_exists(const struct undo_at *at, const char *name, bool *exists,
		 struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(at->pg, "extension_version", PG_BIND(name), &rows,
			 err);

	*exists = ok && rows.n_rows > 0;
	rowset_release(&rows);
	return ok;
}

/* A node is in no way of dropping the extension, and would go with it. */
static bool
has_node(const struct undo_at *at, bool *has, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok, exists;

	*has = false;
	if (!extension_exists(at, "pglogical", &exists, err))
		return false;
	ok = !exists ||
	     pg_ask(at->pg, "pglogical_local_node", PG_NONE, &rows, err);
	*has = ok && rows.n_rows > 0;
	rowset_release(&rows);
	return ok;
}

/* It leaves its schema, of the same name, behind. */
static bool
preview_drop(const struct undo_at *at, const char *name)
{
	struct strbuf sql = STRBUF_INIT;
	bool preview;

	strbuf_add(&sql, "DROP EXTENSION ");
	strbuf_ident(&sql, name);
	strbuf_add(&sql, ";\nDROP SCHEMA IF EXISTS ");
	strbuf_ident(&sql, name);
	preview = undo_is_preview(at, sql.text);
	strbuf_release(&sql);
	return preview;
}

/* After setup the mechanism has dropped it, unless others use it. */
bool
undo_extension(UNDO_ARGS)
{
	bool exists, node = false;

	(void)why;
	if (!extension_exists(at, change->name, &exists, err) ||
	    (exists && !has_node(at, &node, err)))
		return false;
	*result = !exists ? UNDO_GONE : UNDO_NEEDED;
	if (exists && !node && preview_drop(at, change->name))
		*result = UNDO_DONE;
	return true;
}

bool
undo_extension_update(UNDO_ARGS)
{
	(void)at;
	(void)err;
	*result = UNDO_STAYS;
	*why = mem_printf("stays at version %s, there is no way back",
			  change->new_value);
	return true;
}

bool
undo_of_mechanism(UNDO_ARGS)
{
	bool exists;

	(void)change;
	if (!extension_exists(at, "pglogical", &exists, err))
		return false;
	*result = exists ? UNDO_NEEDED : UNDO_GONE;
	if (exists)
		*why = mem_strdup("pglogical still has it");
	return true;
}

/* The mechanism has dropped it. */
bool
undo_publication(UNDO_ARGS)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(at->pg, "publication", PG_BIND(change->name), &rows,
			 err);

	*result = ok && rows.n_rows > 0 ? UNDO_NEEDED : UNDO_GONE;
	if (ok && rows.n_rows > 0)
		*why = mem_strdup("it is still there");
	rowset_release(&rows);
	return ok;
}

/* Nothing but the record itself. */
bool
undo_choice(UNDO_ARGS)
{
	(void)change;
	(void)why;
	(void)err;
	if (!undo_is_preview(at, "-- only the record of it"))
		*result = UNDO_DONE;
	return true;
}

/* Origins are of the whole cluster, and outlive their database. */
static bool
drop_origin(const struct undo_at *at, const char *name, struct err *err)
{
	struct pg *pg = op_connect(at->op, SIDE_DESTINATION, NULL, PG_PLAIN,
				   err);
	bool ok = pg && mechanism_drop_origin(at->op, pg, name, err);

	pg_close(pg);
	return ok;
}

/* Only of a database that is gone from the destination: elsewhere the
 * mechanism has dropped slot and origin, which have one name. */
bool
undo_slot(UNDO_ARGS)
{
	struct rowset rows = ROWSET_INIT;
	bool ok, exists;

	(void)why;
	ok = pg_ask(at->pg, "slot_find", PG_BIND(change->name), &rows, err);
	exists = ok && rows.n_rows > 0;
	rowset_release(&rows);
	if (ok && !exists)
		*result = UNDO_GONE;
	return ok &&
	       (!exists || mechanism_drop_slot(at->op, at->pg, change->name,
					       err)) &&
	       (at->cluster->side != SIDE_SOURCE ||
		drop_origin(at, change->name, err));
}
