/* SPDX-License-Identifier: PostgreSQL */
/* Writing pg_hba.conf of a server by SQL. */
#include "hba_edit.h"

#include <stdlib.h>
#include <string.h>

#include "hba.h"
#include "mem.h"
#include "sqlcat.h"
#include "strbuf.h"

/*
 * The large objects live in a transaction that is always rolled back: only
 * what was exported to files remains.
 */
struct edit {
	char *path;
	char *before; /* oids of large objects: the file as it is */
	char *after;  /* as it shall be */
	char *md5;    /* of the file as it is */
	bool backup;  /* keep the former file: it has nothing of ours yet */
};

static void
edit_release(struct edit *e)
{
	free(e->path);
	free(e->before);
	free(e->after);
	free(e->md5);
}

static bool
import(struct pg *pg, struct edit *e, struct err *err)
{
	return (e->before = pg_ask_value(pg, "hba_import", PG_BIND(e->path),
					 err)) &&
	       (e->md5 = pg_ask_value(pg, "hba_md5", PG_BIND(e->before),
				      err));
}

static bool
export(struct pg *pg, const char *object, const char *path,
       const char *suffix, struct err *err)
{
	return pg_ask(pg, "hba_export", PG_BIND(object, path, suffix), NULL,
		      err);
}

/* A server below 10 does not say it: what the text shows. */
static bool
text_error(struct pg *pg, char **text, struct err *err)
{
	struct hba hba;
	bool ok = hba_read(pg, &hba, err);
	size_t i;

	*text = NULL;
	for (i = 0; ok && i < hba.n && !*text; i++)
		if (hba.rules[i].error)
			*text = mem_printf("line %d: %s", hba.rules[i].line,
					   hba.rules[i].error);
	hba_release(&hba);
	return ok;
}

/* What the server has against the file as it is now; NULL: nothing. */
static bool
file_error(struct pg *pg, char **text, struct err *err)
{
	if (!sqlcat_find("hba_error", pg_version(pg)))
		return text_error(pg, text, err);
	*text = pg_ask_value(pg, "hba_error", PG_NONE, err);
	return !err_is_set(err);
}

static bool
is_accepted_before(struct pg *pg, struct err *err)
{
	char *text;

	if (!file_error(pg, &text, err))
		return false;
	if (text) {
		err_set(err, ERR_STATE,
			"pg_hba.conf has an error already: %s", text);
		err_hint(err, "Correct it first: with it the server would "
			      "not start again.");
	}
	free(text);
	return !err_is_set(err);
}

/* An error in what was written: the former text goes back at once. */
static bool
check_written(struct pg *pg, const struct edit *e, struct err *err)
{
	struct err put_back = ERR_INIT;
	char *text;

	if (file_error(pg, &text, err) && !text)
		return true;
	if (text)
		err_set(err, ERR_SERVER,
			"the server does not accept the new pg_hba.conf: %s",
			text);
	free(text);
	if (export(pg, e->before, e->path, "", &put_back))
		err_hint(err, "The former file was put back; nothing was "
			      "reloaded.");
	else
		err_hint(err, "The former file could not be put back (%s); "
			      "it is \"%s" HBA_BACKUP_SUFFIX "\".",
			 put_back.message, e->path);
	err_release(&put_back);
	return false;
}

static bool
write_file(struct pg *pg, const struct edit *e, struct err *err)
{
	if (e->backup &&
	    !export(pg, e->before, e->path, HBA_BACKUP_SUFFIX, err))
		return false;
	return export(pg, e->after, e->path, "", err) &&
	       check_written(pg, e, err);
}

static char *
block_text(const char *run, const char *lines)
{
	return mem_printf("# pgrepup %s: begin\n%s%s# pgrepup %s: end\n", run,
			  lines,
			  lines[strlen(lines) - 1] == '\n' ? "" : "\n", run);
}

static bool
prepend(struct pg *pg, struct edit *e, const char *block, struct err *err)
{
	e->after = pg_ask_value(pg, "hba_prepend", PG_BIND(block, e->before),
				err);
	return e->after && write_file(pg, e, err);
}

