/* SPDX-License-Identifier: PostgreSQL */
/*
 * The checklist: a tree by side and database that fills in as checks are
 * done, worst things shown with what to do. f fixes what is under the cursor:
 * a dry run first, then the question with exactly what will run.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "screen_check.h"

static const char *const statuses[] = {"ok", "ko", "warn", "skip"};

int
status_number(const char *status)
{
	size_t i;

	for (i = 0; status && i < LENGTH_OF(statuses); i++)
		if (strcmp(statuses[i], status) == 0)
			return (int)i;
	return 0;
}

static void *
check_open(struct app *app)
{
	struct checklist *s = MEM_NEW(struct checklist);

	if (app->model && app->model->checks.n == 0 &&
	    model_runner(app->model) == 0)
		app_run(app, "check", NULL);
	return s;
}

static void
check_close(void *state)
{
	struct checklist *s = state;

	free(s->lines);
	filter_clear(&s->filter);
	free(s->fixing);
	text_list_release(&s->open);
	free(s);
}

/* --- the lines ------------------------------------------------------------- */

static bool
passes(const struct checklist *s, const struct record *check)
{
	const char *const texts[] = {
		record_get(check, "title"),   record_get(check, "id"),
		record_get(check, "side"),    record_get(check, "database"),
		record_get(check, "object"),  record_get(check, "current"),
	};

	return filter_passes(&s->filter, record_get(check, "status"), texts,
			     LENGTH_OF(texts));
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static struct line *
add_line(struct checklist *s, enum line_kind kind, size_t i,
	 const char *side, const char *database)
{
	MEM_GROW(s->lines, s->n, s->alloc);
	s->lines[s->n] = (struct line){
		.kind = kind, .first = i, .side = side, .database = database};
	return &s->lines[s->n++];
}

/* A database that is all well is one line, until it is opened. */
static bool
is_shown(const struct checklist *s, const struct record *check)
{
	const char *database = record_get(check, "database");

	return !database || strcmp(record_get(check, "status"), "ok") != 0 ||
	       text_list_has(&s->open, database) || filter_is_set(&s->filter);
}

static void
make_lines(struct checklist *s, const struct model *model)
{
	const struct record *check;
	int side = -1, database = -1, status;
	const char *name, *where;
	size_t i;

	s->n = 0;
	for (i = 0; i < model->checks.n; i++) {
		check = model->checks.items[i];
		if (!passes(s, check))
			continue;
		where = record_get(check, "side");
		name = record_get(check, "database");
		if (side < 0 || !same_text(s->lines[side].side, where)) {
			add_line(s, LINE_SIDE, i, where, NULL);
			side = s->n - 1;
			database = -1;
		}
		if (name && (database < 0 ||
			     !same_text(s->lines[database].database, name))) {
			add_line(s, LINE_DATABASE, i, where, name);
			database = s->n - 1;
		}
		status = status_number(record_get(check, "status"));
		s->lines[side].counts[status]++;
		if (name)
			s->lines[database].counts[status]++;
		if (is_shown(s, check))
			add_line(s, LINE_CHECK, i, where, name);
	}
	s->n_seen = model->checks.n;
}

static void
check_draw(struct app *app, void *state, const struct canvas *c)
{
	if (!app->model)
		return;
	make_lines(state, app->model);
	checklist_draw(app, state, c);
}

/* --- keys ------------------------------------------------------------------- */

static void
next_problem(struct app *app, struct checklist *s, int step)
{
	const struct record *check;
	int i = s->list.cursor, k;

	for (k = 0; k < s->n; k++) {
		i = (i + step + s->n) % s->n;
		if (s->lines[i].kind != LINE_CHECK)
			continue;
		check = app->model->checks.items[s->lines[i].first];
		if (strcmp(record_get(check, "status"), "ok") != 0 &&
		    strcmp(record_get(check, "status"), "skip") != 0) {
			s->list.cursor = i;
			return;
		}
	}
	app_say(app, "No KO and no WARN.");
}

static void
open_line(struct app *app, struct checklist *s)
{
	struct line *line;
	const struct record *check = check_under_cursor(app, s);
	struct strbuf text = STRBUF_INIT;
	size_t i;

	if (s->list.cursor >= s->n)
		return;
	line = &s->lines[s->list.cursor];
	if (check) {
		strbuf_addf(&text, "%s\n\nFound:  %s\nNeeded: %s\n\n%s\n",
			    record_get(check, "title"),
			    record_get(check, "current")
				    ? record_get(check, "current")
				    : "-",
			    record_get(check, "needed")
				    ? record_get(check, "needed")
				    : "-",
			    record_get(check, "hint")
				    ? record_get(check, "hint")
				    : "");
		overlay_text(app, record_get(check, "id"),
			     strbuf_detach(&text));
	} else if (line->kind == LINE_DATABASE) {
		for (i = 0; i < s->open.n; i++)
			if (strcmp(s->open.items[i], line->database) == 0)
				break;
		if (i == s->open.n) {
			text_list_add(&s->open, line->database);
		} else {
			free(s->open.items[i]);
			s->open.items[i] = s->open.items[--s->open.n];
			s->open.items[s->open.n] = NULL;
		}
	}
}

static bool
check_tick(struct app *app, void *state)
{
	return check_fix_tick(app, state);
}

static bool
check_act(struct app *app, void *state, enum action action)
{
	struct checklist *s = state;

	if (!app->model)
		return false;
	switch (action) {
	case ACTION_RERUN:
		app_run(app, "check", NULL);
		return true;
	case ACTION_NEXT_PROBLEM:
		next_problem(app, s, 1);
		return true;
	case ACTION_PREVIOUS_PROBLEM:
		next_problem(app, s, -1);
		return true;
	case ACTION_FIX:
		check_fix_one(app, s);
		return true;
	case ACTION_FIX_ALL:
		check_fix_all(app, s);
		return true;
	case ACTION_OPEN:
		open_line(app, s);
		return true;
	case ACTION_FILTER:
		s->filter.typing = true;
		return true;
	case ACTION_BACK:
		filter_clear(&s->filter);
		return true;
	default:
		return list_act(&s->list, action, s->n, s->page);
	}
}

static bool
check_event(struct app *app, void *state, const struct event *event)
{
	struct checklist *s = state;

	(void)app;
	return filter_event(&s->filter, event);
}

static void
check_text(struct app *app, void *state, bool all, struct strbuf *text)
{
	const struct record *check = check_under_cursor(app, state);
	size_t i;

	for (i = 0; app->model && i < app->model->checks.n; i++) {
		const struct record *r = app->model->checks.items[i];

		if (!all && r != check)
			continue;
		strbuf_addf(text, "%s %s %s: %s %s\n",
			    record_get(r, "status"), record_get(r, "side"),
			    record_get(r, "id"),
			    record_get(r, "object") ? record_get(r, "object")
						    : "",
			    record_get(r, "hint") ? record_get(r, "hint")
						  : "");
	}
}

static void
check_click(void *state, int y)
{
	struct checklist *s = state;

	list_click(&s->list, y);
}

const struct screen screen_check = {
	.title = "Check",
	.open = check_open,
	.close = check_close,
	.draw = check_draw,
	.act = check_act,
	.event = check_event,
	.tick = check_tick,
	.text = check_text,
	.click = check_click,
};
