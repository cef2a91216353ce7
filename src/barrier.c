/* SPDX-License-Identifier: PostgreSQL */
/* Barriers that travel from a source database to the destination's. */
#include "barrier.h"

#include <stdlib.h>

#include "advice.h"
#include "mem.h"
#include "registry.h"

#define LOOK_EVERY 0.1

/* Nothing is written into a table that might call what is another's. */
static bool
need_registry(struct pg *source, struct err *err)
{
	bool exists;

	if (!registry_exists(source, &exists, err))
		return false;
	if (exists)
		return true;
	err_set(err, ERR_STATE, "schema \"pgrepup\" is gone from the source");
	err_at(err, "source database \"%s\"", pg_dbname(source));
	advice_hint_anew(err, pg_dbname(source));
	return false;
}

/*
 * An acknowledged commit with synchronous_commit off may lie beyond
 * pg_current_wal_lsn(), which is what has been written. A synchronous commit
 * after it has written all before itself. Locally: a standby that is gone must
 * not hold us up.
 */
bool
barrier_write(struct pg *source, char **n, struct err *err)
{
	*n = NULL;
	if (need_registry(source, err) && pg_begin(source, err) &&
	    pg_run(source, "SET LOCAL synchronous_commit = 'local'", NULL,
		   err) &&
	    pg_ask(source, "barrier_lock", PG_NONE, NULL, err) &&
	    (*n = pg_ask_value(source, "barrier_write", PG_NONE, err)) &&
	    pg_commit(source, err))
		return true;
	pg_rollback(source);
	free(*n);
	*n = NULL;
	return false;
}

bool
barrier_begin(struct pg *destination, const char *n, struct err *err)
{
	return pg_ask(destination, "barrier_begin", PG_BIND(n), NULL, err);
}

void
barriers_release(struct barriers *b)
{
	free(b->between);
	*b = (struct barriers){.last = 0};
}

bool
barriers_read(struct pg *destination, struct barriers *b, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	const char *before, *after;

	barriers_release(b);
	if (!pg_ask(destination, "barrier_read", PG_NONE, &rows, err))
		return false;
	if (rows.n_rows > 0) {
		b->last = rowset_int(&rows, 0, "last");
		b->missing = rowset_int(&rows, 0, "missing");
		before = rowset_get(&rows, 0, "before");
		after = rowset_get(&rows, 0, "after");
		if (b->missing > 0 && after)
			b->between =
				before ? mem_printf("between %s and %s", before,
						    after)
				       : mem_printf("before %s", after);
	}
	rowset_release(&rows);
	return true;
}

bool
barriers_refuse_gap(const struct barriers *b, const char *database,
		    struct err *err)
{
	if (b->missing == 0)
		return true;
	err_set(err, ERR_NEGATIVE,
		"changes of database \"%s\" were lost on their way", database);
	err_detail(err,
		   "Barrier %lld of the source has not arrived, and later ones "
		   "have: what was committed %s may be missing. Somebody else "
		   "has read the replication slot or moved it on, or the "
		   "destination was put back to what it had been.",
		   b->missing, b->between ? b->between : "then");
	advice_hint_anew(err, database);
	return false;
}

bool
barriers_wait(struct pg *destination, const char *n, double seconds,
	      const struct interrupt *interrupt, bool *arrived,
	      struct err *err)
{
	double end = clock_now() + seconds;
	struct barriers b = {.last = 0};
	long long wanted = strtoll(n, NULL, 10);
	bool ok;

	for (;;) {
		ok = barriers_read(destination, &b, err);
		*arrived = ok && b.last >= wanted;
		if (!ok || *arrived || clock_now() > end ||
		    !(ok = interrupt_sleep(interrupt, LOOK_EVERY, err)))
			break;
	}
	ok = ok && barriers_refuse_gap(&b, pg_dbname(destination), err);
	barriers_release(&b);
	return ok;
}
