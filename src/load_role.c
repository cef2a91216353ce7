/* SPDX-License-Identifier: PostgreSQL */
/* Roles for loading rows with the rights of their tables' owners. */
#include "load_role.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fence.h"
#include "ignore.h"
#include "mechanism.h"
#include "mem.h"
#include "strbuf.h"

/* What their names begin with; the rest is random, as it is theirs alone. */
#define PREFIX "pgrepup_load_"

struct load_role {
	char *owner;
	char *name;
	struct secret *password;
};

struct load_roles {
	struct op *op;
	struct rowset tables; /* schema, name, owner; by owner */
	struct load_role *roles;
	size_t n;
	pthread_mutex_t lock; /* one goes through the fence at a time */
};

bool
load_role_can_be(const struct op *op)
{
	int since = op->mechanism ? op->mechanism->as_owner_version : 0;

	return since > 0 && op->destination.version >= since;
}

/* --- dropping ------------------------------------------------------------ */

/* What others' code has made as the role becomes the owner's. */
static void
write_drop(const struct change *c, struct strbuf *sql)
{
	strbuf_add(sql, "REASSIGN OWNED BY ");
	strbuf_ident(sql, c->name);
	strbuf_add(sql, " TO ");
	strbuf_ident(sql, c->part);
	strbuf_add(sql, "; DROP OWNED BY ");
	strbuf_ident(sql, c->name);
	strbuf_add(sql, "; DROP ROLE ");
	strbuf_ident(sql, c->name);
}

static bool
drop_role(struct pg *pg, const struct change *c, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	write_drop(c, &sql);
	ok = pg_ask(pg, "role", PG_BIND(c->name), &rows, err) &&
	     pg_begin(pg, err) &&
	     (rows.n_rows == 0 || pg_run(pg, sql.text, NULL, err)) &&
	     registry_forget(pg, c->id, err) && pg_commit(pg, err);
	if (!ok)
		pg_rollback(pg);
	strbuf_release(&sql);
	rowset_release(&rows);
	return ok;
}

bool
load_roles_drop(struct pg *pg, struct err *err)
{
	const struct interrupt *interrupt = pg_set_interrupt(pg, NULL);
	struct change_list list;
	bool ok = registry_list(pg, CHANGE_LOAD_ROLE, &list, err);
	size_t i;

	for (i = 0; ok && i < list.n; i++)
		ok = drop_role(pg, &list.items[i], err);
	change_list_release(&list);
	pg_set_interrupt(pg, interrupt);
	return ok;
}

bool
undo_load_role(UNDO_ARGS)
{
	struct strbuf sql = STRBUF_INIT;
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(at->pg, "role", PG_BIND(change->name), &rows, err);

	(void)why;
	write_drop(change, &sql);
	if (ok && rows.n_rows == 0)
		*result = UNDO_GONE;
	else if (ok && !undo_is_preview(at, sql.text))
		ok = pg_run(at->pg, sql.text, NULL, err);
	rowset_release(&rows);
	strbuf_release(&sql);
	return ok;
}

/* --- making -------------------------------------------------------------- */

static void
write_create(const struct load_role *role, const char *verifier,
	     const char *database, struct strbuf *sql)
{
	strbuf_add(sql, "CREATE ROLE ");
	strbuf_ident(sql, role->name);
	strbuf_add(sql, " LOGIN PASSWORD ");
	strbuf_literal(sql, verifier);
	strbuf_add(sql, " IN ROLE ");
	strbuf_ident(sql, role->owner);
	strbuf_add(sql, "; GRANT CONNECT ON DATABASE ");
	strbuf_ident(sql, database);
	strbuf_add(sql, " TO ");
	strbuf_ident(sql, role->name);
}

static bool
record(struct pg *pg, const struct load_role *role, struct err *err)
{
	return registry_note(pg,
			     &(struct change_note){
				 .kind = CHANGE_LOAD_ROLE,
				 .name = role->name,
				 .part = role->owner,
				 .state = CHANGE_DONE,
			     },
			     NULL, err);
}

