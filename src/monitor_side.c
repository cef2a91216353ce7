/* SPDX-License-Identifier: PostgreSQL */
/*
 * Asking one side: in a thread of its own, so that a server which does not
 * answer keeps neither the other side nor the samples waiting. What it said
 * last stays until it fails or answers again; a failure is followed by tries
 * that become rarer.
 */
#include "monitor_side.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mechanism.h"
#include "mem.h"
#include "op.h"

/* A side that does not answer is told soon. */
#define CONNECT_TIMEOUT 5.0
#define ASK_TIMEOUT 10.0
/* Seconds until the next try: 1, 2, 4 ... and never more than this. */
#define RETRY_MOST 10.0
/* Seconds until the choice of mechanism is read again. */
#define RECALL_EVERY 30.0

struct monitor_side {
	enum side side;
	struct op op; /* of the thread: its connection and its databases */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t turn;
	/* under the lock */
	unsigned asked;
	unsigned done;
	bool quit;
	struct side_answer answer;
	bool news;
	/* of the thread */
	const struct mechanism *mechanism;
	double recalled; /* when it was read */
	int failures;
	double next_try;
};

void
side_answer_release(struct side_answer *answer)
{
	text_list_release(&answer->databases);
	rowset_release(&answer->rows);
	err_release(&answer->err);
	*answer = (struct side_answer){.at = 0};
}

static struct pg **
connection(struct monitor_side *s)
{
	return s->side == SIDE_SOURCE ? &s->op.source.pg
				      : &s->op.destination.pg;
}

static void
disconnect(struct monitor_side *s)
{
	pg_close(*connection(s));
	*connection(s) = NULL;
}

static bool
connect_side(struct monitor_side *s, struct err *err)
{
	struct pg_options options = {
		.connect_timeout = CONNECT_TIMEOUT,
		.interrupt = s->op.interrupt,
	};
	struct pg **pg = connection(s);

	if (pg_is_alive(*pg))
		return true;
	disconnect(s);
	*pg = pg_connect(conf_endpoint(s->op.conf, s->side), &options, err);
	if (*pg)
		pg_set_timeout(*pg, ASK_TIMEOUT);
	return *pg != NULL;
}

/* The databases of the upgrade, by the same rules as everywhere. */
static bool
read_databases(struct monitor_side *s, struct text_list *names,
	       struct err *err)
{
	size_t i;

	if (s->side != SIDE_SOURCE)
		return true;
	if (!op_read_names(&s->op, err))
		return false;
	for (i = 0; i < s->op.n_databases; i++)
		text_list_add(names, s->op.databases[i].name);
	return true;
}

/* Once it is chosen it hardly ever changes. */
static bool
recall_mechanism(struct monitor_side *s, struct err *err)
{
	if (s->side != SIDE_DESTINATION ||
	    (s->mechanism && clock_now() - s->recalled < RECALL_EVERY))
		return true;
	s->recalled = clock_now();
	return mechanism_recall(*connection(s), &s->mechanism, err);
}

static bool
ask(struct monitor_side *s, struct side_answer *answer, struct err *err)
{
	const char *statement = s->side == SIDE_SOURCE ? "monitor_source"
						       : "monitor_destination";

	if (!connect_side(s, err) ||
	    !read_databases(s, &answer->databases, err) ||
	    !recall_mechanism(s, err) ||
	    !pg_ask(*connection(s), statement, PG_NONE, &answer->rows, err))
		return false;
	answer->mechanism = s->mechanism;
	answer->at = clock_now();
	return true;
}

static void
wait_before_next_try(struct monitor_side *s)
{
	double seconds = s->failures < 4 ? (double)(1 << s->failures)
					 : RETRY_MOST;

	s->failures++;
	s->next_try = clock_now() + seconds;
}

