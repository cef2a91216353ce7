/* SPDX-License-Identifier: PostgreSQL */
/* The tables of a database that travel. */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "pg_copy.h"
#include "strbuf.h"

static void
add_element(struct strbuf *array, const char *text)
{
	strbuf_add(array, array->len > 1 ? ",\"" : "\"");
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			strbuf_addc(array, '\\');
		strbuf_addc(array, *text);
	}
	strbuf_addc(array, '"');
}

char *
tables_excluded(const struct conf *conf, const char *database)
{
	const struct text_list *list = &conf->tables_exclude;
	struct strbuf array = STRBUF_INIT;
	size_t n = strlen(database), i;

	strbuf_addc(&array, '{');
	for (i = 0; i < list->n; i++) {
		const char *item = list->items[i];

		/* Names may hold dots, so both readings count. */
		add_element(&array, item);
		if (strncmp(item, database, n) == 0 && item[n] == '.')
			add_element(&array, item + n + 1);
	}
	strbuf_addc(&array, '}');
	return strbuf_detach(&array);
}

bool
tables_read(struct pg *pg, const struct conf *conf, struct rowset *rows,
	    struct err *err)
{
	char *excluded = tables_excluded(conf, pg_dbname(pg));
	bool ok = pg_ask(pg, "copied_tables", PG_BIND(excluded), rows, err);

	free(excluded);
	return ok;
}

/*
 * By COPY, which plans nothing. To plan a SELECT means to work out the constant
 * parts of the expressions of the table's indexes: the functions of its owner
 * would run with our rights. Nor does it read through a view.
 */
bool
tables_has_rows(struct pg *pg, const char *schema, const char *name, bool *has,
		struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "COPY ");
	strbuf_ident2(&sql, schema, name);
	strbuf_add(&sql, " TO STDOUT");
	ok = pg_copy_has_rows(pg, sql.text, has, err);
	strbuf_release(&sql);
	return ok;
}

bool
tables_have(const struct rowset *rows, const char *schema, const char *name)
{
	size_t i;

	for (i = 0; i < rows->n_rows; i++)
		if (strcmp(rowset_text(rows, i, "schema"), schema) == 0 &&
		    strcmp(rowset_text(rows, i, "name"), name) == 0)
			return true;
	return false;
}

/* Room on the disk may be of rows that were deleted: look. */
bool
tables_find_filled(struct pg *pg, const struct rowset *among, char **found,
		   struct err *err)
{
	struct rowset big = ROWSET_INIT;
	bool ok = pg_ask(pg, "filled_tables", PG_NONE, &big, err), has = false;
	const char *schema, *name;
	size_t i;

	*found = NULL;
	for (i = 0; ok && !has && i < big.n_rows; i++) {
		schema = rowset_text(&big, i, "schema");
		name = rowset_text(&big, i, "name");
		if (among && !tables_have(among, schema, name))
			continue;
		ok = tables_has_rows(pg, schema, name, &has, err);
		if (ok && has)
			*found = mem_printf("%s.%s", schema, name);
	}
	rowset_release(&big);
	return ok;
}
