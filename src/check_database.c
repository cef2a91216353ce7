/* SPDX-License-Identifier: PostgreSQL */
/* Checks of what a database needs on the destination. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "check_rows.h"
#include "load.h"
#include "mem.h"
#include "tables.h"

/* --- encoding, locale, tablespace --------------------------------------- */

/* Calls fn for each database of the upgrade with its row on the destination,
 * or SIZE_MAX where it is not there. */
typedef bool (*database_fn)(const struct check_at *at,
			    const struct database *db,
			    const struct rowset *there, size_t row,
			    struct err *err);

static bool
each_on_destination(const struct check_at *at, database_fn fn, struct err *err)
{
	struct rowset there = ROWSET_INIT;
	size_t i, k;
	bool ok = pg_ask(at->pg, "databases", PG_NONE, &there, err);

	for (i = 0; ok && i < at->op->n_databases; i++) {
		const struct database *db = &at->op->databases[i];

		for (k = 0; k < there.n_rows; k++)
			if (strcmp(rowset_text(&there, k, "name"), db->name) ==
			    0)
				break;
		ok = fn(at, db, &there, k < there.n_rows ? k : SIZE_MAX, err);
	}
	rowset_release(&there);
	return ok;
}

static bool
encoding_of(const struct check_at *at, const struct database *db,
	    const struct rowset *there, size_t row, struct err *err)
{
	const char *encoding;

	(void)err;
	if (row == SIZE_MAX)
		return true;
	encoding = rowset_text(there, row, "encoding");
	if (strcmp(encoding, db->encoding) != 0)
		check_report(at, &(struct finding){
					 .status = CHECK_KO,
					 .database = db->name,
					 .current = encoding,
					 .needed = db->encoding,
					 .hint = "the destination has a "
						 "database of that name with "
						 "another encoding: make it "
						 "anew with this one, or drop "
						 "it, then setup makes it",
				 });
	return true;
}

bool
check_encoding(const struct check_at *at, struct err *err)
{
	return each_on_destination(at, encoding_of, err);
}

/* Does the server's system know that locale? Asked by using it for times,
 * which any role may do, and which looks at no encoding. */
static bool
knows_locale(const struct check_at *at, const char *name, bool *knows,
	     struct err *err)
{
	struct err failed = ERR_INIT;

	*knows = pg_ask(at->pg, "locale_try", PG_BIND(name), NULL, &failed);
	if (!*knows && !err_is(&failed, "22023")) {
		err_move(err, &failed);
		return false;
	}
	err_release(&failed);
	return true;
}

static bool
report_locale(const struct check_at *at, const struct database *db,
	      const char *name, struct err *err)
{
	bool knows;

	if (!name || !*name)
		return true;
	if (!knows_locale(at, name, &knows, err))
		return false;
	if (!knows)
		check_report(at, &(struct finding){
					 .status = CHECK_KO,
					 .database = db->name,
					 .current = "the destination's system "
						    "does not know it",
					 .needed = name,
					 .hint = "make that locale on the host "
						 "of the destination "
						 "(dpkg-reconfigure locales, "
						 "localedef), then restart "
						 "PostgreSQL",
				 });
	return true;
}

/* The same locale has two spellings: en_US.UTF-8, en_US.utf8. */
static bool
same_locale(const char *a, const char *b)
{
	for (;;) {
		a += *a == '-';
		b += *b == '-';
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		if (!*a)
			return true;
		a++;
		b++;
	}
}

static bool
locale_of(const struct check_at *at, const struct database *db,
	  const struct rowset *there, size_t row, struct err *err)
{
	const char *collate, *ctype;

	if (row == SIZE_MAX)
		return report_locale(at, db, db->collate, err) &&
		       (strcmp(db->collate, db->ctype) == 0 ||
			report_locale(at, db, db->ctype, err));
	collate = rowset_text(there, row, "collate");
	ctype = rowset_text(there, row, "ctype");
	if (!same_locale(collate, db->collate) ||
	    !same_locale(ctype, db->ctype))
		check_report(at, &(struct finding){
					 .status = CHECK_WARN,
					 .database = db->name,
					 .current = collate,
					 .needed = db->collate,
					 .hint = "the database is there with "
						 "another locale: text will "
						 "sort differently",
				 });
	return true;
}

