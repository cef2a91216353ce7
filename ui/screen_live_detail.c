/* SPDX-License-Identifier: PostgreSQL */
/* One database of the live panel: from what the monitor says to lines, and to
 * the list of its tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detail_text.h"
#include "interrupt.h"
#include "mem.h"
#include "screen_live.h"

static bool
is_of(const struct model *model, const char *database)
{
	return model->detail.database &&
	       strcmp(model->detail.database, database) == 0;
}

static void
add_growth(struct strbuf *text, const struct model *model,
	   const char *database, const struct record *row)
{
	double growth = trend_growth(model_trend(model, database));
	double eta = row ? live_eta(model, row) : -1;

	strbuf_add(text, "Last minute  ");
	live_growth(text, growth);
	strbuf_addc(text, '\n');
	if (eta < 0)
		return;
	strbuf_add(text, "Left         ");
	add_duration(text, eta);
	strbuf_addc(text, '\n');
}

static void
add_state(struct strbuf *text, const struct model *model, const char *database,
	  const struct record *row)
{
	const struct trend *trend = model_trend(model, database);
	const char *state = record_get(row, "state");

	strbuf_addf(text, "State        %s", state ? state : "?");
	if (trend) {
		strbuf_add(text, trend->since_seen ? ", for "
						   : ", for at least ");
		add_duration(text, model->status_at - trend->since);
	}
	strbuf_addc(text, '\n');
}

/* Whole seconds of the last sample: what changes nothing sends nothing. */
static void
add_answers(struct strbuf *text, const struct model *model)
{
	static const char *const names[] = {"source", "destination"};
	double age;
	size_t i;

	strbuf_add(text, "Answered    ");
	for (i = 0; i < LENGTH_OF(names); i++) {
		age = model->status_at - model->answered[i];
		strbuf_addf(text, "%s %s ", i ? "," : "", names[i]);
		if (model->answered[i] > 0) {
			add_duration(text, age);
			strbuf_add(text, " ago");
		} else {
			strbuf_add(text, "never");
		}
	}
	strbuf_addc(text, '\n');
}

void
live_facts(struct strbuf *text, const struct model *model,
	   const char *database, const struct record *row)
{
	const struct record *detail =
		is_of(model, database) ? model->detail.record : NULL;

	if (row) {
		add_state(text, model, database, row);
		detail_text_row(text, row);
	}
	add_growth(text, model, database, row);
	add_answers(text, model);
	detail_text_servers(text, detail);
	if (is_of(model, database) && !detail)
		strbuf_add(text, "Asking both servers ...\n");
	if (detail && record_count(detail, "messages") > 0) {
		strbuf_add(text, "Last messages\n");
		detail_text_messages(text, detail);
	}
}

static void
add_table(struct table_list *list, const struct record *table)
{
	static const char *const states[] = {"waiting", "copying", "copied",
					     "failed", "replicating"};
	const char *state = record_get(table, "state");
	struct table_row row = {.state = "unknown"};
	size_t i;

	for (i = 0; state && i < LENGTH_OF(states); i++)
		if (strcmp(states[i], state) == 0)
			row.state = states[i];
	row.name = detail_text_table(table);
	row.rows = record_get_int(table, "rows");
	row.bytes = record_get_int(table, "bytes");
	row.copied = record_has(table, "copied_bytes")
			     ? record_get_int(table, "copied_bytes")
			     : -1;
	row.error = mem_strdup(record_get(table, "error"));
	table_list_add(list, &row);
}

void
live_tables(const struct model *model, const char *database,
	    struct table_list *list)
{
	const struct detail_view *view = &model->detail;
	double stamp = is_of(model, database) && view->tables
			       ? view->tables_at
			       : 0;
	struct record *table;
	size_t i, n;

	if (list->stamp == stamp)
		return;
	list->stamp = stamp;
	table_list_clear(list);
	n = stamp > 0 ? record_count(view->tables, "tables") : 0;
	for (i = 0; i < n; i++) {
		table = record_item(view->tables, "tables", i);
		add_table(list, table);
		record_free(table);
	}
}

/* What the list over the screen shows of the database in arg. */
static void
feed(struct app *app, void *arg, struct table_list *list, struct strbuf *facts)
{
	if (!app->model)
		return;
	model_look(app->model, arg);
	live_facts(facts, app->model, arg,
		   sample_row(app->model->sample, arg));
	live_tables(app->model, arg, list);
}

void
live_open_detail(struct app *app, const char *database)
{
	tables_open(app, database, feed, mem_strdup(database));
}
