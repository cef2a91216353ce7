/* SPDX-License-Identifier: PostgreSQL */
/*
 * Fixes: gather, show, apply. Planning a fix gives data: where it runs, the
 * exact SQL, what it costs, how it is undone. `fix --dry-run` is printing the
 * plans; applying is a second step, for the chosen ones.
 *
 * Words name plans as they name checks (target.h).
 */
#ifndef PGREPUP_FIX_H
#define PGREPUP_FIX_H

#include "check.h"
#include "op.h"
#include "target.h"

struct fix;

/* The remedy that leaves a table out; it has to be named. */
#define FIX_EXCLUDE_VARIANT "exclude"

struct fix_plan {
	const struct fix *fix;
	enum side side;
	char *database; /* NULL: cluster-wide */
	char *schema;	/* of a table; NULL otherwise */
	char *object;	/* table ...; NULL: the check itself */
	char *variant;	/* which remedy ("index" ...); NULL: the only one */
	char *choices;	/* all that would do: "unique column", or NULL */
	char *sql;	/* exactly what will run; NULL: nothing can be done */
	char *cost;	/* rows, bytes, lock, rewrite, reload, restart */
	char *undo;	/* how it is undone: a sentence */
	char *reason;	/* why nothing is to run (sql is NULL) */
	char *hint;	/* to that; or NULL */
	char *value;	/* of a setting, that sql gives it; or NULL */
	long long rewrite_bytes; /* 0: no rewrite */
	bool restart;
	bool refused; /* the reason is one for which the run fails */
	bool heavy; /* above fix.rewrite_limit: must be named */
	/* Other tables that it mends, SCHEMA and TABLE in turn; naming one of
	 * them means this plan. */
	struct text_list mended;
};

struct fix_list {
	struct fix_plan *items;
	size_t n;
	size_t alloc;
};

struct fix {
	const char *check; /* id of the check it mends */
	int sides;	   /* ON_... */
	const char *setting; /* that it changes; NULL: none */
	/* Appends what is to be done now; nothing when all is well. A target
	 * (one may name a variant) is in targets; those not meant may be
	 * planned all the same. */
	bool (*plan)(const struct fix *fix, struct op *op,
		     struct cluster *cluster,
		     const struct targets *targets, struct fix_list *list,
		     struct err *err);
	/* Takes back what is in no registry; NULL: that of the registry. */
	bool (*undo)(struct op *op, const struct fix *fix,
		     struct targets *targets, struct err *err);
	const char *const *leaves; /* kinds of change, ends in NULL */
	bool in_databases;	   /* its registry is that of the database */
	/* Does it, with lock_timeout and retry, records it in the registry. */
	bool (*apply)(struct op *op, const struct fix_plan *plan,
		      struct err *err);
};

extern const struct fix fixes[];
extern const size_t n_fixes;

/* Is there a fix for that check? */
bool fix_exists(const char *check);
/* The first row of that check, or NULL. */
const struct fix *fix_find(const char *check);
/* What would be proposed for each table of a database; pg is in it. */
bool fix_identity_plan_in(struct op *op, struct pg *pg, const char *database,
			  struct fix_list *list, struct err *err);
/* What to do about a limit that is broken (NULL: it is a line of a file): by a
 * fix where there is one that has something to do. The caller frees *hint. */
struct limit;
struct restart;
bool fix_limit_hint(struct op *op, struct pg *pg, const struct limit *limit,
		    const struct restart *r, char **hint, struct err *err);
/*
 * Would the server not start again with found->value, once the fixes of before
 * (may be NULL) are done? *reason: NULL when it would, else a sentence, and
 * *hint what to do first; the caller frees both.
 */
struct need_found;
bool fix_setting_refusal(struct op *op, struct pg *pg,
			 const struct need_found *found,
			 const struct fix_list *before, char **reason,
			 char **hint, struct err *err);
/* The new item is zeroed; its texts are owned by the list. */
struct fix_plan *fix_list_add(struct fix_list *list);
void fix_list_release(struct fix_list *list);

/* What a plan is about, and by which remedy; borrowed. */
struct target_thing fix_plan_thing(const struct fix_plan *plan);
/* The word that names this plan; the caller frees it. */
char *fix_plan_target(const struct fix_plan *plan);
/* The same as targets_parse; ERR_USAGE as well for what has no fix. */
bool fix_targets_parse(struct targets *targets, const struct text_list *words,
		       struct err *err);
/* The target that means the plan's object (whatever the variant), or NULL. */
struct target *fix_targets_match(const struct targets *targets,
				 const struct fix_plan *plan);

#endif
