/* SPDX-License-Identifier: PostgreSQL */
/*
 * The schema of each database, without indexes and what else comes after the
 * rows. The source is read before and after it is dumped: what is kept as
 * "the schema at setup" is what the dump has.
 */
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "mem.h"
#include "restore.h"
#include "schema.h"
#include "setup.h"

#define STEP "schema"
#define DUMP_TRIES 5

/* One database on its way. */
struct schema_copy {
	struct op *op;
	const char *database;
	struct pg *source;
	struct pg *destination;
	struct rowset before; /* the schema as it was dumped */
	struct strbuf script;
};

static bool
dump_once(struct schema_copy *c, bool *steady, struct err *err)
{
	struct rowset after = ROWSET_INIT;
	struct strbuf ignored = STRBUF_INIT;
	bool ok;

	ok = schema_read(c->source, SCHEMA_PRE_DATA, &c->before, err) &&
	     restore_dump(c->op, c->database, "pre-data", NULL, &c->script,
			  err) &&
	     schema_read(c->source, SCHEMA_PRE_DATA, &after, err);
	*steady = ok && schema_differences(&c->before, "before", &after,
					   "after", &ignored) == 0;
	strbuf_release(&ignored);
	rowset_release(&after);
	return ok;
}

static bool
dump(struct schema_copy *c, struct err *err)
{
	bool steady = false;
	int i;

	for (i = 0; i < DUMP_TRIES && !steady; i++)
		if (!dump_once(c, &steady, err))
			return false;
	if (steady)
		return true;
	err_set(err, ERR_STATE,
		"the schema of database \"%s\" keeps changing on the source",
		c->database);
	err_hint(err, "Wait until nothing creates or alters tables there, "
		      "then run `pgrepup setup` again.");
	return false;
}

/* Changes of the registry that travel in a dump, and when they arrive. */
static const struct {
	const char *kind;
	enum change_state state;
} travelling[] = {
	{.kind = CHANGE_COLUMN, .state = CHANGE_DONE},
	{.kind = CHANGE_INDEX, .state = CHANGE_PLANNED},
	{.kind = CHANGE_REPLICA_IDENTITY, .state = CHANGE_PLANNED},
};

/* What fix made on the source is pgrepup's on the destination too. */
static bool
record_travelling(struct schema_copy *c, struct err *err)
{
	struct change_list list;
	bool ok = true;
	size_t k, i;

	for (k = 0; ok && k < LENGTH_OF(travelling); k++) {
		ok = registry_list(c->source, travelling[k].kind, &list, err);
		for (i = 0; ok && i < list.n; i++) {
			list.items[i].state = travelling[k].state;
			ok = registry_add(c->destination, &list.items[i],
					  NULL, err);
		}
		change_list_release(&list);
	}
	return ok;
}

/* All or nothing: the next run either restores or has nothing to do. */
static bool
finish(struct schema_copy *c, struct err *err)
{
	if (pg_begin(c->destination, err) &&
	    schema_store(c->destination, SCHEMA_PRE_DATA, &c->before,
			 err) &&
	    record_travelling(c, err) &&
	    load_advance(c->destination, LOAD_MADE, LOAD_SCHEMA, NULL, err) &&
	    pg_commit(c->destination, err))
		return true;
	pg_rollback(c->destination);
	return false;
}

static bool
restore(struct schema_copy *c, struct err *err)
{
	struct restore_script script;
	struct restore_result result;
	bool ok;

	if (!restore_parse(c->script.text, &script, err)) {
		err_at(err, "source database \"%s\"", c->database);
		return false;
	}
	op_item(c->op, STEP, c->database, NULL, "run", "%zu objects",
		script.n);
	ok = restore_apply(c->op, c->database, &script, 1, NULL, NULL, &result,
			   err);
	if (ok)
		op_item(c->op, STEP, c->database, NULL, "ok",
			"%zu objects restored", result.done + result.skipped);
	else
		op_item(c->op, STEP, c->database, NULL, "ko",
			"%zu objects restored, %zu failed",
			result.done + result.skipped, result.failed);
	restore_script_release(&script);
	return ok;
}

