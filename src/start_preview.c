/* SPDX-License-Identifier: PostgreSQL */
/* start --dry-run: what would be done, in its order. Changes nothing. */
#include "copy.h"
#include "mem.h"
#include "start.h"
#include "strbuf.h"
#include "tables.h"

#include <stdlib.h>

static bool
preview_table(struct start *s, const struct rowset *tables, size_t i,
	      struct err *err)
{
	struct strbuf size = STRBUF_INIT;
	bool binary = false, ok;
	char *table;

	ok = copy_is_binary(s->source, s->destination,
			    rowset_text(tables, i, "oid"), &binary, err);
	if (ok) {
		table = mem_printf("%s.%s", rowset_text(tables, i, "schema"),
				   rowset_text(tables, i, "name"));
		strbuf_bytes(&size, rowset_int(tables, i, "bytes"));
		op_item(s->op, "copy", s->db->name, table, "skip",
			"would be copied, %s, about %lld rows, %s", size.text,
			rowset_int(tables, i, "estimated_rows"),
			binary ? "binary" : "text");
		free(table);
	}
	strbuf_release(&size);
	return ok;
}

static bool
preview_copy(struct start *s, struct err *err)
{
	struct rowset tables = ROWSET_INIT;
	size_t i;
	bool ok;

	ok = start_compare_source(s, err) &&
	     tables_read(s->source, s->op->conf, &tables, err);
	for (i = 0; ok && i < tables.n_rows; i++)
		ok = preview_table(s, &tables, i, err);
	rowset_release(&tables);
	return ok;
}

static const char *const next[] = {
    [LOAD_NONE] = "not set up: run `pgrepup setup` first",
    [LOAD_MADE] = "not set up whole: run `pgrepup setup` first",
    [LOAD_SCHEMA] = "not set up whole: run `pgrepup setup` first",
    [LOAD_PREPARED] = "would be copied, indexed and replicated",
    [LOAD_LOADING] = "would be copied again from the beginning, indexed "
		     "and replicated",
    [LOAD_COPIED] = "is copied; would be indexed and replicated",
    [LOAD_INDEXED] = "is copied and indexed; would be replicated",
    [LOAD_SUBSCRIBED] = "replicates already; nothing to do",
    [LOAD_HANDED_OVER] = "is handed over; nothing would be touched",
};

bool
start_preview(struct start *s, struct err *err)
{
	op_item(s->op, "start", s->db->name, NULL, "skip", "%s",
		next[s->load.state]);
	if (s->load.state != LOAD_PREPARED && s->load.state != LOAD_LOADING)
		return true;
	return preview_copy(s, err);
}
