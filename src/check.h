/* SPDX-License-Identifier: PostgreSQL */
/*
 * Checks: rows with a title, where they run, a function that reports findings,
 * a hint and, where one exists, a fix (fix.h, by the check's id). To add one,
 * see "Adding" in doc/architecture.md.
 */
#ifndef PGREPUP_CHECK_H
#define PGREPUP_CHECK_H

#include "op.h"
#include "target.h"

enum check_status {
	CHECK_OK,
	CHECK_KO,
	CHECK_WARN,
	CHECK_SKIP,
	CHECK_IGNORED, /* KO or WARN, and a person lives with it (ignore.h) */
};

/* One answer of a check. Texts are borrowed until check_report returns. */
struct finding {
	enum check_status status;
	const char *title;    /* NULL: the row's */
	const char *database; /* NULL: the one that is checked, if any */
	const char *schema;   /* of the object, where it has one */
	const char *object;   /* "fish"; NULL for the thing itself */
	const char *current; /* what was found */
	const char *needed;  /* what must be */
	const char *hint;    /* NULL: the row's */
	bool fixable;	     /* pgrepup fix can do it */
	const char *remedy;  /* only under that name (=REMEDY); or NULL */
	bool restart;	     /* the fix needs a restart of the server */
	bool fixed;	     /* pgrepup fixed it, and can undo that */
	const char *fix_sql; /* what fix would run, for display; or NULL */
};

enum check_scope {
	CHECK_LOCAL,	/* this machine; once */
	CHECK_CLUSTER,	/* once a side, in the connect database */
	CHECK_DATABASE, /* once a database of a side, where it is there */
	/* once a database of the destination, there or not yet: other_pg is
	 * connected to the source's */
	CHECK_CARRIED,
};

#define ON_SOURCE 1
#define ON_DESTINATION 2
#define ON_BOTH (ON_SOURCE | ON_DESTINATION)

/* Flags of a check. */
/* Its silence is not told as OK: often there is nothing to judge. What it
 * judges it can call OK itself, as settings do. */
#define CHECK_QUIET 1
#define CHECK_NEEDS_OTHER 2 /* skipped while the other side does not answer */
#define CHECK_ALSO_WARNS 4  /* firm in its KO alone: a WARN can be ignored */

struct change_list;
struct check;
struct check_found; /* of check.c: what one thread has found */

/* What a running check sees; one a thread. */
struct check_at {
	struct op *op;
	const struct check *check;
	struct cluster *cluster; /* NULL for CHECK_LOCAL */
	struct cluster *other;	 /* the other side; its pg is only for checks
				    of CHECK_CLUSTER, and may be NULL */
	struct pg *pg;		 /* connection to use; NULL for local */
	struct pg *other_pg;	 /* to the same on the other side; or NULL */
	const struct database *db; /* of the database that is checked */
	/* extensions that the destination has; NULL: not known */
	const struct rowset *available;
	const struct change_list *changes; /* what pgrepup did there; or NULL */
	struct check_found *found;
};

struct check {
	const char *id;
	const char *title;
	int sides;		  /* ON_...; 0 for local */
	enum check_scope scope;
	int flags;		  /* CHECK_QUIET ... */
	const char *mechanism;	  /* only under this one; NULL: any */
	/* false with err: could not be found out (shown as KO) */
	bool (*run)(const struct check_at *at, struct err *err);
	/* What to do when it is KO or WARN; a finding's own, which those of
	 * settings have, is told in its place. */
	const char *hint;
	/* Why it cannot be ignored, as the end of a sentence: what loses data
	 * or makes setup or start fail. NULL: it can. */
	const char *firm;
};

/* All rows in the order in which they are shown; NULL past the last. */
const struct check *check_nth(size_t i);
/* Number of the row of that id, of a database's where there is one and that is
 * asked for; past the last when there is none. */
size_t check_rank(const char *id, bool of_database);
/* The first row of that id, or NULL. */
const struct check *check_find(const char *id);
/*
 * Says one finding (any thread). A check that reports nothing is OK; one that
 * reports a KO or WARN gets no additional OK line.
 */
void check_report(const struct check_at *at, const struct finding *finding);
/* The same with a text made by printf as "current"; hint NULL: the row's. */
void check_say(const struct check_at *at, enum check_status status,
	       const char *object, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* "pgrepup fix 'CHECK@SIDE:DATABASE.SCHEMA.TABLE'", quoted for a shell; the
 * caller frees it. */
char *check_fix_command(const struct check_at *at, const char *schema,
			const char *object);
const char *check_status_name(enum check_status status);

struct check_counts {
	int ok, ko, warn, skip, ignored;
};

/*
 * Runs the checks that targets name (none, or NULL: all), and says every
 * finding to the journal as "check" records; "group" records say what is
 * going to be looked at. True when it could be done; counts say the result.
 * Used by the check operation and as the first step of setup.
 */
bool check_all(struct op *op, const struct targets *targets,
	       struct check_counts *counts, struct err *err);

#endif
