/* SPDX-License-Identifier: PostgreSQL */
/* What the files of the setup operation share. */
#ifndef PGREPUP_SETUP_H
#define PGREPUP_SETUP_H

#include "load.h"
#include "op.h"
#include "registry.h"
#include "strbuf.h"

/* Steps, each in a file of its own; each converges when it is run again. */

/* setup_again.c: the step of --again: starts over. */
bool setup_again(struct op *op, struct err *err);
/*
 * setup_empty.c: sets the load of a database that pgrepup filled back to
 * "made", then drops everything in it, one by one.
 */
bool setup_empty_begin(struct pg *destination, enum load_state state,
		       struct err *err);
bool setup_empty(struct op *op, struct pg *destination, const struct load *load,
		 struct err *err);
/* setup_role.c: the role by which the servers reach each other. */
bool setup_replication_role(struct op *op, struct err *err);
/*
 * Before the checks, which try the role: refuses one that pgrepup did not
 * make, and gives ours the password of the configuration, which a run that
 * was killed, or a configuration that was lost, may have changed.
 */
bool setup_refresh_role(struct op *op, struct err *err);
/* setup_roles.c */
bool setup_roles(struct op *op, struct err *err);
/*
 * For stop: says and counts what was altered since setup of roles that it
 * copied, which would let in who is not let in on the source any more. The
 * second, in setup_globals.c, of memberships that the source has not. Nothing
 * once a database is handed over. A new password is brought over at once.
 */
bool setup_say_altered_roles(struct op *op, const char *step, size_t *n,
			     struct err *err);
bool setup_say_altered_memberships(struct op *op, const char *step, size_t *n,
				   struct err *err);
bool setup_tell_passwords(struct op *op, struct err *err);
bool setup_is_replication_role(const struct op *op, const char *name);
/* setup_globals.c: tablespaces, roles, memberships, privileges. */
bool setup_globals(struct op *op, struct err *err);
/* setup_settings.c: of roles, in whatever database. */
bool setup_role_settings(struct op *op, struct err *err);
/* For stop: says and counts those that are set for a role that setup made, and
 * not on the source. Nothing once a database is handed over. */
bool setup_say_reset_settings(struct op *op, const char *step, size_t *n,
			      struct err *err);
/* May a setting of that role (NULL: of all) be carried over? Else says so. */
bool setup_may_set(struct op *op, const char *step, const char *role,
		   const struct change_list *copied);
/* setup_tablespaces.c */
bool setup_tablespaces(struct op *op, struct err *err);
/* setup_databases.c */
bool setup_databases(struct op *op, struct err *err);
/* setup_schema.c */
bool setup_schemas(struct op *op, struct err *err);
/* setup_functions.c: takes from PUBLIC in a database what the source took from
 * it and no dump tells. When the schema is restored. */
bool setup_functions(struct op *op, const char *database, struct pg *source,
		     struct pg *destination, struct err *err);
/*
 * setup_made.c: an error that names what the destination lacks of the source,
 * or has otherwise, when the schema is restored and no row is copied.
 */
bool setup_compare_schemas(struct op *op, const char *database,
			   struct pg *source, struct pg *destination,
			   struct err *err);
/* setup_preview.c: says what would be done. */
bool setup_preview(struct op *op, struct err *err);

/* setup.c: adds to the registry; texts may be NULL. */
bool setup_record(struct pg *pg, const char *kind, const char *name,
		  const char *part, const char *new_value,
		  enum change_state state, long long *id, struct err *err);
/*
 * Runs a statement that goes to one object, and says what became of it: when
 * the server refuses, as an item "warn" of the step. False only when nothing
 * more can be done (connection lost, stop).
 */
bool setup_try(struct op *op, struct pg *pg, const char *step,
	       const char *object, const char *sql, struct err *err);

/*
 * setup_grants.c: privileges on one object as rows "grantee" (NULL: PUBLIC),
 * "privilege", "grantable". what is the object as GRANT names it ("DATABASE
 * \"app\""). Rows of roles that have it already need not be left out.
 */
bool setup_grant_all(struct op *op, struct pg *pg, const char *step,
		     const char *what, const char *object,
		     const struct rowset *rows, struct err *err);
/*
 * setup_grants.c: "ALTER ... SET name TO value" of a configuration item
 * "name=value" as the catalogs keep it. Lists are taken apart as the server
 * does.
 */
void setup_alter_set(struct strbuf *sql, const char *what, const char *item);

#endif
