/* SPDX-License-Identifier: PostgreSQL */
/* Reading relations by names that nobody can change meanwhile. */
#include "held.h"

#include <string.h>

void
held_add(struct held *held, const char *schema, const char *name)
{
	struct strbuf quoted = STRBUF_INIT;

	strbuf_ident2(&quoted, schema, name);
	strbuf_add(&held->sql, quoted.text);
	strbuf_array(&held->names, quoted.text);
	strbuf_array(&held->schemas, schema);
	strbuf_release(&quoted);
}

/* Who is no superuser may not lock rows of catalogs; its server is of 16 or
 * later, and its session refuses views. */
static bool
hold_schemas(struct pg *pg, const struct held *held, struct err *err)
{
	const char *superuser = pg_parameter(pg, "is_superuser");

	if (!superuser || strcmp(superuser, "on") != 0)
		return true;
	return pg_ask(pg, "held_schemas", PG_BIND(held->schemas.text), NULL,
		      err);
}

static bool
prepare(struct pg *pg, const struct held *held, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_addf(&sql, "PREPARE pgrepup_held AS %s", held->sql.text);
	ok = pg_run(pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

static bool
are_of_kind(struct pg *pg, const struct held *held, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(pg, "held_others",
			 PG_BIND(held->names.text, held->kind), &rows, err);

	if (ok && rows.n_rows > 0) {
		ok = false;
		err_set(err, ERR_STATE,
			"%s is something else than it was a moment ago",
			rowset_text(&rows, 0, "name"));
		err_detail(err, "It was a %s when the catalogs were read.",
			   *held->kind == 'S' ? "sequence" : "table");
		err_hint(err, "Somebody changes the schema; its owner could "
			      "have had functions run with your rights. Find "
			      "out who, then run it again.");
	}
	rowset_release(&rows);
	return ok;
}

static bool
run_held(struct pg *pg, const struct held *held, struct rowset *rows,
	 struct err *err)
{
	return hold_schemas(pg, held, err) && prepare(pg, held, err) &&
	       are_of_kind(pg, held, err) &&
	       pg_run(pg, "EXECUTE pgrepup_held", rows, err) &&
	       pg_run(pg, "DEALLOCATE pgrepup_held", NULL, err);
}

bool
held_query(struct pg *pg, struct held *held, struct rowset *rows,
	   struct err *err)
{
	bool own = !pg_in_transaction(pg), ok;

	strbuf_array_end(&held->names);
	strbuf_array_end(&held->schemas);
	ok = (!own || pg_begin(pg, err)) && run_held(pg, held, rows, err) &&
	     (!own || pg_commit(pg, err));
	if (!ok && own) {
		pg_rollback(pg);
		pg_run(pg, "DEALLOCATE ALL", NULL, &(struct err)ERR_INIT);
	}
	strbuf_release(&held->sql);
	strbuf_release(&held->names);
	strbuf_release(&held->schemas);
	return ok;
}
