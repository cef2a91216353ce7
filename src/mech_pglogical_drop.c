/* SPDX-License-Identifier: PostgreSQL */
/*
 * Mechanism pglogical: taking away what the registry says pgrepup made: set,
 * node, extension and its schemas. What somebody else keeps in pglogical is
 * named, and what it stands on is left. Each is forgotten in the transaction
 * that drops it; run again, it goes on.
 */
#include "mech_pglogical.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* Longest wait for pglogical to let go of a node. */
#define NODE_PATIENCE 30.0

struct side_at {
	const struct mechanism_at *at;
	struct pg *pg;
	struct change_list list;
	const char *node; /* ours; NULL: pgrepup made none here */
	bool keep;	  /* others use it */
};

static void
say(const struct side_at *s, const char *object, const char *state,
    const char *text)
{
	op_item(s->at->op, "nodes", s->at->database, object, state,
		"%s: %s", side_name(pg_side(s->pg)), text);
}

static bool
find_kind(const struct side_at *s, const char *kind, const char *name)
{
	return change_list_find(&s->list, kind, "", name, "") != NULL;
}

/* A statement and the end of its row, in one transaction. */
static bool
drop_recorded(const struct side_at *s, const char *kind, const char *name,
	      const char *statement, struct err *err)
{
	const struct change *c = change_list_find(&s->list, kind, "", name,
						  "");

	if (!c)
		return true;
	if (pg_begin(s->pg, err) &&
	    pg_ask(s->pg, statement, PG_BIND(name), NULL, err) &&
	    registry_forget(s->pg, c->id, err) && pg_commit(s->pg, err)) {
		say(s, name, "ok", "dropped");
		return true;
	}
	pg_rollback(s->pg);
	return false;
}

/* One by one, each waiting a moment for its lock: the triggers on tables that
 * an application uses go with this. */
static bool
remove_tables(const struct side_at *s, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i;
	bool ok;

	ok = pg_ask(s->pg, "pglogical_members", PG_BIND(PGLOGICAL_SET), &rows,
		    err);
	for (i = 0; ok && i < rows.n_rows; i++)
		ok = pglogical_change_table(s->at, "pglogical_remove_table",
					    rowset_text(&rows, i, "schema"),
					    rowset_text(&rows, i, "name"),
					    err);
	rowset_release(&rows);
	return ok;
}

static bool
drop_set(const struct side_at *s, struct err *err)
{
	if (!find_kind(s, CHANGE_REPLICATION_SET, PGLOGICAL_SET))
		return true;
	return remove_tables(s, err) &&
	       drop_recorded(s, CHANGE_REPLICATION_SET, PGLOGICAL_SET,
			     "pglogical_drop_set", err);
}

/* Names what is of others. */
static bool
look_for_others(struct side_at *s, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i;
	bool ok;

	ok = pg_ask(s->pg, "pglogical_foreign",
		    PG_BIND(s->node, PGLOGICAL_SET, (const char *)NULL), &rows,
		    err);
	for (i = 0; ok && i < rows.n_rows; i++)
		say(s, rowset_text(&rows, i, "what"), "warn",
		    "is not pgrepup's and is left, with pglogical");
	s->keep = rows.n_rows > 0;
	rowset_release(&rows);
	return ok;
}

/* A slot of the node may take a moment to be gone (or the worker to end). */
static bool
drop_node(const struct side_at *s, struct err *err)
{
	double deadline = clock_now() + NODE_PATIENCE;
	struct err failed = ERR_INIT;

	if (!s->node)
		return true;
	while (!drop_recorded(s, CHANGE_NODE, s->node, "pglogical_drop_node",
			      &failed)) {
		if (failed.kind != ERR_SERVER || clock_now() > deadline) {
			err_move(err, &failed);
			return false;
		}
		err_release(&failed);
		if (!interrupt_sleep(s->at->op->interrupt, 0.5, err))
			return false;
	}
	return true;
}

/* DROP EXTENSION leaves its schema behind. Both without CASCADE: what somebody
 * has put there is an error that names it. */
