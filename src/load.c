/* SPDX-License-Identifier: PostgreSQL */
/* How far a database of the destination is filled, kept in that database. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "registry.h"
#include "strbuf.h"

/* As they are stored; never changed once released. */
static const char *const state_names[] = {
	[LOAD_NONE] = "none",
	[LOAD_MADE] = "made",
	[LOAD_SCHEMA] = "schema",
	[LOAD_PREPARED] = "prepared",
	[LOAD_LOADING] = "loading",
	[LOAD_COPIED] = "copied",
	[LOAD_INDEXED] = "indexed",
	[LOAD_SUBSCRIBED] = "subscribed",
	[LOAD_HANDED_OVER] = "handed over",
};

const char *
load_state_name(enum load_state state)
{
	return state_names[state];
}

static bool
state_from_name(const char *name, enum load_state *state, struct err *err)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(state_names); i++) {
		if (strcmp(state_names[i], name) == 0) {
			*state = (enum load_state)i;
			return true;
		}
	}
	err_set(err, ERR_STATE, "unknown state \"%s\" in pgrepup.load", name);
	err_hint(err, "A newer pgrepup may have been at work here.");
	return false;
}

static bool
take_load(const struct rowset *rows, struct load *load, struct err *err)
{
	if (!state_from_name(rowset_text(rows, 0, "state"), &load->state, err))
		return false;
	load->created = rowset_bool(rows, 0, "created");
	load->run = mem_strdup(rowset_get(rows, 0, "run"));
	load->slot = mem_strdup(rowset_get(rows, 0, "slot"));
	load->lsn = mem_strdup(rowset_get(rows, 0, "lsn"));
	load->handed_over = mem_strdup(rowset_get(rows, 0, "handed_over"));
	load->upgrade = mem_strdup(rowset_text(rows, 0, "upgrade"));
	load->bytes = rowset_int(rows, 0, "bytes");
	load->total_bytes = rowset_int(rows, 0, "total_bytes");
	load->tables = rowset_int(rows, 0, "tables");
	load->tables_ready = rowset_int(rows, 0, "tables_ready");
	return true;
}

bool
load_read(struct pg *pg, struct load *load, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool exists, ok;

	*load = (struct load){.state = LOAD_NONE};
	if (!registry_exists(pg, &exists, err))
		return false;
	if (!exists)
		return true;
	ok = pg_ask(pg, "load_read", PG_NONE, &rows, err);
	if (ok && rows.n_rows > 0)
		ok = take_load(&rows, load, err);
	rowset_release(&rows);
	return ok;
}

bool
load_create(struct pg *pg, const char *upgrade, bool created, struct err *err)
{
	return pg_ask(pg, "load_create",
		      PG_BIND(upgrade, created ? "true" : "false"), NULL, err);
}

bool
load_advance(struct pg *pg, enum load_state from, enum load_state to,
	     const char *run, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok;

	ok = pg_ask(pg, "load_advance",
		    PG_BIND(state_names[from], state_names[to], run), &rows,
		    err);
	if (ok && rows.n_rows != 1) {
		err_set(err, ERR_STATE,
			"database \"%s\" is not in state \"%s\" any more",
			pg_dbname(pg), state_names[from]);
		err_detail(err, "It was to go to state \"%s\".",
			   state_names[to]);
		ok = false;
	}
	rowset_release(&rows);
	return ok;
}

bool
load_set_slot(struct pg *pg, const char *slot, const char *lsn,
	      struct err *err)
{
	return pg_ask(pg, "load_set_slot", PG_BIND(slot, lsn), NULL, err);
}

bool
load_set_handed_over(struct pg *pg, const char *lsn, struct err *err)
{
	return pg_ask(pg, "load_set_handed_over", PG_BIND(lsn), NULL, err);
}

/* Is it loading, and by this run? */
static bool
is_loading_by(const struct rowset *rows, const char *run)
{
	const char *state = rowset_text(rows, 0, "state");
	const char *by = rowset_get(rows, 0, "run");

	return rows->n_rows == 1 && by && strcmp(by, run) == 0 &&
	       strcmp(state, state_names[LOAD_LOADING]) == 0;
}

bool
load_assert_loading(struct pg *pg, const char *run, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok;

	if (!pg_in_transaction(pg)) {
		err_set(err, ERR_STATE, "the load of database \"%s\" must be "
					"locked in a transaction",
			pg_dbname(pg));
		return false;
	}
	ok = pg_ask(pg, "load_lock", PG_NONE, &rows, err);
	if (ok && !is_loading_by(&rows, run)) {
		err_set(err, ERR_STATE,
			"database \"%s\" is not being loaded by this run",
			pg_dbname(pg));
		err_detail(err, "Its state is \"%s\".",
			   rows.n_rows ? rowset_text(&rows, 0, "state")
				       : state_names[LOAD_NONE]);
		ok = false;
	}
	rowset_release(&rows);
	return ok;
}

bool
load_add_table(struct pg *pg, const struct load_table *table, struct err *err)
{
	char *n_rows = mem_printf("%lld", table->rows);
	char *n_bytes = mem_printf("%lld", table->bytes);
	bool ok = pg_ask(pg, "load_add_table",
			 PG_BIND(table->schema, table->name, n_rows, n_bytes,
				 table->filenode, table->altered,
				 table->changes, table->columns),
			 NULL, err);

	free(n_rows);
	free(n_bytes);
	return ok;
}

bool
load_remove_table(struct pg *pg, const struct load_table *table,
		  struct err *err)
{
	return pg_ask(pg, "load_remove_table",
		      PG_BIND(table->schema, table->name), NULL, err);
}

static bool
empty_table(struct pg *pg, const char *run, const char *schema,
	    const char *name, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "TRUNCATE ONLY ");
	strbuf_ident2(&sql, schema, name);
	ok = pg_begin(pg, err) && load_assert_loading(pg, run, err) &&
	     pg_run(pg, sql.text, NULL, err) &&
	     load_remove_table(pg,
			       &(struct load_table){.schema = schema,
						    .name = name},
			       err) &&
	     pg_commit(pg, err);
	if (!ok)
		pg_rollback(pg);
	strbuf_release(&sql);
	return ok;
}

bool
load_empty_tables(struct pg *pg, const char *run, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(pg, "copied_names", PG_NONE, &rows, err);
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++)
		ok = empty_table(pg, run, rowset_text(&rows, i, "schema"),
				 rowset_text(&rows, i, "name"), err);
	rowset_release(&rows);
	return ok;
}

bool
load_begin_tables(struct pg *pg, long long tables, long long total_bytes,
		  struct err *err)
{
	char *n_tables = mem_printf("%lld", tables);
	char *n_bytes = mem_printf("%lld", total_bytes);
	bool ok = pg_ask(pg, "load_set_total", PG_BIND(n_tables, n_bytes),
			 NULL, err);

	free(n_tables);
	free(n_bytes);
	return ok;
}

bool
load_refuse_other(const struct load *load, const char *database,
		  const char *upgrade, struct err *err)
{
	if (!load->upgrade || strcmp(load->upgrade, upgrade) == 0)
		return true;
	err_set(err, ERR_STATE,
		"database \"%s\" of the destination belongs to upgrade "
		"\"%s\"",
		database, load->upgrade);
	err_detail(err, "This upgrade is \"%s\".", upgrade);
	err_hint(err, "Use the configuration that it was set up with.");
	return false;
}

void
load_release(struct load *load)
{
	free(load->run);
	free(load->slot);
	free(load->lsn);
	free(load->handed_over);
	free(load->upgrade);
	*load = (struct load){.state = LOAD_NONE};
}
