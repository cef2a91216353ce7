/* SPDX-License-Identifier: PostgreSQL */
/*
 * The replication role: on the source with LOGIN and REPLICATION, on the
 * destination with LOGIN only, where pglogical just sees whether it can
 * connect. Its password is made here and saved sealed before any server knows
 * it; servers are sent a verifier of it. Its comment marks the cluster as
 * taken by this upgrade.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "setup.h"
#include "upgrade.h"

/* Is the role there, and made by pgrepup? */
static bool
find_role(struct cluster *c, const char *name, bool *there, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	struct change_list list = {.n = 0};
	bool ok;

	ok = pg_ask(c->pg, "role", PG_BIND(name), &rows, err) &&
	     registry_list(c->pg, CHANGE_ROLE, &list, err);
	*there = ok && rows.n_rows > 0;
	if (*there && !change_list_find(&list, CHANGE_ROLE, "", name, "")) {
		err_set(err, ERR_STATE,
			"role \"%s\" exists on the %s, and pgrepup did not "
			"make it",
			name, side_name(c->side));
		err_hint(err, "Choose another name: `pgrepup config set "
			      "replication.user=NAME`.");
		ok = false;
	}
	change_list_release(&list);
	rowset_release(&rows);
	return ok;
}

/* Nothing may know the password before it is safe. */
static bool
need_password(struct op *op, struct err *err)
{
	struct secret *password;
	bool ok;

	if (op->conf->replication_password)
		return true;
	password = secret_random_password();
	ok = conf_set_secret(op->conf, "replication.password", password,
			     err) &&
	     conf_save(op->conf, err);
	secret_free(password);
	return ok;
}

/* Each setup gives it as long again. */
static bool
add_bounds(struct cluster *c, struct strbuf *sql, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(c->pg, "role_bounds", PG_NONE, &rows, err);

	if (ok) {
		strbuf_addf(sql, " CONNECTION LIMIT %lld VALID UNTIL ",
			    rowset_int(&rows, 0, "connections"));
		strbuf_literal(sql, rowset_text(&rows, 0, "until"));
	}
	rowset_release(&rows);
	return ok;
}

static char *
role_statement(struct op *op, struct cluster *c, bool there, struct err *err)
{
	const char *name = op->conf->replication_user;
	char *verifier = pg_encrypt_password(
	    c->pg, op->conf->replication_password, name, err);
	struct strbuf sql = STRBUF_INIT;

	if (!verifier)
		return NULL;
	strbuf_addf(&sql, "%s ROLE ", there ? "ALTER" : "CREATE");
	strbuf_ident(&sql, name);
	/* Who is no superuser may not even name what it shall not have. */
	strbuf_addf(&sql, " LOGIN%s PASSWORD ",
		    c->side == SIDE_SOURCE ? " REPLICATION" : "");
	strbuf_literal(&sql, verifier);
	secret_wipe(verifier, strlen(verifier));
	free(verifier);
	if (add_bounds(c, &sql, err))
		return strbuf_detach(&sql);
	secret_wipe(sql.text, sql.len);
	strbuf_release(&sql);
	return NULL;
}

/* Which upgrade this cluster takes part in. */
static bool
mark_role(struct op *op, struct cluster *c, struct err *err)
{
	char *mark = upgrade_mark(op);
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "COMMENT ON ROLE ");
	strbuf_ident(&sql, op->conf->replication_user);
	strbuf_add(&sql, " IS ");
	strbuf_literal(&sql, mark);
	ok = pg_run(c->pg, sql.text, NULL, err);
	strbuf_release(&sql);
	free(mark);
	return ok;
}

static bool
make_role(struct op *op, struct cluster *c, bool there, struct err *err)
{
	char *sql = role_statement(op, c, there, err);
	bool ok;

	ok = sql && pg_begin(c->pg, err) &&
	     pg_ask(c->pg, "session_quiet", PG_NONE, NULL, err) &&
	     pg_run(c->pg, sql, NULL, err) && mark_role(op, c, err) &&
	     setup_record(c->pg, CHANGE_ROLE, op->conf->replication_user, NULL,
			  NULL, CHANGE_DONE, NULL, err) &&
	     pg_commit(c->pg, err);
	if (!ok)
		pg_rollback(c->pg);
	if (sql)
		secret_wipe(sql, strlen(sql));
	free(sql);
	return ok;
}

/* Both sides are looked at before either is changed. */
static bool
find_roles(struct op *op, bool there[2], struct err *err)
{
	const char *name = op->conf->replication_user;

	return find_role(&op->source, name, &there[0], err) &&
	       find_role(&op->destination, name, &there[1], err);
}

bool
setup_refresh_role(struct op *op, struct err *err)
{
	bool there[2];

	if (!find_roles(op, there, err))
		return false;
	if (op->options.dry_run || (!there[0] && !there[1]))
		return true;
	return need_password(op, err) &&
	       (!there[0] || make_role(op, &op->source, true, err)) &&
	       (!there[1] || make_role(op, &op->destination, true, err));
}

bool
setup_replication_role(struct op *op, struct err *err)
{
	struct cluster *sides[] = {&op->source, &op->destination};
	bool there[2];
	size_t i;

	if (!find_roles(op, there, err) || !need_password(op, err))
		return false;
	for (i = 0; i < 2; i++) {
		if (!make_role(op, sides[i], there[i], err))
			return false;
		op_item(op, "role", NULL, op->conf->replication_user, "ok",
			"%s on the %s", there[i] ? "is there" : "made",
			side_name(sides[i]->side));
	}
	return true;
}
