/* SPDX-License-Identifier: PostgreSQL */
/*
 * setup --again: starts over with databases that pgrepup filled and has not
 * handed over (those only when each is named by --discard), when nobody else
 * is connected to them. They are emptied, not dropped: DROP DATABASE waits for
 * every process of the server, and pglogical's workers in other databases do
 * not answer it (seen with 2.4.2 on 15 and with 2.4.5 on 17); given up, it
 * leaves a database that nobody can connect to.
 */
#include <stdlib.h>
#include <string.h>

#include "mechanism.h"
#include "mem.h"
#include "setup.h"
#include "strbuf.h"
#include "tables.h"

#define STEP "again"

static bool
is_there(const struct rowset *there, const char *name)
{
	size_t i;

	for (i = 0; i < there->n_rows; i++)
		if (strcmp(rowset_text(there, i, "name"), name) == 0)
			return true;
	return false;
}

/* A name after --discard must be a database of this run. */
static bool
check_discard(const struct op *op, struct err *err)
{
	const struct text_list *discard = &op->options.discard;
	size_t i, k;

	for (k = 0; k < discard->n; k++) {
		for (i = 0; i < op->n_databases; i++)
			if (strcmp(op->databases[i].name,
				   discard->items[k]) == 0)
				break;
		if (i == op->n_databases) {
			err_set(err, ERR_USAGE,
				"database \"%s\" of --discard is none of this "
				"upgrade",
				discard->items[k]);
			return false;
		}
	}
	return true;
}

/* The options of the same command that throws this one away as well. */
static void
add_discards(const struct op *op, const char *name, struct strbuf *words)
{
	struct text_list names = {.n = 0};
	char *word;
	size_t i;

	for (i = 0; i < op->options.discard.n; i++)
		text_list_add(&names, op->options.discard.items[i]);
	text_list_add(&names, name);
	op_options_words(&op->options, words);
	for (i = 0; i < names.n; i++) {
		word = mem_printf("--discard=%s", names.items[i]);
		strbuf_addc(words, ' ');
		strbuf_shell(words, word);
		free(word);
	}
	text_list_release(&names);
}

static bool
refuse_handed_over(const struct op *op, const char *name,
		   const struct load *load, struct err *err)
{
	struct strbuf words = STRBUF_INIT;

	if (!load_refuse_other(load, name, op->conf->name, err))
		return false;
	if (load->state != LOAD_HANDED_OVER ||
	    text_list_has(&op->options.discard, name))
		return true;
	err_set(err, ERR_STATE, "database \"%s\" is handed over", name);
	err_detail(err, "The destination's rows are the new truth since "
			"then.");
	add_discards(op, name, &words);
	err_hint(err, "To throw them away: `pgrepup setup --again%s`. To "
		      "leave them alone, name the others by --only.",
		 words.text);
	strbuf_release(&words);
	return false;
}

static bool
refuse_others(struct pg *pg, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(pg, "other_sessions", PG_BIND(pg_dbname(pg)), &rows,
			 err);

	if (ok && rows.n_rows > 0) {
		err_set(err, ERR_STATE,
			"database \"%s\" of the destination is in use",
			pg_dbname(pg));
		err_detail(err, "Role \"%s\" is connected (%s, process %s).",
			   rowset_text(&rows, 0, "role"),
			   *rowset_text(&rows, 0, "application")
			       ? rowset_text(&rows, 0, "application")
			       : "unnamed application",
			   rowset_text(&rows, 0, "pid"));
		err_hint(err, "End that session, then run the same command "
			      "again.");
		ok = false;
	}
	rowset_release(&rows);
	return ok;
}

/*
 * Rows that no start has copied, of whatever table. (What came after the
 * hand-over was named to be thrown away; and of a database that is half
 * emptied nobody knows any more whose a row was.)
 */
static bool
refuse_foreign_rows(struct pg *pg, enum load_state state, struct err *err)
{
	char *table;
	bool ok;

	if (state <= LOAD_MADE || state == LOAD_HANDED_OVER)
		return true;
	ok = tables_find_filled(pg, NULL, &table, err);
	if (ok && table) {
		err_set(err, ERR_STATE,
			"database \"%s\" of the destination has rows that "
			"pgrepup did not copy",
			pg_dbname(pg));
		err_detail(err, "They are in table %s, and maybe in others.",
			   table);
		err_hint(err, "Drop what nobody needs, or move it to another "
			      "database, then run the same command again.");
		ok = false;
	}
	free(table);
	return ok;
}

/* Before anything is changed: may every database be started over? */
static bool
may_start_over(struct op *op, const struct database *db, void *arg,
	       struct err *err)
{
	struct load load = {.state = LOAD_NONE};
	struct pg *pg;
	bool ok;

	if (!is_there(arg, db->name))
		return true;
	pg = op_connect(op, SIDE_DESTINATION, db->name, PG_PLAIN, err);
	ok = pg && load_read(pg, &load, err) &&
	     refuse_handed_over(op, db->name, &load, err) &&
	     (load.state == LOAD_NONE || refuse_others(pg, err)) &&
	     refuse_foreign_rows(pg, load.state, err);
	load_release(&load);
	pg_close(pg);
	return ok;
}

/* Subscription, slot, origin, and the destination's node. */
static bool
disconnect(const struct mechanism_at *at, const struct load *load,
	   struct err *err)
{
	struct mechanism_at node = *at;

	node.source = NULL;
	return at->op->mechanism->unsubscribe(at, err) &&
	       (!load->slot || mechanism_drop_slot(at->op, at->source,
						   load->slot, err)) &&
	       at->op->mechanism->remove(&node, err);
}

static bool
start_over(struct op *op, const struct database *db, void *arg,
	   struct err *err)
{
	struct mechanism_at at = {.op = op, .database = db->name};
	struct load load = {.state = LOAD_NONE};
	bool ok;

	if (!is_there(arg, db->name))
		return true;
	at.destination = op_connect(op, SIDE_DESTINATION, db->name, PG_PLAIN,
				    err);
	at.source = at.destination ? op_connect(op, SIDE_SOURCE, db->name,
						PG_PLAIN, err)
				   : NULL;
	ok = at.source && load_read(at.destination, &load, err);
	if (ok && load.state != LOAD_NONE)
		ok = refuse_handed_over(op, db->name, &load, err) &&
		     refuse_others(at.destination, err) &&
		     setup_empty_begin(at.destination, load.state, err) &&
		     disconnect(&at, &load, err) &&
		     setup_empty(op, at.destination, &load, err);
	load_release(&load);
	pg_close(at.source);
	pg_close(at.destination);
	return ok;
}

bool
setup_again(struct op *op, struct err *err)
{
	struct rowset there = ROWSET_INIT; /* databases of the destination */
	size_t n = (size_t)op->conf->databases_at_once;
	bool ok;

	ok = check_discard(op, err) &&
	     pg_ask(op->destination.pg, "databases", PG_NONE, &there, err) &&
	     op_each_database(op, n, may_start_over, &there, err) &&
	     op_each_database(op, n, start_over, &there, err);
	rowset_release(&there);
	return ok;
}
