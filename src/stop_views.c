/* SPDX-License-Identifier: PostgreSQL */
/*
 * Stop: the materialized views that have rows on the source, those first that
 * others are made of. One that cannot be refreshed is named and does not keep
 * the database from being handed over: its definition is there.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "stop.h"
#include "strbuf.h"

static bool
refresh(struct stop *s, const char *schema, const char *name, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "REFRESH MATERIALIZED VIEW ");
	strbuf_ident2(&sql, schema, name);
	ok = pg_run(s->destination, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

static bool
one_view(struct stop *s, const char *schema, const char *name, size_t *failed,
	 struct err *err)
{
	char *label = mem_printf("%s.%s", schema, name);
	struct err failure = ERR_INIT;

	if (s->op->options.no_refresh) {
		op_item(s->op, "views", s->db->name, label, "skip", "%s",
			"materialized view, to be refreshed by hand");
	} else if (refresh(s, schema, name, &failure)) {
		op_item(s->op, "views", s->db->name, label, "ok", "%s",
			"materialized view refreshed");
	} else if (failure.kind == ERR_SERVER) {
		op_item(s->op, "views", s->db->name, label, "warn",
			"materialized view not refreshed: %s",
			failure.message);
		++*failed;
	} else {
		err_move(err, &failure);
	}
	err_release(&failure);
	free(label);
	return !err_is_set(err);
}

bool
stop_views(struct stop *s, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i, failed = 0;
	bool ok;

	/* Their queries may read views: as their owners, whom REFRESH becomes.
	 */
	ok = pg_ask(s->source, "stop_views", PG_NONE, &rows, err) &&
	     pg_ask(s->destination, "views_allow", PG_NONE, NULL, err);
	pg_set_timeout(s->destination, 0);
	for (i = 0; ok && i < rows.n_rows; i++)
		if (rowset_bool(&rows, i, "populated"))
			ok = one_view(s, rowset_text(&rows, i, "schema"),
				      rowset_text(&rows, i, "name"), &failed,
				      err);
	pg_set_timeout(s->destination, 60);
	ok = ok && pg_ask(s->destination, "views_refuse", PG_NONE, NULL, err);
	if (failed > 0)
		op_log(s->op, "warning", s->db->name,
		       "%zu materialized views are to be refreshed by hand",
		       failed);
	rowset_release(&rows);
	return ok;
}