static bool
make_role(struct pg *pg, const struct load_role *role, struct err *err)
{
	char *verifier =
		pg_encrypt_password(pg, role->password, role->name, err);
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	if (!verifier)
		return false;
	write_create(role, verifier, pg_dbname(pg), &sql);
	ok = pg_begin(pg, err) &&
	     pg_ask(pg, "session_quiet", PG_NONE, NULL, err) &&
	     record(pg, role, err) && pg_run(pg, sql.text, NULL, err) &&
	     pg_commit(pg, err);
	if (!ok)
		pg_rollback(pg);
	secret_wipe(sql.text, sql.len);
	strbuf_release(&sql);
	secret_wipe(verifier, strlen(verifier));
	free(verifier);
	return ok;
}

static struct load_role *
find_owner(const struct load_roles *roles, const char *owner)
{
	size_t i;

	for (i = 0; i < roles->n; i++)
		if (strcmp(roles->roles[i].owner, owner) == 0)
			return &roles->roles[i];
	return NULL;
}

static bool
make_all(struct load_roles *roles, struct pg *pg, struct err *err)
{
	struct load_role *role;
	struct secret *random;
	const char *owner;
	size_t i;

	roles->roles = MEM_ARRAY(struct load_role, roles->tables.n_rows);
	for (i = 0; i < roles->tables.n_rows; i++) {
		owner = rowset_text(&roles->tables, i, "owner");
		if (find_owner(roles, owner))
			continue;
		random = secret_random_password();
		role = &roles->roles[roles->n++];
		role->owner = mem_strdup(owner);
		role->name = mem_printf(PREFIX "%.12s", secret_text(random));
		role->password = secret_random_password();
		secret_free(random);
		if (!make_role(pg, role, err))
			return false;
	}
	return true;
}

/* Has a person said that such code may run with our rights? */
static bool
is_ignored(struct op *op, const char *database, bool *ignored, struct err *err)
{
	const struct target_thing thing = {
		.check = "owners_code",
		.side = SIDE_SOURCE,
		.database = database,
	};
	struct ignore_list list;
	bool ok = ignore_load(&list, op->dir, err);

	*ignored = ok && ignore_reason(&list, &thing);
	ignore_release(&list);
	return ok;
}

static void
hint_ignore(const char *database, const char *before, struct err *err)
{
	const struct target_thing thing = {
		.check = "owners_code",
		.side = SIDE_SOURCE,
		.database = database,
	};
	char *word = target_word(&thing);
	struct strbuf shell = STRBUF_INIT;

	strbuf_shell(&shell, word);
	err_hint(err,
		 "%s; or, if you trust whoever owns a table there, `pgrepup "
		 "ignore %s --reason=WHY`, then `pgrepup start` again.",
		 before, shell.text);
	strbuf_release(&shell);
	free(word);
}

/* Rows that are loaded so and then applied with our rights gain nothing. */
static bool
refuse_not_as_owner(const struct load_roles *roles, struct pg *pg,
		    struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(pg, "not_as_owner", PG_NONE, &rows, err);

	if (ok && rows.n_rows > 0) {
		err_set(err, ERR_STATE,
			"code of \"%s\" would run with the rights of \"%s\"",
			rowset_text(&roles->tables, 0, "owner"),
			roles->op->destination.user);
		err_detail(err,
			   "Putting rows into %s.%s runs it, and changes cannot "
			   "be applied as the tables' owners: %s.%s, %s.",
			   rowset_text(&roles->tables, 0, "schema"),
			   rowset_text(&roles->tables, 0, "name"),
			   rowset_text(&rows, 0, "schema"),
			   rowset_text(&rows, 0, "name"),
			   rowset_text(&rows, 0, "why"));
		hint_ignore(pg_dbname(pg),
			    "Change that on the source, then `pgrepup setup "
			    "--again`",
			    err);
		ok = false;
	}
	rowset_release(&rows);
	return ok;
}

