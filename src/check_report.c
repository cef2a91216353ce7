/* SPDX-License-Identifier: PostgreSQL */
/* Findings as records, and running one row. */
#include "check_pass.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "check_rows.h"
#include "fix_done.h"
#include "mechanism.h"
#include "mem.h"
#include "strbuf.h"

static const char *const status_names[] = {
	[CHECK_OK] = "ok",
	[CHECK_KO] = "ko",
	[CHECK_WARN] = "warn",
	[CHECK_SKIP] = "skip",
	[CHECK_IGNORED] = "ignored",
};

const char *
check_status_name(enum check_status status)
{
	return status_names[status];
}

const struct check *
check_nth(size_t i)
{
	if (i < check_n_cluster_rows)
		return &check_cluster_rows[i];
	i -= check_n_cluster_rows;
	return i < check_n_database_rows ? &check_database_rows[i] : NULL;
}

static size_t
rank_from(size_t i, const char *id)
{
	const struct check *check;

	for (; (check = check_nth(i)); i++)
		if (strcmp(check->id, id) == 0)
			break;
	return i;
}

size_t
check_rank(const char *id, bool of_database)
{
	size_t i = of_database ? rank_from(check_n_cluster_rows, id) : 0;

	return of_database && check_nth(i) ? i : rank_from(0, id);
}

const struct check *
check_find(const char *id)
{
	return check_nth(check_rank(id, false));
}

/* --- findings ----------------------------------------------------------- */

/* Which thing it is about, and the word that names just that. */
static void
add_names(struct record *r, const struct check_at *at, const struct finding *f)
{
	const struct target_thing thing = {
		.check = at->check->id,
		.side = at->cluster ? at->cluster->side : SIDE_NONE,
		.database = f->database ? f->database
			    : at->db	? at->db->name
					: NULL,
		.schema = f->schema,
		.object = f->object,
	};
	char *whole = f->schema ? mem_printf("%s.%s", f->schema, f->object)
				: mem_strdup(f->object);
	char *target = target_word(&thing);

	record_text(r, "id", thing.check);
	record_text(r, "side", side_name(thing.side));
	record_text(r, "database", thing.database);
	record_text(r, "schema", thing.schema);
	record_text(r, "object", whole);
	record_text(r, "target", target);
	free(whole);
	free(target);
}

/* Did pgrepup fix it? Then it can take that back. */
static bool
was_fixed(const struct check_at *at, const struct finding *f)
{
	return f->fixed || (at->changes && !f->database &&
			    fix_done_has(at->changes, at->check->id, f->schema,
					 f->object));
}

void
check_report(const struct check_at *at, const struct finding *f)
{
	const struct check *check = at->check;
	struct record *r = record_new("check");
	const char *hint = f->hint ? f->hint : check->hint;
	bool bad = f->status == CHECK_KO || f->status == CHECK_WARN;

	add_names(r, at, f);
	record_text(r, "status", status_names[f->status]);
	record_text(r, "title", f->title ? f->title : check->title);
	record_text(r, "current", f->current);
	/* Not every statement tells it. */
	record_text(r, "needed", f->needed && *f->needed ? f->needed : NULL);
	record_text(r, "hint", bad ? hint : NULL);
	record_bool(r, "fixable", bad && f->fixable);
	record_text(r, "remedy", bad ? f->remedy : NULL);
	record_bool(r, "restart", bad && f->restart);
	record_bool(r, "fixed", was_fixed(at, f));
	record_text(r, "fix_sql", bad ? f->fix_sql : NULL);
	MEM_GROW(at->found->items, at->found->n, at->found->alloc);
	at->found->items[at->found->n++] = r;
}

char *
check_fix_command(const struct check_at *at, const char *schema,
		  const char *object)
{
	const struct target_thing thing = {
		.check = at->check->id,
		.side = at->cluster->side,
		.database = at->db ? at->db->name : NULL,
		.schema = schema,
		.object = object,
	};
	char *word = target_word(&thing);
	struct strbuf command = STRBUF_INIT;

	strbuf_add(&command, "pgrepup fix ");
	strbuf_shell(&command, word);
	free(word);
	return strbuf_detach(&command);
}

void
check_say(const struct check_at *at, enum check_status status,
	  const char *object, const char *hint, const char *fmt, ...)
{
	va_list ap;
	char *current;

	va_start(ap, fmt);
	current = mem_vprintf(fmt, ap);
	va_end(ap);
	check_report(at, &(struct finding){
				 .status = status,
				 .object = object,
				 .current = current,
				 .hint = hint,
			 });
	free(current);
}

