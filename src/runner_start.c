/* SPDX-License-Identifier: PostgreSQL */
/* Starting the runner: execute ourselves in a new session, feed it by pipe. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io.h"
#include "journal.h"
#include "mem.h"
#include "probe.h"
#include "record.h"
#include "runner.h"

static void
put_texts(struct record *r, const char *key, const struct text_list *list)
{
	struct record *item;
	size_t i;

	for (i = 0; i < list->n; i++) {
		item = record_new(NULL);
		record_text(item, "text", list->items[i]);
		record_append(r, key, item);
		record_free(item);
	}
}

static char *
request_line(const struct runner_request *request, const char *upgrade)
{
	const struct op_options *o = &request->options;
	struct record *r = record_new("request");
	char *line;

	record_text(r, "command", request->command);
	record_text(r, "config", request->config);
	record_text(r, "upgrade", upgrade);
	record_text(r, "run", request->run);
	record_bool(r, "yes", o->yes);
	record_bool(r, "dry_run", o->dry_run);
	record_bool(r, "undo", o->undo);
	record_bool(r, "force", o->force);
	record_bool(r, "without_source", o->without_source);
	record_bool(r, "again", o->again);
	record_bool(r, "no_refresh", o->no_refresh);
	record_bool(r, "no_role_passwords", o->no_role_passwords);
	record_bool(r, "interactive", o->interactive);
	put_texts(r, "only", &o->only);
	put_texts(r, "discard", &o->discard);
	put_texts(r, "targets", &o->targets);
	line = record_line(r);
	record_free(r);
	return line;
}

/* Up to three lines; NULL is an empty one. */
struct secrets {
	const struct secret *lines[3];
	size_t n;
};

/* The lines that the child reads: what is wanted, and secrets. */
static bool
feed(int fd, const char *line, const struct secrets *secrets)
{
	const struct secret *s;
	bool ok = io_write_all(fd, line, strlen(line)) &&
		  io_write_all(fd, "\n", 1);
	size_t i;

	for (i = 0; i < secrets->n && ok; i++) {
		s = secrets->lines[i];
		ok = (!s ||
		      io_write_all(fd, secret_text(s), secret_length(s))) &&
		     io_write_all(fd, "\n", 1);
	}
	return ok;
}

/* In the child, between fork and exec: only async-signal-safe calls. */
static void
become(const char *option, int in, int out, int log)
{
	char name[] = "pgrepup", word[16];
	char *const argv[] = {name, word, NULL};
	struct sigaction plain = {.sa_handler = SIG_DFL};
	sigset_t waits;
	size_t i;

	for (i = 0; option[i] && i + 1 < sizeof(word); i++)
		word[i] = option[i];
	word[i] = '\0';
	setsid();
	sigaction(SIGINT, &plain, NULL);
	sigaction(SIGTERM, &plain, NULL);
	sigaction(SIGPIPE, &plain, NULL);
	/* A runner asked to stop before it listens must not die of it. */
	sigemptyset(&waits);
	if (strcmp(option, "--runner") == 0) {
		sigaddset(&waits, SIGINT);
		sigaddset(&waits, SIGTERM);
	}
	sigprocmask(SIG_SETMASK, &waits, NULL);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(log, STDERR_FILENO) < 0)
		_exit(126);
	execv("/proc/self/exe", argv);
	_exit(127);
}

/* What a runner says beside the journal: only when something is very wrong. */
static int
open_log(const struct conf *conf, struct err *err)
{
	struct state_dir *dir = conf_state_dir(conf, err);
	int fd = -1;

	if (dir)
		fd = state_dir_file(dir, "runner.log",
				    O_WRONLY | O_CREAT | O_APPEND, err);
	state_dir_close(dir);
	return fd;
}

static char *
run_id(void)
{
	char day[32];
	struct tm tm;
	time_t now = time(NULL);

	gmtime_r(&now, &tm);
	strftime(day, sizeof(day), "%Y%m%d-%H%M%S", &tm);
	return mem_printf("%s-%d-%04x", day, (int)getpid(),
			  (unsigned)(clock_now() * 1e6) & 0xffffu);
}

/* Executes ourselves with an option, and feeds it. in: gets our end of its
 * standard input; NULL: that is closed. */
