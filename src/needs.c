/* SPDX-License-Identifier: PostgreSQL */
/*
 * What each setting must be, and whether it is. The numbers are: in use by
 * others, plus what one subscription a database needs. Values that must be
 * raised get NEED_SPARE more, so that one more base backup or database does
 * not cost another restart.
 */
#include "needs.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "mechanism.h"
#include "mem.h"

#define NEED_SPARE 4

/* One slot a database: the first copy is our own, without slots of its own. */
static long long
least_slots(const struct need_counts *c, enum side side, int version)
{
	if (side == SIDE_SOURCE)
		return c->slots + c->databases;
	/* Up to 17 the same setting bounds the origins of subscriptions. */
	if (version < 180000 && c->origins + c->databases > c->slots)
		return c->origins + c->databases;
	return c->slots;
}

/* A sender for each slot, and one that makes slots. */
static long long
least_senders(const struct need_counts *c, enum side side, int version)
{
	(void)side;
	(void)version;
	return c->senders + c->databases + 1;
}

/*
 * pglogical: one supervisor, and a manager in each database that it can
 * connect to, if only to see that there is nothing to do; the destination has
 * an apply worker a database as well.
 */
static long long
least_workers(const struct need_counts *c, enum side side, int version)
{
	long long n = c->workers + c->appliers + 1 + c->connectable;

	(void)version;
	return side == SIDE_SOURCE ? n : n + c->databases;
}

/* native: an apply worker a database, out of both pools. (The launcher of
 * these workers is among those that replicate nothing.) */
static long long
least_native_workers(const struct need_counts *c, enum side side, int version)
{
	(void)side;
	(void)version;
	return c->workers + c->appliers + c->databases;
}

static long long
least_appliers(const struct need_counts *c, enum side side, int version)
{
	(void)side;
	(void)version;
	return c->appliers + c->databases;
}

static long long
least_origins(const struct need_counts *c, enum side side, int version)
{
	(void)side;
	(void)version;
	return c->origins + c->databases;
}

/* By name; the order of changing them is that of fix.c. */
const struct need needs[] = {
	{
		.setting = "wal_level",
		.check = "wal_level",
		.sides = ON_SOURCE,
		.kind = NEED_WORD,
		.word = "logical",
	},
	{
		.setting = "max_worker_processes",
		.check = "max_worker_processes",
		.sides = ON_BOTH,
		.mechanism = "pglogical",
		.kind = NEED_AT_LEAST,
		.least = least_workers,
		.standbys_first = true,
	},
	{
		.setting = "max_worker_processes",
		.check = "max_worker_processes",
		.sides = ON_DESTINATION,
		.mechanism = "native",
		.kind = NEED_AT_LEAST,
		.least = least_native_workers,
		.standbys_first = true,
	},
	{
		.setting = "max_logical_replication_workers",
		.check = "max_logical_replication_workers",
		.sides = ON_DESTINATION,
		.mechanism = "native",
		.kind = NEED_AT_LEAST,
		.least = least_appliers,
	},
	{
		.setting = "max_replication_slots",
		.check = "max_replication_slots",
		.sides = ON_BOTH,
		.kind = NEED_AT_LEAST,
		.least = least_slots,
	},
	{
		.setting = "max_wal_senders",
		.check = "max_wal_senders",
		.sides = ON_SOURCE,
		.kind = NEED_AT_LEAST,
		.least = least_senders,
		.standbys_first = true,
	},
	{
		.setting = "max_active_replication_origins",
		.check = "max_active_replication_origins",
		.sides = ON_DESTINATION,
		.kind = NEED_AT_LEAST,
		.least = least_origins,
	},
	{
		.setting = "output_plugin_libraries",
		.check = "output_plugins",
		.sides = ON_SOURCE,
		.mechanism = "pglogical",
		.kind = NEED_IN_LIST,
		.word = "pglogical_output",
	},
	{
		.setting = "shared_preload_libraries",
		.check = "pglogical",
		.sides = ON_BOTH,
		.mechanism = "pglogical",
		.kind = NEED_IN_LIST,
		.word = "pglogical",
	},
};
const size_t n_needs = LENGTH_OF(needs);

