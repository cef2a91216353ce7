/* SPDX-License-Identifier: PostgreSQL */
/* Tables without a usable replica identity, and what would help each. */
#include "identity.h"

#include <stdlib.h>
#include <string.h>

#include "mechanism.h"
#include "mem.h"
#include "registry.h"
#include "tables.h"

static const char *const remedy_names[IDENTITY_REMEDIES] = {
	[IDENTITY_DEFAULT] = "default",
	[IDENTITY_INDEX] = "index",
	[IDENTITY_UNIQUE] = "unique",
	[IDENTITY_FULL] = "full",
	[IDENTITY_ADD_COLUMN] = "column",
	[IDENTITY_INSERT] = "insert",
};

static const struct {
	const char *problem;
	const char *text;
} problems[] = {
	{"none", "no primary key"},
	{"deferrable", "its primary key is deferrable"},
	{"full", "REPLICA IDENTITY FULL"},
	{"nothing", "REPLICA IDENTITY NOTHING"},
	{"generated", "a column of its key is generated, so never sent"},
	{"lost", "REPLICA IDENTITY USING INDEX without that index"},
};

const char *
identity_remedy_name(enum identity_remedy remedy)
{
	return remedy_names[remedy];
}

enum identity_remedy
identity_remedy_find(const char *name)
{
	int i;

	for (i = IDENTITY_DEFAULT; i < IDENTITY_REMEDIES; i++)
		if (strcmp(remedy_names[i], name) == 0)
			return (enum identity_remedy)i;
	return IDENTITY_NOTHING;
}

const char *
identity_problem(const struct identity_table *t)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(problems); i++)
		if (strcmp(problems[i].problem, t->problem) == 0)
			return problems[i].text;
	return t->problem;
}

bool
identity_fits(const struct identity_table *t, enum identity_remedy remedy)
{
	switch (remedy) {
	case IDENTITY_DEFAULT:
		return t->has_key;
	case IDENTITY_INDEX:
		return t->index != NULL;
	case IDENTITY_UNIQUE:
		return t->columns != NULL;
	case IDENTITY_FULL:
		return t->full_identity && !t->unequal && !t->generated &&
		       *t->identity != 'f';
	case IDENTITY_ADD_COLUMN:
		return !t->typed && !t->has_column;
	case IDENTITY_INSERT:
		return t->full_identity;
	case IDENTITY_NOTHING:
	case IDENTITY_REMEDIES:
		break;
	}
	return false;
}

enum identity_remedy
identity_best(const struct identity_table *t)
{
	int i;

	for (i = IDENTITY_DEFAULT; i < IDENTITY_INSERT; i++)
		if (identity_fits(t, (enum identity_remedy)i))
			return (enum identity_remedy)i;
	return IDENTITY_NOTHING;
}

static void
take_table(struct identity_table *t, const struct rowset *rows, size_t i)
{
	*t = (struct identity_table){
		.schema = mem_strdup(rowset_text(rows, i, "schema")),
		.name = mem_strdup(rowset_text(rows, i, "name")),
		.oid = mem_strdup(rowset_text(rows, i, "oid")),
		.problem = mem_strdup(rowset_text(rows, i, "problem")),
		.identity = mem_strdup(rowset_text(rows, i, "identity")),
		.identity_index =
			mem_strdup(rowset_get(rows, i, "identity_index")),
		.ancestors = mem_strdup(rowset_text(rows, i, "ancestors")),
		.root_schema = mem_strdup(rowset_text(rows, i, "root_schema")),
		.root_name = mem_strdup(rowset_text(rows, i, "root_name")),
		.root_oid = mem_strdup(rowset_text(rows, i, "root_oid")),
		.has_key = rowset_bool(rows, i, "has_key"),
		.has_any_key = rowset_bool(rows, i, "has_any_key"),
		.has_column = rowset_bool(rows, i, "has_column"),
		.typed = rowset_bool(rows, i, "typed"),
		.partition = rowset_bool(rows, i, "partition"),
		.rows = rowset_int(rows, i, "estimated_rows"),
		.bytes = rowset_int(rows, i, "bytes"),
	};
}

/* A column of ours that came with a new partition can be indexed as well. */
static bool
read_indexes(struct pg *pg, struct identity_table *t, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok;
	size_t i;

	ok = pg_ask(pg, "identity_indexes", PG_BIND(t->oid), &rows, err);
	for (i = 0; ok && i < rows.n_rows; i++) {
		const char *name = rowset_text(&rows, i, "name");
		const char *columns = rowset_text(&rows, i, "columns");

		if (rowset_bool(&rows, i, "immediate") && !t->index)
			t->index = mem_strdup(name);
		else if (!rowset_bool(&rows, i, "immediate") && !t->columns)
			t->columns = mem_strdup(columns);
	}
	if (t->has_column && !t->columns)
		t->columns = mem_strdup("\"" IDENTITY_COLUMN "\"");
	rowset_release(&rows);
	return ok;
}

