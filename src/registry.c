/* SPDX-License-Identifier: PostgreSQL */
/* The registry: what pgrepup changed, a row each, in schema pgrepup. */
#include "registry.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "names.h"
#include "rowset.h"
#include "strbuf.h"

/* The comment on the schema by which it is known as pgrepup's own. */
#define REGISTRY_MARKER "pgrepup registry, format 2"

static const char *const state_names[] = {
	[CHANGE_PLANNED] = "planned",
	[CHANGE_DONE] = "done",
};

/* How many differences are told. */
#define MAX_TOLD 3

/* Moves it away, whoever made it: in the database that the error is at. */
#define RENAME "`ALTER SCHEMA pgrepup RENAME TO pgrepup_old`"

static void
tell_differences(const struct rowset *rows, struct err *err)
{
	struct strbuf text = STRBUF_INIT;
	size_t i;

	for (i = 0; i < rows->n_rows && i < MAX_TOLD; i++)
		strbuf_addf(&text, "%s%s", i > 0 ? "; " : "",
			    rowset_text(rows, i, "difference"));
	if (rows->n_rows > MAX_TOLD)
		strbuf_addf(&text, "; and %zu more", rows->n_rows - MAX_TOLD);
	err_detail(err, "%s.", text.text);
	strbuf_release(&text);
}

/* The schema is there: is it ours, and the operator's, and as it was made? */
static enum registry_is
judge(const struct rowset *rows, struct err *why)
{
	const char *marker = rowset_get(rows, 0, "marker");

	if (!marker || strcmp(marker, REGISTRY_MARKER) != 0) {
		err_set(why, ERR_STATE,
			"schema \"pgrepup\" was not made by this pgrepup");
		err_hint(why, "Give it another name: " RENAME ".");
		return REGISTRY_FOREIGN;
	}
	if (!rowset_bool(rows, 0, "mine")) {
		err_set(why, ERR_STATE,
			"schema \"pgrepup\" is owned by role \"%s\"",
			rowset_text(rows, 0, "owner"));
		err_hint(why, "If pgrepup has made it, connect as that role; "
			      "else give it another name: " RENAME ".");
		return REGISTRY_FOREIGN;
	}
	if (!rowset_get(rows, 0, "difference"))
		return REGISTRY_OURS;
	err_set(why, ERR_STATE,
		"schema \"pgrepup\" is not as pgrepup has made it");
	tell_differences(rows, why);
	err_hint(why, "Put that back as it was; or, if pgrepup has not made "
		      "it, give it another name: " RENAME ".");
	return REGISTRY_ALTERED;
}

bool
registry_look(struct pg *pg, enum registry_is *is, struct err *why,
	      struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(pg, "registry_schema", PG_NONE, &rows, err);

	*is = REGISTRY_NONE;
	/* In most databases there is none, and to plan the question what it
	 * is costs a new session more than all the others of a check. */
	if (ok && rows.n_rows > 0)
		ok = pg_ask(pg, "registry_state", PG_NONE, &rows, err);
	if (ok && rows.n_rows > 0)
		*is = judge(&rows, why);
	if (err_is_set(why))
		err_at(why, "%s database \"%s\"", side_name(pg_side(pg)),
		       pg_dbname(pg));
	rowset_release(&rows);
	return ok;
}

bool
registry_exists(struct pg *pg, bool *exists, struct err *err)
{
	enum registry_is is;
	bool ok = registry_look(pg, &is, err, err);

	*exists = ok && is == REGISTRY_OURS;
	return ok && (is == REGISTRY_NONE || is == REGISTRY_OURS);
}

/* What is recorded is undone with the operator's rights: nobody else writes
 * there, nor reads, whatever default privileges the operator has. */
static bool
create(struct pg *pg, struct err *err)
{
	bool exists;

	return pg_ask(pg, "registry_create", PG_NONE, NULL, err) &&
	       pg_ask(pg, "registry_mark", PG_NONE, NULL, err) &&
	       names_revoke_all(pg, "pgrepup", err) &&
	       registry_exists(pg, &exists, err) && exists;
}

/* Two sessions may want to make it at once: the second finds it made. */
static bool
is_made_by_another(const struct err *err)
{
	return err_is(err, "42P06") || err_is(err, "23505");
}

bool
registry_open(struct pg *pg, struct err *err)
{
	struct err failed = ERR_INIT;
	bool exists;

	if (!registry_exists(pg, &exists, err) || exists)
		return exists;
	if (pg_in_transaction(pg))
		return create(pg, err);
	if (pg_begin(pg, &failed) && create(pg, &failed) &&
	    pg_commit(pg, &failed))
		return true;
	pg_rollback(pg);
	if (is_made_by_another(&failed)) {
		err_release(&failed);
		return registry_exists(pg, &exists, err) && exists;
	}
	err_move(err, &failed);
	return false;
}

