/* SPDX-License-Identifier: PostgreSQL */
/*
 * The slot of a database and its snapshot. The walsender that made the slot
 * holds the snapshot, and must be left alone until everything is copied.
 */
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "mem.h"
#include "registry.h"
#include "start.h"
#include "strbuf.h"

/* Seconds until it is said for what the slot waits, and then every so many. */
#define SAY_AFTER 2.0
#define SAY_EVERY 5.0
#define SAY_MOST 5

static bool
registry_slot(struct start *s, const char *name, enum change_state state,
	      struct err *err)
{
	return registry_open(s->source, err) &&
	       start_record(s->source, CHANGE_SLOT,
			    (const char *[]){"", name, "", NULL, NULL}, state,
			    err);
}

static bool
registry_forget_slot(struct start *s, const char *name, struct err *err)
{
	struct change_list list = {0};
	const struct change *c;
	bool ok = registry_list(s->source, CHANGE_SLOT, &list, err);

	c = ok ? change_list_find(&list, CHANGE_SLOT, "", name, "") : NULL;
	if (c)
		ok = registry_forget(s->source, c->id, err);
	change_list_release(&list);
	return ok;
}

/* A slot of our name in another database is somebody else's. */
static bool
is_of_this_database(const struct rowset *rows, const char *name,
		    struct err *err)
{
	if (rows->n_rows == 0 || rowset_bool(rows, 0, "here"))
		return true;
	err_set(err, ERR_STATE,
		"replication slot \"%s\" belongs to database \"%s\"", name,
		rowset_text(rows, 0, "database"));
	err_hint(err, "Is another upgrade at work on the same source? Drop "
		      "the slot there if nobody uses it.");
	return false;
}

/*
 * The walsender of a runner that was killed still waits for transactions, and
 * does not see that its client is gone.
 */
static bool
end_user(struct start *s, const struct rowset *rows, struct err *err)
{
	const char *pid = rowset_get(rows, 0, "pid");

	return !pid || pg_ask(s->source, "backend_terminate", PG_BIND(pid),
			      NULL, err);
}

bool
start_slot_drop(struct start *s, const char *name, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok;

	ok = pg_ask(s->source, "slot", PG_BIND(name), &rows, err) &&
	     is_of_this_database(&rows, name, err) &&
	     end_user(s, &rows, err) &&
	     mechanism_drop_slot(s->op, s->source, name, err) &&
	     registry_forget_slot(s, name, err);
	rowset_release(&rows);
	return ok;
}

static bool
is_there(struct start *s, const char *name, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool there, ok;

	ok = pg_ask(s->source, "slot", PG_BIND(name), &rows, err);
	there = ok && rows.n_rows > 0 && rowset_bool(&rows, 0, "here") &&
		!rowset_bool(&rows, 0, "lost");
	rowset_release(&rows);
	if (ok && !there)
		err_set(err, ERR_STATE,
			"replication slot \"%s\" is gone from the source, and "
			"with it what changed since the copy",
			name);
	return there;
}

/*
 * Until there is a subscription nobody reads the slot. One that stands
 * elsewhere was made anew under its name, or was read by somebody else.
 */
static bool
is_unread(struct start *s, const char *name, struct err *err)
{
	struct change_list subscription = {.n = 0};
	char *unread = NULL;
	bool ok = registry_list(s->destination, CHANGE_SUBSCRIPTION,
				&subscription, err);

	if (ok && subscription.n == 0) {
		unread = pg_ask_value(s->source, "slot_unread",
				      PG_BIND(name, s->load.lsn), err);
		ok = unread && strcmp(unread, "t") == 0;
		if (!ok && !err_is_set(err))
			err_set(err, ERR_STATE,
				"replication slot \"%s\" does not stand at %s "
				"any more, where the copy was made: what "
				"changed since is lost",
				name, s->load.lsn);
	}
	free(unread);
	change_list_release(&subscription);
	return ok;
}

bool
start_slot_check(struct start *s, struct err *err)
{
	const char *name = s->load.slot;

	if (!name || !s->load.lsn) {
		err_set(err, ERR_STATE, "no replication slot is recorded");
		return false;
	}
	if (is_there(s, name, err) && is_unread(s, name, err))
		return true;
	if (err->kind == ERR_STATE)
		advice_hint_anew(err, s->db->name);
	return false;
}

static void
add_text(struct strbuf *sb, const char *before, const char *text)
{
	if (text && *text) {
		strbuf_add(sb, before);
		strbuf_add(sb, text);
	}
}

