/* SPDX-License-Identifier: PostgreSQL */
/* Writing pg_hba.conf of a server by SQL. */
#include "hba_edit.h"

#include <stdlib.h>
#include <string.h>

#include "hba.h"
#include "hba_backup.h"
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
	bool touched; /* the file is not, or maybe not, as it was */
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
export(struct pg *pg, const char *object, const char *path, struct err *err)
{
	return pg_ask(pg, "hba_export", PG_BIND(object, path, ""), NULL, err);
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

bool
hba_edit_error(struct pg *pg, char **text, struct err *err)
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

	if (!hba_edit_error(pg, &text, err))
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

static bool
check_written(struct pg *pg, struct err *err)
{
	char *text;

	if (hba_edit_error(pg, &text, err) && text)
		err_set(err, ERR_SERVER,
			"the server does not accept the new pg_hba.conf: %s",
			text);
	free(text);
	return !err_is_set(err);
}

/*
 * An export empties the file before it writes: on a disk that is full it leaves
 * a part of it.
 */
static void
put_back(struct pg *pg, struct edit *e, struct err *err)
{
	struct err failed = ERR_INIT;

	e->touched = !pg_run(pg, "ROLLBACK TO SAVEPOINT pgrepup", NULL,
			     &failed) ||
		     !export(pg, e->before, e->path, &failed);
	if (!e->touched)
		err_hint(err, "The former file was put back; nothing was "
			      "reloaded.");
	else
		err_hint(err, "The former file could not be put back (%s): "
			      "the file may be damaged. \"%s" HBA_BACKUP_SUFFIX
			      "\" is what it was before pgrepup: copy it back "
			      "before the server reads it. Nothing was "
			      "reloaded.",
			 failed.message, e->path);
	err_release(&failed);
}

static bool
write_backup(struct pg *pg, const struct edit *e, struct err *err)
{
	if (!e->backup ||
	    hba_backup_write(pg, e->path, e->before, e->md5, err))
		return true;
	err_hint(err, "pg_hba.conf itself was not touched.");
	return false;
}

static bool
write_file(struct pg *pg, struct edit *e, struct err *err)
{
	const struct interrupt *in = pg_set_interrupt(pg, NULL);
	bool ok = write_backup(pg, e, err) &&
		  pg_run(pg, "SAVEPOINT pgrepup", NULL, err);

	if (ok) {
		e->touched = true;
		ok = export(pg, e->after, e->path, err) &&
		     check_written(pg, err);
		if (!ok)
			put_back(pg, e, err);
	}
	pg_set_interrupt(pg, in);
	return ok;
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

/*
 * A row that is only planned: the file was not touched, or has the block, or a
 * try has left it damaged. Then its copy is worth more than it is.
 */
static bool
judge_planned(struct pg *pg, struct edit *e, const struct change *c,
	      struct err *err)
{
	char *rest;
	bool whole;

	if (c->old_value && strcmp(c->old_value, e->md5) == 0)
		return true;
	e->backup = false;
	rest = pg_ask_value(pg, "hba_cut", PG_BIND(c->new_value, e->before),
			    err);
	whole = rest;
	free(rest);
	if (whole || err_is_set(err))
		return whole;
	err_set(err, ERR_STATE,
		"\"%s\" is neither as it was before a former try nor as it "
		"should be after it",
		e->path);
	err_hint(err, "Compare it with \"%s" HBA_BACKUP_SUFFIX "\": is it "
		      "damaged? When it is right, let `pgrepup fix --undo "
		      "pg_hba` forget that try.",
		 e->path);
	return false;
}

/* Is there a copy already that must not be written over? */
static bool
judge_rows(struct pg *pg, struct edit *e, struct err *err)
{
	struct change_list list;
	const struct change *c;
	bool ok = registry_list(pg, CHANGE_HBA, &list, err);

	e->backup = true;
	for (c = list.items; ok && c < list.items + list.n; c++) {
		if (strcmp(c->name, e->path) != 0)
			continue;
		if (c->state == CHANGE_DONE)
			e->backup = false;
		else
			ok = judge_planned(pg, e, c, err);
	}
	change_list_release(&list);
	return ok;
}

/* Committed before the file is touched. */
static bool
record_before(struct pg *pg, const struct edit *e, const char *run,
	      const char *block, long long *id, struct err *err)
{
	struct change_note note = {
		.kind = CHANGE_HBA,
		.name = e->path,
		.part = run,
		.old_value = e->md5,
		.new_value = block,
		.state = CHANGE_PLANNED,
	};

	return registry_note(pg, &note, id, err);
}

static bool
read_now(struct pg *pg, struct edit *e, struct err *err)
{
	bool ok = registry_open(pg, err) && pg_begin(pg, err) &&
		  import(pg, e, err) && judge_rows(pg, e, err);

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
add_block(struct pg *pg, struct edit *seen, const char *block,
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
	seen->touched = e.touched;
	edit_release(&e);
	return ok;
}

/* A try that left the file as it was is no change. */
static bool
add_or_forget(struct pg *pg, struct edit *e, const char *block, long long id,
	      struct err *err)
{
	struct err ignored = ERR_INIT;

	if (add_block(pg, e, block, err))
		return true;
	if (!e->touched)
		registry_forget(pg, id, &ignored);
	err_release(&ignored);
	return false;
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
	     add_or_forget(pg, &e, block, id, err) &&
	     registry_done(pg, id, err) &&
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
