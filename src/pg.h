/* SPDX-License-Identifier: PostgreSQL */
/*
 * Connections to PostgreSQL: the only user of libpq, with pg_copy.c.
 *
 * Straight-line calls for the runner: each sends, then waits on the socket and
 * on the interrupt until there is an answer, the statement's deadline has
 * passed, or somebody asked to stop; then the running statement is cancelled
 * on the server. A struct pg belongs to one thread at a time.
 *
 * Every session pins what settings of the database or role could change under
 * us, before anything that they could turn against us is run, and looks that
 * it did: the role that it came in as (so current_user is session_user),
 * DateStyle, IntervalStyle, extra_float_digits, lc_monetary, bytea_output,
 * standard_conforming_strings, an empty search_path, and no statement, lock,
 * idle or transaction timeouts. A superuser's fires no triggers (but those that
 * are ENABLE ALWAYS or REPLICA): an event trigger of the application could
 * refuse what we make, or write rows on the destination that collide with the
 * source's. Set application_name "pgrepup".
 */
#ifndef PGREPUP_PG_H
#define PGREPUP_PG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "endpoint.h"
#include "err.h"
#include "interrupt.h"
#include "rowset.h"

/* The servers that pgrepup knows. */
#define PG_VERSION_OLDEST 90400
#define PG_VERSION_BEYOND 190000 /* the first that it does not know */

struct pg;

enum pg_mode {
	PG_PLAIN,
	/* row_security off: for copying rows and loading schemas */
	PG_LOAD,
	/* a walsender in a database: replication=database */
	PG_REPLICATION,
};

struct pg_options {
	const char *dbname; /* NULL: the endpoint's connect database */
	enum pg_mode mode;
	double connect_timeout; /* seconds; 0: 10 */
	const struct interrupt *interrupt; /* NULL: cannot be interrupted */
	/* "-c NAME=VALUE ..." of a walsender, where no statement can set
	 * them; after those of ep. Or NULL. */
	const char *settings;
};

/* Bound parameters: PG_BIND("a", NULL, "c") or PG_NONE. Text format. */
struct pg_bind {
	size_t n;
	const char *const *values;
};
#define PG_NONE ((struct pg_bind){0})
#define PG_BIND(...)                                                           \
	((struct pg_bind){                                                     \
		.n = sizeof((const char *const[]){__VA_ARGS__}) /              \
		     sizeof(const char *),                                     \
		.values = (const char *const[]){__VA_ARGS__}})

/* NULL on failure: ERR_CONNECT with libpq's message whole, and where; also
 * from a server that is too old. */
struct pg *pg_connect(const struct endpoint *ep, const struct pg_options *opts,
		      struct err *err);
/* Does a server answer there, if only to refuse us? Blocks for seconds. */
bool pg_answers(const struct endpoint *ep);
/* Closes without waiting; NULL is fine. */
void pg_close(struct pg *pg);
/* server_version_num, as 130016. */
int pg_version(const struct pg *pg);
enum side pg_side(const struct pg *pg);
const char *pg_dbname(const struct pg *pg);
const char *pg_user(const struct pg *pg);
int pg_backend_pid(const struct pg *pg);
/* Was a password used, and which SSL protocol ("" for none)? */
bool pg_used_password(const struct pg *pg);
const char *pg_ssl(const struct pg *pg);
/* The address that it really talks to, or the folder of the socket. */
const char *pg_address(const struct pg *pg);
/*
 * A keyword of the connection, as the configuration, a service file or the
 * environment set it; NULL when it is libpq's own default. The caller frees it.
 */
char *pg_option(const struct pg *pg, const char *keyword);
/* Setting that the server reports at login (is_superuser ...), or NULL. */
const char *pg_parameter(const struct pg *pg, const char *name);
/* False once the connection is known to be lost. */
bool pg_is_alive(const struct pg *pg);
/* True between a BEGIN and its end, failed or not. */
bool pg_in_transaction(const struct pg *pg);

/* Longest time for one statement, seconds; 0: no limit. Default 60. Returns
 * what it was so far. */
double pg_set_timeout(struct pg *pg, double seconds);
/* Changes what interrupts the waits: NULL for clean-up that must be done.
 * Returns what did so far. */
const struct interrupt *pg_set_interrupt(struct pg *pg,
					 const struct interrupt *in);
/* Gets notices and warnings; text is borrowed. NULL drops them (default). */
typedef void (*pg_notice_fn)(void *arg, const char *severity,
			     const char *message, const char *detail,
			     const char *hint);
void pg_on_notice(struct pg *pg, pg_notice_fn fn, void *arg);

/*
 * Sends SQL text as it is (one or more statements, simple protocol). rows may
 * be NULL; else gets the last answer's rows, and none when it fails.
 */
bool pg_run(struct pg *pg, const char *sql, struct rowset *rows,
	    struct err *err);
/* One statement with bound parameters. rows may be NULL. */
bool pg_query(struct pg *pg, const char *sql, struct pg_bind bind,
	      struct rowset *rows, struct err *err);
/*
 * The same with a statement of the catalog (data/sql), by name. rows are as
 * its file says: each column there, null only where it may be, else ERR_SERVER.
 */
bool pg_ask(struct pg *pg, const char *name, struct pg_bind bind,
	    struct rowset *rows, struct err *err);
/* The only value of the only row; NULL for none or null (err tells which).
 * The caller frees it. */
char *pg_ask_value(struct pg *pg, const char *name, struct pg_bind bind,
		   struct err *err);

/*
 * For a statement that one waits for while doing something else:
 * pg_start; then pg_wait until *ready; then pg_finish.
 */
bool pg_start(struct pg *pg, const char *sql, struct err *err);
/* Waits up to that many seconds. */
bool pg_wait(struct pg *pg, double seconds, bool *ready, struct err *err);
bool pg_finish(struct pg *pg, struct rowset *rows, struct err *err);
/* Asks the server to cancel what runs; does not wait for it. */
void pg_cancel(struct pg *pg);

bool pg_begin(struct pg *pg, struct err *err);
bool pg_commit(struct pg *pg, struct err *err);
/* Never fails in a way that matters: a lost connection is rolled back too. */
void pg_rollback(struct pg *pg);

/*
 * What ALTER ROLE ... PASSWORD may be given in place of the password: a
 * verifier of the kind that this server keeps. The caller frees it.
 */
char *pg_encrypt_password(struct pg *pg, const struct secret *password,
			  const char *role, struct err *err);

/*
 * Splits a URI or connection string into keywords of ep (password included).
 * False and ERR_CONFIG with libpq's message when it is not one.
 */
bool pg_parse_conninfo(const char *conninfo, struct endpoint *ep,
		       struct err *err);
/* Is that a keyword libpq knows ("sslmode")? */
bool pg_is_keyword(const char *keyword);
/* Major and minor of the libpq in use, as 150018. */
int pg_library_version(void);

#endif
