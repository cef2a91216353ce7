/* SPDX-License-Identifier: PostgreSQL */
/*
 * The report of an upgrade, for whoever must know afterwards what was found,
 * what was run and how long it took: Markdown, out of the journal alone.
 *
 * Read whole into a struct report first (report_read), then written section by
 * section. A section is a function that adds to a strbuf.
 */
#ifndef PGREPUP_REPORT_FILE_H
#define PGREPUP_REPORT_FILE_H

#include "conf.h"
#include "err.h"
#include "index.h"
#include "model.h"
#include "record.h"
#include "strbuf.h"

/* What was copied of one database in one run. */
struct report_copy {
	char *database;
	long long tables, rows, bytes;
	double from, to; /* seconds since 1970; to 0: nothing was copied */
	double in_step;	 /* when it replicated; 0: it did not */
};

/* The wait of stop for one database. */
struct report_wait {
	char *database;
	long long behind;     /* bytes, at its first look; -1: unknown */
	long long difference; /* at its last; -1: unknown */
};

/* One operation, from its "begin" to its "end". */
struct report_run {
	struct record *begin;
	struct record *end;	   /* NULL: it runs, or was killed */
	double last;		   /* time of its newest record */
	struct record_list steps;  /* newest state of each */
	struct record_list items;  /* without tables copied and waits; lean,
				    * NULL: one that was taken back */
	struct index running;	   /* of items, by thing */
	struct index said;	   /* by thing and words */
	struct record_list fixes;  /* those that ran, or failed */
	struct record_list errors; /* errors, and logs that warn */
	struct report_copy *copies;
	size_t n_copies, alloc_copies;
	struct report_wait *waits;
	size_t n_waits, alloc_waits;
};

/* Something that a check has found not to be OK, ever. */
struct report_finding {
	struct record *check; /* as it was last found */
	char *since;	      /* when it was first */
	char *looked;	      /* when it was last asked for */
	char *now;	      /* ok, ko, warn, skip */
	size_t run;	      /* of looked: index in runs */
	size_t next;	      /* of its place; SIZE_MAX: none */
};

struct report {
	struct report_run *runs;
	size_t n_runs, alloc_runs;
	struct report_finding *findings;
	size_t n_findings, alloc_findings;
	struct index places; /* the first finding of each */
	struct record *clusters[2]; /* source, destination; NULL: never met */
	struct record *mechanism;
	long long n_ok; /* of the newest run that checked */
	size_t checked; /* that run; SIZE_MAX: none */
};

/* The whole document; false: no journal. */
bool report_file_text(const struct conf *conf, struct strbuf *text,
		      struct err *err);
/* Into a file that must not be there yet, for the user alone. */
bool report_file_write(const char *path, const char *text, struct err *err);
/* A name in the state folder that is not taken; the caller frees it. */
char *report_file_path(const struct conf *conf, struct err *err);

/* --- parts, shared by the files of it ------------------------------------- */

bool report_read(struct report *report, const struct state_dir *dir,
		 struct err *err);
void report_release(struct report *report);
void report_take_finding(struct report *report, const struct record *check);
/* Seconds since 1970 of a record's time; 0 when it has none. */
double report_time(const struct record *record);
/* "2026-11-22 04:45:04" of such a time. */
void report_add_time(struct strbuf *sb, const char *time);
bool report_says(const struct record *record, const char *key,
		 const char *value);

void report_add_findings(struct strbuf *sb, const struct report *report);
void report_add_fixes(struct strbuf *sb, const struct report_run *run);
void report_add_runs(struct strbuf *sb, const struct report *report);
/* "done", or the error in one sentence. */
void report_add_result(struct strbuf *sb, const struct report_run *run);
/* Side, database and object, those there are. */
void report_add_place(struct strbuf *sb, const struct record *record);

#endif
