/* SPDX-License-Identifier: PostgreSQL */
/* A request to stop that every wait of an operation listens to. */
#include "interrupt.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"

struct interrupt {
	int fd;
	atomic_bool raised;
};

struct interrupt *
interrupt_new(struct err *err)
{
	struct interrupt *in = MEM_NEW(struct interrupt);

	in->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (in->fd < 0) {
		err_set(err, ERR_SYSTEM, "could not make an eventfd: %s",
			strerror(errno));
		free(in);
		return NULL;
	}
	return in;
}

void
interrupt_free(struct interrupt *in)
{
	if (!in)
		return;
	close(in->fd);
	free(in);
}

void
interrupt_raise(struct interrupt *in)
{
	uint64_t one = 1;
	ssize_t n;

	atomic_store(&in->raised, true);
	/* Never read: the descriptor stays readable for every waiter. */
	n = write(in->fd, &one, sizeof(one));
	(void)n;
}

bool
interrupt_raised(const struct interrupt *in)
{
	return in && atomic_load(&in->raised);
}

int
interrupt_fd(const struct interrupt *in)
{
	return in ? in->fd : -1;
}

void
interrupt_error(struct err *err)
{
	err_set(err, ERR_STOPPED, "stopped on request");
	err_hint(err, "Run the same command again to go on from here.");
}

bool
interrupt_sleep(const struct interrupt *in, double seconds, struct err *err)
{
	struct pollfd p = {.fd = interrupt_fd(in), .events = POLLIN};
	double end = clock_now() + seconds, left;

	while ((left = end - clock_now()) > 0 && !interrupt_raised(in))
		poll(&p, 1, (int)(left * 1000) + 1);
	if (!interrupt_raised(in))
		return true;
	interrupt_error(err);
	return false;
}

double
clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
