/* SPDX-License-Identifier: PostgreSQL */
/* The event loop of a face, by libevent. */
#include "loop.h"

#include <event2/event.h>
#include <stdlib.h>

#include "mem.h"

struct loop {
	struct event_base *base;
};

struct loop_source {
	struct event *event;
	loop_fn fn;
	void *arg;
};

struct loop *
loop_new(struct err *err)
{
	struct loop *loop = MEM_NEW(struct loop);
	struct event_config *config = event_config_new();

	/* Else a timer may come some milliseconds before its time. */
	event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
	loop->base = event_base_new_with_config(config);
	event_config_free(config);
	if (loop->base)
		return loop;
	err_set(err, ERR_SYSTEM, "could not make an event loop");
	free(loop);
	return NULL;
}

void
loop_free(struct loop *loop)
{
	if (!loop)
		return;
	event_base_free(loop->base);
	free(loop);
}

static void
dispatch(evutil_socket_t fd, short what, void *arg)
{
	struct loop_source *source = arg;

	(void)fd;
	(void)what;
	source->fn(source->arg);
}

static struct loop_source *
new_source(struct loop *loop, evutil_socket_t fd, short what, loop_fn fn,
	   void *arg)
{
	struct loop_source *source = MEM_NEW(struct loop_source);

	source->fn = fn;
	source->arg = arg;
	source->event = event_new(loop->base, fd, what, dispatch, source);
	if (!source->event)
		abort();
	return source;
}

static struct loop_source *
add(struct loop *loop, evutil_socket_t fd, short what,
    const struct timeval *every, loop_fn fn, void *arg)
{
	struct loop_source *source =
		new_source(loop, fd, what | EV_PERSIST, fn, arg);

	if (event_add(source->event, every) != 0)
		abort();
	return source;
}

static struct timeval
to_timeval(double seconds)
{
	time_t whole = (time_t)seconds;

	return (struct timeval){
		.tv_sec = whole,
		.tv_usec = (suseconds_t)((seconds - (double)whole) * 1e6),
	};
}

struct loop_source *
loop_every(struct loop *loop, double seconds, loop_fn fn, void *arg)
{
	struct timeval every = to_timeval(seconds);

	return add(loop, -1, 0, &every, fn, arg);
}

struct loop_source *
loop_timer(struct loop *loop, loop_fn fn, void *arg)
{
	return new_source(loop, -1, 0, fn, arg);
}

void
loop_timer_set(struct loop_source *timer, double seconds)
{
	struct timeval in = to_timeval(seconds > 0 ? seconds : 0);

	if (event_add(timer->event, &in) != 0)
		abort();
}

struct loop_source *
loop_signal(struct loop *loop, int signal, loop_fn fn, void *arg)
{
	return add(loop, signal, EV_SIGNAL, NULL, fn, arg);
}

struct loop_source *
loop_readable(struct loop *loop, int fd, loop_fn fn, void *arg)
{
	return add(loop, fd, EV_READ, NULL, fn, arg);
}

struct loop_source *
loop_readable_once(struct loop *loop, int fd, loop_fn fn, void *arg)
{
	return new_source(loop, fd, EV_READ, fn, arg);
}

struct loop_source *
loop_writable(struct loop *loop, int fd, loop_fn fn, void *arg)
{
	return new_source(loop, fd, EV_WRITE, fn, arg);
}

void
loop_arm(struct loop_source *source)
{
	if (event_add(source->event, NULL) != 0)
		abort();
}

void
loop_remove(struct loop_source *source)
{
	if (!source)
		return;
	event_free(source->event);
	free(source);
}

void
loop_run(struct loop *loop)
{
	event_base_dispatch(loop->base);
}

void
loop_stop(struct loop *loop)
{
	event_base_loopbreak(loop->base);
}
