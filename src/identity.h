/* SPDX-License-Identifier: PostgreSQL */
/*
 * Replica identity: the tables of a database by whose rows an UPDATE or
 * DELETE could not be carried over, and the remedies for them, the least
 * invasive first. Shared by the check, which names the problem, and the fix.
 */
#ifndef PGREPUP_IDENTITY_H
#define PGREPUP_IDENTITY_H

#include "conf.h"
#include "err.h"
#include "op.h"
#include "pg.h"
#include "registry.h"
#include "strbuf.h"

#define IDENTITY_COLUMN "__pgrepup_id"

enum identity_remedy {
	IDENTITY_NOTHING, /* the honest hint */
	IDENTITY_DEFAULT, /* there is a key: REPLICA IDENTITY DEFAULT */
	IDENTITY_INDEX,	  /* an index that would do as it is */
	IDENTITY_UNIQUE,  /* a second, immediate index over the same columns */
	IDENTITY_FULL,	 /* the whole row: only where the mechanism takes it */
	IDENTITY_ADD_COLUMN, /* a column of our own */
	IDENTITY_INSERT, /* none: only new rows travel; a person's choice */
	IDENTITY_REMEDIES,
};

/* "index" and so on; NULL for IDENTITY_NOTHING. */
const char *identity_remedy_name(enum identity_remedy remedy);
enum identity_remedy identity_remedy_find(const char *name);

struct identity_table {
	char *schema;
	char *name;
	char *oid;
	char *problem;	/* none, deferrable, full, nothing, generated, lost */
	char *identity; /* d, f, n, i */
	char *identity_index; /* that it uses now; or NULL */
	char *ancestors; /* oids */
	char *root_schema;
	char *root_name;
	char *root_oid;
	char *index;   /* that would do as it is; or NULL */
	char *columns; /* quoted, that another index could cover; or NULL */
	char *unequal; /* columns that cannot be compared; or NULL */
	/* generated columns that keep the whole row from working; or NULL */
	char *generated;
	bool full_identity; /* as of struct mechanism */
	bool has_key;
	bool has_any_key;
	bool has_column;
	bool typed;
	bool partition;
	long long rows;
	long long bytes;
};

struct identity_tables {
	struct identity_table *items;
	size_t n;
};

/* The tables of that database that the mechanism cannot carry as they are,
 * without those that conf leaves out or a person gave up (IDENTITY_INSERT). */
bool identity_read(struct pg *pg, const struct op *op,
		   struct identity_tables *tables, struct err *err);
void identity_release(struct identity_tables *tables);
/* Why, in words: "no primary key", "REPLICA IDENTITY FULL" ... */
const char *identity_problem(const struct identity_table *t);
/* Can that remedy be used for it? */
bool identity_fits(const struct identity_table *t,
		   enum identity_remedy remedy);
/* The first that can; never IDENTITY_INSERT, which loses changes. */
enum identity_remedy identity_best(const struct identity_table *t);
/* Rows of identity_tree.sql for the root of a table (or the table itself). */
bool identity_tree(struct pg *pg, const char *oid, struct rowset *tree,
		   struct err *err);

/*
 * The statements of a remedy, as they will run. tree only for the column; the
 * grants on its sequence (identity_grant_sql) come after them.
 */
void identity_sql(const struct identity_table *t, enum identity_remedy remedy,
		  const struct rowset *tree, struct strbuf *sql);
/*
 * "GRANT USAGE ON SEQUENCE ... TO ...", for those who insert: they need it for
 * the column's default. "" when nobody but the owner does. sequence is a
 * quoted name; NULL: the one that the server will most likely choose.
 */
bool identity_grant_sql(struct pg *pg, const struct rowset *tree,
			const char *sequence, struct strbuf *sql,
			struct err *err);
/* Name of the index that pgrepup makes on a table. */
char *identity_index_name(const char *oid);
/* "ALTER TABLE s.t REPLICA IDENTITY ..."; value: d, f, n or i:INDEX. */
void identity_alter_sql(const char *schema, const char *table,
			const char *value, struct strbuf *sql);
/* Records that the table is about to get that identity. */
bool identity_note(struct pg *pg, const char *schema, const char *table,
		   const char *value, struct err *err);
/* Records it and does it, in the caller's transaction. */
bool identity_set(struct pg *pg, const char *schema, const char *table,
		  const char *value, struct err *err);

#endif
