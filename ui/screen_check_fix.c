/* SPDX-License-Identifier: PostgreSQL */
/*
 * Fixing from the checklist: a dry run gives the plan, the question shows
 * exactly what will run, and yes runs just that.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "screen_check.h"

/* The word that names the fix of a finding. */
static char *
target_of(const struct record *check)
{
	const char *hint = record_get(check, "hint");
	const char *id = record_get(check, "id");
	const char *side = record_get(check, "side");
	const char *at = hint ? strstr(hint, "pgrepup fix \"") : NULL;
	const char *end;

	/* Hints of tables name them, quoted as the target wants it. */
	if (at) {
		at += strlen("pgrepup fix \"");
		end = strrchr(at, '"');
		if (end && end > at)
			return mem_strndup(at, (size_t)(end - at));
	}
	return mem_printf("%s@%s", id, side);
}

static void
plan(struct app *app, struct checklist *s, const char *target)
{
	struct text_list targets = {0};

	if (target)
		text_list_add(&targets, target);
	free(s->fixing);
	s->fixing = mem_strdup(target ? target : "");
	app_plan_fix(app, &targets);
	text_list_release(&targets);
}

void
check_fix_one(struct app *app, struct checklist *s)
{
	const struct record *check = check_under_cursor(app, s);
	char *target;

	if (!check || !record_get_bool(check, "fixable")) {
		app_say(app, "pgrepup has no fix for this; the hint says "
			     "what to do.");
		return;
	}
	target = target_of(check);
	plan(app, s, target);
	free(target);
}

static void
do_fixes(struct app *app, void *arg)
{
	struct text_list targets = {0};
	char *rest = arg, *one;

	while ((one = strsep(&rest, "\n")))
		if (*one)
			text_list_add(&targets, one);
	app_run(app, "fix", &targets);
	text_list_release(&targets);
}

static void
describe(const struct record *fix, struct strbuf *text)
{
	static const struct {
		const char *key;
		const char *label;
	} parts[] = {
		{"sql", "Runs    "},
		{"cost", "Cost    "},
		{"undo", "Undo    "},
	};
	size_t i;

	strbuf_addf(text, "Where   %s", record_get(fix, "side"));
	if (record_get(fix, "database"))
		strbuf_addf(text, ", database %s",
			    record_get(fix, "database"));
	strbuf_addc(text, '\n');
	for (i = 0; i < LENGTH_OF(parts); i++)
		if (record_get(fix, parts[i].key))
			strbuf_addf(text, "%s%s\n", parts[i].label,
				    record_get(fix, parts[i].key));
	strbuf_addc(text, '\n');
}

/* The plan has come: ask with exactly what will run. */
static void
ask_plan(struct app *app)
{
	struct strbuf text = STRBUF_INIT, targets = STRBUF_INIT;
	const struct record *r;
	size_t i;

	for (i = 0; i < app->model->logs.n; i++) {
		r = app->model->logs.items[i];
		/* Heavy ones must be chosen one by one. */
		if (!record_is(r, "fix") || !record_get(r, "target") ||
		    (record_get_bool(r, "heavy") &&
		     app->model->logs.n > 1))
			continue;
		describe(r, &text);
		strbuf_addf(&targets, "%s\n", record_get(r, "target"));
	}
	if (targets.len == 0) {
		app_say(app, "There is nothing to fix.");
	} else {
		strbuf_add(&text, "Run it?");
		overlay_ask(app, "Fix", text.text, do_fixes,
			    strbuf_detach(&targets));
	}
	strbuf_release(&text);
	strbuf_release(&targets);
}

void
check_fix_all(struct app *app, struct checklist *s)
{
	plan(app, s, NULL);
}

static bool
is_over(const struct model *model, const char *command)
{
	const char *is = model_command(model);

	return is && model->end && strcmp(is, command) == 0;
}

bool
check_fix_tick(struct app *app, struct checklist *s)
{
	const struct model *model = app->model;

	if (!model || !s->fixing || !is_over(model, "fix"))
		return false;
	free(s->fixing);
	s->fixing = NULL;
	if (record_get_bool(model->begin, "dry_run"))
		ask_plan(app);
	return true;
}

