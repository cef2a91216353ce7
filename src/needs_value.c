/* SPDX-License-Identifier: PostgreSQL */
/* Values of settings: lists of names, equality, and ALTER SYSTEM. */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "needs.h"

static const char *
skip_spaces(const char *c)
{
	while (*c == ' ' || *c == '\t' || *c == '\n')
		c++;
	return c;
}

/* One item up to the comma, out of its double quotes; returns what follows. */
static const char *
list_item(const char *c, struct strbuf *item)
{
	size_t end;

	if (*c == '"') {
		for (c++; *c && (*c != '"' || c[1] == '"'); c++) {
			if (*c == '"')
				c++;
			strbuf_addc(item, *c);
		}
		return *c ? c + 1 : c;
	}
	end = strcspn(c, ",");
	strbuf_addn(item, c, end);
	while (item->len > 0 && item->text[item->len - 1] == ' ')
		item->text[--item->len] = '\0';
	return c + end;
}

struct text_list
need_list_parse(const char *value)
{
	struct text_list list = {.n = 0};
	struct strbuf item = STRBUF_INIT;
	const char *c = skip_spaces(value);

	while (*c) {
		c = skip_spaces(list_item(c, &item));
		if (item.len > 0)
			text_list_add(&list, item.text);
		strbuf_reset(&item);
		if (*c == ',')
			c = skip_spaces(c + 1);
	}
	strbuf_release(&item);
	return list;
}

static bool
lists_same(const char *a, const char *b)
{
	struct text_list x = need_list_parse(a), y = need_list_parse(b);
	bool same = x.n == y.n;
	size_t i;

	for (i = 0; same && i < x.n; i++)
		same = strcmp(x.items[i], y.items[i]) == 0;
	text_list_release(&x);
	text_list_release(&y);
	return same;
}

bool
need_same(const struct need *need, const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	if (need->kind == NEED_IN_LIST)
		return lists_same(a, b);
	return strcmp(a, b) == 0;
}

bool
need_satisfied(const struct need *need, const char *value, long long least)
{
	struct text_list list;
	bool has;

	if (!value)
		return false;
	if (need->kind == NEED_AT_LEAST)
		return strtoll(value, NULL, 10) >= least;
	if (need->kind == NEED_WORD)
		return strcmp(value, need->word) == 0;
	list = need_list_parse(value);
	has = text_list_has(&list, need->word);
	text_list_release(&list);
	return has;
}

/* Each item a literal of its own: one literal would be one name. */
static void
add_list(const char *value, struct strbuf *sql)
{
	struct text_list list = need_list_parse(value);
	size_t i;

	for (i = 0; i < list.n; i++) {
		strbuf_add(sql, i > 0 ? ", " : "");
		strbuf_literal(sql, list.items[i]);
	}
	if (list.n == 0)
		strbuf_add(sql, "''");
	text_list_release(&list);
}

void
need_alter_sql(const struct need *need, const char *value, struct strbuf *sql)
{
	if (!value) {
		/* what RESET does, which 9.4 does not know */
		strbuf_addf(sql, "ALTER SYSTEM SET %s = DEFAULT",
			    need->setting);
		return;
	}
	strbuf_addf(sql, "ALTER SYSTEM SET %s = ", need->setting);
	if (need->kind == NEED_IN_LIST)
		add_list(value, sql);
	else
		strbuf_literal(sql, value);
}