/* False: it is not yet time to try again, so nothing is new. */
static bool
try_to_ask(struct monitor_side *s, struct side_answer *answer)
{
	bool reused = pg_is_alive(*connection(s));
	bool ok;

	if (s->failures > 0 && clock_now() < s->next_try)
		return false;
	ok = ask(s, answer, &answer->err);
	/* The server was restarted between two rounds: that is no failure. */
	if (!ok && reused && !pg_is_alive(*connection(s))) {
		side_answer_release(answer);
		ok = ask(s, answer, &answer->err);
	}
	if (ok) {
		s->failures = 0;
	} else {
		disconnect(s);
		wait_before_next_try(s);
	}
	return true;
}

static void
hand_over(struct monitor_side *s, struct side_answer *answer)
{
	double answered = s->answer.at;

	side_answer_release(&s->answer);
	s->answer = *answer;
	if (s->answer.at == 0)
		s->answer.at = answered;
	s->news = true;
}

static void *
side_main(void *arg)
{
	struct monitor_side *s = arg;
	struct side_answer answer;
	bool new;

	pthread_mutex_lock(&s->lock);
	while (!s->quit) {
		if (s->done == s->asked) {
			pthread_cond_wait(&s->turn, &s->lock);
			continue;
		}
		pthread_mutex_unlock(&s->lock);
		answer = (struct side_answer){.at = 0};
		new = try_to_ask(s, &answer);
		pthread_mutex_lock(&s->lock);
		if (new)
			hand_over(s, &answer);
		s->done = s->asked;
		pthread_cond_broadcast(&s->turn);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

struct monitor_side *
monitor_side_new(const struct op *op, enum side side, struct err *err)
{
	struct monitor_side *s = MEM_NEW(struct monitor_side);
	pthread_condattr_t attr;
	int rc;

	s->side = side;
	s->op = (struct op){.conf = op->conf, .options = op->options};
	s->op.interrupt = interrupt_new(err);
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->turn, &attr);
	pthread_condattr_destroy(&attr);
	rc = pthread_create(&s->thread, NULL, side_main, s);
	if (rc == 0)
		return s;
	err_set(err, ERR_SYSTEM, "could not start a thread: %s", strerror(rc));
	interrupt_free(s->op.interrupt);
	free(s);
	return NULL;
}

void
monitor_side_ask(struct monitor_side *s)
{
	pthread_mutex_lock(&s->lock);
	if (s->done == s->asked)
		s->asked++;
	pthread_cond_broadcast(&s->turn);
	pthread_mutex_unlock(&s->lock);
}

bool
monitor_side_wait(struct monitor_side *s, double deadline)
{
	struct timespec at = {.tv_sec = (time_t)deadline};
	bool done;

	at.tv_nsec = (long)((deadline - (double)at.tv_sec) * 1e9);
	pthread_mutex_lock(&s->lock);
	while (s->done != s->asked) {
		if (deadline == 0)
			pthread_cond_wait(&s->turn, &s->lock);
		else if (pthread_cond_timedwait(&s->turn, &s->lock, &at) ==
			 ETIMEDOUT)
			break;
	}
	done = s->done == s->asked;
	pthread_mutex_unlock(&s->lock);
	return done;
}

bool
monitor_side_take(struct monitor_side *s, struct side_answer *answer)
{
	bool news;

	pthread_mutex_lock(&s->lock);
	news = s->news;
	if (news) {
		double at = s->answer.at;

		side_answer_release(answer);
		*answer = s->answer;
		s->answer = (struct side_answer){.at = at};
		s->news = false;
	}
	pthread_mutex_unlock(&s->lock);
	return news;
}

void
monitor_side_free(struct monitor_side *s)
{
	if (!s)
		return;
	pthread_mutex_lock(&s->lock);
	s->quit = true;
	interrupt_raise(s->op.interrupt);
	pthread_cond_broadcast(&s->turn);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	side_answer_release(&s->answer);
	interrupt_free(s->op.interrupt);
	/* The lists are those of the op that it was made from. */
	s->op.options = (struct op_options){.yes = false};
	op_release(&s->op);
	pthread_cond_destroy(&s->turn);
	pthread_mutex_destroy(&s->lock);
	free(s);
}
