/* SPDX-License-Identifier: PostgreSQL */
/* The process that runs one operation, whatever becomes of its face. */
#include "runner.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guard.h"
#include "lock.h"
#include "mem.h"
#include "pause.h"
#include "record.h"
#include "tools.h"

struct runner {
	struct op op;
	struct lock *lock;
	bool waiting; /* the signal thread is to be joined */
	pthread_t signals;
};

static void *
wait_for_signals(void *arg)
{
	struct runner *r = arg;
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGUSR1);
	while (sigwait(&set, &sig) == 0 && sig != SIGUSR1)
		interrupt_raise(r->op.interrupt);
	return NULL;
}

/* Signals go to one thread; those of a lost terminal and pipe to nobody. */
static bool
take_signals(struct runner *r, struct err *err)
{
	sigset_t set;

	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	r->op.interrupt = interrupt_new(err);
	if (!r->op.interrupt)
		return false;
	r->waiting =
		pthread_create(&r->signals, NULL, wait_for_signals, r) == 0;
	return true;
}

/* One line of standard input, byte by byte: it may hold a key. */
struct secret *
runner_read_line(void)
{
	char line[65536];
	size_t n = 0;
	struct secret *secret;

	while (n < sizeof(line) && read(STDIN_FILENO, line + n, 1) == 1 &&
	       line[n] != '\n')
		n++;
	secret = secret_new(line, n);
	secret_wipe(line, sizeof(line));
	return secret;
}

static void
take_texts(const struct record *r, const char *key, struct text_list *list)
{
	struct record *item;
	size_t i;

	for (i = 0; i < record_count(r, key); i++) {
		item = record_item(r, key, i);
		if (item)
			text_list_add(list, record_get(item, "text"));
		record_free(item);
	}
}

static void
take_options(struct op *op, const struct record *r)
{
	op->options = (struct op_options){
		.yes = record_get_bool(r, "yes"),
		.dry_run = record_get_bool(r, "dry_run"),
		.undo = record_get_bool(r, "undo"),
		.force = record_get_bool(r, "force"),
		.without_source = record_get_bool(r, "without_source"),
		.again = record_get_bool(r, "again"),
		.no_refresh = record_get_bool(r, "no_refresh"),
		.no_role_passwords = record_get_bool(r, "no_role_passwords"),
		.interactive = record_get_bool(r, "interactive"),
	};
	take_texts(r, "only", &op->options.only);
	take_texts(r, "discard", &op->options.discard);
	take_texts(r, "targets", &op->options.targets);
}

struct record *
runner_read_request(struct err *err)
{
	struct secret *line = runner_read_line();
	struct record *request = record_parse(secret_text(line));

	secret_free(line);
	if (!request)
		err_set(err, ERR_USAGE, "no request on standard input");
	return request;
}

/* Takes the password that a person has given; an empty line is none. */
static void
read_password(struct conf *conf, enum side side)
{
	struct secret *password = runner_read_line();

	if (conf && secret_length(password) > 0)
		conf_lend_password(conf, side, password);
	secret_free(password);
}

struct conf *
runner_read_conf(const struct record *request, struct err *err)
{
	struct secret *key = runner_read_line();
	struct conf *conf = conf_load(record_get(request, "config"), err);

	if (conf && conf->locked &&
	    !conf_unlock_key(conf, secret_key_import(key), err)) {
		conf_free(conf);
		conf = NULL;
	}
	secret_free(key);
	read_password(conf, SIDE_SOURCE);
	read_password(conf, SIDE_DESTINATION);
	return conf;
}

/* What was agreed to was agreed to of one upgrade; the file may be of another
 * by now. */
static bool
is_as_asked(const struct conf *conf, const struct record *request,
	    struct err *err)
{
	const char *asked = record_get(request, "upgrade");
	char *upgrade = conf_upgrade(conf);
	bool same = asked && strcmp(asked, upgrade) == 0;

