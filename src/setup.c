/* SPDX-License-Identifier: PostgreSQL */
/*
 * setup: makes the destination ready for the rows, and both sides ready to
 * replicate them. Every step finds out what is done already, so that setup
 * can be run again at any time and goes on from there; a database whose rows
 * are on their way is not touched any more.
 */
#include "setup.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "mechanism.h"
#include "mem.h"
#include "readers.h"
#include "tables.h"

bool
setup_record(struct pg *pg, const char *kind, const char *name,
	     const char *part, const char *new_value, enum change_state state,
	     long long *id, struct err *err)
{
	struct change change = {
		.kind = mem_strdup(kind),
		.name = mem_strdup(name),
		.part = mem_strdup(part),
		.new_value = mem_strdup(new_value),
		.state = state,
	};
	bool ok = registry_add(pg, &change, id, err);

	free(change.kind);
	free(change.name);
	free(change.part);
	free(change.new_value);
	return ok;
}

/* A value is nobody's business: "ALTER ... SET name" without it. */
static size_t
without_value(const char *sql)
{
	const char *to = strstr(sql, " SET ");

	to = strncmp(sql, "ALTER ", 6) == 0 && to ? strstr(to, " TO ") : NULL;
	return to ? (size_t)(to - sql) : strlen(sql);
}

bool
setup_try(struct op *op, struct pg *pg, const char *step, const char *object,
	  const char *sql, struct err *err)
{
	struct err failed = ERR_INIT;

	if (pg_run(pg, sql, NULL, &failed))
		return true;
	if (failed.kind != ERR_SERVER) {
		err_move(err, &failed);
		return false;
	}
	op_item(op, step, NULL, object, "warn", "%.*s: %s",
		(int)without_value(sql), sql, failed.message);
	err_release(&failed);
	return true;
}

/* Nothing is begun that cannot be brought to its end. */
static bool
check_both(struct op *op, struct err *err)
{
	struct check_counts counts = {0};
	struct strbuf words = STRBUF_INIT;

	if (!setup_refresh_role(op, err) ||
	    !check_all(op, NULL, &counts, err))
		return false;
	if (counts.ko == 0)
		return true;
	err_set(err, ERR_NEGATIVE, "%d %s in the way of setup", counts.ko,
		counts.ko == 1 ? "thing is" : "things are");
	op_options_words(&op->options, &words);
	err_hint(err, "Run `pgrepup fix` for what pgrepup can mend, then "
		      "`pgrepup setup%s` again.",
		 words.text);
	strbuf_release(&words);
	return false;
}

static bool
make_registries(struct op *op, struct err *err)
{
	return registry_open(op->source.pg, err) &&
	       registry_open(op->destination.pg, err) &&
	       mechanism_fix(op, err);
}

/* Where CONNECT was taken from PUBLIC, the replication role needs its own. */
static bool
grant_connect(struct op *op, struct pg *pg, struct err *err)
{
	const char *role = op->conf->replication_user;
	char *may = pg_ask_value(pg, "may_connect", PG_BIND(role), err);
	struct strbuf sql = STRBUF_INIT;
	bool ok = may != NULL;

	if (ok && strcmp(may, "t") != 0) {
		strbuf_add(&sql, "GRANT CONNECT ON DATABASE ");
		strbuf_ident(&sql, pg_dbname(pg));
		strbuf_add(&sql, " TO ");
		strbuf_ident(&sql, role);
		ok = pg_begin(pg, err) && pg_run(pg, sql.text, NULL, err) &&
		     setup_record(pg, CHANGE_GRANT, pg_dbname(pg), role,
				  "CONNECT ON DATABASE", CHANGE_DONE, NULL,
				  err) &&
		     pg_commit(pg, err);
		if (!ok)
			pg_rollback(pg);
	}
	strbuf_release(&sql);
	free(may);
	return ok;
}

static bool
publish(const struct mechanism_at *at, struct err *err)
{
	const struct mechanism *mechanism = at->op->mechanism;
	struct rowset tables = ROWSET_INIT;
	bool ok;

	ok = registry_open(at->source, err) &&
	     grant_connect(at->op, at->source, err) &&
	     grant_connect(at->op, at->destination, err) &&
	     tables_read(at->source, at->op->conf, &tables, err) &&
	     mechanism->prepare(at, &tables, err);
	if (ok)
		op_item(at->op, "publish", at->database, NULL, "ok",
			"%zu %s", tables.n_rows,
			tables.n_rows == 1 ? "table" : "tables");
	rowset_release(&tables);
	return ok;
}

