/* SPDX-License-Identifier: PostgreSQL */
/*
 * A running operation (check, fix, setup, start, disable, stop, uninstall):
 * what it works on, and how it says what it does. Operations are straight-line
 * code made of step rows; everything said goes to the journal as records, never
 * to a terminal.
 */
#ifndef PGREPUP_OP_H
#define PGREPUP_OP_H

#include "conf.h"
#include "err.h"
#include "interrupt.h"
#include "journal.h"
#include "pg.h"
#include "strbuf.h"

struct mechanism;

/* One side of the upgrade, as op_open_side read it. */
struct cluster {
	enum side side;
	const struct endpoint *endpoint;
	struct pg *pg; /* in the connect database; the main thread's */
	int version;   /* server_version_num */
	char *version_text;	 /* "13.16" */
	char *system_identifier; /* "" when the role may not read it */
	bool superuser;
	bool in_recovery;
	char *user;
};

/* A database of the upgrade: facts of the source. */
struct database {
	char *name;
	char *owner;
	char *encoding;
	char *collate;
	char *ctype;
	char *tablespace;
	long long size; /* bytes, 0 when unknown */
	int connection_limit;
	bool is_template;
	bool allow_connections;
	bool on_destination; /* was there when op_open looked */
	/* by side: its registry is not to be used, which fix has said */
	bool passed_over[SIDE_DESTINATION + 1];
};

struct op_options {
	bool yes;
	bool dry_run;
	bool undo; /* of fix: take back */
	bool force;
	bool without_source; /* of uninstall: as if it were gone */
	bool again;
	bool no_refresh;
	bool no_role_passwords;
	bool interactive;	  /* a person is at a terminal */
	struct text_list only;	  /* databases; empty: all */
	struct text_list discard; /* setup --discard */
	struct text_list targets; /* words after the sub-command */
};

/*
 * What a run that is taken up again is to have of the one before: the databases
 * and what is left out, but no force and no starting over. As members of its
 * "begin" record, and from there into options that are released.
 */
void op_options_say(const struct op_options *options, struct record *begin);
void op_options_take_up(struct op_options *options,
			const struct record *begin);
bool op_options_same_scope(const struct op_options *a,
			   const struct op_options *b);
/* The words of them on a command line, each after a space. */
void op_options_words(const struct op_options *options, struct strbuf *text);
/* Deep copies; release what was copied. */
void op_options_copy(struct op_options *to, const struct op_options *from);
void op_options_release(struct op_options *options);

struct op {
	struct conf *conf;
	struct op_options options;
	const char *command; /* name of the operation */
	char *run;	     /* id of this run, unique: time and pid */
	struct state_dir *dir; /* of this upgrade; journal.h has it */
	struct journal *journal;
	struct interrupt *interrupt;
	const struct step *step; /* that runs; NULL: none */
	size_t step_n, step_of;	 /* its number from 1, and how many */
	bool paused;		 /* ended on request before its time */
	struct cluster source;
	struct cluster destination;
	const struct mechanism *mechanism;
	char *mechanism_reason; /* why this one, for people */
	struct text_list made_roles; /* by this run of setup */
	bool source_gone; /* nobody answers there, or it is to be left */
	/* selected by conf and --only; filled by op_read_databases */
	struct database *databases;
	size_t n_databases;
};

/* A step of an operation: rows, walked by op_run_steps. */
struct step {
	const char *id;	   /* stable, for JSON */
	const char *title; /* "Create role on both sides" */
	bool (*run)(struct op *op, struct err *err);
	/* What a failure of it leaves as it was: a sentence. */
	const char *leaves;
	bool pauses; /* may pause in the middle: it looks at op_is_to_pause */
};

/*
 * Runs the rows in order. Says all of them, then each step's state, time and
 * failure to the journal; stops at the first that fails, and between steps
 * when interrupted or asked to pause (pause.h).
 */
bool op_run_steps(struct op *op, const struct step *steps, size_t n,
		  struct err *err);

/*
 * In a step that pauses in the middle: is it to end where it can be taken up
 * again? Then with op_pause, which sets ERR_STOPPED.
 */
bool op_is_to_pause(const struct op *op);
void op_pause(const struct op *op, struct err *err);

