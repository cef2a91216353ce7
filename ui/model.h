/* SPDX-License-Identifier: PostgreSQL */
/*
 * What the dashboard knows: records of the journal, and the monitor's newest
 * sample. Read as they come, never waited for.
 */
#ifndef PGREPUP_MODEL_H
#define PGREPUP_MODEL_H

#include <stdbool.h>
#include <sys/types.h>

#include "conf.h"
#include "err.h"
#include "index.h"
#include "record.h"
#include "runner.h"
#include "sample.h"
#include "standing.h"
#include "strbuf.h"
#include "told.h"

/* Records, owned. */
struct record_list {
	struct record **items;
	size_t n, alloc;
};

void record_list_add(struct record_list *list, struct record *record);
void record_list_clear(struct record_list *list);

#define TREND 60    /* samples kept of each database */
#define POINTS 1800 /* of the whole: 30 minutes, at one a second */

/* One database, sample by sample. */
struct trend {
	char *database;
	long long values[TREND]; /* xlog difference; -1: unknown */
	double times[TREND];
	int n;
	long long last; /* the newest difference known; -1: none */
	char *state;
	double since;	/* clock_now() when the state began */
	bool since_seen; /* false: it was so when we first looked */
};

/* All databases: the worst difference, and where the source writes. */
struct point {
	double at;
	long long difference; /* -1: unknown */
	long long lsn;	      /* 0: unknown */
};

/* Of the database that somebody looks at: the newest that the monitor said. */
struct detail_view {
	char *database; /* NULL: nobody looks */
	struct record *record; /* "detail" (src/detail.h); NULL: none yet */
	double at;	       /* clock_now() of it */
	struct record *tables; /* the newest that had "tables"; NULL: none */
	double tables_at;
	bool told; /* the monitor knows which one it is */
	double asked_at; /* clock_now() of the last model_look */
};

struct model {
	/* of the newest run, whatever it is */
	struct record *begin;
	struct record *end; /* NULL: it runs, or it died */
	struct told told;	     /* its steps and all below them */
	/* what was said and done, of earlier runs as well: log, error, fix,
	 * begin, end, step, database */
	struct record_list logs;
	size_t logs_run;  /* the first of the newest run */
	size_t logs_gone; /* that were before those */
	bool caught_up; /* all that was written before we looked is read */
	bool pausing; /* it was asked to pause */
	pid_t owner;  /* another face that it belongs to; 0: none */
	/* of all operations */
	struct standing standing;
	/* of the newest check, or check within setup */
	struct record_list checks; /* by side, database, row */
	struct record_list groups; /* the same; newest state of each */
	size_t n_ko; /* of the findings */
	unsigned long checks_version; /* another one: they have changed */
	char *checked_at; /* time of the first of them */
	/* of the monitor */
	struct sample *sample; /* the newest; NULL: none yet */
	double status_at; /* clock_now() of it; 0: never */
	double interval;
	struct trend *trends;
	size_t n_trends;
	struct index trend_index;
	struct point *points;
	int n_points;
	double began;
	double answered[2]; /* when that side last did; 0: never */
	struct detail_view detail;
	/* private */
	struct state_dir *dir;
	const struct conf *conf;
	struct journal_reader *reader;
	bool behind; /* there is more to read at once */
	long long newest; /* where the newest run began when it was opened */
	long long check;  /* and the newest check; -1: none */
	struct watch *watch; /* of dir */
	int epoll;	     /* watch and monitor */
	struct lock *face; /* what runs belongs to this face; NULL: not */
	double looked;	   /* clock_now(): for owner and pausing */
	pid_t runner; /* our child, to be waited for; 0: none */
	char *runner_command; /* what it was started for; NULL: nothing yet */
	struct monitor_process monitor;
	double monitor_again; /* clock_now() to start it again; 0: it lives */
	struct strbuf pending; /* start of a line of the monitor */
};

struct model *model_new(const struct conf *conf, struct err *err);
void model_free(struct model *model);
/* Readable when there is something for model_read. */
int model_fd(const struct model *model);
/* Reads what is there, or a part of it (behind); true when something is new.
 * Never waits. To be called now and then as well: what has died is started
 * again. */
bool model_read(struct model *model);
/* Does an operation run now, of this or another process? Its pid, or 0. */
pid_t model_runner(const struct model *model);
/* The same, and which it is, for the caller to free: also before the journal
 * has said so, and after it has said the end. */
pid_t model_running(const struct model *model, char **command);
/* Asks that run to end between two statements. False: no process is known that
 * surely works on it. */
bool model_stop(const struct model *model, const char *run);
/* "setup" runs, and one operation at a time; NULL: nothing runs. The caller
 * frees it. */
char *model_busy(const struct model *model);
/* A check runs, which changes nothing. */
bool model_checks(const struct model *model);
/* Makes what is about to be started belong to this face, if nobody else has
 * anything running. */
void model_own(struct model *model, const char *command);
/*
 * May this face pause or stop what runs? Another that started it and lives has
 * it alone: ERR_STATE names that.
 */
bool model_may_steer(struct model *model, struct err *err);
/* Could what runs be asked to pause after the step at hand, or that be taken
 * back, by this face? */
bool model_may_pause(struct model *model, bool asked, struct err *err);
/* Does it. */
bool model_pause(struct model *model, bool asked, struct err *err);
const char *model_command(const struct model *model); /* of the newest run */
const char *model_run(const struct model *model);     /* its id, or NULL */
/* (Re)starts the monitor with an interval in seconds. */
bool model_watch(struct model *model, double interval, struct err *err);
/* Tells the monitor another interval. */
void model_every(struct model *model, double interval);
/* Which database is looked at, told again as long as it is: who stops telling
 * ends it. Never waits. */
void model_look(struct model *model, const char *database);
const struct trend *model_trend(const struct model *model,
				const char *database);
/*
 * Bytes a second over the last minute; NAN when it is not known. How the
 * difference of a database grows (negative: it falls), that of the worst, and
 * what the source writes.
 */
double trend_growth(const struct trend *trend);
double model_growth(const struct model *model);
double model_write_rate(const struct model *model);

/* Has every group of all sides answered? One that was stopped, or looked at a
 * part alone, leaves some that nobody has asked. */
bool model_is_checked(const struct model *model);
/* Is a check running now? */
bool model_is_checking(const struct model *model);
/* By side and database alone; of findings and groups. */
int model_compare_place(const struct record *a, const struct record *b);
/* Is that check one of the group's? */
bool model_group_has(const struct record *group, const char *id);

/* --- for model*.c alone --------------------------------------------------- */

/* Makes model_fd readable when fd is, until fd is closed. */
void model_poll(struct model *model, int fd);
void model_begin_check(struct model *model, const struct record *begin);
void model_take_finding(struct model *model, const struct record *finding);
void model_take_group(struct model *model, const struct record *group);
bool model_read_monitor(struct model *model);
void model_end_monitor(struct model *model); /* and all it has said */

/* --- of model_monitor.c alone --------------------------------------------- */

/* Tells the monitor what it does not know yet, when it can listen. */
void model_tell(struct model *model);
/* Nobody has looked for a while: then the monitor need not either. */
void model_look_away(struct model *model);
void model_take_detail(struct model *model, struct record *detail);
void model_forget_detail(struct model *model);

#endif