/* Which of its columns speak against the whole row, where that is taken. */
static bool
read_columns(struct pg *pg, const struct op *op, struct identity_table *t,
	     struct err *err)
{
	t->full_identity = op->mechanism && op->mechanism->full_identity;
	if (!t->full_identity)
		return true;
	t->unequal = pg_ask_value(pg, "identity_unequal", PG_BIND(t->oid),
				  err);
	if (!err_is_set(err))
		t->generated = pg_ask_value(pg, "identity_generated",
					    PG_BIND(t->oid), err);
	return !err_is_set(err);
}

/* Can it be carried as it is, or as a person wants it? */
static bool
is_settled(const struct identity_table *t, const struct change_list *given_up)
{
	if (!t->full_identity)
		return false;
	return (*t->identity == 'f' && !t->unequal && !t->generated) ||
	       change_list_find(given_up, CHANGE_INSERT_ONLY, t->schema,
				t->name, "");
}

static void
table_release(struct identity_table *t)
{
	free(t->schema);
	free(t->name);
	free(t->oid);
	free(t->problem);
	free(t->identity);
	free(t->identity_index);
	free(t->ancestors);
	free(t->root_schema);
	free(t->root_name);
	free(t->root_oid);
	free(t->index);
	free(t->columns);
	free(t->unequal);
	free(t->generated);
}

bool
identity_read(struct pg *pg, const struct op *op,
	      struct identity_tables *tables, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	struct change_list given_up = {.n = 0};
	char *excluded = tables_excluded(op->conf, pg_dbname(pg));
	struct identity_table *t;
	size_t i;
	bool ok;

	*tables = (struct identity_tables){.n = 0};
	ok = pg_ask(pg, "replica_identity", PG_BIND(excluded), &rows, err) &&
	     registry_list(pg, CHANGE_INSERT_ONLY, &given_up, err);
	if (ok)
		tables->items = MEM_ARRAY(struct identity_table, rows.n_rows);
	for (i = 0; ok && i < rows.n_rows; i++) {
		t = &tables->items[tables->n];
		take_table(t, &rows, i);
		ok = read_indexes(pg, t, err) &&
		     read_columns(pg, op, t, err);
		if (ok && is_settled(t, &given_up))
			table_release(t);
		else
			tables->n++;
	}
	change_list_release(&given_up);
	rowset_release(&rows);
	free(excluded);
	return ok;
}

void
identity_release(struct identity_tables *tables)
{
	struct identity_table *t;

	for (t = tables->items; t < tables->items + tables->n; t++)
		table_release(t);
	free(tables->items);
	*tables = (struct identity_tables){.n = 0};
}

bool
identity_tree(struct pg *pg, const char *oid, struct rowset *tree,
	      struct err *err)
{
	return pg_ask(pg, "identity_tree", PG_BIND(oid), tree, err);
}

/* --- statements --------------------------------------------------------- */

/* The oid keeps it unique in every schema, whatever the table's name. */
char *
identity_index_name(const char *oid)
{
	return mem_printf("__pgrepup_%s_key", oid);
}

void
identity_alter_sql(const char *schema, const char *table, const char *value,
		   struct strbuf *sql)
{
	strbuf_add(sql, "ALTER TABLE ");
	strbuf_ident2(sql, schema, table);
	strbuf_add(sql, " REPLICA IDENTITY ");
	if (strncmp(value, "i:", 2) == 0) {
		strbuf_add(sql, "USING INDEX ");
		strbuf_ident(sql, value + 2);
	} else {
		strbuf_add(sql, *value == 'f'	? "FULL"
				: *value == 'n' ? "NOTHING"
						: "DEFAULT");
	}
}

static void
index_sql(const char *how, const char *schema, const char *table,
	  const char *oid, const char *columns, struct strbuf *sql)
{
	char *name = identity_index_name(oid);
	char *value = mem_printf("i:%s", name);

	strbuf_addf(sql, "CREATE UNIQUE INDEX %s", how);
	strbuf_ident(sql, name);
	strbuf_add(sql, " ON ");
	strbuf_ident2(sql, schema, table);
	strbuf_addf(sql, " (%s);\n", columns);
	identity_alter_sql(schema, table, value, sql);
	free(value);
	free(name);
}

/*
 * The column comes to the root and with it to all below; each table in need
 * then gets its own key, since neither keys nor identities are inherited.
 */
