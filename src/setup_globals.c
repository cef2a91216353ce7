/* SPDX-License-Identifier: PostgreSQL */
/*
 * What belongs to the whole cluster: roles, their memberships, tablespaces,
 * privileges on settings; for settings of roles see setup_settings.c. Read
 * from the catalogs of both sides and compared, not replayed from pg_dumpall.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "op_loads.h"
#include "setup.h"
#include "sqlcat.h"

#define STEP "globals"

/* NULL equals NULL only. */
static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static char *
membership_statement(const struct rowset *rows, size_t i, bool with_grantor)
{
	const char *inherit = rowset_get(rows, i, "inherit");
	const char *set = rowset_get(rows, i, "set");
	const char *grantor = rowset_get(rows, i, "grantor");
	struct strbuf sql = STRBUF_INIT;

	strbuf_add(&sql, "GRANT ");
	strbuf_ident(&sql, rowset_text(rows, i, "role"));
	strbuf_add(&sql, " TO ");
	strbuf_ident(&sql, rowset_text(rows, i, "member"));
	if (inherit && set)
		strbuf_addf(&sql, " WITH ADMIN %s, INHERIT %s, SET %s",
			    rowset_bool(rows, i, "admin") ? "TRUE" : "FALSE",
			    *inherit == 't' ? "TRUE" : "FALSE",
			    *set == 't' ? "TRUE" : "FALSE");
	else if (rowset_bool(rows, i, "admin"))
		strbuf_add(&sql, " WITH ADMIN OPTION");
	if (with_grantor && grantor) {
		strbuf_add(&sql, " GRANTED BY ");
		strbuf_ident(&sql, grantor);
	}
	return strbuf_detach(&sql);
}

/* Is the member in that role already? */
static bool
is_member(const struct rowset *rows, const struct rowset *other, size_t i)
{
	size_t j;

	for (j = 0; j < other->n_rows; j++)
		if (same(rowset_text(rows, i, "role"),
			 rowset_text(other, j, "role")) &&
		    same(rowset_text(rows, i, "member"),
			 rowset_text(other, j, "member")) &&
		    (rowset_bool(other, j, "admin") ||
		     !rowset_bool(rows, i, "admin")))
			return true;
	return false;
}

/* The grantor may have no right to grant there: then it is us. */
static bool
copy_membership(struct op *op, const struct rowset *rows, size_t i,
		struct err *err)
{
	char *with = membership_statement(rows, i, true);
	char *without = membership_statement(rows, i, false);
	struct err first = ERR_INIT;
	bool ok;

	ok = pg_run(op->destination.pg, with, NULL, &first);
	if (!ok && first.kind == ERR_SERVER)
		ok = setup_try(op, op->destination.pg, STEP,
			       rowset_text(rows, i, "member"), without, err);
	else
		err_move(err, &first);
	err_release(&first);
	free(with);
	free(without);
	return ok;
}

/* The replication role's memberships are not the applications'. */
static bool
is_ours(const struct op *op, const struct rowset *from, size_t i)
{
	return setup_is_replication_role(op, rowset_text(from, i, "role")) ||
	       setup_is_replication_role(op, rowset_text(from, i, "member"));
}

struct memberships {
	struct rowset roles; /* names of the source's, its own as well */
	struct rowset from;  /* of the source */
	struct rowset to;
	struct change_list copied;
};

static bool
is_role_of_source(const struct memberships *m, const char *role)
{
	size_t i;

	for (i = 0; i < m->roles.n_rows; i++)
		if (same(rowset_text(&m->roles, i, "name"), role))
			return true;
	return false;
}

/* Both roles are of the source, and the membership is none there any more. */
static bool
is_excess(const struct op *op, const struct memberships *m, size_t i)
{
	const struct rowset *to = &m->to, *from = &m->from;
	size_t j;

	if (is_ours(op, to, i) ||
	    !is_role_of_source(m, rowset_text(to, i, "role")) ||
	    !change_list_find(&m->copied, CHANGE_ROLE_COPY, "",
			      rowset_text(to, i, "member"), ""))
		return false;
	for (j = 0; j < from->n_rows; j++)
		if (same(rowset_text(to, i, "role"),
			 rowset_text(from, j, "role")) &&
		    same(rowset_text(to, i, "member"),
			 rowset_text(from, j, "member")) &&
		    (rowset_bool(from, j, "admin") ||
		     !rowset_bool(to, i, "admin")))
			return false;
	return true;
}

static bool
read_memberships(struct op *op, struct memberships *m, struct err *err)
{
	*m = (struct memberships){.roles = ROWSET_INIT};
	return pg_ask(op->source.pg, "role_names", PG_NONE, &m->roles, err) &&
	       pg_ask(op->source.pg, "memberships", PG_NONE, &m->from, err) &&
	       pg_ask(op->destination.pg, "memberships", PG_NONE, &m->to,
		      err) &&
	       registry_list(op->destination.pg, CHANGE_ROLE_COPY, &m->copied,
			     err);
}

