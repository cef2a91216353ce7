/* SPDX-License-Identifier: PostgreSQL */
/* Which tables of a list are shown, and in which order. */
#ifndef PGREPUP_TABLES_ORDER_H
#define PGREPUP_TABLES_ORDER_H

#include "filter.h"
#include "tables_view.h"

struct tables_order {
	const struct table_row **rows; /* of the list, borrowed */
	size_t n;
	int sort;
	bool reverse;
	struct filter filter;
	unsigned filled; /* of the list, when rows were made */
	bool made;
};

/* Makes rows anew when list, filter or order have changed. */
void tables_order(struct tables_order *order, const struct table_list *list);
void tables_order_changed(struct tables_order *order);
/* The next column to sort by. */
void tables_order_next(struct tables_order *order);
const char *tables_order_name(const struct tables_order *order);
void tables_order_release(struct tables_order *order);

#endif
