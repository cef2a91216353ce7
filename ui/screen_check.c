/* SPDX-License-Identifier: PostgreSQL */
/*
 * The checklist: a tree by side and database that fills in as checks are
 * done, worst things shown with what to do. f fixes what is under the cursor
 * or marked: a dry run first, then the question with exactly what will run.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "screen_check.h"

static void *
check_open(struct app *app)
{
	struct checklist *s = MEM_NEW(struct checklist);

	s->unasked = true;
	app_wake(app, 0);
	return s;
}

void
check_run_again(struct app *app, const struct text_list *targets)
{
	struct op_options options = {.yes = false};

	if (targets)
		options.targets = *targets;
	app_start(app, &(struct start){
			       .command = "check",
			       .options = &options,
		       });
}

/* The first look at the screen asks the servers, unless something is at
 * work. */
static void
check_first(struct app *app, struct checklist *s)
{
	if (!s->unasked || !app->model || !app->model->caught_up)
		return;
	s->unasked = false;
	if (model_runner(app->model) == 0)
		check_run_again(app, NULL);
}

static void
check_close(void *state)
{
	struct checklist *s = state;

	free(s->lines);
	filter_clear(&s->filter);
	text_list_release(&s->fixing.targets);
	free(s->fixing.run);
	free(s->at);
	text_list_release(&s->turned);
	text_list_release(&s->marked);
	free(s);
}

static void
check_draw(struct app *app, void *state, const struct canvas *c)
{
	if (app->model)
		checklist_draw(app, state, c);
}

/* --- keys ----------------------------------------------------------------- */

static bool
is_problem(const struct line *line)
{
	return line->kind == LINE_CHECK &&
	       (line->state == COUNT_KO || line->state == COUNT_WARN);
}

static void
next_problem(struct app *app, struct checklist *s, int step)
{
	int i = s->list.cursor, k;

	for (k = 0; k < s->n; k++) {
		i = (i + step + s->n) % s->n;
		if (is_problem(&s->lines[i])) {
			s->list.cursor = i;
			return;
		}
	}
	app_say(app, "No KO and no WARN.");
}

/* Everything that the skipped checks would have said is their titles. */
static void
describe_skipped(struct strbuf *text, const struct checklist *s,
		 const struct line *line)
{
	const struct record_list *all = &s->model->checks;
	size_t i = 0;
	int n;

	while (i < all->n && all->items[i] != line->record)
		i++;
	strbuf_addf(text, "Not made: %s\n\n",
		    record_get(line->record, "current"));
	for (n = 0; n < line->n && i < all->n; i++)
		if (strcmp(record_get(all->items[i], "status"), "skip") == 0) {
			strbuf_addf(text, "  %s\n",
				    record_get(all->items[i], "title"));
			n++;
		}
}

static void
open_line(struct app *app, struct checklist *s)
{
	const struct record *check = check_under_cursor(s);
	const struct line *line = check_line(s);
	struct strbuf text = STRBUF_INIT;
	char *word;

	if (check) {
		check_describe(&text, check);
		overlay_text(app, record_get(check, "id"),
			     strbuf_detach(&text));
	} else if (line && line->kind == LINE_SKIPPED) {
		describe_skipped(&text, s, line);
		overlay_text(app, "Skipped", strbuf_detach(&text));
	} else if (line && line->kind != LINE_WAITING) {
		word = check_group_word(line->side, line->database);
		text_list_toggle(&s->turned, word);
		free(word);
	}
}

/* The group that the cursor is in: a database, or a side's own checks. */
static void
rerun_group(struct app *app, struct checklist *s)
{
	const struct line *line = check_line(s);
	struct text_list targets = {.n = 0};
	char *word;

	if (line) {
		word = check_group_word(line->side, line->database);
		text_list_add(&targets, word);
		free(word);
	}
	check_run_again(app, &targets);
	text_list_release(&targets);
}

static void
mark(struct app *app, struct checklist *s)
{
	const struct record *check = check_under_cursor(s);
	const char *target = check ? record_get(check, "target") : NULL;

	if (!target) {
		app_say(app, "Only a finding can be marked.");
		return;
	}
	text_list_toggle(&s->marked, target);
	list_act(&s->list, ACTION_DOWN, s->n, s->page);
}

/* Esc takes away one thing at a time: the filter, then the marks. */
static void
back(struct checklist *s)
{
	if (filter_is_set(&s->filter))
		filter_clear(&s->filter);
	else
		text_list_release(&s->marked);
}

static bool
check_tick(struct app *app, void *state)
{
	check_first(app, state);
	return check_fix_tick(app, state);
}

static bool
act(struct app *app, struct checklist *s, enum action action)
{
	switch (action) {
	case ACTION_RERUN:
		rerun_group(app, s);
		return true;
	case ACTION_RERUN_ALL:
		check_run_again(app, NULL);
		return true;
	case ACTION_NEXT_PROBLEM:
		next_problem(app, s, 1);
		return true;
	case ACTION_PREVIOUS_PROBLEM:
		next_problem(app, s, -1);
		return true;
	case ACTION_FIX:
		check_fix(app, s);
		return true;
	case ACTION_FIX_ALL:
		check_fix_all(app, s);
		return true;
	case ACTION_UNDO:
		check_undo(app, s);
		return true;
	case ACTION_IGNORE:
		check_ignore(app, s);
		return true;
	case ACTION_MARK:
		mark(app, s);
		return true;
	case ACTION_EDIT:
		app_edit_conf(app);
		return true;
	case ACTION_OPEN:
		open_line(app, s);
		return true;
	case ACTION_FILTER:
		s->filter.typing = true;
		return true;
	case ACTION_BACK:
		back(s);
		return true;
	default:
		return list_act(&s->list, action, s->n, s->page);
	}
}

static bool
check_act(struct app *app, void *state, enum action action)
{
	struct checklist *s = state;
	bool done;

	if (!app->model)
		return false;
	check_lines(s, app->model);
	done = act(app, s, action);
	if (s->model == app->model)
		check_hold(s);
	s->stale = true;
	return done;
}

static bool
check_event(struct app *app, void *state, const struct event *event)
{
	struct checklist *s = state;

	(void)app;
	if (!filter_event(&s->filter, event))
		return false;
	s->stale = true;
	return true;
}

static void
check_text(struct app *app, void *state, bool all, struct strbuf *text)
{
	const struct record *check = check_under_cursor(state);
	size_t i;

	if (!all && check)
		check_describe(text, check);
	for (i = 0; all && app->model && i < app->model->checks.n; i++) {
		const struct record *r = app->model->checks.items[i];
		const char *hint = record_get(r, "hint");

		strbuf_addf(text, "%-7s %s%s%s\n", record_get(r, "status"),
			    record_get(r, "target"), hint ? ": " : "",
			    hint ? hint : "");
	}
}

static void
check_click(void *state, const struct event *event)
{
	struct checklist *s = state;

	list_click(&s->list, event);
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
