/* SPDX-License-Identifier: PostgreSQL */
/* Doing what fix_identity.c planned, as the tables are by then. */
#include <stdlib.h>
#include <string.h>

#include "fix_internal.h"
#include "identity.h"
#include "mem.h"
#include "retry.h"

struct applying {
	struct op *op;
	const struct fix_plan *plan;
	struct pg *pg;
	const struct identity_table *table;
	enum identity_remedy remedy;
};

/* --- default, index ----------------------------------------------------- */

static bool
set_plain(struct pg *pg, void *arg, struct err *err)
{
	const struct applying *a = arg;
	const struct identity_table *t = a->table;
	char *value = a->remedy == IDENTITY_INDEX
			      ? mem_printf("i:%s", t->index)
			      : mem_strdup(a->remedy == IDENTITY_FULL ? "f"
								      : "d");
	bool ok = registry_open(pg, err) &&
		  identity_set(pg, t->schema, t->name, value, err);

	free(value);
	return ok;
}

/* --- unique ------------------------------------------------------------- */

static bool
drop_index(struct applying *a, const char *name, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "DROP INDEX ");
	strbuf_ident2(&sql, a->table->schema, name);
	ok = retry_sql(a->pg, a->op->interrupt, sql.text, err);
	strbuf_release(&sql);
	return ok;
}

/* *valid: it is there, whole. One that an earlier run left broken goes. */
static bool
clear_index(struct applying *a, const char *name, bool *valid,
	    struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok, broken;

	ok = pg_ask(a->pg, "index_state", PG_BIND(a->table->schema, name),
		    &rows, err);
	*valid = ok && rowset_bool(&rows, 0, "valid");
	broken = ok && rows.n_rows > 0 && !*valid;
	rowset_release(&rows);
	return ok && (!broken || drop_index(a, name, err));
}

static bool
build_index(struct applying *a, const char *name, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	struct err cleaning = ERR_INIT;
	bool ok, valid;

	strbuf_add(&sql, "CREATE UNIQUE INDEX CONCURRENTLY ");
	strbuf_ident(&sql, name);
	strbuf_add(&sql, " ON ");
	strbuf_ident2(&sql, a->table->schema, a->table->name);
	strbuf_addf(&sql, " (%s)", a->table->columns);
	pg_set_timeout(a->pg, 0);
	ok = pg_run(a->pg, sql.text, NULL, err);
	if (!ok && pg_is_alive(a->pg)) {
		pg_set_interrupt(a->pg, NULL);
		clear_index(a, name, &valid, &cleaning);
		err_release(&cleaning);
	}
	strbuf_release(&sql);
	return ok;
}

static bool
set_unique(struct pg *pg, void *arg, struct err *err)
{
	const struct applying *a = arg;
	char *name = identity_index_name(a->table->oid);
	char *value = mem_printf("i:%s", name);
	bool ok = identity_set(pg, a->table->schema, a->table->name, value,
			       err);

	free(value);
	free(name);
	return ok;
}

static bool
apply_unique(struct applying *a, struct err *err)
{
	char *name = identity_index_name(a->table->oid);
	struct change_note note = {
		.kind = CHANGE_INDEX,
		.schema = a->table->schema,
		.name = name,
		.part = a->table->name,
		.new_value = a->table->columns,
		.state = CHANGE_PLANNED,
	};
	long long id;
	bool ok, valid = false;

	ok = registry_open(a->pg, err) &&
	     registry_note(a->pg, &note, &id, err) &&
	     clear_index(a, name, &valid, err) &&
	     (valid || build_index(a, name, err)) &&
	     registry_done(a->pg, id, err) &&
	     retry_locked(a->pg, a->op->interrupt, set_unique, a, err);
	free(name);
	return ok;
}

/* --- column ------------------------------------------------------------- */

static bool
grant_sequence(struct pg *pg, const struct rowset *tree, struct err *err)
{
	char *sequence = pg_ask_value(pg, "identity_sequence",
				      PG_BIND(rowset_text(tree, 0, "schema"),
					      rowset_text(tree, 0, "name")),
				      err);
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	ok = sequence && identity_grant_sql(pg, tree, sequence, &sql, err) &&
	     (sql.len == 0 || pg_run(pg, sql.text, NULL, err));
	strbuf_release(&sql);
	free(sequence);
	return ok;
}

static bool
record(struct pg *pg, const char *kind, const char *schema, const char *name,
       const char *part, const char *value, struct err *err)
{
	return registry_note(pg,
			     &(struct change_note){
				     .kind = kind,
				     .schema = schema,
				     .name = name,
				     .part = part,
				     .new_value = value,
				     .state = CHANGE_DONE,
			     },
			     NULL, err);
}

