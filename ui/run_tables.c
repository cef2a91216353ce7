/* SPDX-License-Identifier: PostgreSQL */
/* The tables of a database that a run copies, out of what it has told. */
#include <stdlib.h>
#include <string.h>

#include "draw_text.h"
#include "mem.h"
#include "run_view.h"
#include "tables_view.h"

static void
add_amount(struct strbuf *text, const struct told_copy *copy, double now)
{
	long long done = record_get_int(copy->progress, "copied_bytes");
	long long all = record_get_int(copy->progress, "total_bytes");
	double rate = told_copy_rate(copy, now);

	strbuf_bytes(text, done);
	strbuf_add(text, " of ");
	strbuf_bytes(text, all);
	if (rate > 0) {
		strbuf_add(text, ", ");
		add_rate(text, rate);
		strbuf_add(text, ", ETA ");
		add_duration(text, (double)(all - done) / rate);
	} else if (told_copy_still(copy, now) > 0) {
		strbuf_add(text, ", stalled ");
		add_duration(text, told_copy_still(copy, now));
	}
	strbuf_addc(text, '\n');
}

/* Those that are under way, with what they will still take. */
static void
add_running(struct strbuf *text, const struct told_copy *copy, double at)
{
	double now = copy->progress ? record_time(copy->progress) : 0;
	const struct told_table *t;
	double rate;

	for (t = copy->tables; t < copy->tables + copy->n; t++) {
		if (strcmp(t->state, "copying") != 0 || t->bytes <= 0)
			continue;
		rate = now > t->began ? (double)t->copied / (now - t->began)
				      : 0;
		strbuf_addf(text, "        %s  ", t->name);
		strbuf_bytes(text, t->copied);
		strbuf_add(text, " of ");
		strbuf_bytes(text, t->bytes);
		strbuf_add(text, ", ETA ");
		if (rate > 0 && now - t->began >= RUN_SURE &&
		    told_copy_still(copy, at) <= 0)
			add_duration(text, (double)(t->bytes - t->copied) /
						   rate);
		else
			strbuf_addc(text, '-');
		strbuf_addc(text, '\n');
	}
}

static void
fill(struct table_list *list, const struct told_copy *copy)
{
	const struct told_table *table;
	size_t i;

	table_list_clear(list);
	for (i = 0; i < copy->n; i++) {
		table = &copy->tables[i];
		table_list_add(list, &(struct table_row){
					     .name = mem_strdup(table->name),
					     .state = table->state,
					     .rows = table->rows,
					     .bytes = table->bytes,
					     .copied = table->copied,
					     .error = mem_strdup(table->error),
				     });
	}
}

static void
feed(struct app *app, void *arg, struct table_list *list, struct strbuf *facts)
{
	const struct told_copy *copy =
		app->model ? told_copy(&app->model->told, arg) : NULL;

	if (!copy) {
		table_list_clear(list);
		strbuf_add(facts, "The newest run copies it not.\n");
		return;
	}
	if (copy->progress) {
		strbuf_addf(facts, "Tables  %lld of %lld\nCopied  ",
			    record_get_int(copy->progress, "tables_ready"),
			    record_get_int(copy->progress, "tables"));
		add_amount(facts, copy, run_now(app->model));
		add_running(facts, copy, run_now(app->model));
	}
	if (copy->more > 0)
		strbuf_addf(facts, "Below   the first %d, and what fails; "
				   "the log has all\n",
			    TOLD_TABLES);
	if (list->stamp == (double)copy->changed && list->n == copy->n)
		return;
	list->stamp = (double)copy->changed;
	fill(list, copy);
}

void
run_show_tables(struct app *app, const char *database)
{
	tables_open(app, database, feed, mem_strdup(database));
}
