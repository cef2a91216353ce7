/* SPDX-License-Identifier: PostgreSQL */
/*
 * Settings of roles. Those in one database are given when that is opened
 * (fence_open.c).
 */
#include <stdlib.h>
#include <string.h>

#include "op_loads.h"
#include "setup.h"

#define STEP "globals"

/* NULL equals NULL only. */
static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* The same row in the other rows? */
static bool
has_row(const struct rowset *rows, const struct rowset *other, size_t i)
{
	size_t j, c;

	for (j = 0; j < other->n_rows; j++) {
		for (c = 0; c < rows->n_columns; c++)
			if (!same(rows->values[i * rows->n_columns + c],
				  other->values[j * rows->n_columns + c]))
				break;
		if (c == rows->n_columns)
			return true;
	}
	return false;
}

/* Settings of the connecting role could shut pgrepup itself out. */
static bool
is_left_alone(const struct op *op, const char *role)
{
	return role && (setup_is_replication_role(op, role) ||
			strcmp(role, op->source.user) == 0 ||
			strcmp(role, op->destination.user) == 0);
}

static bool
copy_setting(struct op *op, const char *role, const char *item,
	     struct err *err)
{
	struct strbuf what = STRBUF_INIT, sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&what, "ROLE ");
	if (role)
		strbuf_ident(&what, role);
	else
		strbuf_add(&what, "ALL");
	setup_alter_set(&sql, what.text, item);
	ok = setup_try(op, op->destination.pg, STEP, role ? role : "ALL",
		       sql.text, err);
	strbuf_release(&what);
	strbuf_release(&sql);
	return ok;
}

/* A search_path that a namesake of the source has chosen is none for a role
 * that was there before, whoever that is. */
bool
setup_may_set(struct op *op, const char *step, const char *role,
	      const struct change_list *copied)
{
	if (!role || change_list_find(copied, CHANGE_ROLE_COPY, "", role, ""))
		return true;
	op_item(op, step, NULL, role, "warn", "%s",
		"was there before pgrepup: a setting of the source's role of "
		"that name is not carried over");
	return false;
}

bool
setup_role_settings(struct op *op, struct err *err)
{
	struct rowset from = ROWSET_INIT, to = ROWSET_INIT;
	struct change_list copied = {.n = 0};
	const char *role;
	size_t i;
	bool ok;

	ok = pg_ask(op->source.pg, "role_settings", PG_NONE, &from, err) &&
	     pg_ask(op->destination.pg, "role_settings", PG_NONE, &to, err) &&
	     registry_list(op->destination.pg, CHANGE_ROLE_COPY, &copied, err);
	for (i = 0; ok && i < from.n_rows; i++) {
		role = rowset_get(&from, i, "role");
		if (!is_left_alone(op, role) && !has_row(&from, &to, i) &&
		    setup_may_set(op, STEP, role, &copied))
			ok = copy_setting(op, role,
					  rowset_text(&from, i, "item"), err);
	}
	change_list_release(&copied);
	rowset_release(&from);
	rowset_release(&to);
	return ok;
}
