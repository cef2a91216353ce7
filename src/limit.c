/* SPDX-License-Identifier: PostgreSQL */
/*
 * The limits at which a server refuses to start. Those of settings were tried
 * on 10 to 18. Not here is what SQL cannot tell: memory, huge pages, and the
 * semaphores of System V that servers before 10 take.
 */
#include "limit.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mem.h"

enum level { LEVEL_MINIMAL, LEVEL_REPLICA, LEVEL_LOGICAL };

#define PROCESSES "max_connections", "max_worker_processes"

const struct limit limits[] = {
	{
		.last = 109999,
		.kind = LIMIT_BELOW,
		.terms = {"superuser_reserved_connections"},
		.bound = "max_connections",
		.where = "postmaster.c, PostmasterMain",
	},
	{
		.last = 109999,
		.kind = LIMIT_BELOW,
		.terms = {"max_wal_senders"},
		.bound = "max_connections",
		.where = "postmaster.c, PostmasterMain",
	},
	{
		.first = 110000,
		.last = 119999,
		.kind = LIMIT_BELOW,
		.terms = {"superuser_reserved_connections", "max_wal_senders"},
		.bound = "max_connections",
		.where = "postmaster.c, PostmasterMain",
	},
	/* From here on walsenders are apart from connections. */
	{
		.first = 120000,
		.last = 159999,
		.kind = LIMIT_BELOW,
		.terms = {"superuser_reserved_connections"},
		.bound = "max_connections",
		.where = "postmaster.c, PostmasterMain",
	},
	{
		.first = 160000,
		.kind = LIMIT_BELOW,
		.terms = {"superuser_reserved_connections",
			  "reserved_connections"},
		.bound = "max_connections",
		.where = "postmaster.c, PostmasterMain",
	},
	/* MAX_BACKENDS: 23 bits, 18 from 9.6 on, less the launcher's own. */
	{
		.last = 90599,
		.kind = LIMIT_MOST,
		.terms = {PROCESSES, "autovacuum_max_workers"},
		.most = 0x7fffff - 1,
		.where = "postinit.c, InitializeMaxBackends",
	},
	{
		.first = 90600,
		.last = 119999,
		.kind = LIMIT_MOST,
		.terms = {PROCESSES, "autovacuum_max_workers"},
		.most = 0x3ffff - 1,
		.where = "postinit.c, InitializeMaxBackends",
	},
	{
		.first = 120000,
		.last = 179999,
		.kind = LIMIT_MOST,
		.terms = {PROCESSES, "max_wal_senders",
			  "autovacuum_max_workers"},
		.most = 0x3ffff - 1,
		.where = "postinit.c, InitializeMaxBackends",
	},
	{
		.first = 180000,
		.kind = LIMIT_MOST,
		.terms = {PROCESSES, "max_wal_senders",
			  "autovacuum_worker_slots"},
		.most = 0x3ffff - 2,
		.where = "postinit.c, InitializeMaxBackends",
	},
	{
		.kind = LIMIT_LEVEL,
		.terms = {"archive_mode"},
		.bound = "wal_level",
		.most = LEVEL_REPLICA,
		.where = "postmaster.c, PostmasterMain",
	},
	{
		.kind = LIMIT_LEVEL,
		.terms = {"max_wal_senders"},
		.bound = "wal_level",
		.most = LEVEL_REPLICA,
		.where = "postmaster.c, PostmasterMain",
	},
	{
		.first = 170000,
		.kind = LIMIT_LEVEL,
		.terms = {"summarize_wal"},
		.bound = "wal_level",
		.most = LEVEL_REPLICA,
		.where = "postmaster.c, PostmasterMain",
	},
	{
		.kind = LIMIT_LEVEL,
		.terms = {"logical replication slots"},
		.bound = "wal_level",
		.most = LEVEL_LOGICAL,
		.where = "slot.c, RestoreSlotFromDisk",
	},
	{
		.kind = LIMIT_LEVEL,
		.terms = {"physical replication slots"},
		.bound = "wal_level",
		.most = LEVEL_REPLICA,
		.where = "slot.c, RestoreSlotFromDisk",
	},
	{
		.kind = LIMIT_WITHIN,
		.terms = {"replication slots"},
		.bound = "max_replication_slots",
		.where = "slot.c, RestoreSlotFromDisk",
	},
	{
		.first = 90500,
		.last = 179999,
		.kind = LIMIT_WITHIN,
		.terms = {"replication origins"},
		.bound = "max_replication_slots",
		.where = "origin.c, StartupReplicationOrigin",
	},
	{
		.first = 180000,
		.kind = LIMIT_WITHIN,
		.terms = {"replication origins"},
		.bound = "max_active_replication_origins",
		.where = "origin.c, StartupReplicationOrigin",
	},
	{
		.kind = LIMIT_WITHIN,
		.terms = {"prepared transactions"},
		.bound = "max_prepared_transactions",
		.where = "twophase.c, MarkAsPreparing",
	},
};
const size_t n_limits = LENGTH_OF(limits);

