/* SPDX-License-Identifier: PostgreSQL */
/* Start, first phase: from an empty database to one with all rows. */
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "copy.h"
#include "load_role.h"
#include "mem.h"
#include "restore.h"
#include "schema.h"
#include "start.h"
#include "strbuf.h"
#include "tables.h"

bool
start_compare_source(struct start *s, struct err *err)
{
	struct rowset now = ROWSET_INIT, then = ROWSET_INIT;
	struct strbuf text = STRBUF_INIT;
	size_t n = 0;
	bool ok;

	ok = schema_read(s->source, SCHEMA_PRE_DATA, &now, err) &&
	     schema_stored(s->destination, SCHEMA_PRE_DATA, &then, err);
	if (ok)
		n = schema_differences(&then, "at setup", &now, "now", &text);
	if (n > 0) {
		err_set(err, ERR_STATE,
			"the schema of database \"%s\" has changed on the "
			"source since setup",
			s->db->name);
		err_detail(err, "%s", text.text);
		advice_hint_anew(err, s->db->name);
	}
	strbuf_release(&text);
	rowset_release(&now);
	rowset_release(&then);
	return ok && n == 0;
}

static long long
sum_of_bytes(const struct rowset *tables)
{
	long long sum = 0;
	size_t i;

	for (i = 0; i < tables->n_rows; i++)
		sum += rowset_int(tables, i, "bytes");
	return sum;
}

static bool
copy_under(struct start *s, const struct start_slot *slot,
	   const struct rowset *tables, struct load_roles *roles,
	   struct err *err)
{
	struct copy copy = {
		.op = s->op,
		.database = s->db->name,
		.snapshot = slot->snapshot,
		.tables = tables,
		.gate = s->gate,
		.roles = roles,
		.rewritten = &s->rewritten,
	};

	return load_empty_tables(s->destination, s->op->run, err) &&
	       load_begin_tables(s->destination, (long long)tables->n_rows,
				 sum_of_bytes(tables), err) &&
	       copy_database(&copy, err);
}

/* A slot that nobody will read must not keep WAL. */
static void
give_up(struct start *s, struct start_slot *slot)
{
	struct err failed = ERR_INIT;

	pg_close(slot->pg);
	slot->pg = NULL;
	pg_set_interrupt(s->source, NULL);
	/* One that was not finished goes with its walsender. */
	if (!start_slot_drop(s, slot->name, &failed) && slot->lsn)
		op_log(s->op, "warning", s->db->name,
		       "replication slot \"%s\" could not be dropped and "
		       "keeps WAL on the source until the next start: %s",
		       slot->name, failed.message);
	pg_set_interrupt(s->source, s->op->interrupt);
	err_release(&failed);
}

/* What the change stream carries is what is copied, to the table. */
static bool
read_tables(struct start *s, struct rowset *tables, struct err *err)
{
	return tables_read(s->source, s->op->conf, tables, err) &&
	       s->op->mechanism->publish(&s->at, tables, err);
}

/* Rows of a table that no run has copied are not ours to truncate. */
static bool
are_empty(struct start *s, const struct rowset *tables, struct err *err)
{
	char *table;
	bool ok = tables_find_filled(s->destination, tables, &table, err);

	if (ok && table) {
		err_set(err, ERR_STATE, "table \"%s\" of the destination has "
					"rows",
			table);
		err_detail(err, "They came after setup, and not by pgrepup; "
				"the copy would delete them.");
		err_hint(err, "Empty the table, then run `pgrepup start` "
			      "again.");
		ok = false;
	}
	free(table);
	return ok;
}

/*
 * A dump makes a CHECK after the rows when it must, as when its function takes
 * a row of the table. The rows that are there would then be put to the owner's
 * function with our rights; so it is made now, while there is none.
 */
static bool
restore_checks(struct start *s, struct err *err)
{
	struct strbuf text = STRBUF_INIT;
	struct restore_script all = {0}, checks;
	struct restore_result result = {0};
	size_t i;
	bool ok;

	ok = restore_dump(s->op, s->db->name, "post-data", NULL, &text, err) &&
	     start_compare_source(s, err) &&
	     restore_parse(text.text, &all, err);
	checks = all;
	checks.entries = MEM_ARRAY(struct restore_entry, all.n);
	checks.n = 0;
	for (i = 0; ok && i < all.n; i++)
		if (restore_is_check(&all.entries[i]))
			checks.entries[checks.n++] = all.entries[i];
	ok = ok && restore_apply(s->op, s->db->name, &checks, 1, NULL, NULL,
				 &result, err);
	free(checks.entries);
	restore_script_release(&all);
	strbuf_release(&text);
	return ok;
}

/* Those that a dump makes before the rows are there. */
static bool
need_checks(struct start *s, struct err *err)
{
	char *source, *destination;
	bool ok, same;

	if (!load_role_can_be(s->op))
		return true;
	source = pg_ask_value(s->source, "checks_valid", PG_NONE, err);
	destination = source ? pg_ask_value(s->destination, "checks_valid",
					    PG_NONE, err)
			     : NULL;
	ok = source && destination;
	same = ok && strcmp(source, destination) == 0;
	free(source);
	free(destination);
	return ok && (same || restore_checks(s, err));
}

/* They go whatever became of the copy. */
static bool
drop_roles(struct start *s, struct load_roles *roles, bool ok, struct err *err)
{
	struct err left = ERR_INIT;

	if (roles && !load_roles_drop(s->destination, &left) && ok) {
		err_move(err, &left);
		ok = false;
	}
	err_release(&left);
	load_roles_free(roles);
	return ok;
}

bool
start_copy(struct start *s, struct err *err)
{
	struct start_slot slot = {0};
	struct rowset tables = ROWSET_INIT;
	struct load_roles *roles = NULL;
	bool ok;

	ok = start_compare_source(s, err) && read_tables(s, &tables, err) &&
	     are_empty(s, &tables, err) && need_checks(s, err);
	if (ok) {
		roles = load_roles_make(s->op, s->destination, err);
		ok = !err_is_set(err);
	}
	if (ok)
		slot.name = s->op->mechanism->slot_name(&s->at, err);
	ok = ok && slot.name && start_slot_drop(s, slot.name, err) &&
	     load_advance(s->destination, s->load.state, LOAD_LOADING,
			  s->op->run, err);
	if (ok) {
		ok = start_slot_make(s, &slot, err) &&
		     copy_under(s, &slot, &tables, roles, err);
		if (!ok)
			give_up(s, &slot);
	}
	ok = drop_roles(s, roles, ok, err);
	/* Lost here, nobody knows if it was done: the next start finds out,
	 * and needs the slot when it was. */
	ok = ok && load_advance(s->destination, LOAD_LOADING, LOAD_COPIED,
				s->op->run, err);
	start_slot_release(&slot);
	rowset_release(&tables);
	return ok;
}
