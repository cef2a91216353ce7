/* SPDX-License-Identifier: PostgreSQL */
/* The thread that looks at one database as long as somebody else does. */
#include "detail_follow.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"

struct detail_follow {
	struct op op; /* conf, dir, and an interrupt of its own */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t news; /* another database, or the end */
	int fd;
	/* under the lock */
	char *wanted; /* NULL: none */
	double interval;
	bool changed;
	bool anew; /* whoever asks has forgotten what was told before */
	bool quit;
	struct record *ready;
};

/* Tables that nobody took must not be lost with the record they were in. */
static void
hand_over(struct detail_follow *f, struct record *r)
{
	uint64_t one = 1;
	ssize_t n;

	if (f->ready && !record_has(r, "tables"))
		record_take(r, "tables", f->ready);
	record_free(f->ready);
	f->ready = r;
	n = write(f->fd, &one, sizeof(one));
	(void)n;
}

/* One look, outside of the lock. */
static struct detail *
look(struct detail_follow *f, struct detail *d)
{
	char *wanted = mem_strdup(f->wanted);
	bool anew = f->anew;
	struct record *r;

	f->anew = false;
	pthread_mutex_unlock(&f->lock);
	if (!d || anew) {
		detail_free(d);
		d = detail_new(&f->op, wanted);
	}
	free(wanted);
	r = detail_read(d, DETAIL_NEWS);
	pthread_mutex_lock(&f->lock);
	if (f->wanted && !f->anew)
		hand_over(f, r);
	else
		record_free(r);
	return d;
}

/* Until it is time, or there is something else to do. */
static void
wait_for_turn(struct detail_follow *f, double until)
{
	struct timespec at = {.tv_sec = (time_t)until};

	at.tv_nsec = (long)((until - (double)at.tv_sec) * 1e9);
	while (!f->changed && !f->quit) {
		if (!f->wanted)
			pthread_cond_wait(&f->news, &f->lock);
		else if (pthread_cond_timedwait(&f->news, &f->lock, &at) ==
			 ETIMEDOUT)
			break;
	}
	f->changed = false;
}

static void *
follow_main(void *arg)
{
	struct detail_follow *f = arg;
	struct detail *d = NULL;
	double began;

	pthread_mutex_lock(&f->lock);
	while (!f->quit) {
		began = clock_now();
		if (f->wanted) {
			d = look(f, d);
		} else {
			detail_free(d);
			d = NULL;
		}
		wait_for_turn(f, began + f->interval);
	}
	pthread_mutex_unlock(&f->lock);
	detail_free(d);
	return NULL;
}

static void
follow_release(struct detail_follow *f)
{
	if (f->fd >= 0)
		close(f->fd);
	interrupt_free(f->op.interrupt);
	pthread_cond_destroy(&f->news);
	pthread_mutex_destroy(&f->lock);
	record_free(f->ready);
	free(f->wanted);
	free(f);
}

struct detail_follow *
detail_follow_new(const struct op *op, double interval, struct err *err)
{
	struct detail_follow *f = MEM_NEW(struct detail_follow);
	pthread_condattr_t attr;

	f->op = (struct op){.conf = op->conf, .dir = op->dir};
	f->interval = interval;
	f->op.interrupt = interrupt_new(err);
	f->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&f->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&f->news, &attr);
	pthread_condattr_destroy(&attr);
	if (f->op.interrupt && f->fd >= 0 &&
	    pthread_create(&f->thread, NULL, follow_main, f) == 0)
		return f;
	err_set(err, ERR_SYSTEM, "could not start a thread: %s",
		strerror(errno));
	follow_release(f);
	return NULL;
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

void
detail_follow_set(struct detail_follow *f, const char *database)
{
	pthread_mutex_lock(&f->lock);
	if (!same(f->wanted, database)) {
		free(f->wanted);
		f->wanted = mem_strdup(database);
		record_free(f->ready);
		f->ready = NULL;
		f->changed = f->anew = true;
		pthread_cond_signal(&f->news);
	}
	pthread_mutex_unlock(&f->lock);
}

void
detail_follow_every(struct detail_follow *f, double interval)
{
	pthread_mutex_lock(&f->lock);
	f->interval = interval;
	pthread_mutex_unlock(&f->lock);
}

int
detail_follow_fd(const struct detail_follow *f)
{
	return f->fd;
}

struct record *
detail_follow_take(struct detail_follow *f)
{
	struct record *r;
	uint64_t count;
	ssize_t n;

	pthread_mutex_lock(&f->lock);
	n = read(f->fd, &count, sizeof(count));
	(void)n;
	r = f->ready;
	f->ready = NULL;
	pthread_mutex_unlock(&f->lock);
	return r;
}

void
detail_follow_free(struct detail_follow *f)
{
	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	f->quit = true;
	interrupt_raise(f->op.interrupt);
	pthread_cond_signal(&f->news);
	pthread_mutex_unlock(&f->lock);
	pthread_join(f->thread, NULL);
	follow_release(f);
}
