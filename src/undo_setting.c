/* SPDX-License-Identifier: PostgreSQL */
/*
 * Putting settings back, unless the server would not start with the former
 * value (restart.h), or others need the present one by now.
 */
#include <stdlib.h>
#include <string.h>

#include "fix.h"
#include "mem.h"
#include "needs.h"
#include "restart.h"
#include "undo.h"

/* What is on the server when our own slots and subscriptions are gone. */
struct others {
	struct rowset rows;   /* of undo_others.sql */
	char *database;	      /* the first that has pglogical in it, or NULL */
	const char *former;   /* the value that would be in force */
};

static bool
has_pglogical(const struct undo_at *at, const char *database, bool *has,
	      struct err *err)
{
	struct pg *pg = op_connect(at->op, at->cluster->side, database,
				   PG_PLAIN, err);
	struct rowset rows = ROWSET_INIT;
	bool ok;

	ok = pg && pg_ask(pg, "pglogical_installed", PG_NONE, &rows, err);
	*has = ok && rowset_bool(&rows, 0, "installed");
	rowset_release(&rows);
	pg_close(pg);
	return ok;
}

/* A database that cannot be asked may have it: the error ends the undo. */
static bool
find_pglogical(const struct undo_at *at, struct others *o, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i;
	bool ok, has;

	ok = pg_ask(at->pg, "databases", PG_NONE, &rows, err);
	for (i = 0; ok && !o->database && i < rows.n_rows; i++) {
		const char *name = rowset_text(&rows, i, "name");

		if (!rowset_bool(&rows, i, "allow_connections"))
			continue;
		ok = has_pglogical(at, name, &has, err);
		if (ok && has)
			o->database = mem_strdup(name);
	}
	rowset_release(&rows);
	return ok;
}

static char *
too_few(const struct others *o, const char *column, const char *what)
{
	long long n = rowset_int(&o->rows, 0, column);
	long long former = o->former ? strtoll(o->former, NULL, 10) : 0;

	if (n <= former)
		return NULL;
	if (!o->former)
		return mem_printf("%lld %s are in use, and how many were "
				  "allowed 9.4 does not tell",
				  n, what);
	return mem_printf("%lld %s are in use, %lld were allowed", n, what,
			  former);
}

static char *
keeps_wal_level(const struct others *o)
{
	const char *slot = rowset_get(&o->rows, 0, "logical_slot");

	if (o->former && strcmp(o->former, "logical") == 0)
		return NULL;
	return slot ? mem_printf("replication slot \"%s\" needs it", slot)
		    : NULL;
}

static char *
keeps_slots(const struct others *o)
{
	char *why = too_few(o, "slots", "replication slots");

	return why ? why : too_few(o, "slot_origins", "replication origins");
}

static char *
keeps_senders(const struct others *o)
{
	return too_few(o, "senders", "walsenders");
}

static char *
keeps_origins(const struct others *o)
{
	return too_few(o, "origins", "replication origins");
}

static char *
keeps_appliers(const struct others *o)
{
	return too_few(o, "subscriptions", "subscriptions");
}

static char *
keeps_pglogical(const struct others *o)
{
	if (o->database)
		return mem_printf("extension pglogical is in database \"%s\"",
				  o->database);
	return NULL;
}

static char *
keeps_plugin(const struct others *o)
{
	const char *slot = rowset_get(&o->rows, 0, "pglogical_slot");

	return slot ? mem_printf("replication slot \"%s\" needs it", slot)
		    : NULL;
}

static const struct {
	const char *setting;
	/* NULL: nobody needs the present value; else who does, in words. */
	char *(*keeps)(const struct others *o);
	bool databases; /* each of them has to be asked */
} keepers[] = {
	{.setting = "wal_level", .keeps = keeps_wal_level},
	{
		.setting = "max_worker_processes",
		.keeps = keeps_pglogical,
		.databases = true,
	},
	{
		.setting = "max_logical_replication_workers",
		.keeps = keeps_appliers,
	},
	{.setting = "max_replication_slots", .keeps = keeps_slots},
	{.setting = "max_wal_senders", .keeps = keeps_senders},
	{.setting = "max_active_replication_origins", .keeps = keeps_origins},
	{.setting = "output_plugin_libraries", .keeps = keeps_plugin},
	{
		.setting = "shared_preload_libraries",
		.keeps = keeps_pglogical,
		.databases = true,
	},
};