	free(upgrade);
	if (same)
		return true;
	err_set(err, ERR_CONFIG, "\"%s\" is the configuration of another "
				 "upgrade than a moment ago", conf->path);
	err_hint(err, "If it is the one that you mean, run the same again.");
	return false;
}

static bool
load_conf(struct op *op, const struct record *request, struct err *err)
{
	op->conf = runner_read_conf(request, err);
	return op->conf && is_as_asked(op->conf, request, err) &&
	       (op->dir = conf_state_dir(op->conf, err));
}

static void
say_begin(struct op *op, bool refused)
{
	struct record *r = record_new("begin");
	size_t i;

	record_text(r, "command", op->command);
	record_int(r, "pid", getpid());
	record_text(r, "name", op->conf->name);
	record_bool(r, "dry_run", op->options.dry_run);
	/* Then it says its end, among the records of the one that runs. */
	if (refused)
		record_bool(r, "refused", true);
	record_array(r, "targets");
	for (i = 0; i < op->options.targets.n; i++)
		record_append_text(r, "targets", op->options.targets.items[i]);
	op_options_say(&op->options, r);
	journal_write(op->journal, r);
}

static int
say_end(struct op *op, const struct err *err)
{
	struct record *r = record_new("end");
	int status = err_exit_status(err->kind);

	record_text(r, "command", op->command);
	record_bool(r, "dry_run", op->options.dry_run);
	record_bool(r, "ok", status == 0);
	record_int(r, "exit", status);
	if (op->paused)
		record_bool(r, "paused", true);
	if (status != 0)
		record_err(r, err);
	journal_write(op->journal, r);
	return status;
}

static bool
run_guarded(struct op *op, const struct operation *operation, struct err *err)
{
	struct guard *guard = NULL;
	bool ok;

	if (operation->guarded && !(guard = guard_start(op, operation, err)))
		return false;
	ok = operation->run(op, err);
	guard_stop(guard, err);
	return ok && !err_is_set(err);
}

static bool
run_locked(struct runner *r, struct err *err)
{
	const struct operation *operation = operation_find(r->op.command);

	if (!operation) {
		err_set(err, ERR_USAGE, "unknown operation \"%s\"",
			r->op.command);
		return false;
	}
	/* A killed run may have left passwords, whatever is to be done now. */
	tools_tmp_sweep(r->op.conf);
	return run_guarded(&r->op, operation, err);
}

static int
run_request(struct runner *r, const struct record *request,
	    struct err *untold)
{
	struct err err = ERR_INIT;
	struct op *op = &r->op;
	int status;

	op->command = record_get(request, "command");
	op->run = mem_strdup(record_get(request, "run"));
	take_options(op, request);
	if (!take_signals(r, &err) || !load_conf(op, request, &err) ||
	    !(op->journal = journal_open(op->dir, op->run, &err))) {
		status = err_exit_status(err.kind);
		err_move(untold, &err);
	} else {
		r->lock = lock_take(op->dir, op->run, op->command, &err);
		say_begin(op, !r->lock);
		if (r->lock && journal_is_whole(op->journal, &err))
			run_locked(r, &err);
		status = say_end(op, &err);
		journal_is_whole(op->journal, untold);
		pause_forget(op->dir, op->run);
	}
	err_release(&err);
	return status;
}

static void
runner_release(struct runner *r)
{
	if (r->waiting) {
		pthread_kill(r->signals, SIGUSR1);
		pthread_join(r->signals, NULL);
	}
	journal_close(r->op.journal);
	lock_release(r->lock);
	op_release(&r->op);
	conf_free(r->op.conf);
	interrupt_free(r->op.interrupt);
}

int
runner_main(struct err *err)
{
	struct runner runner = {.lock = NULL};
	struct record *request;
	int status;

	request = runner_read_request(err);
	if (!request)
		return err_exit_status(err->kind);
	status = run_request(&runner, request, err);
	runner_release(&runner);
	record_free(request);
	return status;
}
