/* SPDX-License-Identifier: PostgreSQL */
/* Fixes that were done, gathered from the registry. */
#include "fix_done.h"

#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "mem.h"

static bool
same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The kinds that a row leaves; a setting must be its own. */
static bool
leaves(const struct fix *fix, const struct change *change)
{
	const char *const *kind;

	for (kind = fix->leaves; kind && *kind; kind++)
		if (strcmp(*kind, change->kind) == 0)
			return !fix->setting ||
			       strcmp(fix->setting, change->name) == 0;
	return false;
}

/* The table of a change: an index names it apart. */
static const char *
table_of(const struct change *change)
{
	if (strcmp(change->kind, CHANGE_INDEX) == 0)
		return change->part;
	return *change->schema ? change->name : NULL;
}

static bool
is_of_column(const struct change *change)
{
	return strcmp(change->kind, CHANGE_INDEX) == 0 &&
	       same(change->new_value, IDENTITY_COLUMN);
}

bool
fix_done_has(const struct change_list *changes, const char *check,
	     const char *schema, const char *object)
{
	const struct change *c;
	const struct fix *fix;

	for (c = changes->items; c < changes->items + changes->n; c++)
		for (fix = fixes; fix < fixes + n_fixes; fix++)
			if (strcmp(fix->check, check) == 0 &&
			    leaves(fix, c) &&
			    (!table_of(c) || (same(c->schema, schema) &&
					      same(table_of(c), object))))
				return true;
	return false;
}

const char *
fix_done_setup(const struct change_list *changes)
{
	const struct change *c;
	const struct fix *fix;

	for (c = changes->items; c < changes->items + changes->n; c++) {
		for (fix = fixes; fix < fixes + n_fixes; fix++)
			if (leaves(fix, c))
				break;
		if (fix == fixes + n_fixes)
			return c->kind;
	}
	return NULL;
}

/* --- gathering ---------------------------------------------------------- */

struct gathering {
	const struct change_list *changes;
	bool *taken; /* one a change */
	struct fix_done_list *list;
};

static struct fix_done *
new_done(struct gathering *g, const struct fix *fix, const char *schema,
	 const char *object, const char *variant)
{
	struct fix_done_list *list = g->list;

	MEM_GROW(list->items, list->n, list->alloc);
	list->items[list->n] = (struct fix_done){
		.fix = fix,
		.schema = mem_strdup(schema),
		.object = mem_strdup(object),
		.variant = mem_strdup(variant),
	};
	return &list->items[list->n++];
}

static void
take(struct gathering *g, struct fix_done *done, size_t i)
{
	MEM_GROW(done->changes, done->n, done->alloc);
	done->changes[done->n++] = &g->changes->items[i];
	g->taken[i] = true;
}

/* An identity on the index of our column, or the key of the root. */
static bool
is_identity_of_column(const struct gathering *g, const struct change *change,
		      bool root)
{
	const struct change *c;
	size_t i;

	if (strcmp(change->kind, CHANGE_REPLICA_IDENTITY) != 0)
		return false;
	if (root && same(change->new_value, "d"))
		return true;
	for (i = 0; i < g->changes->n; i++) {
		c = &g->changes->items[i];
		if (is_of_column(c) && same(c->schema, change->schema) &&
		    same(c->part, change->name) &&
		    strncmp(change->new_value, "i:", 2) == 0 &&
		    same(c->name, change->new_value + 2))
			return true;
	}
	return false;
}

static void
take_member(struct gathering *g, struct fix_done *done, size_t i,
	    const struct rowset *tree)
{
	const struct change *c = &g->changes->items[i];
	size_t k;

	for (k = 0; k < tree->n_rows; k++)
		if (same(rowset_text(tree, k, "schema"), c->schema) &&
		    same(rowset_text(tree, k, "name"), table_of(c)) &&
		    (is_of_column(c) || is_identity_of_column(g, c, k == 0))) {
			take(g, done, i);
			return;
		}
}

/* A column, and what was made on it in every table below. */
static bool
take_column(struct gathering *g, struct pg *pg, const struct fix *fix,
	    size_t column, struct err *err)
{
	const struct change *c = &g->changes->items[column];
	char *oid = pg_ask_value(pg, "table_oid", PG_BIND(c->schema, c->name),
				 err);
	struct rowset tree = ROWSET_INIT;
	struct fix_done *done;
	bool ok = !err_is_set(err) &&
		  (!oid || identity_tree(pg, oid, &tree, err));
	size_t i;

	free(oid);
	if (!ok)
		return false;
	done = new_done(g, fix, c->schema, c->name,
			identity_remedy_name(IDENTITY_ADD_COLUMN));
	for (i = 0; i < g->changes->n; i++)
		if (i == column)
			take(g, done, i);
		else if (!g->taken[i])
			take_member(g, done, i, &tree);
	rowset_release(&tree);
	return true;
}

static struct fix_done *
find_done(struct gathering *g, const struct fix *fix,
	  const struct change *change)
{
	struct fix_done *d;
	const char *schema = table_of(change) ? change->schema : NULL;

	for (d = g->list->items; d < g->list->items + g->list->n; d++)
		if (d->fix == fix && same(d->schema, schema) &&
		    same(d->object, table_of(change)))
			return d;
	return new_done(g, fix, schema, table_of(change),
			fix->setting && strcmp(fix->setting, fix->check) != 0
				? fix->setting
				: NULL);
}

static bool
gather(struct gathering *g, struct pg *pg, const struct fix *fix,
       struct err *err)
{
	const struct change *c;
	size_t i;

	for (i = 0; i < g->changes->n; i++) {
		c = &g->changes->items[i];
		if (leaves(fix, c) && strcmp(c->kind, CHANGE_COLUMN) == 0 &&
		    !take_column(g, pg, fix, i, err))
			return false;
	}
	for (i = 0; i < g->changes->n; i++) {
		c = &g->changes->items[i];
		if (!g->taken[i] && leaves(fix, c))
			take(g, find_done(g, fix, c), i);
	}
	return true;
}

bool
fix_done_read(struct pg *pg, const struct change_list *changes,
	      bool cluster_wide, struct fix_done_list *list, struct err *err)
{
	struct gathering g = {
		.changes = changes,
		.taken = MEM_ARRAY(bool, changes->n),
		.list = list,
	};
	bool ok = true;
	size_t i;

	*list = (struct fix_done_list){.n = 0};
	for (i = 0; ok && i < n_fixes; i++)
		if (fixes[i].in_databases != cluster_wide)
			ok = gather(&g, pg, &fixes[i], err);
	free(g.taken);
	return ok;
}

void
fix_done_release(struct fix_done_list *list)
{
	struct fix_done *d;

	for (d = list->items; d < list->items + list->n; d++) {
		free(d->schema);
		free(d->object);
		free(d->variant);
		free(d->changes);
	}
	free(list->items);
	*list = (struct fix_done_list){.n = 0};
}