static bool
ask_keeper(const struct undo_at *at, const char *setting, const char *former,
	   char **why, struct err *err)
{
	struct others o = {.former = former};
	bool ok;
	size_t i;

	ok = pg_ask(at->pg, "undo_others", PG_NONE, &o.rows, err);
	for (i = 0; ok && i < LENGTH_OF(keepers); i++) {
		if (strcmp(keepers[i].setting, setting) != 0)
			continue;
		ok = !keepers[i].databases || find_pglogical(at, &o, err);
		if (ok)
			*why = keepers[i].keeps(&o);
	}
	rowset_release(&o.rows);
	free(o.database);
	return ok;
}

static bool
put_back(const struct undo_at *at, const struct need_found *found,
	 const struct change *change, char **why, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	need_alter_sql(found->need, change->old_value, &sql);
	ok = undo_is_preview(at, sql.text) ||
	     (pg_run(at->pg, sql.text, NULL, err) &&
	      pg_ask(at->pg, "reload", PG_NONE, NULL, err));
	if (ok && found->restart)
		*why = mem_strdup("restart needed");
	strbuf_release(&sql);
	return ok;
}

/* What the server would find then, with what was undone before. */
static bool
ask_limits(const struct undo_at *at, const struct change *change, char **why,
	   struct err *err)
{
	struct restart r;
	char *limit = NULL;
	bool ok = restart_read(at->pg, &r, err);

	if (ok && at->undone)
		restart_apply(&r, at->undone);
	if (ok)
		limit = restart_change(&r, change->name, change->old_value,
				       RESTART_NO_WORSE, NULL);
	if (limit)
		*why = mem_printf("the server would not start: %s", limit);
	free(limit);
	restart_release(&r);
	return ok;
}

/* A library that was there before may be gone by now. */
static bool
ask_libraries(const struct undo_at *at, const struct need_found *found,
	      const char *former, char **why, struct err *err)
{
	struct err failed = ERR_INIT;

	if (found->need->kind != NEED_IN_LIST || !found->restart || !former ||
	    restart_loads(at->op, at->cluster->side, former, found->current,
			  &failed))
		return true;
	if (failed.kind == ERR_STOPPED || failed.kind == ERR_CONNECT) {
		err_move(err, &failed);
		return false;
	}
	*why = mem_printf("the server would not start: %s", failed.message);
	err_release(&failed);
	return true;
}

static bool
undo_found(const struct undo_at *at, const struct need_found *found,
	   const struct change *change, enum undo_result *result, char **why,
	   struct err *err)
{
	const char *old = change->old_value;
	const char *former = old ? old : found->next_other;

	if (need_same(found->need, found->altered, old)) {
		*result = UNDO_GONE;
		return true;
	}
	if (!need_same(found->need, found->altered, change->new_value)) {
		*result = UNDO_CHANGED;
		*why = mem_printf("it is \"%s\" now, pgrepup had set \"%s\"",
				  found->altered ? found->altered : "",
				  change->new_value);
		return true;
	}
	if (!ask_keeper(at, change->name, former, why, err) ||
	    (!*why && !ask_limits(at, change, why, err)) ||
	    (!*why && !ask_libraries(at, found, former, why, err)))
		return false;
	if (*why) {
		*result = UNDO_NEEDED;
		return true;
	}
	if (at->undone)
		restart_changes_add(at->undone, change->name, old);
	return put_back(at, found, change, why, err);
}

bool
undo_setting(UNDO_ARGS)
{
	const struct need *need = need_find(change->name, at->op->mechanism);
	struct need_found found = {0};
	bool ok;

	if (!need) {
		*result = UNDO_NEEDED;
		return true;
	}
	ok = need_read(at->pg, need, &found, err);
	if (ok && !found.exists)
		*result = UNDO_GONE;
	else if (ok)
		ok = undo_found(at, &found, change, result, why, err);
	need_found_release(&found);
	return ok;
}

static size_t
rank(const struct change *change)
{
	size_t i;

	for (i = 0; i < n_fixes; i++)
		if (fixes[i].setting &&
		    strcmp(fixes[i].setting, change->name) == 0)
			break;
	return i;
}

static bool
is_setting(const struct change *change)
{
	return strcmp(change->kind, CHANGE_SETTING) == 0;
}

void
undo_sort_settings(struct change_list *list)
{
	struct change *a, *b, *end = list->items + list->n, other;

	for (a = list->items; a < end; a++) {
		for (b = a + 1; is_setting(a) && b < end; b++) {
			if (!is_setting(b) || rank(b) <= rank(a))
				continue;
			other = *a;
			*a = *b;
			*b = other;
		}
	}
}
