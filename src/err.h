/* SPDX-License-Identifier: PostgreSQL */
/*
 * What failed, in PostgreSQL's form: message, detail, hint, and where.
 *
 * A function that can fail returns bool and takes a struct err last. The error
 * is set once, where the fact is known, passed up untouched (a caller may add
 * the place with err_at) and shown once, in a face. A struct err starts as
 * ERR_INIT and is given back with err_release; setting one that is already set
 * is ignored, so that the first cause is what the user sees.
 */
#ifndef PGREPUP_ERR_H
#define PGREPUP_ERR_H

#include <stdbool.h>

/* The classes of failure; each has one exit status (see err_exit_status). */
enum err_kind {
	ERR_NONE,
	ERR_NEGATIVE,  /* the answer is no: a check is KO */
	ERR_USAGE,     /* wrong words on the command line */
	ERR_CONFIG,    /* configuration missing, invalid or locked */
	ERR_CONNECT,   /* cannot connect, or connection lost */
	ERR_SERVER,    /* a server refused a statement */
	ERR_STATE,     /* wrong moment: not set up yet, lock held */
	ERR_STOPPED,   /* stopped half-way; run again to resume */
	ERR_SYSTEM,    /* this machine: file, child program, memory */
};

struct err {
	enum err_kind kind;
	char sqlstate[6]; /* "" when no server said it */
	char *message;
	char *detail;
	char *hint;
	char *where; /* "source database \"app\"", NULL when it is plain */
};

#define ERR_INIT                                                               \
	{                                                                      \
		.kind = ERR_NONE                                               \
	}

#define ERR_FORMAT(f, a) __attribute__((format(printf, f, a)))

/* Sets kind and message; does nothing when err is already set. */
void err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
	ERR_FORMAT(3, 4);
/* Adds or replaces the detail, the hint, the SQLSTATE of the error. */
void err_detail(struct err *err, const char *fmt, ...) ERR_FORMAT(2, 3);
void err_hint(struct err *err, const char *fmt, ...) ERR_FORMAT(2, 3);
void err_sqlstate(struct err *err, const char *sqlstate);
/* Says where it happened, unless something below has said it already. */
void err_at(struct err *err, const char *fmt, ...) ERR_FORMAT(2, 3);
bool err_is_set(const struct err *err);
/* True when the server's SQLSTATE is the given one. */
bool err_is(const struct err *err, const char *sqlstate);
/* Empties err for another use. */
void err_release(struct err *err);
/* Hands the error from one struct to another that is not yet set. */
void err_move(struct err *to, struct err *from);
/* The exit status of a program that ends with this kind of failure. */
int err_exit_status(enum err_kind kind);
/* Stable lower-case name of a kind, for JSON. */
const char *err_kind_name(enum err_kind kind);
enum err_kind err_kind_from_name(const char *name);

#endif
