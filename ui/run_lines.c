/* SPDX-License-Identifier: PostgreSQL */
/* The lines of a run view: steps, databases below them, objects below those. */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "run_view.h"

/* Names on the line of those that wait. */
#define NAMES 40

static bool
is(const char *state, const char *word)
{
	return state && strcmp(state, word) == 0;
}

/* --- opened and closed by hand -------------------------------------------- */

/* What names a line from frame to frame. */
static char *
key_of(const struct run_line *line)
{
	return mem_printf("%s\1%s", line->step->id,
			  line->database ? line->database : "");
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
	char *key;
	bool found;

	if (run->turned.n == 0)
		return false;
	key = key_of(line);
	found = find_turned(run, key) < run->turned.n;
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

/* --- lines ---------------------------------------------------------------- */

static struct run_line *
add_line(struct run *run, enum run_line_kind kind,
	 const struct told_step *step, const char *state)
{
	MEM_GROW(run->lines, run->n, run->alloc);
	run->lines[run->n] = (struct run_line){
		.kind = kind,
		.step = step,
		.state = state,
	};
	return &run->lines[run->n++];
}

static void
add_object(struct run *run, const struct told_step *step,
	   const struct told_item *item)
{
	struct run_line *line = add_line(run, RUN_OBJECT, step, item->state);

	line->item = item;
	line->database = item->database;
}

/* What failed outlasts what went well after it. */
static void
count(struct run_line *line, const struct told_item *item)
{
	line->n++;
	line->ok += is(item->state, "ok");
	if (line->item && is(line->item->state, "ko"))
		return;
	line->item = item;
	if (!line->part || is(item->state, "ko"))
		line->state = item->state;
}

/* Databases of one step while its lines are made. */
struct finder {
	struct run *run;
	const struct model *model;
	const struct told_step *step;
	struct index index;
	const char *wanted;
};

static bool
is_database(const void *arg, size_t at)
{
	const struct finder *f = arg;

	return f->run->lines[at].database == f->wanted;
}

static struct run_line *
database_line(struct finder *f, const char *database)
{
	const struct told *told = &f->model->told;
	const struct told_copy *copy;
	struct run_line *line;
	uint32_t hash = index_hash(0, database);
	size_t at;

	f->wanted = database;
	at = index_find(&f->index, hash, is_database, f);
	if (at != INDEX_NONE)
		return &f->run->lines[at];
	index_add(&f->index, hash, (size_t)f->run->n);
	line = add_line(f->run, RUN_DATABASE, f->step, NULL);
	line->database = database;
	line->part = told_part(told, f->step->id, database);
	line->state = line->part ? line->part->state : NULL;
	copy = told_copy(told, database);
	if (copy && copy->under == f->step->id)
		line->copy = copy;
	return line;
}

/* One line a database, in the order in which they were begun; what is of none
 * stands by itself. */
static void
add_databases(struct run *run, const struct model *model,
	      const struct told_step *step)
{
	const struct told *told = &model->told;
	struct finder finder = {run, model, step, {NULL, 0, 0}, NULL};
	const struct told_item *item;
	const struct told_part *part;
	size_t i;

	for (i = 0; i < told->parts.n; i++) {
		part = &told->parts.items[i];
		if (part->step == step->id &&
		    (!is(part->state, "wait") || part->began > 0))
			database_line(&finder, part->database);
	}
	for (i = 0; i < told->items.n; i++) {
		item = &told->items.items[i];
		if (item->under != step->id)
			continue;
		if (item->database)
			count(database_line(&finder, item->database), item);
		else
			add_object(run, step, item);
	}
	index_release(&finder.index);
}

static void
add_objects(struct run *run, const struct model *model,
	    const struct run_line *database)
{
	const struct told_step *step = database->step;
	const char *name = database->database;
	const struct told_item *item;
	size_t i;

	for (i = 0; i < model->told.items.n; i++) {
		item = &model->told.items.items[i];
		if (item->under == step->id && item->database == name)
			add_object(run, step, item);
	}
}

/* Databases that are open get their objects. */
static void
open_databases(struct run *run, const struct model *model, int from)
{
	int n = run->n - from, i;
	struct run_line *found;

	found = MEM_ARRAY(struct run_line, (size_t)n);
	if (n > 0)
		memcpy(found, run->lines + from,
		       (size_t)n * sizeof(*found));
	run->n = from;
	for (i = 0; i < n; i++) {
		*add_line(run, RUN_OBJECT, NULL, NULL) = found[i];
		if (found[i].kind != RUN_DATABASE || found[i].n < 2 ||
		    (!is_turned(run, &found[i]) &&
		     !filter_is_set(&run->filter)))
			continue;
		run->lines[run->n - 1].open = true;
		add_objects(run, model, &found[i]);
	}
	free(found);
}

/* "WAIT crm, hr": those that the step has not come to. */
static void
add_waiting(struct run *run, const struct model *model,
	    const struct told_step *step)
{
	const struct told *told = &model->told;
	struct strbuf names = STRBUF_INIT;
	const struct told_part *part;
	int n = 0;
	size_t i;

	for (i = 0; i < told->parts.n && !is(step->state, "ok"); i++) {
		part = &told->parts.items[i];
		if (part->step != step->id || !is(part->state, "wait") ||
		    part->began > 0)
			continue;
		if (++n > NAMES)
			continue;
		strbuf_sep(&names, ", ");
		strbuf_add(&names, part->database);
	}
	if (n > NAMES)
		strbuf_addf(&names, " and %d more", n - NAMES);
	if (n > 0)
		add_line(run, RUN_WAITING, step, "wait")->names =
			strbuf_detach(&names);
	strbuf_release(&names);
}

/* Things and databases below a step, and whether one went wrong. */
static bool
count_below(struct run_line *line, const struct told *told)
{
	bool trouble = false;
	size_t i;

	for (i = 0; i < told->items.n; i++) {
		if (told->items.items[i].under != line->step->id)
			continue;
		line->n++;
		line->ok += is(told->items.items[i].state, "ok");
		trouble |= is(told->items.items[i].state, "ko");
	}
	if (line->step->databases == 0)
		return trouble;
	line->n = line->step->databases;
	line->ok = line->step->ok;
	return trouble;
}

/* What runs, was last or went wrong is open; Enter turns it. */
static void
add_step(struct run *run, const struct model *model, size_t k)
{
	const struct told *told = &model->told;
	const struct told_step *step = &told->steps.items[k];
	struct run_line *line = add_line(run, RUN_STEP, step, step->state);
	bool trouble = count_below(line, told);
	int from = run->n;

	line->open = k == told->step || trouble;
	if (is_turned(run, line))
		line->open = !line->open;
	if (filter_is_set(&run->filter))
		line->open = true;
	line->open &= line->n > 0;
	if (!line->open)
		return;
	add_databases(run, model, step);
	open_databases(run, model, from);
	add_waiting(run, model, step);
}

/* --- the filter ----------------------------------------------------------- */

static bool
passes(const struct run *run, const struct run_line *line)
{
	struct strbuf text = STRBUF_INIT;
	bool yes;

	run_line_text(&text, line);
	yes = filter_passes(&run->filter, line->state,
			    &(const char *){text.text}, 1);
	strbuf_release(&text);
	return yes;
}

/* Those that pass, and what they are below of. */
static void
filter_lines(struct run *run)
{
	int i, n = 0, keep_step = -1, keep_database = -1;
	struct run_line *line;

	/* From the end: what is above is then known to be wanted. */
	for (i = run->n - 1; i >= 0; i--) {
		line = &run->lines[i];
		if (!passes(run, line) &&
		    !(line->kind == RUN_STEP && keep_step == 1) &&
		    !(line->kind == RUN_DATABASE && keep_database == 1)) {
			free(line->names);
			line->names = NULL;
			line->step = NULL;
		} else if (line->kind != RUN_STEP) {
			keep_step = 1;
			keep_database = line->kind == RUN_OBJECT;
		}
		if (line->kind == RUN_STEP)
			keep_step = 0;
		if (line->kind != RUN_OBJECT)
			keep_database = 0;
	}
	for (i = 0; i < run->n; i++)
		if (run->lines[i].step)
			run->lines[n++] = run->lines[i];
	run->n = n;
}

static void
forget_lines(struct run *run)
{
	int i;

	for (i = 0; i < run->n; i++)
		free(run->lines[i].names);
	run->n = 0;
}

void
run_lines(struct run *run, const struct model *model)
{
	size_t k;

	forget_lines(run);
	for (k = 0; k < model->told.steps.n; k++)
		add_step(run, model, k);
	if (filter_is_set(&run->filter))
		filter_lines(run);
}

void
run_place(struct run *run, const struct model *model)
{
	run_lines(run, model);
	run->stale = false;
	if (run->follow)
		run->list.cursor = run_newest_line(run);
	list_fit(&run->list, run->n, run->page);
}

int
run_newest_line(const struct run *run)
{
	int i, found = -1;

	/* The innermost that runs or failed; else the last that has ended. */
	for (i = 0; i < run->n; i++)
		if (is(run->lines[i].state, "run") ||
		    is(run->lines[i].state, "ko"))
			found = i;
	for (i = 0; i < run->n && found < 0; i++)
		if (is(run->lines[i].state, "wait"))
			return i > 0 ? i - 1 : 0;
	return found >= 0 ? found : run->n - 1;
}

struct run *
run_new(const char *command)
{
	struct run *run = MEM_NEW(struct run);

	run->command = command;
	run->follow = true;
	return run;
}

void
run_free(struct run *run)
{
	if (!run)
		return;
	text_list_release(&run->turned);
	forget_lines(run);
	free(run->lines);
	filter_clear(&run->filter);
	log_view_release(&run->log);
	free(run);
}
