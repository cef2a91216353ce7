/* SPDX-License-Identifier: PostgreSQL */
/* What a run has told: its steps, their databases, and the things below. */
#include "told.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

struct wanted {
	const struct told *told;
	const char *a, *b, *c, *d;
};

static bool
is_name(const void *arg, size_t at)
{
	const struct wanted *w = arg;

	return strcmp(w->told->names.items[at], w->a) == 0;
}

const char *
told_name(struct told *told, const char *text)
{
	struct wanted wanted = {.told = told, .a = text};
	uint32_t hash;
	size_t at;

	if (!text)
		return NULL;
	hash = index_hash(0, text);
	at = index_find(&told->names.index, hash, is_name, &wanted);
	if (at == INDEX_NONE) {
		at = told->names.n;
		MEM_GROW(told->names.items, told->names.n, told->names.alloc);
		told->names.items[told->names.n++] = mem_strdup(text);
		index_add(&told->names.index, hash, at);
	}
	return told->names.items[at];
}

/* --- steps ---------------------------------------------------------------- */

static struct told_step *
step_of(struct told *told, const char *id, const char *title)
{
	size_t i;

	for (i = 0; i < told->steps.n; i++)
		if (same(told->steps.items[i].id, id))
			return &told->steps.items[i];
	MEM_GROW(told->steps.items, told->steps.n, told->steps.alloc);
	told->steps.items[i] = (struct told_step){
		.id = told_name(told, id),
		.state = "wait",
		.title = mem_strdup(title ? title : id),
		.n = (long long)i + 1,
		.seconds = -1,
	};
	return &told->steps.items[told->steps.n++];
}

static void
take_plan(struct told *told, const struct record *plan)
{
	struct record *step;
	size_t i;

	record_free(told->plan);
	told->plan = record_copy(plan);
	for (i = 0; i < record_count(plan, "steps"); i++) {
		step = record_item(plan, "steps", i);
		if (step && record_get(step, "id"))
			step_of(told, record_get(step, "id"),
				record_get(step, "title"));
		record_free(step);
	}
}

static void
take_step(struct told *told, const struct record *record)
{
	const char *id = record_get(record, "id");
	const char *state = record_get(record, "state");
	struct told_step *step;

	if (!id || !state)
		return;
	record_free(told->newest_step);
	told->newest_step = record_copy(record);
	step = step_of(told, id, record_get(record, "title"));
	step->state = told_name(told, state);
	step->n = record_get_int(record, "n");
	told->step = (size_t)(step - told->steps.items);
	if (record_has(record, "seconds"))
		step->seconds = record_get_real(record, "seconds");
	else
		step->began = record_time(record);
}

const struct told_step *
told_running(const struct told *told)
{
	const struct told_step *step;

	if (told->step >= told->steps.n)
		return NULL;
	step = &told->steps.items[told->step];
	return strcmp(step->state, "run") == 0 ? step : NULL;
}

/* --- databases of a step -------------------------------------------------- */

static bool
is_part(const void *arg, size_t at)
{
	const struct wanted *w = arg;
	const struct told_part *part = &w->told->parts.items[at];

	return same(part->step, w->a) && same(part->database, w->b);
}

static size_t
find_part(const struct told *told, const char *step, const char *database)
{
	struct wanted wanted = {told, step, database, NULL, NULL};

	return index_find(&told->parts.index,
			  index_hash(index_hash(0, step), database), is_part,
			  &wanted);
}

const struct told_part *
told_part(const struct told *told, const char *step, const char *database)
{
	size_t at = find_part(told, step, database);

	return at == INDEX_NONE ? NULL : &told->parts.items[at];
}

static struct told_part *
part_of(struct told *told, const char *step, const char *database)
{
	size_t at = find_part(told, step, database);

	if (at != INDEX_NONE)
		return &told->parts.items[at];
	at = told->parts.n;
	MEM_GROW(told->parts.items, told->parts.n, told->parts.alloc);
	told->parts.items[told->parts.n++] = (struct told_part){
		.step = told_name(told, step),
		.database = told_name(told, database),
		.seconds = -1,
	};
	index_add(&told->parts.index,
		  index_hash(index_hash(0, step), database), at);
	return &told->parts.items[at];
}

static void
set_part(struct told *told, const char *step, const char *database,
	 const char *state)
{
	struct told_part *part = part_of(told, step, database);
	struct told_step *of = step_of(told, step, NULL);

	of->ok += same(state, "ok") - same(part->state, "ok");
	part->state = told_name(told, state);
}

/* A step may go over its databases more than once. */
static void
take_databases(struct told *told, const struct record *record)
{
	const char *step = record_get(record, "step"), *name;
	size_t i, n = record_count(record, "databases");

	if (!step)
		return;
	for (i = 0; i < n; i++) {
		name = record_item_text(record, "databases", i);
		if (name)
			set_part(told, step, name, "wait");
	}
	step_of(told, step, NULL)->databases = (int)n;
}