static bool
record_member(struct pg *pg, const struct rowset *tree, size_t i,
	      struct err *err)
{
	const char *schema = rowset_text(tree, i, "schema");
	const char *name = rowset_text(tree, i, "name");
	char *index = identity_index_name(rowset_text(tree, i, "oid"));
	char *value = mem_printf("i:%s", index);
	bool ok = record(pg, CHANGE_INDEX, schema, index, name,
			 IDENTITY_COLUMN, err) &&
		  identity_note(pg, schema, name, value, err);

	free(value);
	free(index);
	return ok;
}

/* As in column_sql: the root has a key, the others an index and identity. */
static bool
record_tree(struct pg *pg, const struct rowset *tree, struct err *err)
{
	const char *identity = rowset_text(tree, 0, "identity");
	const char *schema = rowset_text(tree, 0, "schema");
	const char *name = rowset_text(tree, 0, "name");
	bool key = rowset_bool(tree, 0, "needs") &&
		   !rowset_bool(tree, 0, "has_any_key");
	size_t i;

	if (!record(pg, CHANGE_COLUMN, schema, name, IDENTITY_COLUMN,
		    "bigserial", err))
		return false;
	if (key && strcmp(identity, "d") != 0 &&
	    !identity_note(pg, schema, name, "d", err))
		return false;
	for (i = key ? 1 : 0; i < tree->n_rows; i++)
		if (rowset_bool(tree, i, "needs") &&
		    !record_member(pg, tree, i, err))
			return false;
	return true;
}

static bool
add_column(struct pg *pg, void *arg, struct err *err)
{
	const struct applying *a = arg;
	const struct identity_table *t = a->table;
	struct rowset tree = ROWSET_INIT;
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	ok = registry_open(pg, err) &&
	     identity_tree(pg, t->partition ? t->root_oid : t->oid, &tree,
			   err);
	if (ok)
		identity_sql(t, IDENTITY_ADD_COLUMN, &tree, &sql);
	ok = ok && record_tree(pg, &tree, err) &&
	     pg_run(pg, sql.text, NULL, err) && grant_sequence(pg, &tree, err);
	strbuf_release(&sql);
	rowset_release(&tree);
	return ok;
}

/* --- insert ------------------------------------------------------------- */

static bool
note_insert_only(const struct applying *a, struct err *err)
{
	return registry_note(a->pg,
			     &(struct change_note){
				     .kind = CHANGE_INSERT_ONLY,
				     .schema = a->table->schema,
				     .name = a->table->name,
				     .state = CHANGE_DONE,
			     },
			     NULL, err);
}

/* --- all ---------------------------------------------------------------- */

static bool
apply_remedy(struct applying *a, struct err *err)
{
	pg_set_timeout(a->pg, 0);
	switch (a->remedy) {
	case IDENTITY_DEFAULT:
	case IDENTITY_INDEX:
	case IDENTITY_FULL:
		return retry_locked(a->pg, a->op->interrupt, set_plain, a,
				    err);
	case IDENTITY_UNIQUE:
		return apply_unique(a, err);
	case IDENTITY_ADD_COLUMN:
		return retry_locked(a->pg, a->op->interrupt, add_column, a,
				    err);
	case IDENTITY_INSERT:
		return registry_open(a->pg, err) && note_insert_only(a, err);
	case IDENTITY_NOTHING:
	case IDENTITY_REMEDIES:
		break;
	}
	return true;
}

/* Does the plan mean that table, or the tree it is a part of? */
static bool
is_meant(const struct fix_plan *plan, const struct identity_table *t,
	 enum identity_remedy remedy)
{
	bool root = remedy == IDENTITY_ADD_COLUMN && t->partition;

	return strcmp(plan->schema, root ? t->root_schema : t->schema) == 0 &&
	       strcmp(plan->object, root ? t->root_name : t->name) == 0;
}

/* No such table in need any more: somebody else has mended it. */
static bool
apply_found(struct applying *a, const struct identity_tables *tables,
	    struct err *err)
{
	size_t i;

	for (i = 0; i < tables->n; i++) {
		a->table = &tables->items[i];
		if (!is_meant(a->plan, a->table, a->remedy))
			continue;
		if (identity_fits(a->table, a->remedy))
			return apply_remedy(a, err);
		err_set(err, ERR_STATE, "the table has changed meanwhile");
		err_hint(err, "Run fix again.");
		return false;
	}
	return true;
}

bool
fix_identity_apply(FIX_APPLY_ARGS)
{
	struct applying a = {
		.op = op,
		.plan = plan,
		.remedy = identity_remedy_find(plan->variant),
	};
	struct identity_tables tables = {.n = 0};
	bool ok;

	a.pg = op_connect(op, plan->side, plan->database, PG_PLAIN, err);
	if (!a.pg)
		return false;
	ok = identity_read(a.pg, op, &tables, err) &&
	     apply_found(&a, &tables, err);
	identity_release(&tables);
	pg_close(a.pg);
	return ok;
}
