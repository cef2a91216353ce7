/* SPDX-License-Identifier: PostgreSQL */
/*
 * Advisories of minor releases: what they mean for an upgrade, and the release
 * to move to. The rows are data/advisories.def; checks tell those that hold
 * for the servers and client programs at hand.
 */
#ifndef PGREPUP_ADVISORY_H
#define PGREPUP_ADVISORY_H

#include <stdbool.h>
#include <stddef.h>

#include "check.h"
#include "strbuf.h"

#define ADVISORY_RANGES 8

enum advisory_of {
	ADVISORY_SERVER,
	ADVISORY_PGLOGICAL, /* the extension, as a server has its files */
	ADVISORY_CLIENT,    /* pg_dump and its like */
};

/* From first on, before mended; 0: without end. */
struct release_range {
	int first, mended;
};

struct advisory {
	/* Names its finding, so that it can be ignored; stable. NULL where it
	 * is the only one of its check. */
	const char *id;
	const char *check; /* id of the check that tells it */
	enum advisory_of of;
	int sides; /* ON_...; of client programs: of the one they dump */
	const char *mechanism;	 /* only under this one; NULL: any */
	bool standbys_only;	 /* only on a server in recovery */
	enum check_status status;
	struct release_range ranges[ADVISORY_RANGES]; /* until a first of 0 */
	/* The server that it matters with, of that side. None: every one. */
	struct release_range beside[ADVISORY_RANGES];
	const char *means;  /* for people, what to do included */
	const char *source; /* where that stands */
};

extern const struct advisory advisories[];
extern const size_t n_advisories;

/*
 * Is that release concerned, beside a server of that version? Returns the
 * range of it, or NULL. Versions as in server_version_num; of pglogical 20408
 * for 2.4.8.
 */
const struct release_range *advisory_find(const struct advisory *advisory,
					  int version, int beside);
/* "15.20", "9.4.12", and "2.4.8" of pglogical. */
void advisory_release(const struct advisory *advisory, int version,
		      struct strbuf *text);
/*
 * The advisory for which client programs of that version are used in no case,
 * or NULL.
 */
const struct advisory *advisory_refuses_client(int version);
/*
 * The release to move to, "15.20 or later", and whether it is of another major
 * version; nothing when no release mends it.
 */
void advisory_needed(const struct advisory *advisory, int version,
		     const struct release_range *range, struct strbuf *text);

#endif
