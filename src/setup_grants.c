/* SPDX-License-Identifier: PostgreSQL */
/* Privileges and settings of one object, as statements. */
#include "setup.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mem.h"

/* The settings whose values are lists of names, each quoted by itself. */
static const char *const list_settings[] = {
	"local_preload_libraries", "search_path",    "session_preload_libraries",
	"shared_preload_libraries", "temp_tablespaces",
	"unix_socket_directories",
};

static bool
is_list(const char *name)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(list_settings); i++)
		if (strcasecmp(list_settings[i], name) == 0)
			return true;
	return false;
}

/* One item of a list from p on, without its quotes; gives where it ends. */
static const char *
take_item(const char *p, struct strbuf *item)
{
	p += strspn(p, " \t\n");
	if (*p != '"') {
		size_t n = strcspn(p, ",");

		strbuf_addn(item, p, n);
		while (item->len > 0 && item->text[item->len - 1] == ' ')
			item->text[--item->len] = '\0';
		return p + n;
	}
	for (p++; *p; p++) {
		if (*p == '"' && *++p != '"')
			break;
		strbuf_addc(item, *p);
	}
	return p + strcspn(p, ",");
}

static void
add_list(struct strbuf *sql, const char *value)
{
	struct strbuf item = STRBUF_INIT;
	const char *sep = "";

	/* An empty list is one empty name to the server. */
	do {
		strbuf_reset(&item);
		value = take_item(value, &item);
		strbuf_add(sql, sep);
		strbuf_literal(sql, item.text);
		sep = ", ";
	} while (*value == ',' && *++value);
	strbuf_release(&item);
}

void
setup_alter_set(struct strbuf *sql, const char *what, const char *item)
{
	const char *equal = strchr(item, '=');
	char *name = mem_strndup(item, equal ? (size_t)(equal - item)
					     : strlen(item));

	strbuf_addf(sql, "ALTER %s SET ", what);
	strbuf_ident(sql, name);
	strbuf_add(sql, " TO ");
	if (is_list(name))
		add_list(sql, equal ? equal + 1 : "");
	else
		strbuf_literal(sql, equal ? equal + 1 : "");
	free(name);
}

static bool
grant(struct op *op, struct pg *pg, const char *step, const char *what,
      const char *object, const struct rowset *rows, size_t i,
      struct err *err)
{
	const char *grantee = rowset_get(rows, i, "grantee");
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_addf(&sql, "GRANT %s ON %s TO ",
		    rowset_text(rows, i, "privilege"), what);
	if (grantee)
		strbuf_ident(&sql, grantee);
	else
		strbuf_add(&sql, "PUBLIC");
	if (rowset_bool(rows, i, "grantable"))
		strbuf_add(&sql, " WITH GRANT OPTION");
	ok = setup_try(op, pg, step, object, sql.text, err);
	strbuf_release(&sql);
	return ok;
}

bool
setup_grant_all(struct op *op, struct pg *pg, const char *step,
		const char *what, const char *object,
		const struct rowset *rows, struct err *err)
{
	size_t i;

	for (i = 0; i < rows->n_rows; i++)
		if (!grant(op, pg, step, what, object, rows, i, err))
			return false;
	return true;
}
