/* SPDX-License-Identifier: PostgreSQL */
/* Stop: what speaks against it. */
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "fence.h"
#include "mem.h"
#include "registry.h"
#include "schema.h"
#include "stop.h"
#include "strbuf.h"
#include "tables.h"

/* Of a process of the server, and who is dropped, there is none. */
static const char *
role_of(const struct rowset *rows, size_t i)
{
	const char *role = rowset_get(rows, i, "role");

	return role ? role : "-";
}

static void
say_sessions(struct stop *s, const struct rowset *rows, const char *state)
{
	size_t i;
	char *object;

	for (i = 0; i < rows->n_rows; i++) {
		object = mem_printf("session %s", rowset_text(rows, i, "pid"));
		op_item(s->op, "sessions", s->db->name, object, state,
			"role %s, application \"%s\", from %s, %s",
			role_of(rows, i),
			rowset_text(rows, i, "application"),
			rowset_text(rows, i, "client"),
			rowset_text(rows, i, "state"));
		free(object);
	}
}

static void
say_prepared(struct stop *s, const struct rowset *rows, const char *state)
{
	size_t i;

	for (i = 0; i < rows->n_rows; i++)
		op_item(s->op, "sessions", s->db->name,
			rowset_text(rows, i, "name"), state,
			"prepared transaction of role %s",
			role_of(rows, i));
}

static bool
refuse_sessions(size_t sessions, size_t prepared, struct err *err)
{
	err_set(err, ERR_NEGATIVE,
		"still in use on the source: %zu %s, %zu prepared %s",
		sessions, sessions == 1 ? "session" : "sessions", prepared,
		prepared == 1 ? "transaction" : "transactions");
	err_hint(err, "Stop the applications and end these sessions; commit "
		      "or roll back what is prepared. --force goes on all the "
		      "same: what they commit from then on is lost.");
	return false;
}

/* Whoever is behind the fence was there before it, or was let in by somebody:
 * what he writes is on one side only. */
static bool
check_behind_fence(struct stop *s, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(s->destination, "fence_sessions",
			 PG_BIND(s->db->name), &rows, err);

	if (ok && rows.n_rows > 0) {
		say_sessions(s, &rows, "ko");
		err_set(err, ERR_NEGATIVE,
			"in use on the destination: %zu %s", rows.n_rows,
			rows.n_rows == 1 ? "session" : "sessions");
		err_detail(err, "Until it is handed over nobody but superusers "
				"and pgrepup is to be connected there: what "
				"they write is not on the source.");
		err_hint(err, "End these sessions, find out what they wrote, "
			      "and run `pgrepup stop` again.");
		ok = false;
	}
	rowset_release(&rows);
	return ok;
}

static bool
check_fence(struct stop *s, struct err *err)
{
	struct err open = ERR_INIT;

	if (fence_check(s->destination, &open))
		return s->op->options.force || check_behind_fence(s, err);
	if (!s->op->options.force || open.kind != ERR_NEGATIVE) {
		err_move(err, &open);
		return false;
	}
	op_log(s->op, "warning", s->db->name, "forced: %s", open.message);
	err_release(&open);
	return true;
}

bool
stop_check_sessions(struct stop *s, struct err *err)
{
	struct rowset sessions = ROWSET_INIT, prepared = ROWSET_INIT;
	bool force = s->op->options.force, ok;

	ok = pg_ask(s->source, "stop_sessions", PG_BIND(s->db->name),
		    &sessions, err) &&
	     pg_ask(s->source, "stop_prepared", PG_BIND(s->db->name),
		    &prepared, err);
	if (ok && sessions.n_rows + prepared.n_rows > 0) {
		say_sessions(s, &sessions, force ? "warn" : "ko");
		say_prepared(s, &prepared, force ? "warn" : "ko");
		if (!force)
			ok = refuse_sessions(sessions.n_rows, prepared.n_rows,
					     err);
		else
			op_log(s->op, "warning", s->db->name,
			       "forced: what these sessions commit on the "
			       "source after the hand-over is lost");
	}
	rowset_release(&sessions);
	rowset_release(&prepared);
	return ok && check_fence(s, err);
}

/* The objects of one side, sorted, and what to call it. */
struct names {
	const char *where; /* "on the source" */
	char **items;	   /* "schema.name" */
	size_t n;
};

