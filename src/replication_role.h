/* SPDX-License-Identifier: PostgreSQL */
/*
 * The role as which the servers reach each other, between setup and the last
 * hand-over: who is a member of it reads every table by decoding, and moves our
 * slots on.
 */
#ifndef PGREPUP_REPLICATION_ROLE_H
#define PGREPUP_REPLICATION_ROLE_H

#include "op.h"
#include "strbuf.h"

/* An error that names a member of it on either side who is no superuser. */
bool replication_role_refuse_members(struct op *op, struct err *err);
/* "ALTER ROLE ..." that leaves nothing of use in that cluster's. */
void replication_role_disable_sql(const struct cluster *c, const char *role,
				  struct strbuf *sql);
/* On both sides; setup gives it back what it needs. */
bool replication_role_disable(struct op *op, struct err *err);

#endif
