/* SPDX-License-Identifier: PostgreSQL */
/* Which tables of a list are shown, and in which order. */
#include "tables_order.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* In the order in which they need a person. */
static const char *const states[] = {"failed", "copying", "waiting"};

static int
rank(const struct table_row *row)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(states); i++)
		if (strcmp(states[i], row->state) == 0)
			break;
	return (int)i;
}

static int
sign(long long n)
{
	return n < 0 ? -1 : n > 0;
}

static int
by_name(const struct table_row *a, const struct table_row *b)
{
	return strcmp(a->name, b->name);
}

static int
by_size(const struct table_row *a, const struct table_row *b)
{
	return sign(b->bytes - a->bytes);
}

static int
by_rows(const struct table_row *a, const struct table_row *b)
{
	return sign(b->rows - a->rows);
}

static int
by_state(const struct table_row *a, const struct table_row *b)
{
	int n = rank(a) - rank(b);

	return n ? n : by_size(a, b);
}

static const struct {
	const char *name;
	int (*compare)(const struct table_row *a, const struct table_row *b);
} columns[] = {
	{"state", by_state},
	{"table", by_name},
	{"size", by_size},
	{"rows", by_rows},
};

static int
compare(const void *a, const void *b, void *arg)
{
	const struct tables_order *order = arg;
	const struct table_row *x = *(const struct table_row *const *)a;
	const struct table_row *y = *(const struct table_row *const *)b;
	int n = columns[order->sort].compare(x, y);

	if (n == 0)
		n = by_name(x, y);
	return order->reverse ? -n : n;
}

static bool
passes(const struct tables_order *order, const struct table_row *row)
{
	const char *const texts[] = {row->name, row->error};

	return filter_passes(&order->filter, row->state, texts,
			     LENGTH_OF(texts));
}

void
tables_order(struct tables_order *order, const struct table_list *list)
{
	size_t i;

	if (order->made && order->filled == list->filled)
		return;
	free(order->rows);
	order->rows = MEM_ARRAY(const struct table_row *, list->n + 1);
	order->n = 0;
	for (i = 0; i < list->n; i++)
		if (passes(order, &list->items[i]))
			order->rows[order->n++] = &list->items[i];
	qsort_r(order->rows, order->n, sizeof(*order->rows), compare, order);
	order->filled = list->filled;
	order->made = true;
}

void
tables_order_changed(struct tables_order *order)
{
	order->made = false;
}

void
tables_order_next(struct tables_order *order)
{
	order->sort = (order->sort + 1) % (int)LENGTH_OF(columns);
	order->made = false;
}

const char *
tables_order_name(const struct tables_order *order)
{
	return columns[order->sort].name;
}

void
tables_order_release(struct tables_order *order)
{
	free(order->rows);
	filter_clear(&order->filter);
	*order = (struct tables_order){.n = 0};
}
