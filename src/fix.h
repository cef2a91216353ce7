/* SPDX-License-Identifier: PostgreSQL */
/*
 * Fixes: gather, show, apply. Planning a fix gives data: where it runs, the
 * exact SQL, what it costs, how it is undone. `fix --dry-run` is printing the
 * plans; applying is a second step, for the chosen ones.
 */
#ifndef PGREPUP_FIX_H
#define PGREPUP_FIX_H

#include "check.h"
#include "op.h"

struct fix_plan {
	const char *check; /* id */
	enum side side;
	char *database; /* NULL: cluster-wide */
	char *schema;	/* of a table; NULL otherwise */
	char *object;	/* table, setting ...; NULL: the check itself */
	char *variant;	/* which remedy ("index", "column" ...); NULL: the only */
	char *sql;	/* exactly what will run */
	char *cost;	/* rows, bytes, lock, rewrite, reload, restart: a sentence */
	char *undo;	/* how it is undone: a sentence */
	long long rewrite_bytes; /* 0: no rewrite */
	bool restart;
	bool heavy; /* above fix.rewrite_limit: must be named */
};

struct fix_list {
	struct fix_plan *items;
	size_t n;
	size_t alloc;
};

struct fix {
	const char *check; /* id of the check it mends */
	int sides;	   /* ON_... */
	/* appends what is to be done now; nothing when all is well */
	bool (*plan)(struct op *op, struct cluster *cluster,
		     struct fix_list *list, struct err *err);
	/* does it, with lock_timeout and retry, records it in the registry */
	bool (*apply)(struct op *op, const struct fix_plan *plan,
		      struct err *err);
};

extern const struct fix fixes[];
extern const size_t n_fixes;

struct fix_plan *fix_list_add(struct fix_list *list);
void fix_list_release(struct fix_list *list);

#endif
