/* SPDX-License-Identifier: PostgreSQL */
/* Replica identities: one plan a table, or a tree of tables; see identity.h */
#include "identity.h"

#include <stdlib.h>
#include <string.h>

#include "fix_internal.h"
#include "mem.h"

/* Bytes a second of a table that is rewritten: a disk that has other work. */
#define REWRITE_RATE (50LL * 1024 * 1024)

struct planning {
	const struct fix *fix;
	struct op *op;
	struct pg *pg;
	const char *database;
	const struct targets *targets;
	struct fix_list *list;
	struct identity_tables tables;
	enum identity_remedy *chosen; /* one a table */
};

/* What a person wants for it, else the least invasive. */
static enum identity_remedy
choose(const struct planning *p, const struct identity_table *t)
{
	struct fix_plan plan = {
		.fix = p->fix,
		.side = SIDE_SOURCE,
		.database = mem_strdup(p->database),
		.schema = t->schema,
		.object = t->name,
	};
	const struct target *target = fix_targets_match(p->targets, &plan);

	free(plan.database);
	if (target && target->variant)
		return identity_remedy_find(target->variant);
	return identity_best(t);
}

static char *
choices_text(const struct identity_table *t)
{
	struct strbuf sb = STRBUF_INIT;
	int i;

	for (i = IDENTITY_DEFAULT; i < IDENTITY_REMEDIES; i++) {
		if (!identity_fits(t, (enum identity_remedy)i))
			continue;
		strbuf_sep(&sb, " ");
		strbuf_add(&sb, identity_remedy_name((enum identity_remedy)i));
	}
	strbuf_sep(&sb, " ");
	strbuf_add(&sb, FIX_EXCLUDE_VARIANT);
	return strbuf_detach(&sb);
}

static struct fix_plan *
new_plan(const struct planning *p, enum identity_remedy remedy,
	 const struct identity_table *t)
{
	struct fix_plan *plan = fix_list_add(p->list);

	plan->fix = p->fix;
	plan->side = SIDE_SOURCE;
	plan->database = mem_strdup(p->database);
	plan->variant = mem_strdup(identity_remedy_name(remedy));
	plan->choices = choices_text(t);
	return plan;
}

/* Nothing fits, or what was asked for does not. */
static void
plan_nothing(const struct planning *p, const struct identity_table *t,
	     enum identity_remedy remedy)
{
	struct fix_plan *plan = new_plan(p, remedy, t);

	plan->schema = mem_strdup(t->schema);
	plan->object = mem_strdup(t->name);
	if (identity_best(t) != IDENTITY_NOTHING)
		plan->reason = mem_printf("that remedy does not fit (%s); "
					  "these do: %s",
					  identity_problem(t), plan->choices);
	else
		plan->reason = mem_printf(
			"%s, and %s cannot get a column: give it a key, or "
			"leave it out (tables.exclude)",
			identity_problem(t),
			t->typed ? "a table of a type (CREATE TABLE OF)"
				 : "this table");
}

static char *
undo_identity(const struct identity_table *t)
{
	struct strbuf sb = STRBUF_INIT;

	char *value = t->identity_index ? mem_printf("i:%s", t->identity_index)
					: mem_strdup(t->identity);

	if (strcmp(value, "i") == 0)
		strbuf_add(&sb, "none: the index it was on is gone");
	else
		identity_alter_sql(t->schema, t->name, value, &sb);
	free(value);
	return strbuf_detach(&sb);
}

/* "19 GB, about 88000000 rows". Without statistics there are 0 or -1 rows by
 * the catalog, of a table that has some. */
static void
add_size(struct strbuf *text, long long bytes, long long rows)
{
	strbuf_bytes(text, bytes);
	if (rows > 0 || bytes == 0)
		strbuf_addf(text, ", about %lld rows", rows > 0 ? rows : 0);
	else
		strbuf_add(text, ", rows not known (never analyzed)");
}

static char *
full_cost(const struct identity_table *t)
{
	struct strbuf size = STRBUF_INIT;
	char *text;

	add_size(&size, t->bytes, t->rows);
	text = mem_printf(
		"an ACCESS EXCLUSIVE lock for a moment, no rewrite. Until it "
		"is undone each UPDATE and DELETE writes the whole old row to "
		"the WAL, and the destination looks for that row through the "
		"whole table (%s): slow for a big one that changes often.",
		size.text);
	strbuf_release(&size);
	return text;
}

