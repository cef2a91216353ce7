/* SPDX-License-Identifier: PostgreSQL */
/*
 * The tables of one database: one list of lines, facts first, tables after
 * them, so that it scrolls as a whole on the smallest screen.
 */
#include "tables_view.h"

#include <stdlib.h>
#include <string.h>

#include "app_internal.h"
#include "draw_text.h"
#include "mem.h"
#include "tables_order.h"

struct view {
	char *title;
	tables_feed_fn feed;
	void *arg;
	struct table_list tables;
	struct tables_order order;
	struct text_list facts; /* lines of this frame */
	struct list list;
	int page;
};

void
table_list_add(struct table_list *list, const struct table_row *row)
{
	MEM_GROW(list->items, list->n, list->alloc);
	list->items[list->n++] = *row;
}

void
table_list_clear(struct table_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		free(list->items[i].name);
		free(list->items[i].error);
	}
	list->n = 0;
	list->filled++;
}

void
table_list_release(struct table_list *list)
{
	table_list_clear(list);
	free(list->items);
	*list = (struct table_list){.n = 0};
}

/* --- a row ---------------------------------------------------------------- */

static const struct {
	const char *state, *badge;
} badges[] = {
	{"failed", "ko"},  {"copying", "run"},	  {"waiting", "wait"},
	{"copied", "ok"},  {"replicating", "ok"},
};

static const char *
badge_of(const char *state)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(badges); i++)
		if (strcmp(badges[i].state, state) == 0)
			return badges[i].badge;
	return NULL;
}

static void
put_right(const struct canvas *c, int y, int x, int width, enum style style,
	  const char *text)
{
	int blank = width - text_width(text);

	canvas_text(c, y, x + (blank > 0 ? blank : 0), width, style, text);
}

static long long
value_rows(const struct table_row *row)
{
	return row->rows;
}

static long long
value_bytes(const struct table_row *row)
{
	return row->bytes;
}

static long long
value_copied(const struct table_row *row)
{
	return row->copied;
}

static void
add_number(struct strbuf *text, long long n)
{
	strbuf_addf(text, "%lld", n);
}

static const struct column {
	const char *heading;
	const char *name; /* over what is copied to the clipboard */
	int width;
	int from; /* so wide must the list be */
	long long (*value)(const struct table_row *row); /* -1: not known */
	void (*add)(struct strbuf *text, long long n);
} columns[] = {
	{"ROWS", "rows", 13, 72, value_rows, add_number},
	{"SIZE", "bytes", 10, 56, value_bytes, strbuf_bytes},
	/* a bar while it is copied */
	{"COPIED", "copied bytes", 15, 36, value_copied, strbuf_bytes},
};

#define NAME_AT 7

/* Where each column begins, laid from the right; -1: no room. The name has
 * the width that is returned. */
static int
lay_out(int width, int at[LENGTH_OF(columns)])
{
	int x = width + 1;
	size_t i;

	for (i = LENGTH_OF(columns); i-- > 0;) {
		at[i] = -1;
		if (width >= columns[i].from)
			x = at[i] = x - columns[i].width - 1;
	}
	return (x < width ? x : width) - 1 - NAME_AT;
}

/* How much of a table that is being copied is there. */
static void
put_part(const struct canvas *c, int y, int x, int width,
	 const struct table_row *row)
{
	double part = row->bytes > 0
			      ? (double)row->copied / (double)row->bytes
			      : 0;

	part = part > 1 ? 1 : part;
	canvas_bar(c, y, x + 1, width - 6, part);
	canvas_printf(c, y, x + width - 4, 4, STYLE_TEXT, "%3.0f%%",
		      part * 100);
}

static void
put_value(const struct canvas *c, int y, int x, enum style style,
	  const struct column *column, const struct table_row *row)
{
	struct strbuf text = STRBUF_INIT;
	long long n = column->value(row);

	if (column->value == value_copied && n >= 0 &&
	    strcmp(row->state, "copying") == 0) {
		put_part(c, y, x, column->width, row);
		return;
	}
	if (n < 0)
		strbuf_addc(&text, '-');
	else
		column->add(&text, n);
	put_right(c, y, x, column->width, style, text.text);
	strbuf_release(&text);
}

static void
draw_table(const struct canvas *c, int y, const struct table_row *row,
	   enum style style)
{
	int at[LENGTH_OF(columns)], width = lay_out(c->width, at);
	struct strbuf name = STRBUF_INIT;
	size_t i;