static void
count(struct check_counts *counts, const struct record *r)
{
	int *const of[] = {
		[CHECK_OK] = &counts->ok,
		[CHECK_KO] = &counts->ko,
		[CHECK_WARN] = &counts->warn,
		[CHECK_SKIP] = &counts->skip,
		[CHECK_IGNORED] = &counts->ignored,
	};
	size_t i;

	for (i = 0; i < LENGTH_OF(of); i++)
		if (strcmp(record_get(r, "status"), status_names[i]) == 0)
			(*of[i])++;
}

void
check_flush(struct check_pass *pass, struct check_found *found)
{
	size_t i;

	for (i = 0; i < found->n; i++) {
		ignore_apply(&pass->ignored, found->items[i]);
		count(pass->counts, found->items[i]);
		journal_write(pass->op->journal, found->items[i]);
	}
	free(found->items);
	*found = (struct check_found){0};
}

static void
report_error(const struct check_at *at, const char *title,
	     const struct err *err)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_add(&text, err->message);
	if (err->detail)
		strbuf_addf(&text, "\n%s", err->detail);
	check_report(at, &(struct finding){
				 .status = CHECK_KO,
				 .title = title,
				 .current = text.text,
				 .hint = err->hint,
			 });
	strbuf_release(&text);
}

void
check_error(const struct check_at *at, const struct err *err)
{
	report_error(at, NULL, err);
}

void
check_skip(const struct check_at *at, const char *why)
{
	if (!(at->check->flags & CHECK_QUIET))
		check_report(at, &(struct finding){
					 .status = CHECK_SKIP,
					 .current = why,
				 });
}

/* --- one check ---------------------------------------------------------- */

bool
check_fits_mechanism(const struct check_pass *pass, const struct check *check)
{
	const char *mechanism = pass->op->mechanism ? pass->op->mechanism->name
						   : "pglogical";

	return !check->mechanism || strcmp(check->mechanism, mechanism) == 0;
}

/* That a server has gone meanwhile is no finding, and by no means one of each
 * row that is left: nobody knows the answers. */
static bool
is_lost(const struct check_at *at, struct err *err)
{
	bool own = at->pg && !pg_is_alive(at->pg);
	bool other = at->other_pg && !pg_is_alive(at->other_pg);

	if (err->kind != ERR_CONNECT || (!own && !other))
		return false;
	op_hint_connection(own ? at->cluster->side
			       : check_other_side(at->cluster->side),
			   err);
	return true;
}

bool
check_row(struct check_at *at, const struct check *check, struct err *err)
{
	size_t before = at->found->n;
	struct err failed = ERR_INIT;

	at->check = check;
	if (interrupt_raised(at->op->interrupt)) {
		interrupt_error(err);
		return false;
	}
	if (!check->run(at, &failed)) {
		if (failed.kind == ERR_STOPPED || is_lost(at, &failed)) {
			err_move(err, &failed);
			return false;
		}
		/* Whatever transaction it was in is of no use any more. */
		if (at->pg)
			pg_rollback(at->pg);
		if (at->other_pg)
			pg_rollback(at->other_pg);
		/* A value that is always there was not. */
		if (!err_is_set(&failed))
			err_set(&failed, ERR_SERVER,
				"the server's answer has no value");
		check_error(at, &failed);
		err_release(&failed);
	} else if (at->found->n == before && !(check->flags & CHECK_QUIET)) {
		check_report(at, &(struct finding){.status = CHECK_OK});
	}
	return true;
}

void
check_connection_failed(struct check_at *at, const struct err *err)
{
	const struct endpoint *ep = conf_endpoint(at->op->conf,
						  at->cluster->side);
	const char *user = endpoint_get(ep, "user");
	char *label = endpoint_label(ep);
	char *title = mem_printf("PostgreSQL connection to %s%s%s", label,
				 user ? " as " : "", user ? user : "");

	at->check = check_find("connection");
	report_error(at, title, err);
	free(label);
	free(title);
}

void
check_read_changes(struct pg *pg, struct change_list *changes)
{
	struct err ignored = ERR_INIT;

	*changes = (struct change_list){.n = 0};
	if (pg_is_alive(pg) && !registry_list(pg, NULL, changes, &ignored))
		change_list_release(changes);
	err_release(&ignored);
}

enum side
check_other_side(enum side side)
{
	return side == SIDE_SOURCE ? SIDE_DESTINATION : SIDE_SOURCE;
}

int
check_side_flag(enum side side)
{
	return side == SIDE_SOURCE ? ON_SOURCE : ON_DESTINATION;
}