/* Nothing is changed; it is only noted what start shall do. */
static void
plan_insert(const struct planning *p, const struct identity_table *t)
{
	struct fix_plan *plan = new_plan(p, IDENTITY_INSERT, t);

	plan->schema = mem_strdup(t->schema);
	plan->object = mem_strdup(t->name);
	plan->sql = mem_strdup("-- start: published for INSERT only");
	plan->cost = mem_strdup("rows that are updated or deleted on the "
				"source after start stay as they were on the "
				"destination.");
	plan->undo = mem_strdup("-- published for all changes");
}

static void
plan_plain(const struct planning *p, const struct identity_table *t,
	   enum identity_remedy remedy)
{
	struct fix_plan *plan = new_plan(p, remedy, t);
	struct strbuf sql = STRBUF_INIT, size = STRBUF_INIT;
	char *undo = undo_identity(t);

	plan->schema = mem_strdup(t->schema);
	plan->object = mem_strdup(t->name);
	identity_sql(t, remedy, NULL, &sql);
	plan->sql = strbuf_detach(&sql);
	if (remedy == IDENTITY_UNIQUE) {
		add_size(&size, t->bytes, t->rows);
		plan->cost = mem_printf(
			"builds an index over a table of %s, while it is in "
			"use; then an ACCESS EXCLUSIVE lock for a moment, no "
			"rewrite.%s",
			size.text,
			t->has_column ? ""
				      : " Transactions that pass through "
					"duplicates, which the deferrable key "
					"allows, will fail.");
		plan->undo = mem_printf("%s; DROP INDEX", undo);
	} else {
		plan->cost = remedy == IDENTITY_FULL
				     ? full_cost(t)
				     : mem_strdup("an ACCESS EXCLUSIVE lock "
						  "for a moment, no rewrite.");
		plan->undo = mem_strdup(undo);
	}
	free(undo);
	strbuf_release(&size);
}

/* Is the column coming to it with the column of a table above? */
static bool
comes_from_above(const struct planning *p, const struct identity_table *t)
{
	char *word;
	size_t i;
	bool found = false;

	for (i = 0; !found && i < p->tables.n; i++) {
		if (p->chosen[i] != IDENTITY_ADD_COLUMN)
			continue;
		word = mem_printf(" %s ", p->tables.items[i].oid);
		found = strstr(t->ancestors, word) != NULL;
		free(word);
	}
	return found;
}

static bool
is_planned(const struct planning *p, const char *schema, const char *name)
{
	const struct fix_plan *plan;

	for (plan = p->list->items; plan < p->list->items + p->list->n; plan++)
		if (plan->fix == p->fix && plan->schema &&
		    strcmp(plan->database, p->database) == 0 &&
		    strcmp(plan->schema, schema) == 0 &&
		    strcmp(plan->object, name) == 0)
			return true;
	return false;
}

/* A moment needs no number. */
static void
add_minutes(struct strbuf *text, long long bytes)
{
	long long seconds = bytes / REWRITE_RATE;

	if (seconds >= 60)
		strbuf_addf(text, " (%lld min at 50 MB/s)", seconds / 60);
}

static void
column_cost(struct fix_plan *plan, const struct rowset *tree)
{
	struct strbuf size = STRBUF_INIT;
	long long rows = 0, these, bytes;
	bool known = true;
	size_t i;

	for (i = 0; i < tree->n_rows; i++) {
		these = rowset_int(tree, i, "estimated_rows");
		bytes = rowset_int(tree, i, "bytes");
		known &= these > 0 || bytes == 0;
		rows += these;
		plan->rewrite_bytes += bytes;
		if (!rowset_bool(tree, i, "needs"))
			continue;
		text_list_add(&plan->mended, rowset_text(tree, i, "schema"));
		text_list_add(&plan->mended, rowset_text(tree, i, "name"));
	}
	add_size(&size, plan->rewrite_bytes, known ? rows : 0);
	add_minutes(&size, plan->rewrite_bytes);
	plan->cost = mem_printf(
		"rewrites %s, under an ACCESS EXCLUSIVE lock. COPY t FROM and "
		"INSERT without a column list, SELECT * and views over it "
		"will notice; a role that is granted INSERT later needs USAGE "
		"on the sequence as well. To leave the table out instead, add "
		"it to tables.exclude.",
		size.text);
	strbuf_release(&size);
}