bool
registry_add(struct pg *pg, const struct change *change, long long *id,
	     struct err *err)
{
	return registry_note(pg,
			     &(struct change_note){
				     .kind = change->kind,
				     .schema = change->schema,
				     .name = change->name,
				     .part = change->part,
				     .old_value = change->old_value,
				     .new_value = change->new_value,
				     .state = change->state,
			     },
			     id, err);
}

bool
registry_note(struct pg *pg, const struct change_note *note, long long *id,
	      struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok;

	ok = pg_ask(pg, "registry_add",
		    PG_BIND(note->kind, note->schema ? note->schema : "",
			    note->name, note->part ? note->part : "",
			    note->old_value, note->new_value,
			    state_names[note->state]),
		    &rows, err);
	if (ok && id)
		*id = rowset_int(&rows, 0, "id");
	rowset_release(&rows);
	return ok;
}

static bool
ask_by_id(struct pg *pg, const char *statement, long long id, struct err *err)
{
	char *text = mem_printf("%lld", id);
	bool ok = pg_ask(pg, statement, PG_BIND(text), NULL, err);

	free(text);
	return ok;
}

bool
registry_done(struct pg *pg, long long id, struct err *err)
{
	return ask_by_id(pg, "registry_done", id, err);
}

bool
registry_forget(struct pg *pg, long long id, struct err *err)
{
	return ask_by_id(pg, "registry_forget", id, err);
}

static void
take_change(const struct rowset *rows, size_t i, struct change_list *list)
{
	const char *state = rowset_text(rows, i, "state");

	MEM_GROW(list->items, list->n, list->alloc);
	list->items[list->n++] = (struct change){
		.id = rowset_int(rows, i, "id"),
		.kind = mem_strdup(rowset_text(rows, i, "kind")),
		.schema = mem_strdup(rowset_text(rows, i, "schema")),
		.name = mem_strdup(rowset_text(rows, i, "name")),
		.part = mem_strdup(rowset_text(rows, i, "part")),
		.old_value = mem_strdup(rowset_get(rows, i, "old_value")),
		.new_value = mem_strdup(rowset_get(rows, i, "new_value")),
		.state = strcmp(state, state_names[CHANGE_DONE]) == 0
				 ? CHANGE_DONE
				 : CHANGE_PLANNED,
	};
}

bool
registry_list(struct pg *pg, const char *kind, struct change_list *list,
	      struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool exists, ok;
	size_t i;

	*list = (struct change_list){.n = 0};
	if (!registry_exists(pg, &exists, err))
		return false;
	if (!exists)
		return true;
	ok = pg_ask(pg, "registry_list", PG_BIND(kind), &rows, err);
	for (i = 0; ok && i < rows.n_rows; i++)
		take_change(&rows, i, list);
	rowset_release(&rows);
	return ok;
}

const struct change *
change_list_find(const struct change_list *list, const char *kind,
		 const char *schema, const char *name, const char *part)
{
	const struct change *c;

	for (c = list->items; c < list->items + list->n; c++)
		if (strcmp(c->kind, kind) == 0 &&
		    strcmp(c->schema, schema ? schema : "") == 0 &&
		    strcmp(c->name, name) == 0 &&
		    strcmp(c->part, part ? part : "") == 0)
			return c;
	return NULL;
}

void
change_list_release(struct change_list *list)
{
	struct change *c;

	for (c = list->items; c < list->items + list->n; c++) {
		free(c->kind);
		free(c->schema);
		free(c->name);
		free(c->part);
		free(c->old_value);
		free(c->new_value);
	}
	free(list->items);
	*list = (struct change_list){.n = 0};
}

/* Locked, so that nobody adds a row between the look and the drop. */
static bool
drop_when_empty(struct pg *pg, bool *dropped, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool empty, ok;

	ok = pg_ask(pg, "registry_lock", PG_NONE, NULL, err) &&
	     pg_ask(pg, "registry_list", PG_BIND((const char *)NULL), &rows,
		    err);
	empty = ok && rows.n_rows == 0;
	rowset_release(&rows);
	if (!empty)
		return ok;
	*dropped = pg_ask(pg, "registry_drop_tables", PG_NONE, NULL, err) &&
		   pg_ask(pg, "registry_drop_schema", PG_NONE, NULL, err);
	return *dropped;
}

bool
registry_drop_if_empty(struct pg *pg, bool *dropped, struct err *err)
{
	bool exists;

	*dropped = false;
	if (!registry_exists(pg, &exists, err))
		return false;
	if (!exists)
		return true;
	if (pg_in_transaction(pg))
		return drop_when_empty(pg, dropped, err);
	if (pg_begin(pg, err) && drop_when_empty(pg, dropped, err) &&
	    pg_commit(pg, err))
		return true;
	*dropped = false;
	pg_rollback(pg);
	return false;
}
