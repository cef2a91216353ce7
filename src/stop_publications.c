/* SPDX-License-Identifier: PostgreSQL */
/*
 * Stop: the publications of applications, when the subscription is gone.
 * Before, one FOR ALL TABLES would forbid changes of tables that have no
 * identity, some of pglogical's among them. What cannot be made is named and
 * keeps no database from being handed over.
 */
#include "mem.h"
#include "restore.h"
#include "sqlcat.h"
#include "stop.h"

static bool
restore(struct stop *s, struct err *err)
{
	struct restore_script script = {0};
	struct restore_result result = {0};
	struct strbuf text = STRBUF_INIT;
	bool ok;

	ok = restore_dump(s->op, s->db->name, "post-data", NULL, &text, err) &&
	     restore_parse_publications(text.text, &script, err) &&
	     restore_apply(s->op, s->db->name, &script, 1, NULL, NULL, &result,
			   err);
	restore_script_release(&script);
	strbuf_release(&text);
	return ok;
}

bool
stop_publications(struct stop *s, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	struct err failed = ERR_INIT;
	size_t i;
	bool ok, made;

	if (!sqlcat_find("stop_publications", pg_version(s->source)) ||
	    !sqlcat_find("stop_publications", pg_version(s->destination)))
		return true;
	ok = pg_ask(s->source, "stop_publications", PG_NONE, &rows, err);
	made = ok && (rows.n_rows == 0 || restore(s, &failed));
	for (i = 0; ok && i < rows.n_rows; i++)
		op_item(s->op, "publications", s->db->name,
			rowset_text(&rows, i, "name"), made ? "ok" : "warn",
			"publication %s", made ? "copied"
					       : "to be made by hand");
	if (failed.kind == ERR_STOPPED) {
		err_move(err, &failed);
		ok = false;
	}
	err_release(&failed);
	rowset_release(&rows);
	return ok;
}
