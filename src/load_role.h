/* SPDX-License-Identifier: PostgreSQL */
/*
 * Load roles: as whom rows are put into tables whose CHECKs, domains, generated
 * columns or partition keys call functions of roles that are no superusers.
 * With our rights such a function could do whatever we may; SET ROLE is no way
 * out, since the function can take it back: what decides is who has logged in.
 * So for each owner of such tables in a database a role is made that can log
 * in, has nothing but the membership in that owner, and is gone when the rows
 * are there. Native replication does the same by itself from 16 on, when it
 * applies changes (without run_as_owner); where that cannot be, a load role
 * would be in vain, and there is none.
 */
#ifndef PGREPUP_LOAD_ROLE_H
#define PGREPUP_LOAD_ROLE_H

#include "op.h"
#include "undo.h"

/* Can the mechanism apply changes as each table's owner there? */
bool load_role_can_be(const struct op *op);

struct load_roles;

/*
 * Makes those that the database of pg, a superuser's session on the
 * destination, needs; what a run before has left is dropped. NULL: none is
 * needed, or an error. ERR_STATE where a table's owner cannot be the one, and
 * nobody has ignored that.
 */
struct load_roles *load_roles_make(struct op *op, struct pg *pg,
				   struct err *err);
/* Which role puts rows into that table: a number for connect; -1: we do. roles
 * may be NULL. */
int load_roles_find(const struct load_roles *roles, const char *schema,
		    const char *name);
/*
 * A session as that role, SET to the owner. The fence is ajar meanwhile: ours
 * is a session of the caller's in the database, in no transaction. Of any
 * thread.
 */
struct pg *load_roles_connect(struct load_roles *roles, int i, struct pg *ours,
			      struct err *err);
void load_roles_free(struct load_roles *roles);
/* Drops all that the registry of the database knows; also after an interrupt.
 */
bool load_roles_drop(struct pg *pg, struct err *err);

bool undo_load_role(UNDO_ARGS);

#endif
