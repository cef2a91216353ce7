/* SPDX-License-Identifier: PostgreSQL */
/*
 * Reading relations by name. Between a look at the catalogs and a query, who
 * owns a relation can put a view under its name, and what the view calls then
 * runs with the rights of who reads: ours. So names are held: the row of the
 * schema is locked, so that nobody renames it; the query is prepared, which
 * locks each relation until the transaction ends; what these are is looked at;
 * only then does it run. Sessions refuse such views besides, where the server
 * can be told to (restrict_nonsystem_relation_kind, from 17, 16.4, 15.8, 14.13,
 * 13.16 and 12.20 on; see session_pin), but for older ones this is all.
 */
#ifndef PGREPUP_HELD_H
#define PGREPUP_HELD_H

#include "err.h"
#include "pg.h"
#include "rowset.h"
#include "strbuf.h"

/* To be filled by held_add; then held_query, once. */
struct held {
	struct strbuf sql;     /* the query */
	struct strbuf names;   /* quoted, as the text of an array */
	struct strbuf schemas; /* the same, not quoted */
	const char *kind;      /* relkind of all of them: "S", "r" */
};

#define HELD_INIT(k)                                                           \
	{                                                                      \
		.sql = STRBUF_INIT, .names = STRBUF_INIT,                      \
		.schemas = STRBUF_INIT, .kind = (k),                           \
	}

/* Adds the name to the query, quoted, as one of those that are held. */
void held_add(struct held *held, const char *schema, const char *name);
/*
 * Runs the query, in a transaction of its own unless there is one; ERR_STATE
 * when a relation is no longer of that kind. Releases held.
 */
bool held_query(struct pg *pg, struct held *held, struct rowset *rows,
		struct err *err);

#endif
