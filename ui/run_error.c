/* SPDX-License-Identifier: PostgreSQL */
/* What failed: what was said, what to do, and what was left as it was. */
#include <stdlib.h>
#include <string.h>

#include "draw_text.h"
#include "mem.h"
#include "run_view.h"

const char run_death[] =
	"It ended without a word: its process was killed, or the machine went "
	"down.\n"
	"The server ends or rolls back the statement that it was at; what was "
	"done before stays done.\n"
	"r asks how things stand, and goes on from there.\n";

const char run_was_dry[] =
	"It was a dry run: nothing was changed, and there is nothing to take "
	"up again.\n";

static const struct told_step *
failed_step(const struct told *told)
{
	size_t i;

	for (i = 0; i < told->steps.n; i++)
		if (strcmp(told->steps.items[i].state, "ko") == 0)
			return &told->steps.items[i];
	return NULL;
}

static void
add_part(struct strbuf *text, const char *label, const char *value)
{
	if (value && *value)
		strbuf_addf(text, "%s%s\n", label, value);
}

static void
add_error(struct strbuf *text, const struct record *r)
{
	const char *database = record_get(r, "database");
	const char *state = record_get(r, "sqlstate");

	add_part(text, "At      ", record_get(r, "where"));
	if (database && !record_get(r, "where"))
		strbuf_addf(text, "At      database %s\n", database);
	add_part(text, "        ", record_get(r, "message"));
	add_part(text, "        SQLSTATE ", state);
	add_part(text, "Detail  ", record_get(r, "detail"));
	add_part(text, "Do      ", record_get(r, "hint"));
}

/* Those of databases: the end may only count them. */
static void
add_others(struct strbuf *text, const struct model *model)
{
	const struct record *r;
	size_t i;

	for (i = model->logs_run; i < model->logs.n; i++) {
		r = model->logs.items[i];
		if (!record_is(r, "error"))
			continue;
		strbuf_addc(text, '\n');
		add_error(text, r);
	}
}

static void
add_kept(struct strbuf *text, const struct model *model,
	 const struct told_step *step)
{
	struct record *row = record_item(model->told.plan, "steps",
					 (size_t)step->n - 1);
	const char *leaves = row ? record_get(row, "leaves") : NULL;

	strbuf_addc(text, '\n');
	if (leaves)
		strbuf_addf(text, "%s\n", leaves);
	record_free(row);
	if (step->n == 2)
		strbuf_add(text, "Step 1 is kept. ");
	else if (step->n > 2)
		strbuf_addf(text, "Steps 1 to %lld are kept. ", step->n - 1);
	strbuf_addf(text, "r begins step %lld again.\n", step->n);
}

void
run_error_text(const struct model *model, struct strbuf *text)
{
	const struct told_step *step = failed_step(&model->told);
	const struct record *end = model->end;

	if (!end) {
		strbuf_add(text, !run_died(model)   ? ""
				 : run_is_dry(model) ? run_was_dry
						     : run_death);
		return;
	}
	if (step)
		strbuf_addf(text, "Step %lld of %zu failed: %s\n\n", step->n,
			    model->told.steps.n, step->title);
	add_error(text, end);
	add_others(text, model);
	if (run_is_dry(model))
		strbuf_addf(text, "\n%s", run_was_dry);
	else if (step && model->told.plan)
		add_kept(text, model, step);
	else if (model->told.steps.n == 0)
		strbuf_add(text, "\nIt had not begun: nothing was changed.\n");
	strbuf_addf(text, "\nLog     pgrepup log %s, out of\n        "
			  "%s/journal\n",
		    record_get(end, "run"), model->dir->path);
	strbuf_addf(text, "Status  a command ends with %lld\n",
		    record_get_int(end, "exit"));
}

void
run_show_error(struct app *app)
{
	struct strbuf text = STRBUF_INIT;

	run_error_text(app->model, &text);
	if (text.len > 0 && run_is_dry(app->model))
		overlay_text(app, "What failed in a dry run",
			     strbuf_detach(&text));
	else if (text.len > 0)
		overlay_text_retry(app, "What failed", strbuf_detach(&text));
	strbuf_release(&text);
}