	draw_badge(c, y, 2, badge_of(row->state));
	strbuf_scrub(&name, row->name);
	if (row->error) {
		strbuf_add(&name, "  ");
		strbuf_scrub(&name, row->error);
		width = c->width - NAME_AT;
	}
	canvas_text(c, y, NAME_AT, width, style, name.text);
	strbuf_release(&name);
	for (i = 0; !row->error && i < LENGTH_OF(columns); i++)
		if (at[i] >= 0)
			put_value(c, y, at[i], style, &columns[i], row);
}

static void
draw_heading(const struct canvas *c, int y, const struct table_list *list,
	     size_t shown)
{
	int at[LENGTH_OF(columns)], width = lay_out(c->width, at);
	struct strbuf text = STRBUF_INIT;
	size_t i;

	if (shown < list->n)
		strbuf_addf(&text, "TABLE (%zu of %zu)", shown, list->n);
	else
		strbuf_addf(&text, "TABLE (%zu)", list->n);
	canvas_text(c, y, NAME_AT, width, STYLE_STRONG, text.text);
	strbuf_release(&text);
	for (i = 0; i < LENGTH_OF(columns); i++)
		if (at[i] >= 0)
			put_right(c, y, at[i], columns[i].width, STYLE_STRONG,
				  columns[i].heading);
}

void
tables_pane(const struct canvas *c, const struct table_list *list)
{
	struct tables_order order = {.n = 0};
	size_t i;

	if (c->height < 2 || list->n == 0)
		return;
	tables_order(&order, list);
	draw_heading(c, 0, list, list->n);
	for (i = 0; i < order.n && (int)i < c->height - 1; i++)
		draw_table(c, (int)i + 1, order.rows[i], STYLE_TEXT);
	tables_order_release(&order);
}

/* --- the list ------------------------------------------------------------- */

/* Facts, a heading, tables: the line of the list as what it is. */
static int
count_lines(const struct view *v)
{
	return (int)(v->facts.n + 1 + v->order.n);
}

static void
take_news(struct app *app, struct view *v, int width)
{
	struct strbuf facts = STRBUF_INIT;

	v->feed(app, v->arg, &v->tables, &facts);
	text_list_release(&v->facts);
	/* Who filters looks for a table. */
	if (!filter_is_shown(&v->order.filter))
		text_lines(&v->facts, facts.text, width);
	strbuf_release(&facts);
	tables_order(&v->order, &v->tables);
}

static void
draw_line(const struct view *v, const struct canvas *c, int y, int line)
{
	int n = (int)v->facts.n;
	bool here = line == v->list.cursor;
	enum style style = here ? STYLE_FOCUS : STYLE_TEXT;

	canvas_text(c, y, 0, 1, STYLE_TEXT, here ? ">" : " ");
	if (line < n)
		canvas_text(c, y, 1, c->width - 2, style,
			    v->facts.items[line]);
	else if (line == n)
		draw_heading(c, y, &v->tables, v->order.n);
	else
		draw_table(c, y, v->order.rows[line - n - 1], style);
}

static void
draw_foot(struct app *app, const struct view *v, const struct canvas *c)
{
	int y = c->height - 1;

	if (app_draw_message(app, c, y))
		return;
	if (filter_is_shown(&v->order.filter)) {
		filter_draw(app, &v->order.filter, c, y, 1);
		return;
	}
	canvas_printf(c, y, 1, c->width - 2, STYLE_KEY,
		      "Esc close  / filter  s sort: %s%s  y copy",
		      tables_order_name(&v->order),
		      v->order.reverse ? ", reversed" : "");
}

static void
view_draw(struct app *app, void *state, const struct canvas *c)
{
	struct view *v = state;
	struct strbuf title = STRBUF_INIT;
	int top = c->height > 4 ? 2 : 0, i, n;

	take_news(app, v, c->width - 2);
	n = count_lines(v);
	v->page = c->height - top - 1;
	list_place(&v->list, c, top, n, v->page);
	if (top > 0) {
		strbuf_scrub(&title, v->title);
		canvas_text(c, 0, 1, c->width - 2, STYLE_TITLE, title.text);
		canvas_rule(c, 1, NULL);
	}
	for (i = 0; i < v->page && v->list.top + i < n; i++)
		draw_line(v, c, top + i, v->list.top + i);
	draw_foot(app, v, c);
	strbuf_release(&title);
}

/* --- keys ----------------------------------------------------------------- */

