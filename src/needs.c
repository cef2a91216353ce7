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
#include "limit.h"
#include "mechanism.h"
#include "mem.h"
#include "restart.h"

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
		.setting = "max_connections",
		.check = "max_connections",
		.sides = ON_SOURCE,
		.kind = NEED_AT_LEAST,
		.standbys_first = true,
		.bounds = "max_wal_senders",
		.why = "up to PostgreSQL 11 max_wal_senders counts in it, and "
		       "the server does not start with less",
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

/* --- one server --------------------------------------------------------- */

/* What the value should become; for a list, what is there and ours. */
static char *
value_for(const struct need *need, const char *from, long long least)
{
	if (need->kind == NEED_WORD)
		return mem_strdup(need->word);
	if (need->kind == NEED_AT_LEAST)
		return mem_printf("%lld", least + NEED_SPARE);
	if (!from || !from[strspn(from, " \t\n")])
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
		const char *source = rowset_text(&rows, 0, "source");

		found->exists = true;
		found->current = mem_strdup(rowset_text(&rows, 0, "setting"));
		found->restart = rowset_bool(&rows, 0, "restart");
		found->fixed = strcmp(source, "command line") == 0;
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

/* The least by the limits, once what they bound is what it must be. */
static bool
bounding_least(struct op *op, struct pg *pg, const struct need *need,
	       long long *least, struct err *err)
{
	struct need_found bound = {0};
	struct restart r = {0};
	bool ok;

	ok = need_judge(op, pg, need_find(need->bounds, op->mechanism), &bound,
			err) &&
	     restart_read(pg, &r, err);
	if (ok && !bound.enough_next)
		restart_set(&r, need->bounds, bound.value);
	if (ok)
		*least = restart_least(&r, need->setting);
	restart_release(&r);
	need_found_release(&bound);
	return ok;
}

/* What comes into force counts, not what is: the limits are of a restart. */
static void
judge_bounding(const struct need_counts *counts, struct need_found *found)
{
	char *next = mem_strdup(found->fixed ? found->current : found->next);
	long long room = rowset_number(next) + counts->databases + 1;

	found->enough = found->enough_next =
		need_satisfied(found->need, next, found->least);
	free(found->current);
	found->current = next;
	found->needed = needed_text(found->need, found->least);
	/* What our senders take is no connection less for others. */
	found->value = mem_printf("%lld", room > found->least ? room
							      : found->least);
}

static void
judge(const struct need *need, struct need_found *found)
{
	const char *next = found->next ? found->next : found->current;

	found->enough = need_satisfied(need, found->current, found->least);
	found->enough_next = found->fixed || !found->next
				     ? found->enough
				     : need_satisfied(need, found->next,
						      found->least);
	found->needed = needed_text(need, found->least);
	/* What it runs with, when only what waits is not enough. */
	if (found->enough && need->kind == NEED_AT_LEAST)
		found->value = mem_strdup(found->current);
	else
		found->value = value_for(need, next, found->least);
}

/* Is it one of the settings of that server at all? */
static bool
is_of(const struct op *op, struct pg *pg, const struct need *need)
{
	int on = pg_side(pg) == SIDE_SOURCE ? ON_SOURCE : ON_DESTINATION;

	return (need->sides & on) && concerns(need, op->mechanism) &&
	       (!need->bounds ||
		limits_bound(pg_version(pg), need->bounds, need->setting));
}

bool
need_judge(struct op *op, struct pg *pg, const struct need *need,
	   struct need_found *found, struct err *err)
{
	struct need_counts counts = {0};

	*found = (struct need_found){.need = need};
	if (!is_of(op, pg, need))
		return true;
	if (!read_setting(pg, need->setting, found, err))
		return false;
	if (!found->exists)
		return true;
	if ((need->least || need->bounds) &&
	    !need_count(op, pg, &counts, err))
		return false;
	if (need->bounds &&
	    !bounding_least(op, pg, need, &found->least, err))
		return false;
	if (need->least)
		found->least =
			need->least(&counts, pg_side(pg), pg_version(pg));
	found->standbys = need->standbys_first ? counts.standbys : 0;
	if (need->bounds && found->next)
		judge_bounding(&counts, found);
	else
		judge(need, found);
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
