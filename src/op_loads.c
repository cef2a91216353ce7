/* SPDX-License-Identifier: PostgreSQL */
/* The loads of this upgrade, read from the databases of the destination. */
#include "op_loads.h"

#include <string.h>

#include "load.h"

/* LOAD_NONE also of one that another upgrade has loaded. */
static bool
read_state(struct op *op, const char *database, enum load_state *state,
	   struct err *err)
{
	struct pg *pg = op_connect(op, SIDE_DESTINATION, database, PG_PLAIN,
				   err);
	struct load load = {.state = LOAD_NONE};
	bool ok = pg && load_read(pg, &load, err);

	*state = ok && load.upgrade && strcmp(load.upgrade,
					      op->conf->name) == 0
			 ? load.state
			 : LOAD_NONE;
	load_release(&load);
	pg_close(pg);
	return ok;
}

static bool
is_of_run(const struct op *op, const char *database)
{
	size_t i;

	for (i = 0; i < op->n_databases; i++)
		if (strcmp(op->databases[i].name, database) == 0)
			return true;
	return false;
}

static void
set_forgotten(const char *database, enum load_state state, struct err *err)
{
	err_set(err, ERR_NEGATIVE,
		"database \"%s\" of the destination would be forgotten: it is "
		"\"%s\"",
		database, load_state_name(state));
	err_detail(err, "On the source there is none of that name that "
			"connections are allowed to, or it is left out now.");
	err_hint(err, "ALTER DATABASE ... ALLOW_CONNECTIONS true, or RENAME it "
		      "back, on the source. When it is left out on purpose, "
		      "name the others with --only.");
}

/* Whom it is asked of: every database of the destination until it says that it
 * is enough. */
typedef bool (*load_fn)(struct op *op, const char *database,
			enum load_state state, bool *enough, struct err *err);

static bool
each_load(struct op *op, bool of_run_too, load_fn fn, bool *enough,
	  struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	enum load_state state;
	const char *name;
	size_t i;
	bool ok = pg_ask(op->destination.pg, "database_names", PG_NONE, &rows,
			 err);

	for (i = 0; ok && !*enough && i < rows.n_rows; i++) {
		name = rowset_text(&rows, i, "name");
		if ((!of_run_too && is_of_run(op, name)) ||
		    rowset_bool(&rows, i, "is_template") ||
		    !rowset_bool(&rows, i, "allow_connections"))
			continue;
		ok = read_state(op, name, &state, err) &&
		     fn(op, name, state, enough, err);
	}
	rowset_release(&rows);
	return ok;
}

static bool
refuse_forgotten(struct op *op, const char *database, enum load_state state,
		 bool *enough, struct err *err)
{
	(void)op;
	(void)enough;
	if (state == LOAD_NONE || state == LOAD_HANDED_OVER)
		return true;
	set_forgotten(database, state, err);
	return false;
}

bool
op_refuse_forgotten(struct op *op, struct err *err)
{
	bool enough = false;

	return op->options.only.n > 0 ||
	       each_load(op, false, refuse_forgotten, &enough, err);
}

static bool
find_handed_over(struct op *op, const char *database, enum load_state state,
		 bool *enough, struct err *err)
{
	(void)op;
	(void)database;
	(void)err;
	*enough = state == LOAD_HANDED_OVER;
	return true;
}

bool
op_any_handed_over(struct op *op, bool *any, struct err *err)
{
	*any = false;
	return each_load(op, true, find_handed_over, any, err);
}
