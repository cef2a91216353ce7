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

	loop->base = event_base_new();
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
add(struct loop *loop, evutil_socket_t fd, short what,
    const struct timeval *every, loop_fn fn, void *arg)
{
	struct loop_source *source = MEM_NEW(struct loop_source);

	source->fn = fn;
	source->arg = arg;
	source->event = event_new(loop->base, fd, what | EV_PERSIST, dispatch,
				  source);
	if (!source->event || event_add(source->event, every) != 0)
		abort();
	return source;
}

struct loop_source *
loop_every(struct loop *loop, double seconds, loop_fn fn, void *arg)
{
	struct timeval every = {
		.tv_sec = (time_t)seconds,
		.tv_usec = (suseconds_t)((seconds - (double)(time_t)seconds) *
					 1e6),
	};

	return add(loop, -1, 0, &every, fn, arg);
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
