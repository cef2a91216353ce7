/* SPDX-License-Identifier: PostgreSQL */
/* What a run has told of its copies: databases and their tables. */
#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "mem.h"
#include "told.h"

struct wanted {
	const struct told *told;
	const struct told_copy *copy;
	const char *name;
};

static bool
is_copy(const void *arg, size_t at)
{
	const struct wanted *w = arg;

	return strcmp(w->told->copies.items[at].database, w->name) == 0;
}

static size_t
find_copy(const struct told *told, const char *database)
{
	struct wanted wanted = {.told = told, .name = database};

	if (!database)
		return INDEX_NONE;
	return index_find(&told->copies.index, index_hash(0, database),
			  is_copy, &wanted);
}

const struct told_copy *
told_copy(const struct told *told, const char *database)
{
	size_t at = find_copy(told, database);

	return at == INDEX_NONE ? NULL : &told->copies.items[at];
}

bool
told_copy_runs(const struct told_copy *copy)
{
	const char *phase = copy->progress
				    ? record_get(copy->progress, "phase")
				    : NULL;

	return copy->newest && phase && strcmp(phase, "copy") == 0;
}

double
told_copy_still(const struct told_copy *copy, double at)
{
	double age = told_copy_runs(copy) ? at - record_time(copy->progress)
					  : 0;

	return age > COPY_PROGRESS_FRESH ? age : 0;
}

double
told_copy_rate(const struct told_copy *copy, double at)
{
	if (!copy->progress || told_copy_still(copy, at) > 0)
		return 0;
	return record_get_real(copy->progress, "rate");
}

struct told_copy *
told_copy_of(struct told *told, const char *database)
{
	size_t at = find_copy(told, database);

	if (at != INDEX_NONE)
		return &told->copies.items[at];
	at = told->copies.n;
	MEM_GROW(told->copies.items, told->copies.n, told->copies.alloc);
	told->copies.items[told->copies.n++] = (struct told_copy){
		.database = told_name(told, database),
	};
	index_add(&told->copies.index, index_hash(0, database), at);
	return &told->copies.items[at];
}

static bool
is_table(const void *arg, size_t at)
{
	const struct wanted *w = arg;

	return strcmp(w->copy->tables[at].name, w->name) == 0;
}

/* NULL: one of too many, which is kept only when somebody must see it. */
static struct told_table *
table_of(struct told *told, struct told_copy *copy, const char *name,
	 bool must_see)
{
	struct wanted wanted = {.copy = copy, .name = name};
	uint32_t hash = index_hash(0, name);
	size_t at = index_find(&copy->index, hash, is_table, &wanted);

	if (at != INDEX_NONE)
		return &copy->tables[at];
	if (told->tables >= TOLD_TABLES * (must_see ? 2 : 1))
		return NULL;
	at = copy->n;
	told->tables++;
	MEM_GROW(copy->tables, copy->n, copy->alloc);
	copy->tables[copy->n++] = (struct told_table){
		.name = mem_strdup(name),
		.state = "waiting",
		.bytes = -1,
		.rows = -1,
		.seconds = -1,
	};
	index_add(&copy->index, hash, at);
	return &copy->tables[at];
}

static void
tables_release(struct told_copy *copy)
{
	size_t i;

	for (i = 0; i < copy->n; i++) {
		free(copy->tables[i].name);
		free(copy->tables[i].error);
	}
	free(copy->tables);
	index_release(&copy->index);
	copy->tables = NULL;
	copy->n = copy->alloc = copy->more = 0;
	copy->changed++;
}

void
told_copy_release(struct told_copy *copy)
{
	tables_release(copy);
	record_free(copy->progress);
}

/* The first of them begin the copy anew. */
void
told_take_tables(struct told *told, const struct record *record)
{
	const char *database = record_get(record, "database"), *name;
	size_t i, n = record_count(record, "names");
	struct told_table *table;
	struct told_copy *copy;

	if (!database)
		return;
	copy = told_copy_of(told, database);
	if (record_get_int(record, "first") == 0) {
		told->tables -= copy->n;
		tables_release(copy);
		copy->began = record_time(record);
	}
	copy->under = told_under(told);
	copy->newest = true;
	for (i = 0; i < n; i++) {
		name = record_item_text(record, "names", i);
		table = name ? table_of(told, copy, name, false) : NULL;
		if (table)
			table->bytes = record_item_int(record, "bytes", i);
		else
			copy->more++;
	}
	copy->changed++;
}

static void
take_running(struct told *told, struct told_copy *copy,
	     const struct record *running, double time)
{
	const char *name = running ? record_get(running, "table") : NULL;
	struct told_table *table;

	table = name ? table_of(told, copy, name, true) : NULL;
	if (!table)
		return;
	table->state = "copying";
	table->bytes = record_get_int(running, "bytes");
	table->copied = record_get_int(running, "copied_bytes");
	if (table->began <= 0)
		table->began = time;
}

void
told_take_progress(struct told *told, const struct record *record)
{
	const char *database = record_get(record, "database");
	double time = record_time(record);
	struct told_copy *copy;
	struct record *running;
	size_t i;

	if (!database)
		return;
	copy = told_copy_of(told, database);
	record_free(copy->progress);
	copy->progress = record_copy(record);
	copy->under = told_under(told);
	copy->newest = true;
	for (i = 0; i < record_count(record, "running"); i++) {
		running = record_item(record, "running", i);
		take_running(told, copy, running, time);
		record_free(running);
	}
	record_drop(copy->progress, "running");
	copy->changed++;
}

void
told_take_copied(struct told *told, const struct record *record)
{
	const char *state = record_get(record, "state");
	struct told_copy *copy =
		told_copy_of(told, record_get(record, "database"));
	bool failed = state && strcmp(state, "ko") == 0;
	struct told_table *table =
		table_of(told, copy, record_get(record, "object"), failed);

	if (!table)
		return;
	copy->changed++;
	free(table->error);
	table->error = NULL;
	if (failed) {
		table->state = "failed";
		table->error = mem_strdup(record_get(record, "detail"));
		return;
	}
	table->state = "copied";
	if (record_has(record, "bytes"))
		table->bytes = record_get_int(record, "bytes");
	table->copied = table->bytes;
	if (record_has(record, "rows"))
		table->rows = record_get_int(record, "rows");
	if (record_has(record, "seconds"))
		table->seconds = record_get_real(record, "seconds");
}
