/* SPDX-License-Identifier: PostgreSQL */
/* The lines of a run view: steps, databases below them, objects below those. */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "run_view.h"

static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool
is_below(const struct record *item, const struct record *step)
{
	return same(record_get(item, "under"), record_get(step, "id"));
}

/* What names a line from frame to frame. */
static char *
key_of(const struct run_line *line)
{
	const struct record *r = line->record;

	if (line->kind == RUN_STEP)
		return mem_strdup(record_get(r, "id"));
	return mem_printf("%s\1%s", record_get(r, "under"),
			  record_get(r, "database"));
}

static size_t
find_turned(const struct run *run, const char *key)
{
	size_t i;

	for (i = 0; i < run->turned.n; i++)
		if (strcmp(run->turned.items[i], key) == 0)
			break;
	return i;
}

static bool
is_turned(const struct run *run, const struct run_line *line)
{
	char *key = key_of(line);
	bool found = find_turned(run, key) < run->turned.n;

	free(key);
	return found;
}

bool
run_line_opens(const struct run_line *line)
{
	if (line->kind == RUN_STEP)
		return line->n > 0;
	return line->kind == RUN_DATABASE && line->n > 1;
}

bool
run_line_turn(struct run *run, const struct run_line *line)
{
	char *key;
	size_t i;

	if (!run_line_opens(line))
		return false;
	key = key_of(line);
	i = find_turned(run, key);
	if (i == run->turned.n) {
		text_list_add(&run->turned, key);
	} else {
		free(run->turned.items[i]);
		run->turned.items[i] = run->turned.items[--run->turned.n];
		run->turned.items[run->turned.n] = NULL;
	}
	free(key);
	return true;
}

static struct run_line *
add_line(struct run *run, enum run_line_kind kind, const struct record *r)
{
	MEM_GROW(run->lines, run->n, run->alloc);
	run->lines[run->n] = (struct run_line){
		.kind = kind,
		.record = r,
		.state = record_get(r, "state"),
	};
	return &run->lines[run->n++];
}

/* What failed outlasts what went well after it. */
static void
count(struct run_line *line, const struct record *item)
{
	const char *state = record_get(item, "state");

	line->n++;
	line->ok += same(state, "ok");
	if (line->kind == RUN_STEP || same(line->state, "ko"))
		return;
	line->record = item;
	line->state = state;
}

static void
add_objects(struct run *run, const struct model *model,
	    const struct record *step, const char *database)
{
	const struct record *item;
	size_t i;

	for (i = 0; i < model->items.n; i++) {
		item = model->items.items[i];
		if (is_below(item, step) &&
		    same(record_get(item, "database"), database))
			add_line(run, RUN_OBJECT, item);
	}
}

static struct run_line *
find_database(struct run *run, int from, const char *database)
{
	int i;

	for (i = run->n - 1; i >= from; i--)
		if (run->lines[i].kind == RUN_DATABASE &&
		    same(record_get(run->lines[i].record, "database"),
			 database))
			return &run->lines[i];
	return NULL;
}

/* One line a database; what is of none stands by itself. */
static void
add_databases(struct run *run, const struct model *model,
	      const struct record *step)
{
	int from = run->n;
	struct run_line *line;
	const struct record *item;
	const char *database;
	size_t i;

	for (i = 0; i < model->items.n; i++) {
		item = model->items.items[i];
		if (!is_below(item, step))
			continue;
		database = record_get(item, "database");
		if (!database) {
			add_line(run, RUN_OBJECT, item);
			continue;
		}
		line = find_database(run, from, database);
		count(line ? line : add_line(run, RUN_DATABASE, item), item);
	}
}

/* Databases that are open get their objects: from the last, so that those
 * before keep their place. */
static void
open_databases(struct run *run, const struct model *model,
	       const struct record *step, int from)
{
	struct run_line *found = run->lines;
	int n = run->n, i;

	run->lines = NULL;
	run->alloc = run->n = 0;
	for (i = 0; i < n; i++) {
		struct run_line *line =
			add_line(run, found[i].kind, found[i].record);

		*line = found[i];
		if (i < from || line->kind != RUN_DATABASE ||
		    !is_turned(run, line))
			continue;
		line->open = true;
		add_objects(run, model, step,
			    record_get(line->record, "database"));
	}
	free(found);
}

static bool
has_trouble(const struct model *model, const struct record *step)
{
	size_t i;

	for (i = 0; i < model->items.n; i++)
		if (is_below(model->items.items[i], step) &&
		    same(record_get(model->items.items[i], "state"), "ko"))
			return true;
	return false;
}

/* What runs, was last or went wrong is open; Enter turns it. */
static void
add_step(struct run *run, const struct model *model, size_t k)
{
	const struct record *step = model->steps.items[k];
	struct run_line *line = add_line(run, RUN_STEP, step);
	int from = run->n;
	size_t i;

	for (i = 0; i < model->items.n; i++)
		if (is_below(model->items.items[i], step))
			count(line, model->items.items[i]);
	line->open = k + 1 == model->steps.n || has_trouble(model, step);
	if (is_turned(run, line))
		line->open = !line->open;
	if (!line->open)
		return;
	add_databases(run, model, step);
	open_databases(run, model, step, from);
}

void
run_lines(struct run *run, const struct model *model)
{
	size_t k;

	run->n = 0;
	for (k = 0; k < model->steps.n; k++)
		add_step(run, model, k);
}
