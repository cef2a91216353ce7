/* SPDX-License-Identifier: PostgreSQL */
/* What a server would find at its next start (see restart.h). */
#include "restart.h"

#include <stdlib.h>
#include <string.h>

#include "limit.h"
#include "mem.h"
#include "sqlcat.h"

/* --- reading ------------------------------------------------------------ */

/* What this role may not see is not known; true without rows. */
static bool
ask(struct pg *pg, const char *statement, struct rowset *rows, bool *seen,
    struct err *err)
{
	struct err failed = ERR_INIT;
	bool ok;

	if (!sqlcat_find(statement, pg_version(pg)))
		return true;
	ok = pg_ask(pg, statement, PG_NONE, rows, &failed);
	if (!ok && err_is(&failed, "42501")) {
		err_release(&failed);
		*seen = false;
		ok = true;
	}
	err_move(err, &failed);
	return ok;
}

static bool
read_settings(struct pg *pg, struct restart *r, bool *files, struct err *err)
{
	bool seen = true;

	if (!ask(pg, "restart_settings", &r->settings, &seen, err))
		return false;
	*files = *files && seen;
	return seen || pg_ask(pg, "restart_running", PG_NONE, &r->settings,
			      err);
}

bool
restart_read(struct pg *pg, struct restart *r, struct err *err)
{
	/* 9.4 tells of no other file than ALTER SYSTEM's. */
	bool files = sqlcat_find("restart_errors", pg_version(pg)) != NULL;
	bool facts = true;

	*r = (struct restart){.version = pg_version(pg)};
	/* The order matters: after reading the files a session knows which
	 * settings wait for a restart, and by that which lines are wrong. */
	if (!read_settings(pg, r, &files, err) ||
	    (files && !ask(pg, "restart_errors", &r->errors, &files, err)) ||
	    !ask(pg, "restart_pending", &r->pending, &files, err) ||
	    !ask(pg, "restart_facts", &r->facts, &facts, err))
		return false;
	r->files = files;
	return true;
}

void
restart_changes_release(struct restart_changes *changes)
{
	text_list_release(&changes->names);
	text_list_release(&changes->values);
}

void
restart_release(struct restart *r)
{
	rowset_release(&r->settings);
	rowset_release(&r->facts);
	rowset_release(&r->errors);
	rowset_release(&r->pending);
	restart_changes_release(&r->changes);
}

/* --- values ------------------------------------------------------------- */

int
restart_version(const struct restart *r)
{
	return r->version;
}

static size_t
find(const struct text_list *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (strcmp(names->items[i], name) == 0)
			break;
	return i;
}

static const char *
setting(const struct restart *r, const char *name, const char *column)
{
	size_t i;

	for (i = 0; i < r->settings.n_rows; i++)
		if (strcmp(rowset_text(&r->settings, i, "name"), name) == 0)
			return rowset_get(&r->settings, i, column);
	return NULL;
}

bool
restart_fixed(const struct restart *r, const char *name)
{
	const char *fixed = setting(r, name, "fixed");

	return fixed && *fixed == 't';
}

const char *
restart_value(const struct restart *r, const char *name)
{
	size_t i = find(&r->changes.names, name);
	const char *value;

	if (i < r->changes.names.n) {
		value = r->changes.values.items[i];
		return *value ? value : setting(r, name, "next_other");
	}
	value = setting(r, name, "next");
	return value ? value : rowset_get(&r->facts, 0, name);
}

void
restart_changes_add(struct restart_changes *changes, const char *name,
		    const char *value)
{
	size_t i = find(&changes->names, name);

	if (i == changes->names.n) {
		text_list_add(&changes->names, name);
		text_list_add(&changes->values, value ? value : "");
		return;
	}
	free(changes->values.items[i]);
	changes->values.items[i] = mem_strdup(value ? value : "");
}

void
restart_set(struct restart *r, const char *name, const char *value)
{
	restart_changes_add(&r->changes, name, value);
}

void
restart_apply(struct restart *r, const struct restart_changes *changes)
{
	size_t i;

	for (i = 0; i < changes->names.n; i++)
		restart_changes_add(&r->changes, changes->names.items[i],
				    changes->values.items[i]);
}

/* --- judging ------------------------------------------------------------ */

char *
restart_error(const struct restart *r, size_t i)
{
	const char *name = rowset_get(&r->errors, i, "name");

	return mem_printf("\"%s\" line %s: %s%s%s",
			  rowset_text(&r->errors, i, "sourcefile"),
			  rowset_text(&r->errors, i, "sourceline"),
			  name ? name : "", name ? ": " : "",
			  rowset_text(&r->errors, i, "error"));
}

static size_t
count_broken(const struct restart *r, bool *broken)
{
	size_t i, n = 0;

	for (i = 0; i < n_limits; i++) {
		broken[i] = limit_is_broken(&limits[i], r);
		n += broken[i];
	}
	return n;
}

/* The limit that the change breaks, else any that is still broken. */
static const struct limit *
first_broken(const bool *before, const bool *after, bool any)
{
	size_t i;

	for (i = 0; i < n_limits; i++)
		if (after[i] && !before[i])
			return &limits[i];
	for (i = 0; any && i < n_limits; i++)
		if (after[i])
			return &limits[i];
	return NULL;
}

char *
restart_change(struct restart *r, const char *name, const char *value,
	       enum restart_wanted wanted, const struct limit **broken)
{
	bool *before = MEM_ARRAY(bool, n_limits * 2);
	bool *after = before + n_limits;
	struct strbuf why = STRBUF_INIT;
	const struct limit *limit;
	size_t n, left;

	n = count_broken(r, before);
	restart_set(r, name, value);
	left = count_broken(r, after);
	limit = first_broken(before, after,
			     wanted == RESTART_STARTS && left >= n);
	free(before);
	if (broken)
		*broken = limit;
	if (!limit && wanted == RESTART_STARTS && r->errors.n_rows > 0)
		return restart_error(r, 0);
	if (!limit)
		return NULL;
	limit_say(limit, r, &why);
	return strbuf_detach(&why);
}

long long
restart_least(const struct restart *r, const char *bound)
{
	long long least = 0, n;
	size_t i;
	char *text;

	for (i = 0; i < n_limits; i++) {
		if (!limits[i].bound || strcmp(limits[i].bound, bound) != 0 ||
		    !limit_holds(&limits[i], r->version))
			continue;
		text = limit_least(&limits[i], r);
		n = rowset_number(text);
		least = n > least ? n : least;
		free(text);
	}
	return least;
}
