/* SPDX-License-Identifier: PostgreSQL */
/* The schema of a database of the source, as pg_dump writes it. */
#include "restore.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "tools.h"

/* How long pg_dump waits for a table that somebody holds, and how often. */
#define LOCK_WAIT "--lock-wait-timeout=20000"
#define DUMP_TRIES 5

/* Somebody holds a table of the source: pg_dump ends, and may try again. */
static bool
is_lock_timeout(const struct strbuf *messages)
{
	return strstr(messages->text, "lock timeout") ||
	       strstr(messages->text, "statement timeout");
}

bool
restore_dump(struct op *op, const char *database, const char *section,
	     const char *snapshot, struct strbuf *script, struct err *err)
{
	char *section_arg = mem_printf("--section=%s", section);
	char *snapshot_arg = mem_printf("--snapshot=%s",
					snapshot ? snapshot : "");
	const char *const args[] = {
		"--schema-only",
		section_arg,
		"--encoding=UTF8",
		LOCK_WAIT,
		"--exclude-schema=pgrepup",
		"--exclude-schema=pglogical",
		"--exclude-schema=pglogical_origin",
		snapshot ? snapshot_arg : NULL,
		NULL,
	};
	struct strbuf messages = STRBUF_INIT;
	struct err failed = ERR_INIT;
	bool ok = false;
	int i;

	for (i = 0; !ok && i < DUMP_TRIES; i++) {
		err_release(&failed);
		strbuf_reset(&messages);
		strbuf_reset(script);
		ok = tools_run(op, "pg_dump", SIDE_SOURCE, database, args, NULL,
			       script, &messages, &failed);
		if (!ok && !is_lock_timeout(&messages))
			break;
	}
	if (!ok) {
		err_at(&failed, "source database \"%s\"", database);
		err_move(err, &failed);
	}
	strbuf_release(&messages);
	free(section_arg);
	free(snapshot_arg);
	return ok;
}