static bool
drop_extension_now(const struct side_at *s, const struct change *c,
		   struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "SET LOCAL lock_timeout = '10s'; "
			 "DROP EXTENSION IF EXISTS ");
	strbuf_ident(&sql, c->name);
	strbuf_add(&sql, "; DROP SCHEMA IF EXISTS ");
	strbuf_ident(&sql, c->name);
	ok = pg_begin(s->pg, err) && pg_run(s->pg, sql.text, NULL, err) &&
	     registry_forget(s->pg, c->id, err) && pg_commit(s->pg, err);
	if (!ok)
		pg_rollback(s->pg);
	strbuf_release(&sql);
	return ok;
}

static bool
drop_extension(const struct side_at *s, const char *name, struct err *err)
{
	const struct change *c = change_list_find(&s->list, CHANGE_EXTENSION,
						  "", name, "");
	char *object;

	if (!c)
		return true;
	object = mem_printf("extension %s", name);
	if (s->keep)
		say(s, object, "warn", "left, since others use it");
	else if (drop_extension_now(s, c, err))
		say(s, object, "ok", "dropped");
	free(object);
	return !err_is_set(err);
}

static bool
revoke(const struct side_at *s, const char *role, struct err *err)
{
	bool replication =
		strcmp(role, s->at->op->conf->replication_user) == 0;
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "REVOKE USAGE ON SCHEMA pglogical FROM ");
	if (*role)
		strbuf_ident(&sql, role);
	else
		strbuf_add(&sql, "PUBLIC");
	if (replication) {
		strbuf_add(&sql, "; REVOKE ALL ON ALL FUNCTIONS IN SCHEMA "
				 "pglogical FROM ");
		strbuf_ident(&sql, role);
	}
	ok = pg_run(s->pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

/* A grant on the schema of pglogical that is recorded; gone with it, or with
 * the role. */
static bool
drop_grant(const struct side_at *s, const struct change *c, struct err *err)
{
	struct err failed = ERR_INIT;
	bool ok;

	ok = pg_begin(s->pg, err) && revoke(s, c->part, &failed);
	if (!ok && (err_is(&failed, "3F000") || err_is(&failed, "42704"))) {
		err_release(&failed);
		pg_rollback(s->pg);
		return registry_forget(s->pg, c->id, err);
	}
	err_move(err, &failed);
	ok = ok && registry_forget(s->pg, c->id, err) &&
	     pg_commit(s->pg, err);
	if (!ok)
		pg_rollback(s->pg);
	return ok;
}

static bool
drop_grants(const struct side_at *s, struct err *err)
{
	size_t i;

	for (i = 0; i < s->list.n; i++)
		if (strcmp(s->list.items[i].kind, CHANGE_GRANT) == 0 &&
		    strcmp(s->list.items[i].name, "pglogical") == 0 &&
		    !drop_grant(s, &s->list.items[i], err))
			return false;
	return true;
}

static bool
give_back(const struct side_at *s, struct err *err)
{
	if (pg_begin(s->pg, err) &&
	    pglogical_give_back_functions(s->pg, &s->list, err) &&
	    pg_commit(s->pg, err))
		return true;
	pg_rollback(s->pg);
	return false;
}

static bool
drop_nodes(struct side_at *s, struct err *err)
{
	bool installed;

	if (!pglogical_is_installed(s->pg, &installed, err))
		return false;
	if (find_kind(s, CHANGE_NODE, PGLOGICAL_SOURCE_NODE))
		s->node = PGLOGICAL_SOURCE_NODE;
	else if (find_kind(s, CHANGE_NODE, PGLOGICAL_DESTINATION_NODE))
		s->node = PGLOGICAL_DESTINATION_NODE;
	if (!installed)
		s->node = NULL;
	else if (!drop_set(s, err) || !look_for_others(s, err))
		return false;
	return (s->keep || drop_node(s, err)) && give_back(s, err) &&
	       drop_grants(s, err) &&
	       drop_extension(s, "pglogical", err) &&
	       drop_extension(s, "pglogical_origin", err);
}

static bool
drop_side(const struct mechanism_at *at, struct pg *pg, struct err *err)
{
	struct side_at s = {.at = at, .pg = pg};
	bool ok;

	if (!pg)
		return true;
	ok = registry_list(pg, NULL, &s.list, err) && drop_nodes(&s, err);
	change_list_release(&s.list);
	return ok;
}

bool
pglogical_remove(const struct mechanism_at *at, struct err *err)
{
	return drop_side(at, at->destination, err) &&
	       drop_side(at, at->source, err);
}
