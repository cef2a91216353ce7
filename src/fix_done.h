/* SPDX-License-Identifier: PostgreSQL */
/*
 * Fixes that were done, by what they left in the registry: which check and
 * which table a change was for. What belongs to one fix is undone together.
 */
#ifndef PGREPUP_FIX_DONE_H
#define PGREPUP_FIX_DONE_H

#include "fix.h"
#include "registry.h"

/* One fix that was done. */
struct fix_done {
	const struct fix *fix;
	char *schema; /* of the table; NULL: of no table */
	char *object;
	char *variant; /* as in a plan, where it can be told */
	const struct change **changes; /* newest first; borrowed */
	size_t n, alloc;
};

struct fix_done_list {
	struct fix_done *items;
	size_t n, alloc;
};

/*
 * What a registry holds, fix by fix: that of the connect database where
 * cluster_wide is true, else that of a database. pg tells which tables hang
 * together; changes must outlive the list.
 */
bool fix_done_read(struct pg *pg, const struct change_list *changes,
		   bool cluster_wide, struct fix_done_list *list,
		   struct err *err);
void fix_done_release(struct fix_done_list *list);
/* Was a fix of that check done in that registry (to that table)? */
bool fix_done_has(const struct change_list *changes, const char *check,
		  const char *schema, const char *object);
/* The kind of a change that no fix leaves, but setup; NULL: none is there. */
const char *fix_done_setup(const struct change_list *changes);

#endif