/* Once rows are on their way, the list of tables is what it is. Start is for
 * databases that came to here: one that has only its schema lacks rights. */
static bool
publish_database(struct op *op, const struct database *db, void *arg,
		 struct err *err)
{
	struct mechanism_at at = {.op = op, .database = db->name};
	struct load load = {.state = LOAD_NONE};
	bool ok;

	(void)arg;
	at.destination = op_connect(op, SIDE_DESTINATION, db->name, PG_PLAIN,
				    err);
	at.source = at.destination ? op_connect(op, SIDE_SOURCE, db->name,
						PG_PLAIN, err)
				   : NULL;
	ok = at.source && load_read(at.destination, &load, err);
	if (ok && load.state <= LOAD_PREPARED)
		ok = publish(&at, err);
	if (ok && load.state == LOAD_SCHEMA)
		ok = load_advance(at.destination, LOAD_SCHEMA, LOAD_PREPARED,
				  NULL, err);
	load_release(&load);
	pg_close(at.source);
	pg_close(at.destination);
	return ok;
}

static bool
publish_all(struct op *op, struct err *err)
{
	return op_each_database(op, (size_t)op->conf->databases_at_once,
				publish_database, NULL, err);
}

#define SOURCE_AS_IT_WAS "Nothing on the source was changed by this step."
#define ROWS_AS_THEY_WERE "No row of any table was touched."

static const struct step steps[] = {
	{.id = "again",
	 .title = "Start over with databases that are filled",
	 .leaves = SOURCE_AS_IT_WAS,
	 .run = setup_again},
	{.id = "check",
	 .title = "Check both sides",
	 .leaves = "Nothing was changed on either side.",
	 .run = check_both},
	{.id = "registry",
	 .title = "Record what is changed on both sides",
	 .leaves = ROWS_AS_THEY_WERE,
	 .run = make_registries},
	{.id = "role",
	 .title = "Create the replication role on both sides",
	 .leaves = ROWS_AS_THEY_WERE,
	 .run = setup_replication_role},
	{.id = "globals",
	 .title = "Copy roles, memberships and tablespaces",
	 .leaves = SOURCE_AS_IT_WAS,
	 .run = setup_globals},
	{.id = "databases",
	 .title = "Create the databases",
	 .leaves = SOURCE_AS_IT_WAS,
	 .run = setup_databases},
	{.id = "schema",
	 .title = "Copy the schemas",
	 .leaves = SOURCE_AS_IT_WAS,
	 .run = setup_schemas},
	{.id = "publish",
	 .title = "Prepare the replication",
	 .leaves = ROWS_AS_THEY_WERE,
	 .run = publish_all},
};

static const struct step preview_steps[] = {
	{.id = "check", .title = "Check both sides", .run = check_both},
	{.id = "preview", .title = "What would be done", .run = setup_preview},
};

/* Nobody else's source. */
static bool
check_readers(struct op *op, struct err *err)
{
	struct rowset readers = ROWSET_INIT;
	bool ok = readers_ask(op, &readers, err);
	size_t i;

	for (i = 0; ok && i < op->n_databases; i++)
		ok = readers_check(op, &readers, op->databases[i].name,
				   op->databases[i].on_destination, err);
	rowset_release(&readers);
	return ok;
}

bool
setup_run(struct op *op, struct err *err)
{
	/* The first row is for --again only. */
	size_t skip = op->options.again ? 0 : 1;

	if (op->options.discard.n > 0 && !op->options.again) {
		err_set(err, ERR_USAGE, "--discard needs --again");
		return false;
	}
	if (!op_open(op, err) || !check_readers(op, err))
		return false;
	if (op->options.dry_run)
		return op_run_steps(op, preview_steps,
				    LENGTH_OF(preview_steps), err);
	return op_run_steps(op, steps + skip, LENGTH_OF(steps) - skip, err) &&
	       setup_tell_passwords(op, err);
}
