/* SPDX-License-Identifier: PostgreSQL */
/* Schemas that are used with all rights: that they are nobody else's. */
#include "names.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "strbuf.h"

bool
names_refuse_strangers(struct pg *pg, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(pg, "pglogical_strangers", PG_NONE, &rows, err);

	if (ok && rows.n_rows > 0) {
		err_set(err, ERR_STATE, "schema \"%s\" %s, and is not used",
			rowset_text(&rows, 0, "schema"),
			rowset_text(&rows, 0, "what"));
		err_detail(err, "What is not pglogical's own could run with "
				"the rights of who calls it.");
		err_hint(err, "If nobody needs it as it is: `%s`.",
			 rowset_text(&rows, 0, "remedy"));
		err_at(err, "%s database \"%s\"", side_name(pg_side(pg)),
		       pg_dbname(pg));
		ok = false;
	}
	rowset_release(&rows);
	return ok;
}

bool
names_make_schema(struct pg *pg, const char *schema, struct err *err)
{
	char *there = pg_ask_value(pg, "schema_exists", PG_BIND(schema), err);
	struct strbuf sql = STRBUF_INIT;
	bool ok = there != NULL;

	if (ok && strcmp(there, "t") == 0) {
		ok = names_refuse_strangers(pg, err);
	} else if (ok) {
		strbuf_add(&sql, "CREATE SCHEMA ");
		strbuf_ident(&sql, schema);
		ok = pg_run(pg, sql.text, NULL, err) &&
		     names_revoke_all(pg, schema, err);
	}
	strbuf_release(&sql);
	free(there);
	return ok;
}

/* role NULL: PUBLIC, which may call functions as PostgreSQL has it. */
static bool
revoke(struct pg *pg, const char *schema, const char *role, struct err *err)
{
	static const char *const what[] = {
		"SCHEMA", "ALL TABLES IN SCHEMA", "ALL SEQUENCES IN SCHEMA",
		"ALL FUNCTIONS IN SCHEMA"};
	struct strbuf sql = STRBUF_INIT;
	size_t i, n = LENGTH_OF(what) - (role ? 0 : 1);
	bool ok;

	for (i = 0; i < n; i++) {
		strbuf_addf(&sql, "REVOKE ALL ON %s ", what[i]);
		strbuf_ident(&sql, schema);
		strbuf_add(&sql, " FROM ");
		if (role)
			strbuf_ident(&sql, role);
		else
			strbuf_add(&sql, "PUBLIC");
		strbuf_add(&sql, ";\n");
	}
	ok = pg_run(pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

bool
names_revoke_all(struct pg *pg, const char *schema, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(pg, "schema_grantees", PG_BIND(schema), &rows, err);
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++)
		ok = revoke(pg, schema, rowset_get(&rows, i, "role"), err);
	rowset_release(&rows);
	return ok;
}