/* Connects one side's connect database and reads its facts. */
bool op_open_side(struct op *op, enum side side, struct err *err);
/* Both sides, the mechanism, and the databases of the upgrade. */
bool op_open(struct op *op, struct err *err);
bool op_read_databases(struct op *op, struct err *err);
/* The same with names only: nothing that the server must add up. */
bool op_read_names(struct op *op, struct err *err);
struct cluster *op_cluster(struct op *op, enum side side);
/*
 * Another connection (for a thread, or a database): with the interrupt of the
 * operation and notices going to the journal. dbname NULL: connect database.
 */
struct pg *op_connect(struct op *op, enum side side, const char *dbname,
		      enum pg_mode mode, struct err *err);
/* The same as somebody else than the configuration says. */
struct pg *op_connect_to(struct op *op, const struct endpoint *ep,
			 const char *dbname, enum pg_mode mode,
			 struct err *err);
/* How a person tries it; where an error has no hint yet. */
void op_hint_connection(enum side side, struct err *err);

/*
 * Runs fn for every database on at most n_threads threads. An error of one
 * database is written to the journal with its name and stops nothing; the
 * result is false when any failed, err then counts them. An interrupt ends
 * the rest with ERR_STOPPED.
 */
typedef bool (*op_database_fn)(struct op *op, const struct database *db,
			       void *arg, struct err *err);
bool op_each_database(struct op *op, size_t n_threads, op_database_fn fn,
		      void *arg, struct err *err);

/*
 * Of a step: the databases it is going to work on, and that it works on one
 * (run), or has ended with it (ok, ko, wait) after so many seconds.
 */
void op_say_databases(struct op *op, const char *const *names, size_t n);
void op_say_database(struct op *op, const char *database, const char *state,
		     double seconds);

/* Writes a record to the journal, if there is one, and frees it. */
void op_say(struct op *op, struct record *r);
/* Something of a step, below it: state is run, ok, ko, warn or skip. */
void op_item(struct op *op, const char *step, const char *database,
	     const char *object, const char *state, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
/* The same as a record to add numbers to, for op_say. */
struct record *op_item_record(const char *step, const char *database,
			      const char *object, const char *state,
			      const char *detail);
/* A log record; level as in journal_log; database may be NULL. */
void op_log(struct op *op, const char *level, const char *database,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* An error record that does not end the operation (database may be NULL). */
void op_error(struct op *op, const char *database, const struct err *err);

void op_release(struct op *op);

/* The operations, each in a file of its own; rows in operation.c. */
bool check_run(struct op *op, struct err *err);
bool fix_run(struct op *op, struct err *err);
bool setup_run(struct op *op, struct err *err);
bool start_run(struct op *op, struct err *err);
bool disable_run(struct op *op, struct err *err);
bool stop_run(struct op *op, struct err *err);
bool uninstall_run(struct op *op, struct err *err);

/* What a face asks before it starts one. */
enum op_asks {
	OP_ASKS_NOTHING, /* it changes nothing */
	OP_ASKS_PLAN,	 /* shows what a dry run has planned, and asks that */
	OP_ASKS_YES,	 /* to be agreed to; typed as a command it is */
	OP_ASKS_NAME,	 /* nothing takes it back: the upgrade's name, typed */
};

struct op_question {
	/* Is it that of a request with these options? NULL: of every other. */
	bool (*is_of)(const struct op_options *options);
	enum op_asks asks;
	const char *text; /* what it does, and a question; NULL: the plan */
};

struct operation {
	const char *name;
	bool guarded; /* holds the advisory locks of both clusters (guard.h) */
	bool lone;    /* it can do without a source (guard.c) */
	bool (*run)(struct op *op, struct err *err);
	/* the first that is of a request is asked; the last is of every one */
	const struct op_question *questions;
};
/* NULL when there is none (or name is NULL). */
const struct operation *operation_find(const char *name);
/* What is to be asked before it runs with these options: a fact of its row,
 * whoever starts it, and how often. A dry run is asked nothing. */
const struct op_question *operation_question(
	const struct operation *operation, const struct op_options *options);
/* Does a run of that name change anything, when it is no dry run? */
bool operation_changes(const char *name);

#endif
