/* SPDX-License-Identifier: PostgreSQL */
/* Undoing what is of a whole cluster, but its settings. */
#include <stdlib.h>
#include <string.h>

#include "hba_backup.h"
#include "hba_edit.h"
#include "mem.h"
#include "replication_role.h"
#include "undo.h"

/* --- pg_hba.conf -------------------------------------------------------- */

/* With the last of our blocks the copy of the former file goes as well. */
static bool
remove_backup(const struct undo_at *at, const char *path, char **why,
	      struct err *err)
{
	struct change_list list;
	struct err failed = ERR_INIT;
	size_t n;

	if (!registry_list(at->pg, CHANGE_HBA, &list, err))
		return false;
	n = list.n;
	change_list_release(&list);
	if (n > 1 || hba_backup_remove(at->pg, path, &failed))
		return true;
	if (!*why && pg_is_alive(at->pg))
		*why = mem_printf("the copy %s%s could not be removed: %s",
				  path, HBA_BACKUP_SUFFIX, failed.message);
	err_release(&failed);
	return true;
}

bool
undo_hba(UNDO_ARGS)
{
	enum hba_cut cut;

	if (undo_is_preview(at, "-- the lines of pgrepup out of pg_hba.conf, "
				"by lo_export(), then pg_reload_conf()"))
		return true;
	if (!hba_edit_cut(at->pg, change, &cut, err))
		return false;
	if (cut == HBA_CUT_GONE)
		*result = UNDO_GONE;
	if (cut == HBA_CUT_CHANGED)
		*why = mem_strdup("what others have changed in the file since "
				  "is kept");
	return remove_backup(at, change->name, why, err);
}

/* --- role --------------------------------------------------------------- */

static bool
drop_role(struct pg *pg, const char *role, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "DROP ROLE ");
	strbuf_ident(&sql, role);
	ok = pg_run(pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

/* In a transaction. One that others need stays, without any right of ours;
 * why: what needs it. */
static bool
drop_or_disable(const struct undo_at *at, const char *role, char **why,
		struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	struct err failed = ERR_INIT;
	bool ok;

	replication_role_disable_sql(at->cluster, role, &sql);
	strbuf_add(&sql, "; SAVEPOINT dropping");
	ok = pg_run(at->pg, sql.text, NULL, err);
	if (ok && !drop_role(at->pg, role, &failed)) {
		if (err_is(&failed, "2BP01"))
			*why = mem_printf("it may not log in any more; %s",
					  failed.detail ? failed.detail
							: failed.message);
		else
			err_move(err, &failed);
		ok = *why && pg_run(at->pg, "ROLLBACK TO SAVEPOINT dropping",
				    NULL, err);
	}
	err_release(&failed);
	strbuf_release(&sql);
	return ok;
}

/* Its mark stays with it, by which it is known as ours. */
bool
undo_role(UNDO_ARGS)
{
	struct err failed = ERR_INIT;

	if (pg_begin(at->pg, &failed) &&
	    drop_or_disable(at, change->name, why, &failed) &&
	    pg_commit(at->pg, &failed)) {
		*result = *why ? UNDO_NEEDED : UNDO_DONE;
		return true;
	}
	pg_rollback(at->pg);
	if (err_is(&failed, "42704")) {
		*result = UNDO_GONE;
		err_release(&failed);
	}
	err_move(err, &failed);
	return !err_is_set(err);
}

bool
undo_membership(UNDO_ARGS)
{
	struct strbuf sql = STRBUF_INIT;
	struct err failed = ERR_INIT;

	strbuf_add(&sql, "REVOKE ");
	strbuf_ident(&sql, change->name);
	strbuf_add(&sql, " FROM CURRENT_USER GRANTED BY CURRENT_USER");
	if (undo_is_preview(at, sql.text)) {
		strbuf_release(&sql);
		return true;
	}
	(void)why;
	if (!pg_run(at->pg, sql.text, NULL, &failed) &&
	    err_is(&failed, "42704")) {
		*result = UNDO_GONE;
		err_release(&failed);
	}
	strbuf_release(&sql);
	err_move(err, &failed);
	return !err_is_set(err);
}

/* What owns the data of the upgrade belongs to it. */
bool
undo_role_copy(UNDO_ARGS)
{
	(void)at;
	(void)change;
	(void)err;
	*result = UNDO_STAYS;
	*why = mem_strdup("the role stays, with what it owns");
	return true;
}

/* --- databases ---------------------------------------------------------- */

static bool
database_exists(struct pg *pg, const char *name, bool *exists,
		struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(pg, "databases", PG_NONE, &rows, err);
	size_t i;

	*exists = false;
	for (i = 0; ok && i < rows.n_rows; i++)
		if (strcmp(rowset_text(&rows, i, "name"), name) == 0)
			*exists = true;
	rowset_release(&rows);
	return ok;
}

/* A database that was made for the upgrade is what the upgrade was for. */
bool
undo_database(UNDO_ARGS)
{
	bool exists;

	if (!database_exists(at->pg, change->name, &exists, err))
		return false;
	*result = exists ? UNDO_STAYS : UNDO_GONE;
	if (exists)
		*why = mem_strdup("with its data");
	return true;
}
