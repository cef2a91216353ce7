/* SPDX-License-Identifier: PostgreSQL */
/* Can the server load what stands in shared_preload_libraries? */
#include <string.h>

#include "needs.h"
#include "restart.h"

/*
 * Can the server load it? Libraries made for preloading refuse LOAD, and say
 * that this is why: then the file is there and fits.
 */
static bool
prove_library(struct pg *pg, const char *library, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	struct err failed = ERR_INIT;
	bool ok;

	strbuf_add(&sql, "LOAD ");
	strbuf_literal(&sql, library);
	ok = pg_run(pg, sql.text, NULL, &failed) ||
	     (failed.kind == ERR_SERVER &&
	      strstr(failed.message, "shared_preload_libraries"));
	strbuf_release(&sql);
	if (!ok) {
		err_set(err, failed.kind,
			"the server cannot load library \"%s\"", library);
		err_sqlstate(err, failed.sqlstate);
		err_detail(err, "%s", failed.message);
		err_hint(err, "Install it on the server first: it would not "
			      "start again with that name in "
			      "shared_preload_libraries.");
	}
	err_release(&failed);
	return ok;
}

bool
restart_loads(struct op *op, enum side side, const char *libraries,
	      const char *but, struct err *err)
{
	struct text_list now = need_list_parse(but);
	struct text_list next = need_list_parse(libraries);
	struct pg *pg = op_connect(op, side, NULL, PG_PLAIN, err);
	bool ok = pg != NULL;
	size_t i;

	for (i = 0; ok && i < next.n; i++)
		if (!text_list_has(&now, next.items[i]))
			ok = prove_library(pg, next.items[i], err);
	pg_close(pg);
	text_list_release(&now);
	text_list_release(&next);
	return ok;
}
