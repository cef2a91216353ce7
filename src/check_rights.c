/* SPDX-License-Identifier: PostgreSQL */
/*
 * Rights that an upgrade would give away: to who is a member of a role that is
 * stronger on the destination, to who has a role by a name that is the server's
 * own there, to who can take the replication role, to everybody.
 */
#include <stdlib.h>
#include <string.h>

#include "check_rows.h"
#include "mem.h"
#include "revoked.h"
#include "setup.h"

/* --- namesakes ---------------------------------------------------------- */

static bool
is_superuser(const struct rowset *strengths, const char *role)
{
	size_t i;

	for (i = 0; i < strengths->n_rows; i++)
		if (strcmp(rowset_text(strengths, i, "role"), role) == 0 &&
		    strcmp(rowset_text(strengths, i, "strength"),
			   "SUPERUSER") == 0)
			return true;
	return false;
}

static bool
has_strength(const struct rowset *strengths, const char *role,
	     const char *strength)
{
	size_t i;

	for (i = 0; i < strengths->n_rows; i++)
		if (strcmp(rowset_text(strengths, i, "role"), role) == 0 &&
		    strcmp(rowset_text(strengths, i, "strength"), strength) ==
			0)
			return true;
	return is_superuser(strengths, role);
}

/* What the role of row *i can do here and not on the source; *i goes on to the
 * next role's first row. */
static void
take_excess(const struct rowset *here, const struct rowset *there, size_t *i,
	    struct strbuf *excess)
{
	const char *role = rowset_text(here, *i, "role");
	const char *strength;

	for (; *i < here->n_rows; (*i)++) {
		if (strcmp(rowset_text(here, *i, "role"), role) != 0)
			break;
		strength = rowset_text(here, *i, "strength");
		if (has_strength(there, role, strength))
			continue;
		strbuf_sep(excess, ", ");
		strbuf_add(excess, strength);
	}
}

/* Harmless while nobody of the source can act as it. */
static bool
report_namesake(const struct check_at *at, const char *role, bool mine,
		const char *excess, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(at->other_pg, "role_dependents", PG_BIND(role), &rows,
			 err);
	const char *members = rowset_get(&rows, 0, "members");
	long long objects = rowset_int(&rows, 0, "objects");
	struct strbuf what = STRBUF_INIT;

	if (members)
		strbuf_addf(&what, "it is granted to %s", members);
	if (objects > 0)
		strbuf_addf(&what, "%s%lld %s to it", members ? " and " : "",
			    objects,
			    objects == 1 ? "object belongs" : "objects belong");
	if (ok && what.len > 0)
		check_say(at, CHECK_KO, role,
			  mine ? "rename it on the source (here it is the one "
				 "that connects), or REVOKE it there; ignored, "
				 "what hangs on it is carried over"
			       : "rename it on one side, or take that from it "
				 "here; ignored, what hangs on it is carried "
				 "over",
			  "%s here and not on the source, where %s", excess,
			  what.text);
	strbuf_release(&what);
	rowset_release(&rows);
	return ok;
}

bool
check_namesakes(const struct check_at *at, struct err *err)
{
	struct rowset here = ROWSET_INIT, there = ROWSET_INIT;
	struct strbuf excess = STRBUF_INIT;
	size_t i = 0, first;
	bool ok;

	ok = pg_ask(at->pg, "role_strengths", PG_NONE, &here, err) &&
	     pg_ask(at->other_pg, "role_strengths", PG_NONE, &there, err);
	while (ok && i < here.n_rows) {
		strbuf_reset(&excess);
		first = i;
		take_excess(&here, &there, &i, &excess);
		if (excess.len > 0)
			ok = report_namesake(at,
					     rowset_text(&here, first, "role"),
					     rowset_bool(&here, first, "mine"),
					     excess.text, err);
	}
	strbuf_release(&excess);
	rowset_release(&here);
	rowset_release(&there);
	return ok;
}

/* --- names of the server's own ------------------------------------------ */

bool
check_own_names(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(at->pg, "roles_like_own", PG_NONE, &rows, err);
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++)
		check_say(at, CHECK_KO, rowset_text(&rows, i, "role"), NULL,
			  "a role of a user");
	rowset_release(&rows);
	return ok;
}

/* --- the replication role ------------------------------------------------ */

bool
check_replication_takers(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(at->pg, "replication_takers",
			 PG_BIND(at->op->conf->replication_user), &rows, err);
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++)
		check_say(at, CHECK_WARN, rowset_text(&rows, i, "role"), NULL,
			  "%s", rowset_text(&rows, i, "attribute"));
	rowset_release(&rows);
	return ok;
}

bool
check_replication_members(const struct check_at *at, struct err *err)
{
	const char *name = at->op->conf->replication_user;
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(at->pg, "replication_members", PG_BIND(name), &rows,
			 err);
	struct strbuf hint = STRBUF_INIT;
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++) {
		strbuf_reset(&hint);
		strbuf_add(&hint, "REVOKE ");
		strbuf_ident(&hint, name);
		strbuf_add(&hint, " FROM ");
		strbuf_ident(&hint, rowset_text(&rows, i, "role"));
		check_say(at, CHECK_KO, rowset_text(&rows, i, "role"),
			  hint.text, "a member of role %s", name);
	}
	strbuf_release(&hint);
	rowset_release(&rows);
	return ok;
}

/* --- functions that not everybody may call ------------------------------- */

bool
check_revoked_functions(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = revoked_read(at->pg, &rows, err);
	struct strbuf name = STRBUF_INIT;
	const char *callers;
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++) {
		callers = rowset_get(&rows, i, "callers");
		strbuf_reset(&name);
		strbuf_addf(&name, "%s.%s(%s)", rowset_text(&rows, i, "schema"),
			    rowset_text(&rows, i, "name"),
			    rowset_text(&rows, i, "arguments"));
		check_say(at, CHECK_WARN, name.text, NULL, "only for %s%s",
			  callers ? "its owner and " : "its owner",
			  callers ? callers : "");
	}
	strbuf_release(&name);
	rowset_release(&rows);
	return ok;
}
