/* SPDX-License-Identifier: PostgreSQL */
/*
 * The copy of pg_hba.conf as it was before pgrepup, beside it on the server.
 * The file may have passwords (ldapbindpasswd) and lie where everybody may
 * look: a copy that more people can read than the file itself is worse than
 * none. What the server writes by SQL is 0644, so the copy is made by cp.
 */
#include "hba_backup.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "strbuf.h"

/* By the shell of the server's machine, as whom the server runs. */
static bool
run_command(struct pg *pg, const char *command, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "COPY (SELECT 1 WHERE false) TO PROGRAM ");
	strbuf_literal(&sql, command);
	ok = pg_run(pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

/* A link that lies there is no place to write to. */
static bool
copy_file(struct pg *pg, const char *path, const char *backup, struct err *err)
{
	struct strbuf command = STRBUF_INIT;
	bool ok;

	strbuf_add(&command, "rm -f -- ");
	strbuf_shell(&command, backup);
	strbuf_add(&command, " && cp -p -- ");
	strbuf_shell(&command, path);
	strbuf_addc(&command, ' ');
	strbuf_shell(&command, backup);
	ok = run_command(pg, command.text, err);
	strbuf_release(&command);
	return ok;
}

/* Where there is no cp: in the data folder, which is closed to others. */
static bool
export_file(struct pg *pg, const char *path, const char *object,
	    struct err *err)
{
	char *inside = pg_ask_value(pg, "hba_is_inside", PG_BIND(path), err);
	bool ok = inside && strcmp(inside, "t") == 0;

	free(inside);
	return ok &&
	       pg_ask(pg, "hba_export",
		      PG_BIND(object, path, HBA_BACKUP_SUFFIX), NULL, err);
}

static bool
is_whole(struct pg *pg, const char *backup, const char *md5, struct err *err)
{
	char *object = pg_ask_value(pg, "hba_import", PG_BIND(backup), err);
	char *is =
	    object ? pg_ask_value(pg, "hba_md5", PG_BIND(object), err) : NULL;
	bool same = is && strcmp(is, md5) == 0;

	if (!same && !err_is_set(err))
		err_set(err, ERR_STATE,
			"\"%s\" is not what \"pg_hba.conf\" was when it was "
			"copied",
			backup);
	free(object);
	free(is);
	return same;
}

bool
hba_backup_write(struct pg *pg, const char *path, const char *object,
		 const char *md5, struct err *err)
{
	char *backup = mem_printf("%s%s", path, HBA_BACKUP_SUFFIX);
	struct err failed = ERR_INIT;
	bool ok = pg_run(pg, "SAVEPOINT pgrepup_copy", NULL, err);

	if (ok && !copy_file(pg, path, backup, &failed)) {
		ok = pg_run(pg, "ROLLBACK TO SAVEPOINT pgrepup_copy", NULL,
			    err) &&
		     export_file(pg, path, object, err);
		if (!ok && !err_is_set(err))
			err_move(err, &failed);
	}
	ok = ok && is_whole(pg, backup, md5, err);
	err_release(&failed);
	free(backup);
	return ok;
}

bool
hba_backup_remove(struct pg *pg, const char *path, struct err *err)
{
	struct strbuf command = STRBUF_INIT;
	char *backup = mem_printf("%s%s", path, HBA_BACKUP_SUFFIX);
	bool ok;

	strbuf_add(&command, "rm -f -- ");
	strbuf_shell(&command, backup);
	ok = run_command(pg, command.text, err);
	strbuf_release(&command);
	free(backup);
	return ok;
}