/* ICU locales are not the system's: the server must be built with ICU. */
static bool
report_providers(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	char *icu = NULL;
	size_t i;
	bool ok = pg_ask(at->other_pg, "databases_icu", PG_NONE, &rows, err);

	if (ok && rows.n_rows > 0)
		icu = pg_ask_value(at->pg, "icu_there", PG_NONE, err);
	ok = ok && !err_is_set(err);
	for (i = 0; ok && i < rows.n_rows; i++)
		if (!icu || strcmp(icu, "t") != 0)
			check_report(at, &(struct finding){
						 .status = CHECK_KO,
						 .database = rowset_text(
							 &rows, i, "name"),
						 .current = "the destination "
							    "is built without "
							    "ICU",
						 .needed = rowset_text(
							 &rows, i, "locale"),
					 });
	free(icu);
	rowset_release(&rows);
	return ok;
}

bool
check_locale(const struct check_at *at, struct err *err)
{
	return each_on_destination(at, locale_of, err) &&
	       report_providers(at, err);
}

bool
check_tablespaces(const struct check_at *at, struct err *err)
{
	struct rowset here = ROWSET_INIT, there = ROWSET_INIT;
	size_t i, k;
	bool ok = pg_ask(at->pg, "tablespaces", PG_NONE, &here, err) &&
		  pg_ask(at->other_pg, "tablespaces", PG_NONE, &there, err);

	for (i = 0; ok && i < there.n_rows; i++) {
		const char *name = rowset_text(&there, i, "name");

		for (k = 0; k < here.n_rows; k++)
			if (strcmp(rowset_text(&here, k, "name"), name) == 0)
				break;
		if (k == here.n_rows)
			check_say(at, CHECK_WARN, name, NULL,
				  "not on the destination (on the source: %s)",
				  rowset_text(&there, i, "location"));
	}
	rowset_release(&here);
	rowset_release(&there);
	return ok;
}

/* --- extensions --------------------------------------------------------- */

/* Compares versions such as 1.10 and 1.9: number by number. */
static bool
is_older(const char *a, const char *b)
{
	char *ea, *eb;
	long na, nb;

	for (;;) {
		na = strtol(a, &ea, 10);
		nb = strtol(b, &eb, 10);
		if (ea == a || eb == b)
			return false; /* no numbers: nothing can be said */
		if (na != nb)
			return na < nb;
		if (*ea != '.' || *eb != '.')
			return *ea == '\0' && *eb == '.';
		a = ea + 1;
		b = eb + 1;
	}
}

static void
report_extension(const struct check_at *at, const char *name,
		 const char *version)
{
	const struct rowset *have = at->available;
	const char *offered = NULL;
	size_t i;

	for (i = 0; i < have->n_rows; i++)
		if (strcmp(rowset_text(have, i, "name"), name) == 0)
			offered = rowset_get(have, i, "default_version");
	if (!offered)
		check_report(at, &(struct finding){
					 .status = CHECK_KO,
					 .object = name,
					 .current = "not available on the "
						    "destination",
					 .needed = version,
				 });
	else if (is_older(offered, version))
		check_report(at, &(struct finding){
					 .status = CHECK_WARN,
					 .object = name,
					 .current = offered,
					 .needed = version,
				 });
}

bool
check_extensions(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i;
	bool ok;

	if (!at->available) {
		err_set(err, ERR_SERVER, "the destination does not say which "
					 "extensions it has");
		return false;
	}
	ok = pg_ask(at->other_pg, "extensions", PG_NONE, &rows, err);
	for (i = 0; ok && i < rows.n_rows; i++)
		report_extension(at, rowset_text(&rows, i, "name"),
				 rowset_text(&rows, i, "version"));
	rowset_release(&rows);
	return ok;
}

static void
report_behind(const struct check_at *at, const struct rowset *rows, size_t i)
{
	const char *name = rowset_text(rows, i, "name");
	const char *installed = rowset_get(rows, i, "installed");
	struct strbuf sql = STRBUF_INIT;

	strbuf_add(&sql, installed ? "ALTER EXTENSION " : "CREATE EXTENSION ");
	strbuf_ident(&sql, name);
	strbuf_add(&sql, installed ? " UPDATE" : "");
	check_report(at, &(struct finding){
				 .status = installed ? CHECK_WARN : CHECK_KO,
				 .object = name,
				 .current = installed ? installed
						      : "not created",
				 .needed = rowset_text(rows, i, "available"),
				 .hint = "pgrepup fix pglogical",
				 .fixable = true,
				 .fix_sql = sql.text,
			 });
	strbuf_release(&sql);
}

