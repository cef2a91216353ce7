/* SPDX-License-Identifier: PostgreSQL */
/*
 * Child programs (pg_dump and friends): started without a shell, in the C
 * locale, with everything they say kept. Passwords reach them through a
 * pgpass file in a private folder (see tools.h), never argv or environment.
 */
#ifndef PGREPUP_CHILD_H
#define PGREPUP_CHILD_H

#include <stdbool.h>

#include "err.h"
#include "interrupt.h"
#include "strbuf.h"

struct child {
	const char *const *argv;     /* NULL-terminated; argv[0] is the path */
	/* "NAME=value" to add; NULL-terminated or NULL. PG* of our own
	 * environment are removed. */
	const char *const *env;
	const char *output_path;     /* stdout into this file, 0600; or NULL */
	const struct interrupt *interrupt;
	double timeout;		     /* seconds; 0: none */
};

/*
 * Runs it to its end. out (may be NULL) gets stdout unless output_path is
 * given; messages (may be NULL) gets stderr, of very much its beginning and its
 * end. False when it could not be started, ended by a signal, with another
 * status than 0 (message: the last line of stderr, detail: the rest), or was
 * interrupted: it is then asked to end, with all that it has started, after a
 * while killed, and after another no more waited for.
 */
bool child_run(const struct child *child, struct strbuf *out,
	       struct strbuf *messages, struct err *err);

#endif