static char *
undo_column(const char *schema, const char *table)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_add(&sb, "ALTER TABLE ");
	strbuf_ident2(&sb, schema, table);
	strbuf_add(&sb, " DROP COLUMN " IDENTITY_COLUMN);
	return strbuf_detach(&sb);
}

static bool
plan_column(const struct planning *p, const struct identity_table *t,
	    struct err *err)
{
	const char *schema = t->partition ? t->root_schema : t->schema;
	const char *name = t->partition ? t->root_name : t->name;
	struct rowset tree = ROWSET_INIT;
	struct strbuf sql = STRBUF_INIT, grant = STRBUF_INIT;
	struct fix_plan *plan;
	bool ok;

	if (comes_from_above(p, t) || is_planned(p, schema, name))
		return true;
	ok = identity_tree(p->pg, t->partition ? t->root_oid : t->oid, &tree,
			   err) &&
	     identity_grant_sql(p->pg, &tree, NULL, &grant, err);
	if (ok) {
		plan = new_plan(p, IDENTITY_ADD_COLUMN, t);
		plan->schema = mem_strdup(schema);
		plan->object = mem_strdup(name);
		identity_sql(t, IDENTITY_ADD_COLUMN, &tree, &sql);
		if (grant.len > 0)
			strbuf_addf(&sql, ";\n%s", grant.text);
		plan->sql = strbuf_detach(&sql);
		plan->undo = undo_column(schema, name);
		column_cost(plan, &tree);
		plan->heavy = plan->rewrite_bytes >
			      p->op->conf->fix_rewrite_limit;
	}
	strbuf_release(&grant);
	rowset_release(&tree);
	return ok;
}

/* Another row plans that. */
static bool
is_left_out(const struct planning *p, const struct identity_table *t)
{
	const struct target_thing thing = {
		.check = p->fix->check,
		.side = SIDE_SOURCE,
		.database = p->database,
		.schema = t->schema,
		.object = t->name,
	};
	const struct target *target = targets_find(p->targets, &thing);

	return target && fix_exclude_is_named(target);
}

static bool
plan_table(const struct planning *p, size_t i, struct err *err)
{
	const struct identity_table *t = &p->tables.items[i];

	if (is_left_out(p, t))
		return true;
	if (!identity_fits(t, p->chosen[i]))
		plan_nothing(p, t, p->chosen[i]);
	else if (p->chosen[i] == IDENTITY_ADD_COLUMN)
		return plan_column(p, t, err);
	else if (p->chosen[i] == IDENTITY_INSERT)
		plan_insert(p, t);
	else
		plan_plain(p, t, p->chosen[i]);
	return true;
}

static bool
plan_database(struct planning *p, struct err *err)
{
	size_t i;
	bool ok;

	ok = identity_read(p->pg, p->op, &p->tables, err);
	p->chosen = MEM_ARRAY(enum identity_remedy, p->tables.n);
	for (i = 0; ok && i < p->tables.n; i++)
		p->chosen[i] = choose(p, &p->tables.items[i]);
	for (i = 0; ok && i < p->tables.n; i++)
		ok = plan_table(p, i, err);
	free(p->chosen);
	identity_release(&p->tables);
	return ok;
}

bool
fix_identity_plan_in(struct op *op, struct pg *pg, const char *database,
		     struct fix_list *list, struct err *err)
{
	const struct targets none = {.n = 0};
	struct planning p = {
		.fix = fix_find("replica_identity"),
		.op = op,
		.pg = pg,
		.database = database,
		.targets = &none,
		.list = list,
	};

	return plan_database(&p, err);
}

bool
fix_identity_plan(FIX_PLAN_ARGS)
{
	struct planning p = {
		.fix = fix,
		.op = op,
		.targets = targets,
		.list = list,
	};
	size_t i;
	bool ok;

	for (i = 0; i < op->n_databases; i++) {
		p.database = op->databases[i].name;
		p.pg = fix_connect(op, cluster, p.database, err);
		if (!p.pg && err_is_set(err))
			return false;
		ok = !p.pg || plan_database(&p, err);
		pg_close(p.pg);
		if (!ok)
			return false;
	}
	return true;
}
