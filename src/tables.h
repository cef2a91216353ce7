/* SPDX-License-Identifier: PostgreSQL */
/* The tables of a database that travel: one list for every operation. */
#ifndef PGREPUP_TABLES_H
#define PGREPUP_TABLES_H

#include "conf.h"
#include "err.h"
#include "pg.h"
#include "rowset.h"

/*
 * Rows "schema", "name", "oid", "filenode", "bytes", "estimated_rows" of the
 * database that pg is in, biggest first, without those of
 * conf->tables_exclude.
 */
bool tables_read(struct pg *pg, const struct conf *conf, struct rowset *rows,
		 struct err *err);
/*
 * The tables that conf leaves out of that database, as the text of an array
 * of SCHEMA.TABLE, for statements. The caller frees it.
 */
char *tables_excluded(const struct conf *conf, const char *database);
/* Has it any row of its own? Children's do not count. */
bool tables_has_rows(struct pg *pg, const char *schema, const char *name,
		     bool *has, struct err *err);

#endif