static int
compare_items(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
names_take(struct names *names, const struct rowset *rows)
{
	size_t i;

	names->items = MEM_ARRAY(char *, rows->n_rows);
	names->n = rows->n_rows;
	for (i = 0; i < rows->n_rows; i++)
		names->items[i] = mem_printf("%s.%s",
					     rowset_text(rows, i, "schema"),
					     rowset_text(rows, i, "name"));
	qsort(names->items, names->n, sizeof(*names->items), compare_items);
}

static void
names_release(struct names *names)
{
	while (names->n > 0)
		free(names->items[--names->n]);
	free(names->items);
}

/* Says each that is in one list and not in the other; counts them. */
static size_t
say_missing(struct stop *s, const char *kind, const struct names *in,
	    const struct names *out)
{
	size_t i, n = 0;

	for (i = 0; i < in->n; i++) {
		if (out->n > 0 &&
		    bsearch(&in->items[i], out->items, out->n,
			    sizeof(*out->items), compare_items))
			continue;
		op_item(s->op, "tables", s->db->name, in->items[i], "ko",
			"%s is %s and not %s", kind, in->where, out->where);
		n++;
	}
	return n;
}

static size_t
say_differences(struct stop *s, const char *kind, const struct names *a,
		const struct names *b)
{
	return say_missing(s, kind, a, b) + say_missing(s, kind, b, a);
}

static bool
refuse_tables(const struct stop *s, size_t n, struct err *err)
{
	char *anew = advice_anew(s->db->name);

	err_set(err, ERR_NEGATIVE,
		"not the same on both sides: %zu %s", n,
		n == 1 ? "table or sequence" : "tables or sequences");
	err_detail(err, "What was created on the source since setup does not "
			"travel: its rows would be lost.");
	err_hint(err, "To copy the database anew run %s; or drop what is in "
		      "excess.",
		 anew);
	free(anew);
	return false;
}

static bool
read_tables(struct stop *s, struct pg *pg, struct names *names,
	    struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = tables_read(pg, s->op->conf, &rows, err);

	names_take(names, &rows);
	rowset_release(&rows);
	return ok;
}

static bool
read_names(struct pg *pg, const char *statement, struct names *names,
	   struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(pg, statement, PG_NONE, &rows, err);

	names_take(names, &rows);
	rowset_release(&rows);
	return ok;
}

/*
 * Three lists of tables must be one: the source's, the destination's, and the
 * one that start copied. A table that somebody made on both sides by hand is
 * in the first two, and nothing of its rows travels.
 */
static bool
compare_tables(struct stop *s, size_t *n, struct err *err)
{
	struct names source = {.where = "on the source"};
	struct names destination = {.where = "on the destination"};
	struct names copied = {.where = "among those that start copied"};
	bool ok;

	ok = read_tables(s, s->source, &source, err) &&
	     read_tables(s, s->destination, &destination, err) &&
	     read_names(s->destination, "copied_names", &copied, err);
	if (ok)
		*n += say_differences(s, "table", &source, &destination);
	if (ok && *n == 0)
		*n += say_differences(s, "table", &source, &copied);
	names_release(&source);
	names_release(&destination);
	names_release(&copied);
	return ok;
}

static bool
compare_sequences(struct stop *s, size_t *n, struct err *err)
{
	struct names source = {.where = "on the source"};
	struct names destination = {.where = "on the destination"};
	bool ok;

	ok = read_names(s->source, "stop_sequences", &source, err) &&
	     read_names(s->destination, "stop_sequences", &destination,
			err);
	if (ok)
		*n += say_differences(s, "sequence", &source, &destination);
	names_release(&source);
	names_release(&destination);
	return ok;
}

static bool
check_tables(struct stop *s, struct err *err)
{
	size_t n = 0;

	if (!compare_tables(s, &n, err) || !compare_sequences(s, &n, err))
		return false;
	if (n > 0)
		return refuse_tables(s, n, err);
	return stop_check_altered(s, err) && stop_check_rewritten(s, err) &&
	       stop_check_columns(s, err) &&
	       stop_check_insert_only(s, err);
}

/* The lists below would say that such a table is not on the source. */
static bool
refuse_taken(struct stop *s, struct err *err)
{
	struct rowset members = ROWSET_INIT, copied = ROWSET_INIT;
	const char *schema, *name;
	bool ok = pg_ask(s->source, "extension_members", PG_BIND("{}"),
			 &members, err) &&
		  pg_ask(s->destination, "copied_names", PG_NONE, &copied, err);
	size_t i;

	for (i = 0; ok && i < members.n_rows; i++) {
		schema = rowset_text(&members, i, "schema");
		name = rowset_text(&members, i, "name");
		if (!tables_have(&copied, schema, name))
			continue;
		err_set(err, ERR_NEGATIVE,
			"table \"%s.%s\" was added to an extension on the "
			"source since start",
			schema, name);
		err_detail(err, "It is %s, and would be forgotten.",
			   rowset_text(&members, i, "current"));
		err_hint(err, "Take it out on the source: ALTER EXTENSION ... "
			      "DROP TABLE ...; then run `pgrepup stop` again.");
		ok = false;
	}
	rowset_release(&members);
	rowset_release(&copied);
	return ok;
}

bool
stop_check_tables(struct stop *s, struct err *err)
{
	double source = pg_set_timeout(s->source, SCHEMA_TIMEOUT);
	double destination = pg_set_timeout(s->destination, SCHEMA_TIMEOUT);
	bool ok = refuse_taken(s, err) && check_tables(s, err);

	pg_set_timeout(s->source, source);
	pg_set_timeout(s->destination, destination);
	return ok;
}

bool
stop_check_held(struct stop *s, struct err *err)
{
	enum subscription_state state = SUBSCRIPTION_NONE;
	struct change_list list = {.n = 0};
	char *reason = NULL, *only;
	struct strbuf word = STRBUF_INIT;
	bool ok = registry_list(s->destination, CHANGE_HELD, &list, err);

	if (ok && list.n > 0)
		ok = s->op->mechanism->state(&s->at, &state, &reason, err);
	if (ok && list.n > 0 && state == SUBSCRIPTION_DISABLED) {
		only = mem_printf("--only=%s", s->db->name);
		strbuf_shell(&word, only);
		err_set(err, ERR_NEGATIVE,
			"database \"%s\" is held: its subscription was "
			"disabled",
			s->db->name);
		err_detail(err, "By role \"%s\", %s.",
			   list.items[0].old_value ? list.items[0].old_value
						   : "?",
			   list.items[0].new_value ? list.items[0].new_value
						   : "?");
		err_hint(err, "Run `pgrepup start %s`, which lets it apply "
			      "again, then `pgrepup stop`.",
			 word.text);
		strbuf_release(&word);
		free(only);
		ok = false;
	}
	change_list_release(&list);
	free(reason);
	return ok;
}
