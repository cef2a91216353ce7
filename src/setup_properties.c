/* SPDX-License-Identifier: PostgreSQL */
/*
 * What belongs to a database and is in no dump of it: owner, connection limit,
 * comment, privileges, and settings, for all roles or one. Applied after the
 * schema, so that such settings cannot disturb the restore. Only what differs
 * is changed; nothing is taken away but what PUBLIC may not do on the source.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "setup.h"

#define STEP "properties"

/* One kind of rows of a database, on both sides. */
struct both {
	struct rowset source;
	struct rowset destination;
};

static bool
read_both(struct op *op, const char *statement, struct pg_bind bind,
	  struct both *b, struct err *err)
{
	*b = (struct both){.source = ROWSET_INIT};
	return pg_ask(op->source.pg, statement, bind, &b->source, err) &&
	       pg_ask(op->destination.pg, statement, bind, &b->destination,
		      err);
}

static void
both_release(struct both *b)
{
	rowset_release(&b->source);
	rowset_release(&b->destination);
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Is that whole row of a in b? */
static bool
has_row(const struct rowset *a, size_t i, const struct rowset *b)
{
	size_t j, c;

	for (j = 0; j < b->n_rows; j++) {
		for (c = 0; c < a->n_columns; c++)
			if (!same(a->values[i * a->n_columns + c],
				  b->values[j * b->n_columns + c]))
				break;
		if (c == a->n_columns)
			return true;
	}
	return false;
}

static bool
alter(struct op *op, const char *database, const char *verb,
      const char *clause, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_addf(&sql, "%s DATABASE ", verb);
	strbuf_ident(&sql, database);
	strbuf_add(&sql, clause);
	ok = setup_try(op, op->destination.pg, STEP, database, sql.text, err);
	strbuf_release(&sql);
	return ok;
}

static bool
copy_own(struct op *op, const char *database, struct err *err)
{
	struct strbuf clause = STRBUF_INIT;
	struct both b;
	const char *a;
	bool ok = read_both(op, "database_properties", PG_BIND(database), &b,
			    err);

	a = rowset_get(&b.source, 0, "owner");
	if (ok && !same(a, rowset_get(&b.destination, 0, "owner"))) {
		strbuf_add(&clause, " OWNER TO ");
		strbuf_ident(&clause, a);
		ok = alter(op, database, "ALTER", clause.text, err);
	}
	a = rowset_get(&b.source, 0, "connection_limit");
	if (ok && !same(a, rowset_get(&b.destination, 0, "connection_limit"))) {
		strbuf_reset(&clause);
		strbuf_addf(&clause, " CONNECTION LIMIT %s", a);
		ok = alter(op, database, "ALTER", clause.text, err);
	}
	a = rowset_get(&b.source, 0, "comment");
	if (ok && a && !same(a, rowset_get(&b.destination, 0, "comment"))) {
		strbuf_reset(&clause);
		strbuf_add(&clause, " IS ");
		strbuf_literal(&clause, a);
		ok = alter(op, database, "COMMENT ON", clause.text, err);
	}
	strbuf_release(&clause);
	both_release(&b);
	return ok;
}

/* What PUBLIC has by default and was taken from it on the source. */
static bool
revoke_public(struct op *op, const char *what, const char *database,
	      const struct both *b, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < b->destination.n_rows; i++) {
		if (rowset_get(&b->destination, i, "grantee") ||
		    has_row(&b->destination, i, &b->source))
			continue;
		strbuf_reset(&sql);
		strbuf_addf(&sql, "REVOKE %s ON %s FROM PUBLIC",
			    rowset_get(&b->destination, i, "privilege"), what);
		ok = setup_try(op, op->destination.pg, STEP, database,
			       sql.text, err);
	}
	strbuf_release(&sql);
	return ok;
}

static bool
copy_grants(struct op *op, const char *database, struct err *err)
{
	struct strbuf what = STRBUF_INIT;
	struct both b;
	struct rowset one;
	size_t i;
	bool ok;

	strbuf_add(&what, "DATABASE ");
	strbuf_ident(&what, database);
	ok = read_both(op, "database_grants",
		       PG_BIND(database, op->conf->replication_user), &b,
		       err) &&
	     revoke_public(op, what.text, database, &b, err);
	for (i = 0; ok && i < b.source.n_rows; i++) {
		if (has_row(&b.source, i, &b.destination))
			continue;
		one = (struct rowset){
			.n_rows = 1,
			.n_columns = b.source.n_columns,
			.columns = b.source.columns,
			.values = b.source.values + i * b.source.n_columns,
		};
		ok = setup_grant_all(op, op->destination.pg, STEP, what.text,
				     database, &one, err);
	}
	strbuf_release(&what);
	both_release(&b);
	return ok;
}

static bool
copy_setting(struct op *op, const char *database, const char *role,
	     const char *item, struct err *err)
{
	struct strbuf what = STRBUF_INIT, sql = STRBUF_INIT;
	bool ok;

	if (role) {
		strbuf_add(&what, "ROLE ");
		strbuf_ident(&what, role);
		strbuf_add(&what, " IN ");
	}
	strbuf_add(&what, "DATABASE ");
	strbuf_ident(&what, database);
	setup_alter_set(&sql, what.text, item);
	ok = setup_try(op, op->destination.pg, STEP, database, sql.text, err);
	strbuf_release(&what);
	strbuf_release(&sql);
	return ok;
}

static bool
copy_settings(struct op *op, const char *database, struct err *err)
{
	struct both b;
	size_t i;
	bool ok = read_both(op, "database_settings", PG_BIND(database), &b,
			    err);

	for (i = 0; ok && i < b.source.n_rows; i++)
		if (!has_row(&b.source, i, &b.destination))
			ok = copy_setting(op, database,
					  rowset_get(&b.source, i, "role"),
					  rowset_get(&b.source, i, "item"),
					  err);
	both_release(&b);
	return ok;
}

static bool
load_state_of(struct op *op, const char *database, enum load_state *state,
	      struct err *err)
{
	struct pg *pg = op_connect(op, SIDE_DESTINATION, database, PG_PLAIN,
				   err);
	struct load load = {.state = LOAD_NONE};
	bool ok = pg && load_read(pg, &load, err);

	*state = load.state;
	load_release(&load);
	pg_close(pg);
	return ok;
}

/* A database whose rows are on their way is as it is. */
static bool
copy_properties(struct op *op, const struct database *db, void *arg,
		struct err *err)
{
	enum load_state state;

	(void)arg;
	if (!load_state_of(op, db->name, &state, err))
		return false;
	if (state != LOAD_SCHEMA && state != LOAD_PREPARED)
		return true;
	return copy_own(op, db->name, err) &&
	       copy_grants(op, db->name, err) &&
	       copy_settings(op, db->name, err);
}

/* One after the other, on the connections of this thread. */
bool
setup_properties(struct op *op, struct err *err)
{
	return op_each_database(op, 1, copy_properties, NULL, err);
}
