/* SPDX-License-Identifier: PostgreSQL */
/*
 * The registry: what pgrepup itself made or changed, a row each, in the table
 * pgrepup.change of the database concerned (cluster-wide things: of the
 * connect database). A change is recorded in the same transaction where the
 * server allows it, else before it, as planned, and marked done after it (but
 * for the fence, whose undoing asks the server what there is).
 * uninstall and undo read it and touch nothing else. Rows are structured
 * facts, never SQL that someone would later run.
 *
 * The schema pgrepup is made fresh, owned by the operator, who alone has rights
 * in it. Each time before it is used it is compared, whole, with what
 * registry_create.sql makes: one that pgrepup did not make, that another role
 * owns or has rights in, or that anything was added to, is refused, in its
 * database alone. Nothing of it is read before that, as what a default or a
 * trigger calls would run with the operator's rights.
 */
#ifndef PGREPUP_REGISTRY_H
#define PGREPUP_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "pg.h"

/* Kinds of change; each has an undo row in undo.c. */
#define CHANGE_SETTING "setting"	     /* name; old/new value */
#define CHANGE_HBA "pg_hba"		     /* backup file name; new md5 */
#define CHANGE_ROLE "role"		     /* name: the replication role */
#define CHANGE_ROLE_COPY "role_copy"	     /* name: a role of the source that
						setup copied; it stays */
#define CHANGE_GRANT "grant"		     /* object, role, privilege */
#define CHANGE_REVOKE "revoke"	     /* name: a function of pglogical that
						PUBLIC could call */
#define CHANGE_MEMBERSHIP "membership"	     /* name: a role that setup made
						us a member of */
#define CHANGE_LOAD_ROLE "load_role"	     /* name; part: the owner whose
						tables it fills (load_role.h) */
#define CHANGE_FENCE "fence" /* name: one of these; what was, what is */
#define FENCE_OWNER "owner"
#define FENCE_LIMIT "connection limit"
#define FENCE_PUBLIC "rights of PUBLIC"
#define CHANGE_DATABASE "database"	     /* name: created by setup */
#define CHANGE_EXTENSION "extension"	     /* name: created by us */
#define CHANGE_EXTENSION_UPDATE "extension_update" /* name; old/new version */
#define CHANGE_MECHANISM "mechanism"	     /* name: what replicates */
#define CHANGE_PUBLICATION "publication"     /* name */
#define CHANGE_INSERT_ONLY "insert_only"     /* schema, table: chosen by a
						person */
#define CHANGE_NODE "node"		     /* pglogical node name */
#define CHANGE_REPLICATION_SET "replication_set"
#define CHANGE_SUBSCRIPTION "subscription"   /* name */
#define CHANGE_HELD "held" /* "subscription": disabled; by whom, when */
#define CHANGE_SLOT "slot"		     /* name (source) */
#define CHANGE_DATABASE_SETTING "database_setting" /* name; old/new value */
#define CHANGE_COLUMN "column"		     /* schema, table, column */
#define CHANGE_INDEX "index"		     /* schema, index */
#define CHANGE_REPLICA_IDENTITY "replica_identity" /* schema, table; old/new */
#define CHANGE_TRIGGER "trigger"	     /* schema, table, trigger; old/new
						tgenabled letter */
#define CHANGE_RULE "rule"		     /* schema, table, rule; same */

enum change_state {
	CHANGE_PLANNED, /* recorded before; may or may not have happened */
	CHANGE_DONE,
};

struct change {
	long long id;
	char *kind;
	char *schema; /* "" where the object has none */
	char *name;
	char *part; /* column, trigger, role of a grant ...; "" when none */
	char *old_value; /* NULL when there was none */
	char *new_value;
	enum change_state state;
};

struct change_list {
	struct change *items;
	size_t n;
	size_t alloc;
};

/* Makes the schema and its tables when missing, and checks the owner. */
bool registry_open(struct pg *pg, struct err *err);
enum registry_is {
	REGISTRY_NONE,
	REGISTRY_OURS,
	REGISTRY_FOREIGN, /* of another role, or not pgrepup's at all */
	REGISTRY_ALTERED, /* ours, but not as it was made */
};
/* What there is; why says what is wrong with one that is not to be used. */
bool registry_look(struct pg *pg, enum registry_is *is, struct err *why,
		   struct err *err);
/* Is there one, and is it ours? One that is not to be used is an error. */
bool registry_exists(struct pg *pg, bool *exists, struct err *err);
/*
 * Adds a row (id is ignored; id out may be NULL). An object that has a row
 * already keeps its first old value, and takes the new value and state. Takes
 * part in the caller's transaction when there is one.
 */
bool registry_add(struct pg *pg, const struct change *change, long long *id,
		  struct err *err);
/* The same from borrowed texts; NULL schema and part are "". */
struct change_note {
	const char *kind;
	const char *schema;
	const char *name;
	const char *part;
	const char *old_value;
	const char *new_value;
	enum change_state state;
};
bool registry_note(struct pg *pg, const struct change_note *note,
		   long long *id, struct err *err);
bool registry_done(struct pg *pg, long long id, struct err *err);
bool registry_forget(struct pg *pg, long long id, struct err *err);
/*
 * kind NULL: all. Newest first, which is the order of undoing. Empty when
 * there is no registry; list is initialised.
 */
bool registry_list(struct pg *pg, const char *kind, struct change_list *list,
		   struct err *err);
/* The row of that object, or NULL; borrowed from list. */
const struct change *change_list_find(const struct change_list *list,
				      const char *kind, const char *schema,
				      const char *name, const char *part);
void change_list_release(struct change_list *list);
/*
 * Drops schema pgrepup, with its tables of load ownership, when no change is
 * left in it; says if it did.
 */
bool registry_drop_if_empty(struct pg *pg, bool *dropped, struct err *err);

#endif
