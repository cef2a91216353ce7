/* SPDX-License-Identifier: PostgreSQL */
/*
 * Fixes: gather, show, apply. Planning a fix gives data: where it runs, the
 * exact SQL, what it costs, how it is undone. `fix --dry-run` is printing the
 * plans; applying is a second step, for the chosen ones.
 *
 * A target names plans:
 *
 *	CHECK[@SIDE][:DATABASE[[.SCHEMA].OBJECT]][=VARIANT]
 *
 * as in wal_level, max_worker_processes@destination, replica_identity:app,
 * replica_identity:app.public.fish=column. A name that holds one of . @ : = "
 * stands in double quotes, doubled within. What is left out matches all;
 * fix_plan_target gives the word that names one plan exactly.
 */
#ifndef PGREPUP_FIX_H
#define PGREPUP_FIX_H

#include "check.h"
#include "op.h"

struct fix;

struct fix_plan {
	const struct fix *fix;
	enum side side;
	char *database; /* NULL: cluster-wide */
	char *schema;	/* of a table; NULL otherwise */
	char *object;	/* table ...; NULL: the check itself */
	char *variant;	/* which remedy ("index", "column" ...); NULL: the only */
	char *choices;	/* all remedies that would do: "unique column", or NULL */
	char *sql;	/* exactly what will run; NULL: nothing can be done */
	char *cost;	/* rows, bytes, lock, rewrite, reload, restart */
	char *undo;	/* how it is undone: a sentence */
	char *reason;	/* why nothing is to run (sql is NULL) */
	long long rewrite_bytes; /* 0: no rewrite */
	bool restart;
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

struct fix_target {
	char *text; /* as given */
	char *check;
	enum side side;	   /* SIDE_NONE: any */
	char *names[3];	   /* database, schema, object; NULL: any */
	char *variant;	   /* NULL: any, and what is proposed */
	bool matched;
};

struct fix_targets {
	struct fix_target *items;
	size_t n;
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
		     const struct fix_targets *targets, struct fix_list *list,
		     struct err *err);
	/* Does it, with lock_timeout and retry, records it in the registry. */
	bool (*apply)(struct op *op, const struct fix_plan *plan,
		      struct err *err);
};

extern const struct fix fixes[];
extern const size_t n_fixes;

/* Is there a fix for that check? */
bool fix_exists(const char *check);
/* The new item is zeroed; its texts are owned by the list. */
struct fix_plan *fix_list_add(struct fix_list *list);
void fix_list_release(struct fix_list *list);

/* The word that names this plan; the caller frees it. */
char *fix_plan_target(const struct fix_plan *plan);
/* ERR_USAGE for a word that is no target. */
bool fix_targets_parse(struct fix_targets *targets,
		       const struct text_list *words, struct err *err);
/* The target that means the plan's object (whatever the variant), or NULL. */
struct fix_target *fix_targets_match(const struct fix_targets *targets,
				     const struct fix_plan *plan);
void fix_targets_release(struct fix_targets *targets);

#endif