/* pglogical_origin on 9.4, and an extension older than the package. */
/* Setup takes them from PUBLIC; what was given by name is others' decision. */
static bool
report_callers(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(at->pg, "pglogical_open",
			 PG_BIND(at->op->conf->replication_user), &rows, err);
	struct strbuf hint = STRBUF_INIT;
	const char *role;
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++) {
		role = rowset_get(&rows, i, "role");
		if (!role)
			continue;
		strbuf_reset(&hint);
		strbuf_addf(&hint, "unless it may do all that a superuser "
				   "may: REVOKE EXECUTE ON FUNCTION %s FROM ",
			    rowset_text(&rows, i, "function"));
		strbuf_ident(&hint, role);
		check_say(at, CHECK_WARN, role, hint.text, "may call %s",
			  rowset_text(&rows, i, "function"));
	}
	strbuf_release(&hint);
	rowset_release(&rows);
	return ok;
}

bool
check_pglogical_database(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i;
	bool ok = pg_ask(at->pg, "fix_extension", PG_NONE, &rows, err);

	for (i = 0; ok && i < rows.n_rows; i++)
		report_behind(at, &rows, i);
	rowset_release(&rows);
	return ok && report_callers(at, err);
}

/* --- destination_empty -------------------------------------------------- */

/* Rows that this very upgrade has brought are no obstacle. */
static bool
is_ours(const struct check_at *at, bool *ours, bool *begun, struct err *err)
{
	struct load load;
	bool ok = load_read(at->pg, &load, err);

	*begun = ok && load.state != LOAD_NONE;
	*ours = ok && load.state >= LOAD_LOADING && load.upgrade &&
		strcmp(load.upgrade, at->op->conf->name) == 0;
	load_release(&load);
	return ok;
}

static bool
is_among(const struct rowset *rows, const char *schema, const char *name)
{
	size_t i;

	for (i = 0; i < rows->n_rows; i++)
		if (strcmp(rowset_text(rows, i, "name"), name) == 0 &&
		    strcmp(rowset_text(rows, i, "schema"), schema) == 0)
			return true;
	return false;
}

static bool
report_rows(const struct check_at *at, const struct rowset *here,
	    const struct rowset *source, size_t *n, struct err *err)
{
	struct strbuf name = STRBUF_INIT;
	bool ok = true, has;
	size_t i;

	for (i = 0; ok && i < here->n_rows; i++) {
		const char *schema = rowset_text(here, i, "schema");
		const char *table = rowset_text(here, i, "name");

		if (!is_among(source, schema, table))
			continue;
		ok = tables_has_rows(at->pg, schema, table, &has, err);
		if (!ok || !has)
			continue;
		strbuf_reset(&name);
		strbuf_addf(&name, "%s.%s", schema, table);
		check_say(at, CHECK_KO, name.text, NULL, "it has rows");
		++*n;
	}
	strbuf_release(&name);
	return ok;
}

/* Setup takes a database that is there only when nothing is in it. */
static bool
report_objects(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(at->pg, "user_objects", PG_NONE, &rows, err);
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++)
		check_say(at, CHECK_KO, rows.values[i], NULL,
			  "it is there, and pgrepup did not make it");
	rowset_release(&rows);
	return ok;
}

bool
check_destination_empty(const struct check_at *at, struct err *err)
{
	struct rowset here = ROWSET_INIT, source = ROWSET_INIT;
	bool ours, begun, ok;
	size_t n = 0;

	if (!at->pg) {
		check_say(at, CHECK_OK, NULL, NULL, "not there yet");
		return true;
	}
	if (!is_ours(at, &ours, &begun, err))
		return false;
	if (ours)
		return true;
	ok = tables_read(at->pg, at->op->conf, &here, err) &&
	     tables_read(at->other_pg, at->op->conf, &source, err) &&
	     report_rows(at, &here, &source, &n, err) &&
	     (begun || n > 0 || report_objects(at, err));
	rowset_release(&here);
	rowset_release(&source);
	return ok;
}

/* --- room for connections ----------------------------------------------- */

/* Beside the streams of the copy: the slot, the reader, the operation. */
#define OTHER_SESSIONS 4

bool
check_connection_limit(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	int need = at->op->conf->jobs + OTHER_SESSIONS;
	char *text = mem_printf("%d", need);
	bool ok = pg_ask(at->pg, "connection_room", PG_BIND(text), &rows, err);
	char *needed = mem_printf("room for %d", need);
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++)
		check_report(at, &(struct finding){
					 .status = CHECK_WARN,
					 .object = rowset_text(&rows, i, "name"),
					 .current = rowset_get(&rows, i,
							       "current"),
					 .needed = needed,
				 });
	rowset_release(&rows);
	free(needed);
	free(text);
	return ok;
}