static void
take_database(struct told *told, const struct record *record)
{
	const char *step = record_get(record, "step");
	const char *name = record_get(record, "database");
	const char *state = record_get(record, "state");
	struct told_part *part;

	if (!step || !name || !state)
		return;
	set_part(told, step, name, state);
	part = part_of(told, step, name);
	if (record_has(record, "seconds"))
		part->seconds = record_get_real(record, "seconds");
	else
		part->began = record_time(record);
}

/* --- things below a step -------------------------------------------------- */

static bool
is_item(const void *arg, size_t at)
{
	const struct wanted *w = arg;
	const struct told_item *item = &w->told->items.items[at];

	return same(item->under, w->a) && same(item->step, w->b) &&
	       same(item->database, w->c) && same(item->object, w->d);
}

static bool
is_kept(const char *state)
{
	return same(state, "ko") || same(state, "warn") || same(state, "run");
}

static struct told_item *
add_item(struct told *told, const struct wanted *w, const char *state,
	 uint32_t hash)
{
	size_t at = told->items.n;

	if (at >= TOLD_ITEMS * (is_kept(state) ? 2 : 1)) {
		told->more++;
		return NULL;
	}
	MEM_GROW(told->items.items, told->items.n, told->items.alloc);
	told->items.items[told->items.n++] = (struct told_item){
		.under = told_name(told, w->a),
		.step = told_name(told, w->b),
		.database = told_name(told, w->c),
		.object = mem_strdup(w->d),
	};
	index_add(&told->items.index, hash, at);
	return &told->items.items[at];
}

static void
put_item(struct told *told, const struct wanted *w, const char *state,
	 const char *detail)
{
	uint32_t hash = index_hash(
		index_hash(index_hash(index_hash(0, w->a), w->b), w->c), w->d);
	size_t at = index_find(&told->items.index, hash, is_item, w);
	struct told_item *item = at == INDEX_NONE
					 ? add_item(told, w, state, hash)
					 : &told->items.items[at];

	if (!item)
		return;
	item->state = told_name(told, state);
	free(item->detail);
	item->detail = mem_strdup(detail);
}

const char *
told_under(const struct told *told)
{
	return told->step < told->steps.n ? told->steps.items[told->step].id
					  : NULL;
}

static void
take_item(struct told *told, const struct record *record)
{
	const char *state = record_get(record, "state");
	struct wanted wanted = {
		.told = told,
		.a = told_under(told),
		.b = record_get(record, "step"),
		.c = record_get(record, "database"),
		.d = record_get(record, "object"),
	};

	if (same(wanted.b, "copy") && wanted.c && wanted.d) {
		told_take_copied(told, record);
		if (!same(state, "ko"))
			return;
	}
	if (told_copy(told, wanted.c))
		told_copy_of(told, wanted.c)->newest = false;
	put_item(told, &wanted, state, record_get(record, "detail"));
}

/* What a check within another operation finds in its way. */
static void
take_finding(struct told *told, const struct record *record)
{
	struct wanted wanted = {
		.told = told,
		.a = told_under(told),
		.b = record_get(record, "id"),
		.c = record_get(record, "database"),
		.d = record_get(record, "object"),
	};

	if (!same(record_get(record, "status"), "ko"))
		return;
	if (!wanted.d)
		wanted.d = record_get(record, "title");
	put_item(told, &wanted, "ko", record_get(record, "current"));
}

/* --- all of it ------------------------------------------------------------ */

static const struct {
	const char *type;
	void (*take)(struct told *told, const struct record *record);
} kinds[] = {
	{"plan", take_plan},
	{"step", take_step},
	{"databases", take_databases},
	{"database", take_database},
	{"item", take_item},
	{"check", take_finding},
	{"tables", told_take_tables},
	{"progress", told_take_progress},
};

void
told_take(struct told *told, const struct record *record)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(kinds); i++) {
		if (!record_is(record, kinds[i].type))
			continue;
		kinds[i].take(told, record);
		told->changed++;
		return;
	}
}

void
told_clear(struct told *told)
{
	unsigned changed = told->changed + 1;
	size_t i;

	for (i = 0; i < told->names.n; i++)
		free(told->names.items[i]);
	for (i = 0; i < told->steps.n; i++)
		free(told->steps.items[i].title);
	for (i = 0; i < told->items.n; i++) {
		free(told->items.items[i].object);
		free(told->items.items[i].detail);
	}
	for (i = 0; i < told->copies.n; i++)
		told_copy_release(&told->copies.items[i]);
	free(told->names.items);
	free(told->steps.items);
	free(told->parts.items);
	free(told->items.items);
	free(told->copies.items);
	index_release(&told->names.index);
	index_release(&told->parts.index);
	index_release(&told->items.index);
	index_release(&told->copies.index);
	record_free(told->plan);
	record_free(told->newest_step);
	*told = (struct told){.changed = changed};
}
