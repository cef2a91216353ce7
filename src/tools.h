/* SPDX-License-Identifier: PostgreSQL */
/*
 * The client programs of PostgreSQL and the private folder they work in.
 */
#ifndef PGREPUP_TOOLS_H
#define PGREPUP_TOOLS_H

#include "err.h"
#include "op.h"

/* Those that are needed; NULL-terminated. */
extern const char *const tools_programs[];

/*
 * Path of a program ("pg_dump") that fits: of conf->bin_dir, else found in
 * PATH and the usual places; at least of the given major version, the nearest
 * to it, its newest minor. Caller frees. ERR_CONFIG names what was looked at.
 * version (may be NULL) gets its version as 170011.
 */
char *tools_find(const struct conf *conf, const char *program, int major,
		 int *version, struct err *err);

/* A private folder; the lock on it tells that its run lives. */
struct tools_tmp {
	char *path; /* NULL: none */
	int fd;
};

/* A 0700 folder in conf->tmp_dir. */
bool tools_tmp_new(struct op *op, struct tools_tmp *tmp, struct err *err);
/* Removes it with all that is in it. */
void tools_tmp_release(struct tools_tmp *tmp);
/* Removes what killed runs have left there: passwords may be in it. */
void tools_tmp_sweep(const struct conf *conf);

/*
 * Runs a client program against a database of a side (NULL: the connect
 * database; SIDE_NONE: without a connection). The password travels in a 0600
 * pgpass file in a private folder that is gone afterwards. The program is at
 * least of the destination's major version. args is NULL-terminated, without
 * the program. output_path, out and messages as in child_run.
 */
bool tools_run(struct op *op, const char *program, enum side side,
	       const char *database, const char *const *args,
	       const char *output_path, struct strbuf *out,
	       struct strbuf *messages, struct err *err);

#endif