static void
memberships_release(struct memberships *m)
{
	rowset_release(&m->roles);
	rowset_release(&m->from);
	rowset_release(&m->to);
	change_list_release(&m->copied);
}

static bool
is_on_source(const struct memberships *m, size_t i)
{
	size_t j;

	for (j = 0; j < m->from.n_rows; j++)
		if (same(rowset_text(&m->to, i, "role"),
			 rowset_text(&m->from, j, "role")) &&
		    same(rowset_text(&m->to, i, "member"),
			 rowset_text(&m->from, j, "member")))
			return true;
	return false;
}

/* From 16 on each grantor takes back his own. */
static bool
revoke_excess(struct op *op, const struct memberships *m, size_t i,
	      struct err *err)
{
	const char *member = rowset_text(&m->to, i, "member");
	const char *grantor = rowset_get(&m->to, i, "grantor");
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "REVOKE ");
	if (is_on_source(m, i))
		strbuf_add(&sql, "ADMIN OPTION FOR ");
	strbuf_ident(&sql, rowset_text(&m->to, i, "role"));
	strbuf_add(&sql, " FROM ");
	strbuf_ident(&sql, member);
	if (op->destination.version >= 160000 && grantor) {
		strbuf_add(&sql, " GRANTED BY ");
		strbuf_ident(&sql, grantor);
	}
	ok = setup_try(op, op->destination.pg, STEP, member, sql.text, err);
	strbuf_release(&sql);
	return ok;
}

bool
setup_say_altered_memberships(struct op *op, const char *step, size_t *n,
			      struct err *err)
{
	struct memberships m;
	bool ok = read_memberships(op, &m, err), theirs = false, asked = false;
	size_t i;

	for (i = 0; ok && !theirs && i < m.to.n_rows; i++) {
		if (!is_excess(op, &m, i))
			continue;
		if (!asked)
			ok = op_any_handed_over(op, &theirs, err);
		asked = true;
		if (!ok || theirs)
			break;
		op_item(op, step, NULL, rowset_text(&m.to, i, "member"),
			op->options.force ? "warn" : "ko",
			"role: %s of %s on the destination only",
			is_on_source(&m, i) ? "administrator" : "member",
			rowset_text(&m.to, i, "role"));
		++*n;
	}
	memberships_release(&m);
	return ok;
}

/* Once a database is handed over, what a role of before is a member of is the
 * destination's own affair. */
static bool
copy_memberships(struct op *op, struct err *err)
{
	struct memberships m;
	bool theirs = false;
	bool ok = read_memberships(op, &m, err) &&
		  op_any_handed_over(op, &theirs, err);
	size_t i;

	for (i = 0; ok && !theirs && i < m.to.n_rows; i++)
		if (is_excess(op, &m, i))
			ok = revoke_excess(op, &m, i, err);
	for (i = 0; ok && i < m.from.n_rows; i++)
		if (!is_ours(op, &m.from, i) &&
		    !is_member(&m.from, &m.to, i) &&
		    (!theirs ||
		     text_list_has(&op->made_roles,
				   rowset_text(&m.from, i, "member"))))
			ok = copy_membership(op, &m.from, i, err);
	memberships_release(&m);
	return ok;
}

static bool
copy_parameter_grants(struct op *op, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	struct rowset one = ROWSET_INIT;
	struct strbuf what = STRBUF_INIT;
	size_t i;
	bool ok = true;

	if (!sqlcat_find("parameter_grants", op->source.version))
		return true;
	ok = pg_ask(op->source.pg, "parameter_grants", PG_NONE, &rows, err);
	for (i = 0; ok && i < rows.n_rows; i++) {
		strbuf_reset(&what);
		strbuf_add(&what, "PARAMETER ");
		strbuf_ident(&what, rowset_text(&rows, i, "parameter"));
		one = (struct rowset){
			.n_rows = 1,
			.n_columns = rows.n_columns,
			.columns = rows.columns,
			.values = rows.values + i * rows.n_columns,
		};
		ok = setup_grant_all(op, op->destination.pg, STEP, what.text,
				     rowset_text(&rows, i, "parameter"), &one,
				     err);
	}
	strbuf_release(&what);
	rowset_release(&rows);
	return ok;
}

bool
setup_globals(struct op *op, struct err *err)
{
	return setup_roles(op, err) && setup_role_settings(op, err) &&
	       copy_memberships(op, err) && setup_tablespaces(op, err) &&
	       copy_parameter_grants(op, err);
}