/* Committed before the file is touched. */
static bool
record_before(struct pg *pg, struct edit *e, const char *run,
	      const char *block, long long *id, struct err *err)
{
	struct change_list list;
	size_t i;
	struct change_note note = {
		.kind = CHANGE_HBA,
		.name = e->path,
		.part = run,
		.old_value = e->md5,
		.new_value = block,
		.state = CHANGE_PLANNED,
	};

	if (!registry_open(pg, err) ||
	    !registry_list(pg, CHANGE_HBA, &list, err))
		return false;
	for (i = 0, e->backup = true; i < list.n; i++)
		if (list.items[i].state == CHANGE_DONE)
			e->backup = false;
	change_list_release(&list);
	return registry_note(pg, &note, id, err);
}

static bool
read_now(struct pg *pg, struct edit *e, struct err *err)
{
	bool ok = pg_begin(pg, err) && import(pg, e, err);

	pg_rollback(pg);
	free(e->before);
	e->before = NULL;
	return ok;
}

/* The file must not have changed between the look and the writing. */
static bool
is_unchanged(const struct edit *e, const char *md5, struct err *err)
{
	if (strcmp(e->md5, md5) == 0)
		return true;
	err_set(err, ERR_STATE, "somebody changed pg_hba.conf just now");
	err_hint(err, "Run the same again.");
	return false;
}

static bool
add_block(struct pg *pg, const struct edit *seen, const char *block,
	  struct err *err)
{
	struct edit e = {
		.path = mem_strdup(seen->path),
		.backup = seen->backup,
	};
	bool ok;

	ok = pg_begin(pg, err) && import(pg, &e, err) &&
	     is_unchanged(&e, seen->md5, err) && prepend(pg, &e, block, err);
	pg_rollback(pg);
	edit_release(&e);
	return ok;
}

bool
hba_edit_add(struct pg *pg, const char *run, const char *lines,
	     struct err *err)
{
	struct edit e = {0};
	char *block = block_text(run, lines);
	long long id;
	bool ok;

	e.path = pg_ask_value(pg, "hba_path", PG_NONE, err);
	ok = e.path && is_accepted_before(pg, err) && read_now(pg, &e, err) &&
	     record_before(pg, &e, run, block, &id, err) &&
	     add_block(pg, &e, block, err) && registry_done(pg, id, err) &&
	     pg_ask(pg, "reload", PG_NONE, NULL, err);
	edit_release(&e);
	free(block);
	return ok;
}

static bool
cut(struct pg *pg, struct edit *e, const struct change *change,
    enum hba_cut *result, struct err *err)
{
	char *md5;

	*result = HBA_CUT_GONE;
	e->path = mem_strdup(change->name);
	if (!import(pg, e, err))
		return false;
	e->after = pg_ask_value(pg, "hba_cut",
				PG_BIND(change->new_value, e->before), err);
	if (!e->after)
		return !err_is_set(err);
	md5 = pg_ask_value(pg, "hba_md5", PG_BIND(e->after), err);
	if (md5)
		*result = change->old_value &&
					  strcmp(md5, change->old_value) == 0
				  ? HBA_CUT
				  : HBA_CUT_CHANGED;
	free(md5);
	return !err_is_set(err) && write_file(pg, e, err);
}

bool
hba_edit_cut(struct pg *pg, const struct change *change,
	     enum hba_cut *result, struct err *err)
{
	struct edit e = {0};
	bool ok;

	ok = pg_begin(pg, err) && cut(pg, &e, change, result, err);
	pg_rollback(pg);
	edit_release(&e);
	return ok && pg_ask(pg, "reload", PG_NONE, NULL, err);
}

/* The shell of the server's machine sees the path in single quotes. */
static void
shell_quoted(struct strbuf *sb, const char *text)
{
	strbuf_addc(sb, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			strbuf_add(sb, "'\\'");
		strbuf_addc(sb, *text);
	}
	strbuf_addc(sb, '\'');
}

bool
hba_edit_remove_backup(struct pg *pg, const char *path, struct err *err)
{
	struct strbuf command = STRBUF_INIT, sql = STRBUF_INIT;
	char *backup = mem_printf("%s%s", path, HBA_BACKUP_SUFFIX);
	bool ok;

	strbuf_add(&command, "rm -f -- ");
	shell_quoted(&command, backup);
	strbuf_add(&sql, "COPY (SELECT 1 WHERE false) TO PROGRAM ");
	strbuf_literal(&sql, command.text);
	ok = pg_run(pg, sql.text, NULL, err);
	strbuf_release(&command);
	strbuf_release(&sql);
	free(backup);
	return ok;
}