bool
limit_holds(const struct limit *limit, int version)
{
	return version >= limit->first &&
	       (limit->last == 0 || version <= limit->last);
}

bool
limit_has(const struct limit *limit, const char *setting)
{
	size_t i;

	for (i = 0; i < LIMIT_TERMS && limit->terms[i]; i++)
		if (strcmp(limit->terms[i], setting) == 0)
			return true;
	return limit->bound && strcmp(limit->bound, setting) == 0;
}

bool
limits_bound(int version, const char *term, const char *bound)
{
	size_t i;

	for (i = 0; i < n_limits; i++)
		if (limit_holds(&limits[i], version) && limits[i].bound &&
		    strcmp(limits[i].bound, bound) == 0 &&
		    limit_has(&limits[i], term))
			return true;
	return false;
}

/* --- values ------------------------------------------------------------- */

static bool
word_is_in(const char *word, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcasecmp(word, list[i]) == 0)
			return true;
	return false;
}

/* A number, or 1 for what is on. */
static long long
number(const char *text)
{
	static const char *const off[] = {"off", "false", "no", "f", "n", "of"};
	long long n;

	if (word_is_in(text, off, LENGTH_OF(off)))
		return 0;
	if (!strchr("0123456789-+ ", *text))
		return 1;
	/* Settings have 32 bits, whatever a server answers. */
	n = strtoll(text, NULL, 0);
	return n > INT_MAX ? INT_MAX : n < INT_MIN ? INT_MIN : n;
}

static enum level
level(const char *word)
{
	/* the names that 9.4 and 9.5 know are still taken */
	static const char *const replica[] = {"replica", "archive",
					      "hot_standby"};

	if (strcasecmp(word, "logical") == 0)
		return LEVEL_LOGICAL;
	return word_is_in(word, replica, LENGTH_OF(replica)) ? LEVEL_REPLICA
							     : LEVEL_MINIMAL;
}

/* False when one of them is not known. */
static bool
sum(const struct limit *limit, const struct restart *r, long long *n)
{
	const char *text;
	size_t i;

	*n = 0;
	for (i = 0; i < LIMIT_TERMS && limit->terms[i]; i++) {
		text = restart_value(r, limit->terms[i]);
		if (!text)
			return false;
		*n += number(text);
	}
	return true;
}

bool
limit_is_broken(const struct limit *limit, const struct restart *r)
{
	const char *bound = limit->bound ? restart_value(r, limit->bound)
					 : NULL;
	long long n;

	if (!limit_holds(limit, restart_version(r)) || !sum(limit, r, &n) ||
	    (limit->bound && !bound))
		return false;
	switch (limit->kind) {
	case LIMIT_BELOW:
		return n >= number(bound);
	case LIMIT_WITHIN:
		return n > number(bound);
	case LIMIT_MOST:
		return n > limit->most;
	case LIMIT_LEVEL:
		return n > 0 && (long long)level(bound) < limit->most;
	}
	return false;
}

/* --- in words ----------------------------------------------------------- */

void
limit_say(const struct limit *limit, const struct restart *r,
	  struct strbuf *sb)
{
	static const char *const verbs[] = {
		[LIMIT_BELOW] = " must be less than ",
		[LIMIT_WITHIN] = " must not be more than ",
		[LIMIT_MOST] = " must not be more than ",
		[LIMIT_LEVEL] = " must not go with ",
	};
	size_t i;

	for (i = 0; i < LIMIT_TERMS && limit->terms[i]; i++)
		strbuf_addf(sb, "%s%s (%s)", i > 0 ? " plus " : "",
			    limit->terms[i],
			    restart_value(r, limit->terms[i]));
	strbuf_add(sb, verbs[limit->kind]);
	if (limit->bound)
		strbuf_addf(sb, "%s (%s)", limit->bound,
			    restart_value(r, limit->bound));
	else
		strbuf_addf(sb, "%lld", limit->most);
}

char *
limit_least(const struct limit *limit, const struct restart *r)
{
	long long n;

	if (!limit->bound || !sum(limit, r, &n))
		return NULL;
	if (limit->kind == LIMIT_LEVEL && limit->most == LEVEL_LOGICAL)
		return mem_strdup("logical");
	if (limit->kind == LIMIT_LEVEL)
		return mem_strdup(restart_version(r) < 90600 ? "hot_standby"
							     : "replica");
	return mem_printf("%lld", limit->kind == LIMIT_BELOW ? n + 1 : n);
}

char *
limit_hint(const struct limit *limit, const struct restart *r)
{
	char *least = limit_least(limit, r), *hint;

	if (!least)
		return mem_strdup("lower one of them by ALTER SYSTEM");
	if (restart_fixed(r, limit->bound))
		hint = mem_printf("%s is given on the server's command line: "
				  "make it %s%s there",
				  limit->bound, least,
				  limit->kind == LIMIT_LEVEL ? "" : " or more");
	else
		hint = mem_printf("run on that server: ALTER SYSTEM SET %s = "
				  "'%s'",
				  limit->bound, least);
	free(least);
	return hint;
}
