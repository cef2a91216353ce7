/* SPDX-License-Identifier: PostgreSQL */
/*
 * Restoring a schema: the script that pg_restore writes for a section, cut
 * into its entries, each run in a transaction of its own together with a row
 * that says so (pgrepup.restored of the destination database). So an entry is
 * run exactly once however often the restore is interrupted, an error names
 * its object, and the entries of post-data can run in parallel.
 *
 * The script is cut at pg_dump's own "-- Name: ...; Type: ..." comments, found
 * outside of quotes only. What they say is for people: names in it can say
 * anything, so what an entry is tells its first statement (statement.h).
 * Statements are never taken apart, but for options that no other release
 * knows (internal_option.h).
 */
#ifndef PGREPUP_RESTORE_H
#define PGREPUP_RESTORE_H

#include "err.h"
#include "op.h"
#include "statement.h"
#include "strbuf.h"

struct restore_entry {
	/* For people, as pg_dump's heading shows them: */
	char *type;   /* "TABLE", "INDEX", "FK CONSTRAINT" ... */
	char *schema; /* "-" when it has none */
	char *name;
	struct statement about; /* its first statement */
	char *sql;    /* with the default_... settings that hold for it */
	char *key;    /* names the entry in pgrepup.restored */
};

struct restore_script {
	char *preamble; /* the SET lines at the top, run once a session */
	struct restore_entry *entries;
	size_t n;
	size_t alloc;
};

/*
 * Cuts the text (what comes before the first entry is preamble). Fails, and
 * leaves the script empty, when it is not what a pg_dump of our days writes to
 * its end. Entries of pgrepup itself and of the mechanisms (their extensions,
 * schemas) are left out, publications and subscriptions of whomever too.
 */
bool restore_parse(const char *text, struct restore_script *script,
		   struct err *err);
/* Only the publications, without pgrepup's own. */
bool restore_parse_publications(const char *text,
				struct restore_script *script,
				struct err *err);
/* Makes it a CHECK that all rows of a table or a domain must pass? */
bool restore_is_check(const struct restore_entry *e);
void restore_script_release(struct restore_script *script);

/*
 * Dumps the schema of one database of the source with the configured pg_dump
 * and returns the script of a section ("pre-data", "post-data") for
 * restore_parse. snapshot may be NULL.
 */
bool restore_dump(struct op *op, const char *database, const char *section,
		  const char *snapshot, struct strbuf *script,
		  struct err *err);

struct restore_result {
	size_t done;	/* now */
	size_t skipped; /* were done before */
	size_t failed;
};

/*
 * Runs the entries that are not yet done in that database of the destination:
 * in order on one connection for streams <= 1, else phase by phase (keys,
 * indexes, constraints, triggers ...) on that many connections. Each error is
 * said to the journal with its object; false when there was any. progress
 * (may be NULL) is called after each entry, one at a time. The registry of
 * that database must be open. Run again, it goes on with what is not done.
 */
bool restore_apply(struct op *op, const char *database,
		   const struct restore_script *script, size_t streams,
		   void (*progress)(void *arg, const struct restore_entry *e),
		   void *arg, struct restore_result *result, struct err *err);

#endif
