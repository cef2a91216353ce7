/* SPDX-License-Identifier: PostgreSQL */
/* Locks asked for a moment at a time. */
#include "retry.h"

#include <stdlib.h>

#include "mem.h"

#define RETRY_TIMES 12
#define RETRY_PAUSE 1.0
/* Longest time that others may queue behind us. */
#define RETRY_LOCK_TIMEOUT "SET LOCAL lock_timeout = '500ms'"

static bool
is_worth_retrying(const struct err *err)
{
	return err_is(err, "55P03") || err_is(err, "40P01");
}

static bool
try_once(struct pg *pg, retry_fn fn, void *arg, struct err *err)
{
	if (pg_begin(pg, err) && pg_run(pg, RETRY_LOCK_TIMEOUT, NULL, err) &&
	    fn(pg, arg, err) && pg_commit(pg, err))
		return true;
	pg_rollback(pg);
	return false;
}

bool
retry_locked(struct pg *pg, const struct interrupt *in, retry_fn fn,
	     void *arg, struct err *err)
{
	struct err failed = ERR_INIT;
	int i;

	for (i = 0; i < RETRY_TIMES; i++) {
		err_release(&failed);
		if (i > 0 && !interrupt_sleep(in, RETRY_PAUSE, err))
			return false;
		if (try_once(pg, fn, arg, &failed))
			return true;
		if (!is_worth_retrying(&failed))
			break;
	}
	if (is_worth_retrying(&failed))
		err_hint(&failed,
			 "Other sessions hold locks on it; nothing was "
			 "changed. Try again when they are done.");
	err_move(err, &failed);
	return false;
}

static bool
run_text(struct pg *pg, void *arg, struct err *err)
{
	return pg_run(pg, arg, NULL, err);
}

bool
retry_sql(struct pg *pg, const struct interrupt *in, const char *sql,
	  struct err *err)
{
	char *text = mem_strdup(sql);
	bool ok = retry_locked(pg, in, run_text, text, err);

	free(text);
	return ok;
}