/* Nothing is copied yet: is it still the schema that start will need? */
static bool
compare_with_stored(struct schema_copy *c, struct err *err)
{
	struct rowset then = ROWSET_INIT;
	struct strbuf text = STRBUF_INIT;
	size_t n = 0;
	bool ok;

	ok = schema_stored(c->destination, SCHEMA_PRE_DATA, &then, err) &&
	     schema_read(c->source, SCHEMA_PRE_DATA, &c->before, err);
	if (ok)
		n = schema_differences(&then, "at setup", &c->before, "now",
				       &text);
	if (n > 0) {
		err_set(err, ERR_STATE,
			"the schema of database \"%s\" has changed on the "
			"source since setup",
			c->database);
		err_detail(err, "%s", text.text);
		advice_hint_anew(err, c->database);
	}
	strbuf_release(&text);
	rowset_release(&then);
	return ok && n == 0;
}

/* setup --again was killed while it emptied the database. */
static bool
refuse_half_emptied(struct schema_copy *c, struct err *err)
{
	struct rowset restored = ROWSET_INIT, objects = ROWSET_INIT;
	bool ok;

	ok = pg_ask(c->destination, "restored", PG_NONE, &restored, err) &&
	     pg_ask(c->destination, "user_objects", PG_NONE, &objects, err);
	if (ok && restored.n_rows == 0 && objects.n_rows > 0) {
		err_set(err, ERR_STATE,
			"database \"%s\" of the destination is half emptied",
			c->database);
		advice_hint_anew(err, c->database);
		ok = false;
	}
	rowset_release(&restored);
	rowset_release(&objects);
	return ok;
}

static bool
has_public(struct pg *pg, bool *has, struct err *err)
{
	char *answer = pg_ask_value(pg, "schema_exists", PG_BIND("public"),
				    err);

	*has = answer && strcmp(answer, "t") == 0;
	free(answer);
	return !err_is_set(err);
}

/* A new database has it, and no dump says that it was dropped. */
static bool
drop_public(struct schema_copy *c, struct err *err)
{
	bool here, there;

	if (!has_public(c->source, &there, err) ||
	    !has_public(c->destination, &here, err))
		return false;
	return there || !here ||
	       pg_run(c->destination, "DROP SCHEMA public", NULL, err);
}

static bool
copy_schema(struct schema_copy *c, struct err *err)
{
	struct load load;
	bool ok = load_read(c->destination, &load, err);

	if (ok && load.state == LOAD_MADE) {
		ok = refuse_half_emptied(c, err) && dump(c, err) &&
		     drop_public(c, err) && restore(c, err) &&
		     setup_functions(c->op, c->database, c->source,
				     c->destination, err) &&
		     setup_compare_schemas(c->op, c->database, c->source,
					   c->destination, err) &&
		     finish(c, err);
	} else if (ok) {
		ok = load.state > LOAD_PREPARED || compare_with_stored(c, err);
		if (ok)
			op_item(c->op, STEP, c->database, NULL, "ok",
				"is there already; the database is \"%s\"",
				load_state_name(load.state));
	}
	load_release(&load);
	return ok;
}

static bool
one_schema(struct op *op, const struct database *db, void *arg,
	   struct err *err)
{
	struct schema_copy c = {
		.op = op,
		.database = db->name,
		.before = ROWSET_INIT,
		.script = STRBUF_INIT,
	};
	bool ok;

	(void)arg;
	c.destination = op_connect(op, SIDE_DESTINATION, db->name, PG_PLAIN,
				   err);
	c.source = c.destination ? op_connect(op, SIDE_SOURCE, db->name,
					      PG_PLAIN, err)
				 : NULL;
	if (c.source) {
		pg_set_timeout(c.source, SCHEMA_TIMEOUT);
		pg_set_timeout(c.destination, SCHEMA_TIMEOUT);
	}
	ok = c.source && copy_schema(&c, err);
	pg_close(c.source);
	pg_close(c.destination);
	rowset_release(&c.before);
	strbuf_release(&c.script);
	return ok;
}

bool
setup_schemas(struct op *op, struct err *err)
{
	return op_each_database(op, (size_t)op->conf->databases_at_once,
				one_schema, NULL, err);
}
