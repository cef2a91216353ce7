/* SPDX-License-Identifier: PostgreSQL */
/*
 * The database that somebody looks at: the monitor is told which one, and says
 * what it finds. A monitor that does not listen now is told later.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interrupt.h"
#include "mem.h"
#include "model.h"

/* Seconds after which nobody looks any more. */
#define LOOKED_AT 30.0

static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

void
model_forget_detail(struct model *model)
{
	record_free(model->detail.record);
	record_free(model->detail.tables);
	free(model->detail.database);
	model->detail = (struct detail_view){
		.told = model->detail.told,
		.asked_at = model->detail.asked_at,
	};
}

/* A line is shorter than what a pipe takes whole, or not at all. */
void
model_tell(struct model *model)
{
	struct record *r;
	char *line, *text;
	size_t n;

	if (model->detail.told || model->monitor.in < 0)
		return;
	r = record_new("watch");
	record_text(r, "database", model->detail.database);
	record_real(r, "interval", model->interval);
	line = record_line(r);
	text = mem_printf("%s\n", line);
	n = strlen(text);
	model->detail.told = write(model->monitor.in, text, n) == (ssize_t)n;
	record_free(r);
	free(text);
	free(line);
}

void
model_every(struct model *model, double interval)
{
	model->interval = interval;
	model->detail.told = false;
	model_tell(model);
}

static void
look(struct model *model, const char *database)
{
	if (same(model->detail.database, database))
		return;
	model_forget_detail(model);
	model->detail.database = mem_strdup(database);
	model->detail.told = false;
	model_tell(model);
}

void
model_look(struct model *model, const char *database)
{
	model->detail.asked_at = clock_now();
	look(model, database);
}

void
model_look_away(struct model *model)
{
	double most = 3 * model->interval;

	if (most < LOOKED_AT)
		most = LOOKED_AT;
	if (clock_now() - model->detail.asked_at > most)
		look(model, NULL);
}

void
model_take_detail(struct model *model, struct record *detail)
{
	struct detail_view *view = &model->detail;

	/* Said before the monitor knew better. */
	if (!same(record_get(detail, "database"), view->database)) {
		record_free(detail);
		return;
	}
	view->at = clock_now();
	if (record_has(detail, "tables")) {
		record_free(view->tables);
		view->tables = record_new(NULL);
		record_take(view->tables, "tables", detail);
		view->tables_at = view->at;
	}
	record_free(view->record);
	view->record = detail;
}