static bool
concerns(const struct need *need, const struct mechanism *mechanism)
{
	return !need->mechanism || !mechanism ||
	       strcmp(need->mechanism, mechanism->name) == 0;
}

const struct need *
need_find(const char *setting, const struct mechanism *mechanism)
{
	const struct need *first = NULL;
	size_t i;

	for (i = 0; i < n_needs; i++) {
		if (strcmp(needs[i].setting, setting) != 0)
			continue;
		if (concerns(&needs[i], mechanism))
			return &needs[i];
		first = first ? first : &needs[i];
	}
	return first;
}

/* --- values ------------------------------------------------------------- */

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

/* --- one server --------------------------------------------------------- */

/* What the value should become; for a list, what is there and ours. */
static char *
value_for(const struct need *need, const char *from, long long least)
{
	if (need->kind == NEED_WORD)
		return mem_strdup(need->word);
	if (need->kind == NEED_AT_LEAST)
		return mem_printf("%lld", least + NEED_SPARE);
	if (!from || !*skip_spaces(from))
		return mem_strdup(need->word);
	return mem_printf("%s, %s", from, need->word);
}

static char *
needed_text(const struct need *need, long long least)
{
	if (need->kind == NEED_AT_LEAST)
		return mem_printf("at least %lld", least);
	return mem_strdup(need->word);
}

/* The files, which only some may read: without them they are unknown. */
static bool
read_files(struct pg *pg, const char *setting, struct need_found *found,
	   struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	struct err failed = ERR_INIT;
	bool ok;

	ok = pg_ask(pg, "setting_files", PG_BIND(setting), &rows, &failed);
	if (ok) {
		found->next = mem_strdup(rowset_get(&rows, 0, "next"));
		found->next_other =
			mem_strdup(rowset_get(&rows, 0, "next_other"));
		found->altered = mem_strdup(rowset_get(&rows, 0, "altered"));
	} else if (err_is(&failed, "42501")) {
		err_release(&failed);
		ok = true;
	}
	rowset_release(&rows);
	err_move(err, &failed);
	return ok;
}

static bool
read_setting(struct pg *pg, const char *setting, struct need_found *found,
	     struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok;

	ok = pg_ask(pg, "setting", PG_BIND(setting), &rows, err);
	if (ok && rows.n_rows > 0) {
		const char *source = rowset_get(&rows, 0, "source");

		found->exists = true;
		found->current = mem_strdup(rowset_get(&rows, 0, "setting"));
		found->restart = rowset_bool(&rows, 0, "restart");
		found->fixed = source && strcmp(source, "command line") == 0;
	}
	rowset_release(&rows);
	return ok && (!found->exists || read_files(pg, setting, found, err));
}

bool
need_read(struct pg *pg, const struct need *need, struct need_found *found,
	  struct err *err)
{
	*found = (struct need_found){.need = need};
	return read_setting(pg, need->setting, found, err);
}

bool
need_judge(struct op *op, struct pg *pg, const struct need *need,
	   struct need_found *found, struct err *err)
{
	struct need_counts counts = {0};
	long long least = 0;
	int on = pg_side(pg) == SIDE_SOURCE ? ON_SOURCE : ON_DESTINATION;

	*found = (struct need_found){.need = need};
	if (!(need->sides & on) || !concerns(need, op->mechanism))
		return true;
	if (!read_setting(pg, need->setting, found, err))
		return false;
	if (!found->exists)
		return true;
	if (need->least) {
		if (!need_count(op, pg, &counts, err))
			return false;
		least = need->least(&counts, pg_side(pg), pg_version(pg));
	}
	found->standbys = need->standbys_first ? counts.standbys : 0;
	found->enough = need_satisfied(need, found->current, least);
	found->enough_next = found->fixed || !found->next
				     ? found->enough
				     : need_satisfied(need, found->next,
						      least);
	found->needed = needed_text(need, least);
	found->value = value_for(need,
				 found->next ? found->next : found->current,
				 least);
	return true;
}

void
need_found_release(struct need_found *found)
{
	free(found->current);
	free(found->next);
	free(found->next_other);
	free(found->altered);
	free(found->needed);
	free(found->value);
	*found = (struct need_found){0};
}
