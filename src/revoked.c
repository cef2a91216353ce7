/* SPDX-License-Identifier: PostgreSQL */
/* Functions that not everybody may call on the source. */
#include "revoked.h"

#include "sqlcat.h"

bool
revoked_read(struct pg *source, struct rowset *rows, struct err *err)
{
	return !sqlcat_find("revoked_functions", pg_version(source)) ||
	       pg_ask(source, "revoked_functions", PG_NONE, rows, err);
}

static bool
look(struct pg *destination, const struct rowset *rows, size_t i,
     revoked_fn fn, void *arg, struct err *err)
{
	struct revoked f = {
		.schema = rowset_text(rows, i, "schema"),
		.name = rowset_text(rows, i, "name"),
		.arguments = rowset_text(rows, i, "arguments"),
	};
	struct rowset here = ROWSET_INIT;
	bool ok;

	ok = pg_ask(destination, "function_open",
		    PG_BIND(f.schema, f.name, f.arguments), &here, err);
	/* NULL: no row */
	f.what = rowset_get(&here, 0, "what");
	if (ok && (here.n_rows == 0 || rowset_bool(&here, 0, "open")))
		ok = fn(arg, &f, err);
	rowset_release(&here);
	return ok;
}

bool
revoked_each(struct pg *source, struct pg *destination, revoked_fn fn,
	     void *arg, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = revoked_read(source, &rows, err);
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++)
		ok = look(destination, &rows, i, fn, arg, err);
	rowset_release(&rows);
	return ok;
}
