/* SPDX-License-Identifier: PostgreSQL */
/*
 * What each setting of the servers must be for this upgrade. One place for
 * the check that judges it, the fix that sets it and the undo that puts it
 * back, so that they cannot disagree. What is not enough is KO.
 */
#ifndef PGREPUP_NEEDS_H
#define PGREPUP_NEEDS_H

#include <stdbool.h>
#include <stddef.h>

#include "endpoint.h"
#include "err.h"
#include "op.h"
#include "strbuf.h"

enum need_kind {
	NEED_WORD,     /* exactly that word */
	NEED_AT_LEAST, /* a number, at least */
	NEED_IN_LIST,  /* a list of names that must hold that one */
};

/* What is in use on one server; ours are those of this upgrade. */
struct need_counts {
	long long databases;	/* of the upgrade */
	long long connectable;	/* on that server, once all are made there */
	long long slots;	/* foreign ones */
	long long senders;	/* foreign ones */
	long long workers;	/* background workers that replicate nothing */
	long long appliers;	/* foreign subscriptions' workers */
	long long origins;	/* foreign ones */
	long long standbys;	/* physical ones that are connected now */
};

struct need {
	const char *setting;
	const char *check; /* id of the check that judges it */
	int sides;	   /* ON_... of check.h */
	const char *mechanism; /* only under this one; NULL: any */
	enum need_kind kind;
	const char *word; /* of NEED_WORD and NEED_IN_LIST */
	/* of NEED_AT_LEAST */
	long long (*least)(const struct need_counts *counts, enum side side,
			   int version);
	/* A hot standby with less stops when the primary has more. */
	bool standbys_first;
	/* Without least: as much as the limits of a restart want when that
	 * setting is what it must be; needed only where they bound it so. */
	const char *bounds;
	const char *why; /* that it must be so: a sentence, or NULL */
};

extern const struct need needs[];
extern const size_t n_needs;

/* The setting's row, under that mechanism where it has several; or NULL. */
const struct need *need_find(const char *setting,
			     const struct mechanism *mechanism);

/* A need as it stands on one server. */
struct need_found {
	const struct need *need;
	bool exists;	 /* this server has such a setting, and needs it */
	bool enough;	 /* in force now */
	bool enough_next; /* in the files: in force after a restart */
	bool restart;	 /* a change needs a restart, not only a reload */
	bool fixed;	 /* given on the server's command line */
	long long least; /* of NEED_AT_LEAST */
	long long standbys; /* physical standbys connected, where it matters */
	char *current;	 /* the value in force */
	char *next;	 /* the value in the files; NULL: not readable */
	char *next_other; /* the same without ALTER SYSTEM */
	char *altered;	 /* the value of ALTER SYSTEM; NULL: none */
	char *needed;	 /* for people: "logical", "at least 12", ... */
	char *value;	 /* what to set it to when it is not enough */
};

/*
 * Asks one server (pg: a connection of it). op->databases must have been
 * read. found is to be released whatever the result.
 */
bool need_judge(struct op *op, struct pg *pg, const struct need *need,
		struct need_found *found, struct err *err);
/* Only what is there (exists to altered), without judging it. */
bool need_read(struct pg *pg, const struct need *need,
	       struct need_found *found, struct err *err);
void need_found_release(struct need_found *found);

/* The counts alone, for a server. */
bool need_count(struct op *op, struct pg *pg, struct need_counts *counts,
		struct err *err);

/* "ALTER SYSTEM SET ..." with a list as a list; value NULL: DEFAULT. */
void need_alter_sql(const struct need *need, const char *value,
		    struct strbuf *sql);
/* Do both texts mean the same value? NULL is no value. */
bool need_same(const struct need *need, const char *a, const char *b);
/* Would that value do? */
bool need_satisfied(const struct need *need, const char *value,
		    long long least);


/* A list setting in its items: 'a, "b c"' -> a; b c. */
struct text_list need_list_parse(const char *value);

#endif
