/* SPDX-License-Identifier: PostgreSQL */
/*
 * Settings of roles: of those that setup has made, what the source's have,
 * until a database is handed over; then they are the destination's own. Those
 * in one database are given when that is opened (fence_open.c).
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mem.h"
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

struct settings {
	struct rowset from; /* the source's */
	struct rowset to;
	struct change_list copied; /* roles that setup has made */
};

static bool
read_settings(struct op *op, struct settings *s, struct err *err)
{
	*s = (struct settings){.from = ROWSET_INIT};
	return pg_ask(op->source.pg, "role_settings", PG_NONE, &s->from,
		      err) &&
	       pg_ask(op->destination.pg, "role_settings", PG_NONE, &s->to,
		      err) &&
	       registry_list(op->destination.pg, CHANGE_ROLE_COPY, &s->copied,
			     err);
}

static void
settings_release(struct settings *s)
{
	rowset_release(&s->from);
	rowset_release(&s->to);
	change_list_release(&s->copied);
}

/* What a newer server calls otherwise. */
static const struct {
	const char *name, *former;
} renamed[] = {
	{"debug_parallel_query", "force_parallel_mode"},
};

static const char *
former_name(const char *name)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(renamed); i++)
		if (strcmp(renamed[i].name, name) == 0)
			return renamed[i].former;
	return name;
}

/* Is something of that name set there, be it to another value? */
static bool
is_set(const struct rowset *rows, const char *role, const char *name)
{
	const char *former = former_name(name), *item;
	size_t i, n;

	for (i = 0; i < rows->n_rows; i++) {
		if (!same(rowset_get(rows, i, "role"), role))
			continue;
		item = rowset_text(rows, i, "item");
		n = strcspn(item, "=");
		if ((strlen(name) == n && strncasecmp(item, name, n) == 0) ||
		    (strlen(former) == n && strncasecmp(item, former, n) == 0))
			return true;
	}
	return false;
}

/* The name of what is set on the destination alone, for a role that setup has
 * made; the caller frees it. Else NULL. */
static char *
excess_name(const struct op *op, const struct settings *s, size_t i)
{
	const char *role = rowset_get(&s->to, i, "role");
	const char *item = rowset_text(&s->to, i, "item");
	char *name;

	if (!role || is_left_alone(op, role) ||
	    !change_list_find(&s->copied, CHANGE_ROLE_COPY, "", role, ""))
		return NULL;
	name = mem_strndup(item, strcspn(item, "="));
	if (!is_set(&s->from, role, name))
		return name;
	free(name);
	return NULL;
}

static bool
reset_setting(struct op *op, const char *role, const char *name,
	      struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "ALTER ROLE ");
	strbuf_ident(&sql, role);
	strbuf_add(&sql, " RESET ");
	strbuf_ident(&sql, name);
	ok = setup_try(op, op->destination.pg, STEP, role, sql.text, err);
	strbuf_release(&sql);
	return ok;
}

static bool
reset_settings(struct op *op, const struct settings *s, struct err *err)
{
	bool ok = true;
	char *name;
	size_t i;

	for (i = 0; ok && i < s->to.n_rows; i++) {
		name = excess_name(op, s, i);
		if (name)
			ok = reset_setting(op, rowset_text(&s->to, i, "role"),
					   name, err);
		free(name);
	}
	return ok;
}

static bool
copy_settings(struct op *op, const struct settings *s, bool theirs,
	      struct err *err)
{
	const char *role;
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < s->from.n_rows; i++) {
		role = rowset_get(&s->from, i, "role"); /* NULL: all */
		if (theirs && !(role && text_list_has(&op->made_roles, role)))
			continue;
		if (!is_left_alone(op, role) &&
		    !has_row(&s->from, &s->to, i) &&
		    setup_may_set(op, STEP, role, &s->copied))
			ok = copy_setting(op, role,
					  rowset_text(&s->from, i, "item"),
					  err);
	}
	return ok;
}

bool
setup_role_settings(struct op *op, struct err *err)
{
	struct settings s;
	bool theirs = false;
	bool ok = read_settings(op, &s, err) &&
		  op_any_handed_over(op, &theirs, err) &&
		  (theirs || reset_settings(op, &s, err)) &&
		  copy_settings(op, &s, theirs, err);

	settings_release(&s);
	return ok;
}

bool
setup_say_reset_settings(struct op *op, const char *step, size_t *n,
			 struct err *err)
{
	struct settings s;
	bool ok = read_settings(op, &s, err), theirs = false, asked = false;
	char *name;
	size_t i;

	for (i = 0; ok && !theirs && i < s.to.n_rows; i++) {
		name = excess_name(op, &s, i);
		/* Every database is asked, so not before there is a reason. */
		if (name && !asked)
			ok = op_any_handed_over(op, &theirs, err);
		asked = asked || name;
		if (name && ok && !theirs) {
			op_item(op, step, NULL, rowset_text(&s.to, i, "role"),
				op->options.force ? "warn" : "ko",
				"role: setting %s on the destination only",
				name);
			++*n;
		}
		free(name);
	}
	settings_release(&s);
	return ok;
}
