/* SPDX-License-Identifier: PostgreSQL */
/*
 * The runner: a process of its own that runs one operation and says what it
 * does in the journal. A face starts it by executing itself with "--runner"
 * in a new session, and writes four lines to its standard input: the request
 * (a record), the key of the sealed secrets (hex), and the passwords of source
 * and destination that a person has just given; empty when there is none. So
 * no secret is in argv or environment, and the loss of the face's terminal
 * does not touch it.
 */
#ifndef PGREPUP_RUNNER_H
#define PGREPUP_RUNNER_H

#include <sys/types.h>

#include "conf.h"
#include "err.h"
#include "op.h"
#include "record.h"

struct runner_request {
	const char *command; /* operation */
	const char *config;  /* path */
	char *run;	     /* id, made by runner_start */
	struct op_options options;
};

/*
 * Starts a runner for conf; pid and request->run are set. It may still refuse
 * (lock): its "end" record says so. One that finds another upgrade in the file
 * by then says so on its standard error, as of that one it knows no journal.
 */
bool runner_start(const struct conf *conf, struct runner_request *request,
		  pid_t *pid, struct err *err);
/*
 * The process itself: reads standard input, returns the exit status. err is
 * set only for what could not be said in the journal.
 */
int runner_main(struct err *err);

/*
 * The monitor of the dashboard: a process of its own as well, so that the
 * dashboard never waits for a server. It prints a sample a line ("status
 * --json") on *out, and a record "detail" (detail.h) of the database that the
 * last record "watch" on *in has named; its members are "database" (null:
 * none) and "interval". It ends when one of them is closed.
 */
struct monitor_process {
	pid_t pid;
	int in, out; /* -1: closed */
};
bool monitor_start(const struct conf *conf, double interval,
		   struct monitor_process *monitor, struct err *err);
/* What a child so started reads from its standard input: the request, then
 * the configuration that it names, unlocked by the key that follows. */
/* One line of standard input, without its end. */
struct secret *runner_read_line(void);
struct record *runner_read_request(struct err *err);
struct conf *runner_read_conf(const struct record *request, struct err *err);

#endif