static bool
execute(const char *option, const char *line, const struct secrets *secrets,
	int out, int log, pid_t *pid, int *in, struct err *err)
{
	int pipe_fd[2];
	bool ok = false;

	if (pipe2(pipe_fd, O_CLOEXEC) != 0) {
		err_set(err, ERR_SYSTEM, "could not make a pipe: %s",
			strerror(errno));
		return false;
	}
	*pid = fork();
	if (*pid == 0)
		become(option, pipe_fd[0], out, log);
	close(pipe_fd[0]);
	if (*pid > 0)
		ok = feed(pipe_fd[1], line, secrets);
	if (!ok)
		err_set(err, ERR_SYSTEM, "could not start a process: %s",
			strerror(errno));
	if (ok && in)
		*in = pipe_fd[1];
	else
		close(pipe_fd[1]);
	return ok;
}

static const struct secret *
lent_password(const struct conf *conf, enum side side)
{
	const struct endpoint *ep = conf_endpoint(conf, side);

	return ep->lent ? ep->password : NULL;
}

/* The same with the secrets of conf; out -1: the log. */
static bool
start(const struct conf *conf, const char *option, const char *line, int out,
      pid_t *pid, int *in, struct err *err)
{
	int log = open_log(conf, err);
	struct secret *key;
	struct secrets secrets = {.n = 3};
	bool ok;

	/* Who only looks needs no room to write. */
	if (log < 0 && out >= 0) {
		err_release(err);
		log = open("/dev/null", O_WRONLY | O_CLOEXEC);
	}
	if (log < 0)
		return false;
	key = conf->key ? secret_key_export(conf->key) : NULL;
	secrets.lines[0] = key;
	secrets.lines[1] = lent_password(conf, SIDE_SOURCE);
	secrets.lines[2] = lent_password(conf, SIDE_DESTINATION);
	ok = execute(option, line, &secrets, out >= 0 ? out : log, log, pid, in,
		     err);
	secret_free(key);
	close(log);
	return ok;
}

bool
runner_start(const struct conf *conf, struct runner_request *request,
	     pid_t *pid, struct err *err)
{
	struct state_dir *dir = conf_state_dir(conf, err);
	bool ok = dir && journal_has_room(dir, err);
	char *line, *upgrade;

	state_dir_close(dir);
	if (!ok)
		return false;
	request->run = run_id();
	upgrade = conf_upgrade(conf);
	line = request_line(request, upgrade);
	free(upgrade);
	ok = start(conf, "--runner", line, -1, pid, NULL, err);
	free(line);
	return ok;
}

bool
monitor_start(const struct conf *conf, double interval,
	      struct monitor_process *monitor, struct err *err)
{
	struct record *r = record_new("request");
	int pipe_fd[2];
	char *line;
	bool ok;

	record_text(r, "config", conf->path);
	record_real(r, "interval", interval);
	line = record_line(r);
	record_free(r);
	ok = pipe2(pipe_fd, O_CLOEXEC) == 0;
	if (!ok)
		err_set(err, ERR_SYSTEM, "could not make a pipe: %s",
			strerror(errno));
	if (ok) {
		ok = start(conf, "--monitor", line, pipe_fd[1], &monitor->pid,
			   &monitor->in, err);
		close(pipe_fd[1]);
		monitor->out = pipe_fd[0];
	}
	free(line);
	return ok;
}

bool
probe_start(const struct probe *probe, pid_t *pid, int *fd, struct err *err)
{
	int log = open("/dev/null", O_WRONLY | O_CLOEXEC), pipe_fd[2];
	const struct secrets secrets = {
		.lines = {probe->ep ? probe->ep->password : NULL},
		.n = 1,
	};
	struct record *request = probe_request(probe);
	char *line = record_line(request);
	bool ok = log >= 0 && pipe2(pipe_fd, O_CLOEXEC) == 0;

	if (!ok)
		err_set(err, ERR_SYSTEM, "could not make a pipe: %s",
			strerror(errno));
	if (ok) {
		*fd = pipe_fd[0];
		ok = execute("--probe", line, &secrets, pipe_fd[1], log, pid,
			     NULL, err);
		close(pipe_fd[1]);
		if (!ok)
			close(*fd);
	}
	if (log >= 0)
		close(log);
	record_free(request);
	free(line);
	return ok;
}