static void
say_transaction(struct start *s, const struct rowset *rows, size_t i)
{
	const char *prepared = rowset_get(rows, i, "prepared");
	struct strbuf text = STRBUF_INIT;

	if (prepared)
		add_text(&text, "prepared transaction ", prepared);
	else
		add_text(&text, "process ", rowset_get(rows, i, "pid"));
	add_text(&text, " of ", rowset_get(rows, i, "user"));
	add_text(&text, " in database ", rowset_get(rows, i, "database"));
	add_text(&text, ", ", rowset_get(rows, i, "application"));
	add_text(&text, ", ", rowset_get(rows, i, "state"));
	add_text(&text, ", open for ", rowset_text(rows, i, "age"));
	add_text(&text, ", last statement at ",
		 rowset_get(rows, i, "query_start"));
	op_item(s->op, "slot", s->db->name, "replication slot", "run",
		"waiting for a transaction to end: %s", text.text);
	strbuf_release(&text);
}

/* Not being able to say it is no reason to stop waiting. */
static void
say_waits(struct start *s, double seconds)
{
	struct rowset rows = ROWSET_INIT;
	struct err ignored = ERR_INIT;
	char *age = mem_printf("%.1f", seconds);
	size_t i;

	if (pg_ask(s->source, "slot_waits", PG_BIND(age), &rows, &ignored)) {
		for (i = 0; i < rows.n_rows && i < SAY_MOST; i++)
			say_transaction(s, &rows, i);
		if (rows.n_rows > SAY_MOST)
			op_item(s->op, "slot", s->db->name, "replication slot",
				"run", "and for %zu more",
				rows.n_rows - SAY_MOST);
	}
	rowset_release(&rows);
	err_release(&ignored);
	free(age);
}

/*
 * Old walsenders do not listen to a cancel, so that one is ended; the slot in
 * the making goes with it.
 */
static void
end_walsender(struct start *s, struct pg *pg)
{
	char *pid = mem_printf("%d", pg_backend_pid(pg));
	struct err ignored = ERR_INIT;

	pg_set_interrupt(s->source, NULL);
	pg_ask(s->source, "backend_terminate", PG_BIND(pid), NULL, &ignored);
	pg_set_interrupt(s->source, s->op->interrupt);
	err_release(&ignored);
	free(pid);
}

static bool
wait_for_slot(struct start *s, struct pg *pg, struct err *err)
{
	double began = clock_now(), say = began + SAY_AFTER;
	bool ready = false;

	while (!ready) {
		if (!pg_wait(pg, 0.2, &ready, err))
			return false;
		if (!ready && interrupt_raised(s->op->interrupt)) {
			end_walsender(s, pg);
			interrupt_error(err);
			return false;
		}
		if (!ready && clock_now() >= say) {
			say_waits(s, clock_now() - began);
			say = clock_now() + SAY_EVERY;
		}
	}
	return true;
}

static struct pg *
connect_walsender(struct start *s, struct err *err)
{
	struct pg_options options = {
		.dbname = s->db->name,
		.mode = PG_REPLICATION,
	};
	char *settings =
	    pg_ask_value(s->source, "walsender_settings", PG_NONE, err);
	struct pg *pg = NULL;

	/* No interrupt: its waits are short, and it must end in our way. */
	options.settings = settings;
	if (!err_is_set(err))
		pg = pg_connect(s->op->source.endpoint, &options, err);
	free(settings);
	return pg;
}

/* Exporting the snapshot is what every version does by itself. */
static bool
create(struct start *s, struct start_slot *slot, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	struct rowset rows = ROWSET_INIT;
	bool ok;

	strbuf_add(&sql, "CREATE_REPLICATION_SLOT ");
	strbuf_ident(&sql, slot->name);
	strbuf_add(&sql, " LOGICAL ");
	strbuf_ident(&sql, s->op->mechanism->plugin);
	ok = pg_start(slot->pg, sql.text, err) &&
	     wait_for_slot(s, slot->pg, err) && pg_finish(slot->pg, &rows, err);
	strbuf_release(&sql);
	if (ok) {
		slot->lsn =
		    mem_strdup(rowset_text(&rows, 0, "consistent_point"));
		slot->snapshot =
		    mem_strdup(rowset_text(&rows, 0, "snapshot_name"));
		ok = *slot->lsn && *slot->snapshot;
		if (!ok)
			err_set(err, ERR_SERVER,
				"the source exported no snapshot with its "
				"replication slot");
	}
	rowset_release(&rows);
	return ok;
}

bool
start_slot_make(struct start *s, struct start_slot *slot, struct err *err)
{
	op_item(s->op, "slot", s->db->name, "replication slot", "run", "%s",
		slot->name);
	if (!registry_slot(s, slot->name, CHANGE_PLANNED, err))
		return false;
	slot->pg = connect_walsender(s, err);
	if (!slot->pg || !create(s, slot, err) ||
	    !registry_slot(s, slot->name, CHANGE_DONE, err) ||
	    !load_set_slot(s->destination, slot->name, slot->lsn, err))
		return false;
	op_item(s->op, "slot", s->db->name, "replication slot", "ok",
		"from %s on; until the tables are copied it holds back vacuum "
		"on the source",
		slot->lsn);
	return true;
}

void
start_slot_release(struct start_slot *slot)
{
	pg_close(slot->pg);
	free(slot->name);
	free(slot->lsn);
	free(slot->snapshot);
	*slot = (struct start_slot){0};
}
