/* SPDX-License-Identifier: PostgreSQL */
/* What the mechanisms share: names, records, slots, locks, lists of tables. */
#include "mech_common.h"

#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "mem.h"

/* Waits of this long for a lock: shorter than anybody notices. */
#define LOCK_TIMEOUT "SET lock_timeout = '1s'"
#define LOCK_PAUSE 0.5
/* Until the person is told who is in the way. */
#define LOCK_PATIENCE 300.0

bool
mech_record(struct pg *pg, const char *kind, const char *name,
	    const char *part, const char *old_value, const char *new_value,
	    struct err *err)
{
	return registry_note(pg,
			     &(struct change_note){
				     .kind = kind,
				     .name = name,
				     .part = part,
				     .old_value = old_value,
				     .new_value = new_value,
				     .state = CHANGE_DONE,
			     },
			     NULL, err);
}

/* --- names -------------------------------------------------------------- */

static uint32_t
hash_text(uint32_t hash, const char *text)
{
	/* FNV-1a, with the NUL, so that ("a", "bc") differs from ("ab", "c") */
	do
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	while (*text++);
	return hash;
}

uint32_t
mech_hash(const struct mechanism_at *at)
{
	uint32_t hash = hash_text(2166136261u, at->op->conf->name);

	return hash_text(hash, at->database);
}

char *
mech_subscription(const struct mechanism_at *at, char *computed,
		  struct err *err)
{
	struct change_list list;
	char *name = NULL;

	if (registry_list(at->destination, CHANGE_SUBSCRIPTION, &list, err))
		name = mem_strdup(list.n > 0 ? list.items[0].name : computed);
	change_list_release(&list);
	free(computed);
	return name;
}

bool
mech_check_recorded(const struct change *c, const char *slot, const char *lsn,
		    struct err *err)
{
	if (c->old_value && strcmp(c->old_value, slot) == 0 && c->new_value &&
	    strcmp(c->new_value, lsn) == 0)
		return true;
	err_set(err, ERR_STATE,
		"subscription \"%s\" began at %s of slot \"%s\", not at %s of "
		"slot \"%s\"",
		c->name, c->new_value ? c->new_value : "?",
		c->old_value ? c->old_value : "?", lsn, slot);
	return false;
}

/* --- slots -------------------------------------------------------------- */

bool
mech_find_slots(const struct mechanism_at *at, struct text_list *slots,
		struct err *err)
{
	struct load load = {.state = LOAD_NONE};
	struct change_list subs = {.n = 0}, made = {.n = 0};
	size_t i;
	bool ok;

	ok = registry_list(at->destination, CHANGE_SUBSCRIPTION, &subs, err) &&
	     load_read(at->destination, &load, err) &&
	     (!at->source ||
	      registry_list(at->source, CHANGE_SLOT, &made, err));
	if (ok && load.slot)
		text_list_add(slots, load.slot);
	for (i = 0; ok && i < subs.n; i++)
		if (subs.items[i].old_value &&
		    !text_list_has(slots, subs.items[i].old_value))
			text_list_add(slots, subs.items[i].old_value);
	for (i = 0; ok && i < made.n; i++)
		if (!text_list_has(slots, made.items[i].name))
			text_list_add(slots, made.items[i].name);
	change_list_release(&subs);
	change_list_release(&made);
	load_release(&load);
	return ok;
}

static bool
forget_slot(struct pg *pg, const char *slot, struct err *err)
{
	struct change_list list;
	const struct change *c;
	bool ok = registry_list(pg, CHANGE_SLOT, &list, err);

	c = change_list_find(&list, CHANGE_SLOT, "", slot, "");
	if (ok && c)
		ok = registry_forget(pg, c->id, err);
	change_list_release(&list);
	return ok;
}

bool
mech_drop_slot(const struct mechanism_at *at, const char *slot,
	       struct err *err)
{
	if (at->source)
		return mechanism_drop_slot(at->op, at->source, slot, err) &&
		       forget_slot(at->source, slot, err) &&
		       forget_slot(at->destination, slot, err);
	op_item(at->op, "unsubscribe", at->database, slot, "warn",
		"replication slot \"%s\" may remain on the source, which was "
		"not asked; it keeps WAL there until it is dropped",
		slot);
	return true;
}

/* --- locks -------------------------------------------------------------- */

static bool
try_until_locked(const struct mechanism_at *at, struct pg *pg,
		 const char *what, mech_locking_fn fn, void *arg,
		 struct err *err)
{
	double deadline = clock_now() + LOCK_PATIENCE;
	struct err failed = ERR_INIT;
	bool said = false;

	while (!fn(pg, arg, &failed)) {
		if (!err_is(&failed, "55P03") || pg_in_transaction(pg) ||
		    clock_now() > deadline) {
			err_move(err, &failed);
			return false;
		}
		if (!said)
			op_log(at->op, "notice", at->database,
			       "waiting for a lock on %s: a transaction of "
			       "an application holds it",
			       what);
		said = true;
		err_release(&failed);
		if (!interrupt_sleep(at->op->interrupt, LOCK_PAUSE, err))
			return false;
	}
	return true;
}

bool
mech_locking(const struct mechanism_at *at, struct pg *pg, const char *what,
	     mech_locking_fn fn, void *arg, struct err *err)
{
	struct err ignored = ERR_INIT;
	bool ok;

	if (!pg_run(pg, LOCK_TIMEOUT, NULL, err))
		return false;
	ok = try_until_locked(at, pg, what, fn, arg, err);
	if (!pg_in_transaction(pg))
		pg_run(pg, "SET lock_timeout = 0", NULL, &ignored);
	err_release(&ignored);
	return ok;
}

/* --- tables ------------------------------------------------------------- */

static bool
change_table(const struct mechanism_at *at, const struct mech_tables *t,
	     size_t i, size_t *failed, struct err *err)
{
	const char *schema = rowset_text(t->list, i, "schema");
	const char *name = rowset_text(t->list, i, "name");
	struct err one = ERR_INIT;
	char *object;

	if (!t->wanted(t->arg, schema, name) ||
	    t->change(at, t->arg, schema, name, &one))
		return true;
	if (one.kind != ERR_SERVER) {
		err_move(err, &one);
		return false;
	}
	object = mem_printf("%s.%s", schema, name);
	op_item(at->op, "publish", at->database, object, "ko",
		"could not be %s: %s%s%s", t->verb, one.message,
		one.detail ? ": " : "", one.detail ? one.detail : "");
	free(object);
	err_release(&one);
	++*failed;
	return true;
}

bool
mech_change_tables(const struct mechanism_at *at,
		   const struct mech_tables *tables, struct err *err)
{
	size_t i, failed = 0;

	for (i = 0; i < tables->list->n_rows; i++)
		if (!change_table(at, tables, i, &failed, err))
			return false;
	if (failed == 0)
		return true;
	err_set(err, ERR_SERVER, "%zu %s could not be %s", failed,
		failed == 1 ? "table" : "tables", tables->verb);
	err_hint(err, "Run `pgrepup check source` to see what they lack.");
	err_at(err, "source database \"%s\"", at->database);
	return false;
}
