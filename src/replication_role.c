/* SPDX-License-Identifier: PostgreSQL */
/* Who has the replication role, and taking its rights away. */
#include "replication_role.h"

#include "mem.h"

static bool
refuse_members(struct op *op, const struct cluster *c, struct err *err)
{
	const char *name = op->conf->replication_user;
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(c->pg, "replication_members", PG_BIND(name), &rows,
			 err);

	if (ok && rows.n_rows > 0) {
		err_set(err, ERR_NEGATIVE,
			"role \"%s\" is a member of the replication role on "
			"the %s",
			rowset_text(&rows, 0, "role"), side_name(c->side));
		err_detail(err, "It can read every table, and move the "
				"replication slots on, so that changes are "
				"lost and nobody is told.");
		err_hint(err,
			 "REVOKE it; unless you know that it was not used, "
			 "copy the databases again: `pgrepup setup --again`.");
		ok = false;
	}
	rowset_release(&rows);
	return ok;
}

bool
replication_role_refuse_members(struct op *op, struct err *err)
{
	return refuse_members(op, &op->source, err) &&
	       refuse_members(op, &op->destination, err);
}

/* Who is no superuser may not even name what the destination's has not. */
void
replication_role_disable_sql(const struct cluster *c, const char *role,
			     struct strbuf *sql)
{
	strbuf_add(sql, "ALTER ROLE ");
	strbuf_ident(sql, role);
	strbuf_addf(sql, " NOLOGIN%s PASSWORD NULL",
		    c->side == SIDE_SOURCE ? " NOREPLICATION" : "");
}

/* Asked, and not believed. */
static bool
is_disabled(const struct cluster *c, const char *name, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(c->pg, "role_exists", PG_BIND(name), &rows, err);

	if (ok && rows.n_rows > 0) {
		err_set(err, ERR_STATE, "role \"%s\" can still log in on the %s",
			name, side_name(c->side));
		ok = false;
	}
	rowset_release(&rows);
	return ok;
}

bool
replication_role_disable(struct op *op, struct err *err)
{
	const char *name = op->conf->replication_user;
	const struct cluster *sides[] = {&op->source, &op->destination};
	struct strbuf sql = STRBUF_INIT;
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < LENGTH_OF(sides); i++) {
		strbuf_reset(&sql);
		replication_role_disable_sql(sides[i], name, &sql);
		ok = pg_run(sides[i]->pg, sql.text, NULL, err) &&
		     is_disabled(sides[i], name, err);
	}
	strbuf_release(&sql);
	return ok;
}
