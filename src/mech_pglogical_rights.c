/* SPDX-License-Identifier: PostgreSQL */
/*
 * Mechanism pglogical: who may call its functions. They check no rights, and
 * PUBLIC may call them all: whoever can use the schema, which owners of tables
 * must for their TRUNCATE, has SQL run as a superuser on the other side by
 * replicate_ddl_command or create_subscription. So they are closed before
 * anybody gets USAGE; to fire a trigger takes no right on its function.
 */
#include "mech_pglogical.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* What a subscriber calls on its provider, as the replication role. */
#define CALLED_BY_SUBSCRIBER                                                   \
	"{pglogical_node_info,show_repset_table_info,"                         \
	"show_repset_table_info_by_target,table_data_filtered}"

static bool
alter_function(struct pg *pg, const char *verb, const char *function,
	       const char *to, const char *role, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	/* The name as the server has quoted it, with its types. */
	strbuf_addf(&sql, "%s EXECUTE ON FUNCTION %s %s ", verb, function, to);
	if (role)
		strbuf_ident(&sql, role);
	else
		strbuf_add(&sql, "PUBLIC");
	ok = pg_run(pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

/* What goes with an extension of ours needs no record. */
static bool
close_to_public(struct pg *pg, const char *function, bool ours,
		struct err *err)
{
	return alter_function(pg, "REVOKE", function, "FROM", NULL, err) &&
	       (ours || mech_record(pg, CHANGE_REVOKE, function, NULL, NULL,
				    NULL, err));
}

static bool
is_ours(struct pg *pg, bool *ours, struct err *err)
{
	struct change_list list = {.n = 0};
	bool ok = registry_list(pg, CHANGE_EXTENSION, &list, err);

	*ours = change_list_find(&list, CHANGE_EXTENSION, "", "pglogical",
				 "") != NULL;
	change_list_release(&list);
	return ok;
}

bool
pglogical_close_functions(struct pg *pg, const char *replication_role,
			  struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ours, ok;
	size_t i;

	ok = is_ours(pg, &ours, err) &&
	     pg_ask(pg, "pglogical_open", PG_BIND(replication_role), &rows,
		    err);
	for (i = 0; ok && i < rows.n_rows; i++)
		if (!rowset_get(&rows, i, "role"))
			ok = close_to_public(
				pg, rowset_text(&rows, i, "function"), ours,
				err);
	rowset_release(&rows);
	return ok;
}

bool
pglogical_open_to_subscriber(struct pg *pg, const char *replication_role,
			     struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(pg, "pglogical_functions",
			 PG_BIND(CALLED_BY_SUBSCRIBER), &rows, err);
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++)
		ok = alter_function(pg, "GRANT",
				    rowset_text(&rows, i, "function"), "TO",
				    replication_role, err);
	rowset_release(&rows);
	return ok;
}

/* Is it one of those that are there, by the very name that we use? */
static bool
is_there(const struct rowset *rows, const char *function)
{
	size_t i;

	for (i = 0; i < rows->n_rows; i++)
		if (strcmp(rowset_text(rows, i, "function"), function) == 0)
			return true;
	return false;
}

bool
pglogical_give_back_functions(struct pg *pg, const struct change_list *list,
			      struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	const struct change *c = list->items;
	bool ok = pg_ask(pg, "pglogical_all_functions", PG_NONE, &rows, err);

	for (; ok && c < list->items + list->n; c++) {
		if (strcmp(c->kind, CHANGE_REVOKE) != 0)
			continue;
		ok = (!is_there(&rows, c->name) ||
		      alter_function(pg, "GRANT", c->name, "TO", NULL, err)) &&
		     registry_forget(pg, c->id, err);
	}
	rowset_release(&rows);
	return ok;
}
