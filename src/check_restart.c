/* SPDX-License-Identifier: PostgreSQL */
/*
 * Will the server come up again, with all that waits for a restart? Whoever
 * wrote it: a fix that wants a restart is not done before that.
 */
#include <stdlib.h>
#include <string.h>

#include "check_rows.h"
#include "fix.h"
#include "hba_edit.h"
#include "limit.h"
#include "mem.h"
#include "needs.h"
#include "restart.h"

#define NAMES_SHOWN 3

/* What is in the way. */
struct obstacles {
	struct text_list why;
	char *hint; /* to the first */
};

static void
add(struct obstacles *o, char *why, const char *hint)
{
	if (o->why.n == 0)
		o->hint = mem_strdup(hint);
	text_list_add(&o->why, why);
	free(why);
}

/* --- looking for them --------------------------------------------------- */

static void
find_errors(const struct restart *r, struct obstacles *o)
{
	size_t i;

	for (i = 0; i < r->errors.n_rows; i++)
		add(o, restart_error(r, i), "correct that line of the file");
}

static bool
find_limits(const struct check_at *at, const struct restart *r,
	    struct obstacles *o, struct err *err)
{
	struct strbuf why = STRBUF_INIT;
	char *hint;
	size_t i;

	for (i = 0; i < n_limits; i++) {
		if (!limit_is_broken(&limits[i], r))
			continue;
		hint = NULL;
		if (!fix_limit_hint(at->op, at->pg, &limits[i], r, &hint, err))
			return false;
		limit_say(&limits[i], r, &why);
		add(o, strbuf_detach(&why), hint);
		free(hint);
	}
	return true;
}

/* Those that run are tried too: a package may have gone since. */
static bool
find_libraries(const struct check_at *at, const struct restart *r,
	       struct obstacles *o, struct err *err)
{
	const char *list = restart_value(r, "shared_preload_libraries");
	struct err failed = ERR_INIT;

	if (!at->cluster->superuser || !list ||
	    restart_loads(at->op, at->cluster->side, list, "", &failed))
		return true;
	if (failed.kind == ERR_SERVER)
		add(o, mem_printf("%s: %s", failed.message, failed.detail),
		    "install it on the server, or take it out of "
		    "shared_preload_libraries");
	else
		err_move(err, &failed);
	err_release(&failed);
	return !err_is_set(err);
}

static bool
find_hba(const struct check_at *at, struct obstacles *o, struct err *err)
{
	char *text = NULL;
	bool ok = !at->cluster->superuser ||
		  hba_edit_error(at->pg, &text, err);

	if (ok && text)
		add(o, mem_printf("pg_hba.conf %s", text),
		    "correct that line of pg_hba.conf");
	free(text);
	return ok;
}

/* --- saying it ---------------------------------------------------------- */

/* "2 (max_wal_senders, wal_level)" */
static char *
pending_text(const struct restart *r)
{
	struct strbuf sb = STRBUF_INIT;
	size_t n = r->pending.n_rows, i;

	if (n == 0)
		return mem_strdup("none");
	strbuf_addf(&sb, "%zu (", n);
	for (i = 0; i < n && i < NAMES_SHOWN; i++)
		strbuf_addf(&sb, "%s%s", i > 0 ? ", " : "",
			    rowset_text(&r->pending, i, "name"));
	strbuf_add(&sb, n > NAMES_SHOWN ? ", ...)" : ")");
	return strbuf_detach(&sb);
}

static void
say_obstacles(const struct check_at *at, const struct obstacles *o)
{
	char *more = o->why.n > 1 ? mem_printf(", and %zu more reasons",
					       o->why.n - 1)
				  : mem_strdup("");

	check_say(at, CHECK_KO, NULL, o->hint,
		  "the server would not start again: %s%s", o->why.items[0],
		  more);
	free(more);
}

/* Nothing is called fine that could not be seen. */
static void
say_unseen(const struct check_at *at, const struct restart *r,
	   const char *pending)
{
	const char *why = r->version < 90500
				  ? "PostgreSQL 9.4 does not show its files"
				  : "this role may not read the server's files";

	if (r->pending.n_rows == 0)
		check_say(at, CHECK_SKIP, NULL, NULL, "%s", why);
	else
		check_say(at, CHECK_WARN, NULL,
			  "look through postgresql.conf before the restart",
			  "%s; %s", pending, why);
}

static bool
uses_huge_pages(const struct restart *r)
{
	const char *value = restart_value(r, "huge_pages");

	return value && strcmp(value, "on") == 0;
}

/* With how many there are, which not every face tells of what is OK. */
static void
say_known(const struct check_at *at, const struct restart *r,
	  const char *pending)
{
	char *title = r->pending.n_rows == 0
			      ? NULL
			      : mem_printf("Starts again with what waits for "
					   "a restart: %zu",
					   r->pending.n_rows);

	check_report(at, &(struct finding){
				 .status = CHECK_OK,
				 .title = title,
				 .current = pending,
			 });
	free(title);
}

static void
say_fine(const struct check_at *at, const struct restart *r)
{
	char *pending = pending_text(r);

	if (!r->files)
		say_unseen(at, r, pending);
	else if (r->pending.n_rows > 0 && uses_huge_pages(r))
		check_say(at, CHECK_WARN, NULL,
			  "more processes need more of them: have some to "
			  "spare (vm.nr_hugepages) before the restart",
			  "%s; huge_pages is on, and whether those of the host "
			  "suffice cannot be asked",
			  pending);
	else
		say_known(at, r, pending);
	free(pending);
}

static void
report_worse(const struct check_at *at, const struct need_found *found)
{
	char *hint = mem_printf("it is enough now, and not after a restart "
				"(pgrepup fix %s)",
				found->need->check);

	check_report(at, &(struct finding){
				 .status = CHECK_WARN,
				 .object = found->need->setting,
				 .current = found->next,
				 .needed = found->needed,
				 .hint = hint,
			 });
	free(hint);
}

/* What is enough now, and will not be. Who may not count what is in use is
 * told so by the rows of those settings. */
static bool
say_worse(const struct check_at *at, struct err *err)
{
	struct err failed = ERR_INIT;
	struct need_found found;
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < n_needs; i++) {
		ok = need_judge(at->op, at->pg, &needs[i], &found, &failed);
		if (ok && found.exists && found.restart && found.enough &&
		    !found.enough_next)
			report_worse(at, &found);
		need_found_release(&found);
	}
	if (err_is(&failed, "42501"))
		err_release(&failed);
	err_move(err, &failed);
	return !err_is_set(err);
}

bool
check_pending_restart(const struct check_at *at, struct err *err)
{
	struct obstacles o = {.hint = NULL};
	struct restart r;
	bool ok;

	ok = restart_read(at->pg, &r, err);
	if (ok)
		find_errors(&r, &o);
	ok = ok && find_limits(at, &r, &o, err) &&
	     find_libraries(at, &r, &o, err) && find_hba(at, &o, err) &&
	     say_worse(at, err);
	if (ok && o.why.n > 0)
		say_obstacles(at, &o);
	else if (ok)
		say_fine(at, &r);
	text_list_release(&o.why);
	free(o.hint);
	restart_release(&r);
	return ok;
}
