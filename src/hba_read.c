/* SPDX-License-Identifier: PostgreSQL */
/*
 * Reads pg_hba.conf of a server: the view of 10 and later, which has resolved
 * @files and includes; on older ones the file by COPY into a temporary table,
 * the one way that reads a file outside of the data directory there.
 */
#include <stdlib.h>
#include <string.h>

#include "hba.h"
#include "mem.h"
#include "sqlcat.h"

static bool
read_view(struct pg *pg, struct hba *hba, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i;
	bool ok = pg_ask(pg, "hba_rules", PG_NONE, &rows, err);

	for (i = 0; ok && i < rows.n_rows; i++)
		hba_add(hba, (int)rowset_int(&rows, i, "line"),
			rowset_get(&rows, i, "type"),
			rowset_get(&rows, i, "databases"),
			rowset_get(&rows, i, "users"),
			rowset_get(&rows, i, "address"),
			rowset_get(&rows, i, "netmask"),
			rowset_get(&rows, i, "auth_method"),
			rowset_get(&rows, i, "error"));
	rowset_release(&rows);
	return ok;
}

/* No statement of the catalog: the table is there only between those two. */
static const char select_lines[] =
	"SELECT pg_catalog.string_agg(h.line, E'\\n' ORDER BY h.n)"
	" FROM pg_temp.pgrepup_hba h";

/* In a transaction of the caller's, whose large objects must survive this, or
 * in one of its own: either way the temporary table goes with it. */
static bool
begin(struct pg *pg, bool inner, struct err *err)
{
	return inner ? pg_run(pg, "SAVEPOINT pgrepup_hba", NULL, err)
		     : pg_begin(pg, err);
}

static void
forget(struct pg *pg, bool inner)
{
	struct err ignored = ERR_INIT;

	if (!inner)
		pg_rollback(pg);
	else if (pg_run(pg, "ROLLBACK TO SAVEPOINT pgrepup_hba", NULL,
			&ignored))
		pg_run(pg, "RELEASE SAVEPOINT pgrepup_hba", NULL, &ignored);
	err_release(&ignored);
}

/* One line a row; no byte of the file is special to such a COPY. */
static char *
read_file(struct pg *pg, const char *path, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	struct rowset rows = ROWSET_INIT;
	bool inner = pg_in_transaction(pg);
	char *text = NULL;

	strbuf_add(&sql, "COPY pg_temp.pgrepup_hba (line) FROM ");
	strbuf_literal(&sql, path);
	strbuf_add(&sql, " WITH (FORMAT csv, DELIMITER E'\\x02', "
			 "QUOTE E'\\x01', NULL E'\\x03')");
	if (begin(pg, inner, err) && pg_ask(pg, "hba_table", PG_NONE, NULL, err) &&
	    pg_run(pg, sql.text, NULL, err) &&
	    pg_run(pg, select_lines, &rows, err))
		text = mem_strdup(rows.n_rows && rows.values[0]
					  ? rows.values[0]
					  : "");
	forget(pg, inner);
	strbuf_release(&sql);
	rowset_release(&rows);
	return text;
}

struct including {
	struct pg *pg;
	const char *path; /* of pg_hba.conf */
};

/* An @file, relative to the folder of pg_hba.conf. */
static char *
read_included(void *arg, const char *name)
{
	const struct including *in = arg;
	const char *slash = strrchr(in->path, '/');
	struct err ignored = ERR_INIT;
	char *path, *text;

	if (name[0] == '/' || !slash)
		path = mem_strdup(name);
	else
		path = mem_printf("%.*s/%s", (int)(slash - in->path), in->path,
				  name);
	text = read_file(in->pg, path, &ignored);
	err_release(&ignored);
	free(path);
	return text;
}

static bool
read_text(struct pg *pg, struct hba *hba, struct err *err)
{
	char *path = pg_ask_value(pg, "hba_path", PG_NONE, err), *text;
	struct including in = {.pg = pg, .path = path};

	text = path ? read_file(pg, path, err) : NULL;
	if (text)
		hba_parse(hba, text, read_included, &in);
	free(path);
	free(text);
	return !err_is_set(err);
}

bool
hba_read(struct pg *pg, struct hba *hba, struct err *err)
{
	*hba = (struct hba)HBA_INIT;
	if (sqlcat_find("hba_rules", pg_version(pg)))
		return read_view(pg, hba, err);
	return read_text(pg, hba, err);
}
