/* SPDX-License-Identifier: PostgreSQL */
/*
 * Names that pgrepup and pglogical use, and that somebody else may have taken:
 * whoever may make a schema can have functions ready in it for a superuser who
 * calls there, or makes the extension in it.
 */
#ifndef PGREPUP_NAMES_H
#define PGREPUP_NAMES_H

#include "pg.h"

/* Is all that is in the schemas of pglogical in this database pglogical's, if
 * there are any? Else an error that names the first that is not. */
bool names_refuse_strangers(struct pg *pg, struct err *err);
/*
 * In a transaction: a schema, by us, for what is to be made in it; nothing of
 * others can be there. One that is there already has to be pglogical's.
 */
bool names_make_schema(struct pg *pg, const char *schema, struct err *err);
/* Of our own schema and what is in it: nobody but its owner keeps a right,
 * whatever default privileges have given away. */
bool names_revoke_all(struct pg *pg, const char *schema, struct err *err);

#endif