static void
column_sql(const struct rowset *tree, struct strbuf *sql)
{
	const char *identity = rowset_text(tree, 0, "identity");
	const char *schema = rowset_text(tree, 0, "schema");
	const char *name = rowset_text(tree, 0, "name");
	bool key = rowset_bool(tree, 0, "needs") &&
		   !rowset_bool(tree, 0, "has_any_key");
	size_t i;

	strbuf_add(sql, "ALTER TABLE ");
	strbuf_ident2(sql, schema, name);
	strbuf_addf(sql, " ADD COLUMN " IDENTITY_COLUMN " bigserial%s",
		    key ? " PRIMARY KEY" : "");
	if (key && identity && strcmp(identity, "d") != 0) {
		strbuf_add(sql, ";\n");
		identity_alter_sql(schema, name, "d", sql);
	}
	for (i = key ? 1 : 0; i < tree->n_rows; i++) {
		if (!rowset_bool(tree, i, "needs"))
			continue;
		strbuf_add(sql, ";\n");
		index_sql("", rowset_text(tree, i, "schema"),
			  rowset_text(tree, i, "name"),
			  rowset_text(tree, i, "oid"),
			  "\"" IDENTITY_COLUMN "\"", sql);
	}
}

void
identity_sql(const struct identity_table *t, enum identity_remedy remedy,
	     const struct rowset *tree, struct strbuf *sql)
{
	char *value;

	switch (remedy) {
	case IDENTITY_DEFAULT:
		identity_alter_sql(t->schema, t->name, "d", sql);
		break;
	case IDENTITY_INDEX:
		value = mem_printf("i:%s", t->index);
		identity_alter_sql(t->schema, t->name, value, sql);
		free(value);
		break;
	case IDENTITY_UNIQUE:
		index_sql("CONCURRENTLY ", t->schema, t->name, t->oid,
			  t->columns, sql);
		break;
	case IDENTITY_FULL:
		identity_alter_sql(t->schema, t->name, "f", sql);
		break;
	case IDENTITY_ADD_COLUMN:
		column_sql(tree, sql);
		break;
	case IDENTITY_INSERT:
	case IDENTITY_NOTHING:
	case IDENTITY_REMEDIES:
		break;
	}
}

/* As the server cuts it: TABLE_COLUMN_seq in 63 bytes, whole characters. */
static void
likely_sequence(const struct rowset *tree, struct strbuf *sb)
{
	const char *table = rowset_text(tree, 0, "name");
	size_t most = 63 - strlen("_" IDENTITY_COLUMN "_seq");
	size_t n = strlen(table);
	char *name;

	if (n > most)
		for (n = most; n > 0 && (table[n] & 0xc0) == 0x80; n--)
			;
	name = mem_printf("%.*s_" IDENTITY_COLUMN "_seq", (int)n, table);
	strbuf_ident2(sb, rowset_text(tree, 0, "schema"), name);
	free(name);
}

bool
identity_grant_sql(struct pg *pg, const struct rowset *tree,
		   const char *sequence, struct strbuf *sql, struct err *err)
{
	struct rowset roles = ROWSET_INIT;
	size_t i;
	bool ok;

	ok = pg_ask(pg, "identity_inserters",
		    PG_BIND(rowset_text(tree, 0, "oid")), &roles, err);
	if (ok && roles.n_rows > 0) {
		strbuf_add(sql, "GRANT USAGE ON SEQUENCE ");
		if (sequence)
			strbuf_add(sql, sequence);
		else
			likely_sequence(tree, sql);
	}
	for (i = 0; ok && i < roles.n_rows; i++) {
		const char *role = rowset_get(&roles, i, "role");

		strbuf_add(sql, i == 0 ? " TO " : ", ");
		if (role)
			strbuf_ident(sql, role);
		else
			strbuf_add(sql, "PUBLIC");
	}
	rowset_release(&roles);
	return ok;
}

/* --- setting it --------------------------------------------------------- */

bool
identity_note(struct pg *pg, const char *schema, const char *table,
	      const char *value, struct err *err)
{
	char *old = pg_ask_value(pg, "identity_now", PG_BIND(schema, table),
				 err);
	bool ok = old && registry_note(pg,
				       &(struct change_note){
					       .kind = CHANGE_REPLICA_IDENTITY,
					       .schema = schema,
					       .name = table,
					       .old_value = old,
					       .new_value = value,
					       .state = CHANGE_DONE,
				       },
				       NULL, err);

	free(old);
	return ok;
}

bool
identity_set(struct pg *pg, const char *schema, const char *table,
	     const char *value, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	identity_alter_sql(schema, table, value, &sql);
	ok = identity_note(pg, schema, table, value, err) &&
	     pg_run(pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}