static void
add_names(struct strbuf *text)
{
	size_t i;

	strbuf_add(text, "table\tstate");
	for (i = 0; i < LENGTH_OF(columns); i++)
		strbuf_addf(text, "\t%s", columns[i].name);
	strbuf_add(text, "\terror\n");
}

static void
add_table(struct strbuf *text, const struct table_row *row)
{
	size_t i;

	strbuf_addf(text, "%s\t%s", row->name, row->state);
	for (i = 0; i < LENGTH_OF(columns); i++)
		strbuf_addf(text, "\t%lld", columns[i].value(row));
	if (row->error)
		strbuf_addf(text, "\t%s", row->error);
	strbuf_addc(text, '\n');
}

/* All of it, or the line of the cursor. The caller frees it. */
static char *
make_text(const struct view *v, bool all)
{
	int n = (int)v->facts.n, i, lines = count_lines(v);
	struct strbuf text = STRBUF_INIT;

	if (all)
		strbuf_addf(&text, "%s\n", v->title);
	for (i = 0; i < lines; i++) {
		if (!all && i != v->list.cursor)
			continue;
		if (i < n)
			strbuf_addf(&text, "%s\n", v->facts.items[i]);
		else if (i > n)
			add_table(&text, v->order.rows[i - n - 1]);
		else
			add_names(&text);
	}
	return strbuf_detach(&text);
}

static void
give(struct app *app, const struct view *v, enum action action)
{
	char *text = make_text(v, action != ACTION_COPY);

	if (action == ACTION_PRINT)
		app_print(app, text);
	else
		app_copy(app, text);
	free(text);
}

static void
back(struct app *app, struct view *v)
{
	if (!filter_is_shown(&v->order.filter)) {
		overlay_close(app);
		return;
	}
	filter_clear(&v->order.filter);
	tables_order_changed(&v->order);
}

static bool
view_act(struct app *app, struct view *v, enum action action)
{
	switch (action) {
	case ACTION_SORT:
		tables_order_next(&v->order);
		return true;
	case ACTION_SORT_REVERSE:
		v->order.reverse = !v->order.reverse;
		tables_order_changed(&v->order);
		return true;
	case ACTION_FILTER:
		v->order.filter.typing = true;
		return true;
	case ACTION_COPY:
	case ACTION_COPY_ALL:
	case ACTION_PRINT:
		give(app, v, action);
		return true;
	case ACTION_BACK:
		back(app, v);
		return true;
	case ACTION_OPEN:
	case ACTION_QUIT:
		overlay_close(app);
		return true;
	default:
		/* What is no move is the same everywhere. */
		return list_act(&v->list, action, count_lines(v), v->page);
	}
}

/* Keys may come faster than frames: they act on what a frame would show now,
 * but while nothing was asked for on what the last one has shown. */
static void
keep_up(struct app *app, struct view *v)
{
	int height, width;

	if (v->order.made)
		return;
	term_size(app->term, &height, &width);
	take_news(app, v, width - 2);
	list_fit(&v->list, count_lines(v), v->page);
}

/* What is looked for is at hand: the first table, below the heading. */
static void
filter_changed(struct view *v)
{
	tables_order_changed(&v->order);
	if (filter_is_set(&v->order.filter))
		v->list.cursor = 1;
}

static bool
view_event(struct app *app, void *state, const struct event *event)
{
	struct view *v = state;
	const struct key_row *row;

	if (filter_event(&v->order.filter, event)) {
		filter_changed(v);
		return true;
	}
	keep_up(app, v);
	if (event->key == KEY_OF_CLICK && list_click(&v->list, event))
		return true;
	app_hush(app);
	row = key_find(event, KEYS_TABLES);
	/* F keys are the screens'. */
	if (!row)
		return event->key != KEY_OF_F;
	return view_act(app, v, row->action);
}

static void
view_free(void *state)
{
	struct view *v = state;

	table_list_release(&v->tables);
	tables_order_release(&v->order);
	text_list_release(&v->facts);
	free(v->title);
	free(v->arg);
	free(v);
}

void
tables_open(struct app *app, const char *title, tables_feed_fn feed, void *arg)
{
	struct view *v = MEM_NEW(struct view);

	v->title = mem_strdup(title);
	v->feed = feed;
	v->arg = arg;
	overlay_open(app, &(struct overlay){
				  .state = v,
				  .draw = view_draw,
				  .event = view_event,
				  .free = view_free,
				  .keys = KEYS_TABLES,
			  });
}
