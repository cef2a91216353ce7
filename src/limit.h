/* SPDX-License-Identifier: PostgreSQL */
/*
 * What keeps a server from starting: limits that settings set each other, and
 * what is on disk sets them. One table, with where PostgreSQL has each.
 */
#ifndef PGREPUP_LIMIT_H
#define PGREPUP_LIMIT_H

#include <stdbool.h>
#include <stddef.h>

#include "restart.h"
#include "strbuf.h"

enum limit_kind {
	LIMIT_BELOW,  /* the sum of the terms must be less than the bound */
	LIMIT_WITHIN, /* the same, or as much */
	LIMIT_MOST,   /* the sum of the terms must be at most a number */
	LIMIT_LEVEL,  /* a term that is on wants a wal_level */
};

#define LIMIT_TERMS 4

struct limit {
	int first, last; /* server versions; last 0: to the newest */
	enum limit_kind kind;
	/* settings, or facts of restart_facts.sql */
	const char *terms[LIMIT_TERMS];
	const char *bound; /* the setting that bounds them; or NULL */
	long long most;	   /* of LIMIT_MOST; of LIMIT_LEVEL the wal_level */
	const char *where; /* in the source of PostgreSQL */
};

extern const struct limit limits[];
extern const size_t n_limits;

/* Does that version have it? */
bool limit_holds(const struct limit *limit, int version);
bool limit_has(const struct limit *limit, const char *setting);
/* Does one setting bound another on that version? */
bool limits_bound(int version, const char *term, const char *bound);
/* What a restart would find; false where a value is not known. */
bool limit_is_broken(const struct limit *limit, const struct restart *r);
/* "max_wal_senders (20) must be less than max_connections (20)" */
void limit_say(const struct limit *limit, const struct restart *r,
	       struct strbuf *sb);
/* The least that the bound must be, or for wal_level its word. The caller
 * frees it; NULL: nothing that could be raised. */
char *limit_least(const struct limit *limit, const struct restart *r);
/* What to do about one that is broken: a sentence without its full stop. The
 * caller frees it. */
char *limit_hint(const struct limit *limit, const struct restart *r);

#endif