struct load_roles *
load_roles_make(struct op *op, struct pg *pg, struct err *err)
{
	struct load_roles *roles;
	bool ignored, ok;

	if (!op->destination.superuser || !load_roles_drop(pg, err) ||
	    !load_role_can_be(op) ||
	    !is_ignored(op, pg_dbname(pg), &ignored, err) || ignored)
		return NULL;
	roles = MEM_NEW(struct load_roles);
	roles->op = op;
	pthread_mutex_init(&roles->lock, NULL);
	ok = pg_ask(pg, "load_as_owner", PG_NONE, &roles->tables, err);
	if (ok && roles->tables.n_rows > 0)
		ok = refuse_not_as_owner(roles, pg, err) &&
		     make_all(roles, pg, err);
	if (ok && roles->n > 0)
		return roles;
	load_roles_free(roles);
	return NULL;
}

void
load_roles_free(struct load_roles *roles)
{
	size_t i;

	if (!roles)
		return;
	for (i = 0; i < roles->n; i++) {
		free(roles->roles[i].owner);
		free(roles->roles[i].name);
		secret_free(roles->roles[i].password);
	}
	free(roles->roles);
	rowset_release(&roles->tables);
	pthread_mutex_destroy(&roles->lock);
	free(roles);
}

/* --- using --------------------------------------------------------------- */

int
load_roles_find(const struct load_roles *roles, const char *schema,
		const char *name)
{
	const struct rowset *tables = roles ? &roles->tables : NULL;
	size_t i;

	for (i = 0; tables && i < tables->n_rows; i++)
		if (strcmp(rowset_text(tables, i, "schema"), schema) == 0 &&
		    strcmp(rowset_text(tables, i, "name"), name) == 0)
			return (int)(find_owner(roles, rowset_text(tables, i,
								   "owner")) -
				     roles->roles);
	return -1;
}

static struct pg *
log_in(const struct load_roles *roles, const struct load_role *role,
       const char *database, struct err *err)
{
	struct endpoint ep = {.side = SIDE_DESTINATION};
	struct strbuf sql = STRBUF_INIT;
	struct pg *pg;

	endpoint_copy(&ep, conf_endpoint(roles->op->conf, SIDE_DESTINATION));
	endpoint_set(&ep, "user", role->name);
	secret_free(ep.password);
	ep.password = secret_copy(role->password);
	pg = op_connect_to(roles->op, &ep, database, PG_LOAD, err);
	endpoint_release(&ep);
	strbuf_add(&sql, "SET ROLE ");
	strbuf_ident(&sql, role->owner);
	if (pg && !pg_run(pg, sql.text, NULL, err)) {
		pg_close(pg);
		pg = NULL;
	}
	strbuf_release(&sql);
	return pg;
}

struct pg *
load_roles_connect(struct load_roles *roles, int i, struct pg *ours,
		   struct err *err)
{
	const struct load_role *role = &roles->roles[i];
	const struct interrupt *interrupt;
	struct err left = ERR_INIT;
	struct pg *pg = NULL;

	pthread_mutex_lock(&roles->lock);
	if (fence_set_ajar(roles->op, ours, true, err))
		pg = log_in(roles, role, pg_dbname(ours), err);
	/* ^C must not leave it open. */
	interrupt = pg_set_interrupt(ours, NULL);
	if (!fence_set_ajar(roles->op, ours, false, &left) && pg) {
		err_move(err, &left);
		pg_close(pg);
		pg = NULL;
	}
	pg_set_interrupt(ours, interrupt);
	pthread_mutex_unlock(&roles->lock);
	err_release(&left);
	if (!pg && err->kind == ERR_CONNECT) {
		err_detail(err, "Tables of \"%s\" run code that is no "
				"superuser's, so a role that has his rights "
				"only, \"" PREFIX "...\", is to fill them.",
			   role->owner);
		hint_ignore(pg_dbname(ours),
			    "Let the roles /^" PREFIX " in from here in "
			    "pg_hba.conf of the destination, and reload it",
			    err);
	}
	return pg;
}
