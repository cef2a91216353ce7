/* SPDX-License-Identifier: PostgreSQL */
/*
 * The schema of a database as rows (kind, name, definition). What is pgrepup's
 * own, a mechanism's or an extension's is left out. Used to see that the
 * source has not changed since setup, and that the destination has it all.
 */
#ifndef PGREPUP_SCHEMA_H
#define PGREPUP_SCHEMA_H

#include "err.h"
#include "pg.h"
#include "strbuf.h"

/* Seconds: reading or keeping a schema of very many objects takes its time. */
#define SCHEMA_TIMEOUT 600

enum schema_part {
	/*
	 * Everything, in words that mean the same on every server version:
	 * for comparing two servers.
	 */
	SCHEMA_WHOLE,
	/*
	 * What pg_dump --section=pre-data brings, exactly (defaults, views,
	 * functions, owners, privileges too): for seeing whether one and the
	 * same server has changed.
	 */
	SCHEMA_PRE_DATA,
	/* The two halves of SCHEMA_WHOLE: what is there before rows are
	 * (tables, views, types, functions), and what is made after them. */
	SCHEMA_OBJECTS,
	SCHEMA_POST_DATA,
	/* What fires or is asked at each row (triggers, rules, event triggers,
	 * policies), and what else means another thing to the same rows
	 * (attributes of types, large objects); exactly, as SCHEMA_PRE_DATA. */
	SCHEMA_FIRING,
};

/* Rows "kind", "name", "definition", sorted by kind and name (C). */
bool schema_read(struct pg *pg, enum schema_part part, struct rowset *rows,
		 struct err *err);
/* Keeps an exact part in pgrepup.schema_copied of the destination database. */
bool schema_store(struct pg *destination, enum schema_part part,
		  const struct rowset *rows, struct err *err);
bool schema_stored(struct pg *destination, enum schema_part part,
		   struct rowset *rows, struct err *err);
/*
 * Number of differences; a line for each of the first 20 goes to text
 * ("table public.t is missing on the destination").
 */
size_t schema_differences(const struct rowset *from, const char *from_name,
			  const struct rowset *to, const char *to_name,
			  struct strbuf *text);
/* The same, without what only "to" has. */
size_t schema_lacks(const struct rowset *from, const char *from_name,
		    const struct rowset *to, const char *to_name,
		    struct strbuf *text);

#endif
