/* SPDX-License-Identifier: PostgreSQL */
/* The tables of a database that travel: one list for every operation. */
#ifndef PGREPUP_TABLES_H
#define PGREPUP_TABLES_H

#include "conf.h"
#include "err.h"
#include "pg.h"
#include "rowset.h"

/*
 * Rows "schema", "name", "oid", "filenode", "altered", "changes", "bytes",
 * "estimated_rows" of the database that pg is in, biggest first, without those
 * of conf->tables_exclude.
 */
bool tables_read(struct pg *pg, const struct conf *conf, struct rowset *rows,
		 struct err *err);
/*
 * The tables that conf leaves out of that database, as the text of an array
 * of SCHEMA.TABLE, for statements. The caller frees it.
 */
char *tables_excluded(const struct conf *conf, const char *database);
/*
 * The first table of the destination's database that has rows and that no run
 * of start has copied, as SCHEMA.TABLE for the caller to free; NULL when there
 * is none. among: rows "schema", "name" to look at; NULL: all.
 */
bool tables_find_filled(struct pg *pg, const struct rowset *among,
			char **found, struct err *err);
/* Is that table in rows "schema", "name"? */
bool tables_have(const struct rowset *rows, const char *schema,
		 const char *name);
/* Has it any row of its own? Children's do not count. */
bool tables_has_rows(struct pg *pg, const char *schema, const char *name,
		     bool *has, struct err *err);

#endif
