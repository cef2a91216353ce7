/* SPDX-License-Identifier: PostgreSQL */
/* Undoing what was done to tables. */
#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "mem.h"
#include "retry.h"
#include "undo.h"

/* What depends on it is named, and keeps it. */
static bool
run_unless_needed(const struct undo_at *at, struct strbuf *sql,
		  enum undo_result *result, char **why, struct err *err)
{
	struct err failed = ERR_INIT;

	if (!undo_is_preview(at, sql->text) &&
	    !retry_sql(at->pg, at->op->interrupt, sql->text, &failed) &&
	    err_is(&failed, "2BP01")) {
		*result = UNDO_NEEDED;
		*why = mem_strdup(failed.detail ? failed.detail
						: failed.message);
		err_release(&failed);
	}
	strbuf_release(sql);
	err_move(err, &failed);
	return !err_is_set(err);
}

static bool
has_row(const struct undo_at *at, const char *statement, struct pg_bind bind,
	bool *has, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(at->pg, statement, bind, &rows, err);

	*has = ok && rows.n_rows > 0;
	rowset_release(&rows);
	return ok;
}

bool
undo_column(UNDO_ARGS)
{
	struct strbuf sql = STRBUF_INIT;
	bool exists;

	if (!has_row(at, "column_exists",
		     PG_BIND(change->schema, change->name, change->part),
		     &exists, err))
		return false;
	if (!exists) {
		*result = UNDO_GONE;
		return true;
	}
	strbuf_add(&sql, "ALTER TABLE ");
	strbuf_ident2(&sql, change->schema, change->name);
	strbuf_add(&sql, " DROP COLUMN ");
	strbuf_ident(&sql, change->part);
	return run_unless_needed(at, &sql, result, why, err);
}

bool
undo_index(UNDO_ARGS)
{
	struct strbuf sql = STRBUF_INIT;
	bool exists;

	if (!has_row(at, "index_state", PG_BIND(change->schema, change->name),
		     &exists, err))
		return false;
	if (!exists) {
		*result = UNDO_GONE;
		return true;
	}
	strbuf_add(&sql, "DROP INDEX ");
	strbuf_ident2(&sql, change->schema, change->name);
	return run_unless_needed(at, &sql, result, why, err);
}

/* --- replica identity --------------------------------------------------- */

static bool
set_identity(const struct undo_at *at, const struct change *change,
	     enum undo_result *result, char **why, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	struct err failed = ERR_INIT;

	identity_alter_sql(change->schema, change->name, change->old_value,
			   &sql);
	if (!undo_is_preview(at, sql.text) &&
	    !retry_sql(at->pg, at->op->interrupt, sql.text, &failed) &&
	    err_is(&failed, "42704")) {
		*result = UNDO_CHANGED;
		*why = mem_printf("the index \"%s\" that it used is gone",
				  change->old_value + 2);
		err_release(&failed);
	}
	strbuf_release(&sql);
	err_move(err, &failed);
	return !err_is_set(err);
}

/* "i:" without a name: the index of the identity has been dropped. */
static bool
is_ours(const char *now, const char *ours)
{
	return strcmp(now, ours) == 0 ||
	       (strcmp(now, "i:") == 0 && strncmp(ours, "i:", 2) == 0);
}

bool
undo_identity(UNDO_ARGS)
{
	char *now = pg_ask_value(at->pg, "identity_now",
				 PG_BIND(change->schema, change->name), err);
	bool ok = !err_is_set(err);

	if (ok && (!now || strcmp(now, change->old_value) == 0)) {
		*result = UNDO_GONE;
	} else if (ok && !is_ours(now, change->new_value)) {
		*result = UNDO_CHANGED;
	} else if (ok) {
		ok = set_identity(at, change, result, why, err);
	}
	free(now);
	return ok;
}

/* --- triggers and rules ------------------------------------------------- */

static const char *
enable_word(const char *letter)
{
	switch (*letter) {
	case 'A':
		return " ENABLE ALWAYS ";
	case 'R':
		return " ENABLE REPLICA ";
	case 'D':
		return " DISABLE ";
	default:
		return " ENABLE ";
	}
}

bool
undo_switched_off(UNDO_ARGS)
{
	bool is_rule = strcmp(change->kind, CHANGE_RULE) == 0;
	char *now = pg_ask_value(at->pg, is_rule ? "rule_now" : "trigger_now",
				 PG_BIND(change->schema, change->name,
					 change->part),
				 err);
	struct strbuf sql = STRBUF_INIT;
	bool ok = !err_is_set(err);

	if (ok && (!now || strcmp(now, change->old_value) == 0)) {
		*result = UNDO_GONE;
	} else if (ok && strcmp(now, change->new_value) != 0) {
		*result = UNDO_CHANGED;
	} else if (ok) {
		strbuf_add(&sql, "ALTER TABLE ONLY ");
		strbuf_ident2(&sql, change->schema, change->name);
		strbuf_addf(&sql, "%s%s ", enable_word(change->old_value),
			    is_rule ? "RULE" : "TRIGGER");
		strbuf_ident(&sql, change->part);
		ok = run_unless_needed(at, &sql, result, why, err);
	}
	free(now);
	return ok;
}
