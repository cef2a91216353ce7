/* SPDX-License-Identifier: PostgreSQL */
/*
 * What a server would find at its next start, and whether it comes up with
 * that: every setting as it stands in the files now, whoever wrote it, and
 * the limits of limit.c.
 *
 *	struct restart r;
 *	ok = restart_read(pg, &r, err);
 *	why = ok ? restart_change(&r, "max_wal_senders", "18", RESTART_STARTS)
 *		 : NULL;
 *	restart_release(&r);
 */
#ifndef PGREPUP_RESTART_H
#define PGREPUP_RESTART_H

#include <stdbool.h>
#include <stddef.h>

#include "conf.h"
#include "err.h"
#include "op.h"
#include "pg.h"
#include "rowset.h"

/* Values that differ from those of the server; zeroed to begin with. */
struct restart_changes {
	struct text_list names;
	struct text_list values; /* "" : without ALTER SYSTEM */
};

struct restart {
	int version;
	bool files; /* they may be read; false: the running values instead */
	struct rowset settings;
	struct rowset facts;  /* what is on disk; no row: not to be seen */
	struct rowset errors; /* lines that no server starts with */
	struct rowset pending; /* names of what a restart would change */
	struct restart_changes changes;
};

/* r is to be released whatever the result. */
bool restart_read(struct pg *pg, struct restart *r, struct err *err);
void restart_release(struct restart *r);
int restart_version(const struct restart *r);
/* Is that setting given on the server's command line? */
bool restart_fixed(const struct restart *r, const char *name);
/* A setting, or a fact, as it would be; NULL: not known. Borrowed. */
const char *restart_value(const struct restart *r, const char *name);
/* value NULL: what there is without ALTER SYSTEM. */
void restart_set(struct restart *r, const char *name, const char *value);
/* The same for a list of them, kept by a caller over several reads. */
void restart_changes_add(struct restart_changes *changes, const char *name,
			 const char *value);
void restart_apply(struct restart *r, const struct restart_changes *changes);
void restart_changes_release(struct restart_changes *changes);

enum restart_wanted {
	RESTART_NO_WORSE, /* the change must not be what is in the way */
	RESTART_STARTS,	  /* the server must come up, or be nearer to it */
};

struct limit;

/*
 * Makes a change (restart_set). NULL when it may be, else why it may not, as
 * the end of a sentence, which the caller frees. *limit (may be NULL): the one
 * that is broken; NULL when it is none but a line of a file.
 */
char *restart_change(struct restart *r, const char *name, const char *value,
		     enum restart_wanted wanted, const struct limit **limit);
/*
 * Can the server load the libraries of that list, but for those of the other?
 * In a session of its own, which goes with whatever it loaded.
 */
bool restart_loads(struct op *op, enum side side, const char *libraries,
		   const char *but, struct err *err);
/* A line of a file that no server starts with. The caller frees it. */
char *restart_error(const struct restart *r, size_t i);
/* The least that a setting must be for what it bounds; 0: it bounds nothing
 * on this version. */
long long restart_least(const struct restart *r, const char *bound);

#endif
