/* SPDX-License-Identifier: PostgreSQL */
/*
 * What goes to the terminal. ncurses writes until all is gone, however long
 * that takes: when the line is dead or held (XOFF), no signal and no key would
 * be obeyed any more. So it writes into memory, and from there the terminal
 * gets as much as it takes, by a descriptor that never blocks. That descriptor
 * is a new opening of the terminal: the one that the shell gave is the shell's
 * as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "interrupt.h"
#include "term_internal.h"

static bool
is_terminal_of(int fd, int other)
{
	unsigned int a, b;

	return ioctl(fd, TIOCGDEV, &a) == 0 &&
	       ioctl(other, TIOCGDEV, &b) == 0 && a == b;
}

/* After su its name may be another user's; /dev/tty never is. */
static int
open_again(void)
{
	char name[256];
	const char *const paths[] = {name, "/dev/tty"};
	size_t i;
	int fd;

	if (ttyname_r(STDOUT_FILENO, name, sizeof(name)) != 0)
		name[0] = '\0';
	for (i = 0; i < 2; i++) {
		fd = open(paths[i],
			  O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		if (fd >= 0 && is_terminal_of(fd, STDOUT_FILENO))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

bool
out_open(struct term_out *out)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);

	out->rest = (struct strbuf)STRBUF_INIT;
	out->memory = memfd_create("screen", MFD_CLOEXEC);
	out->fd = open_again();
	out->blocks = out->fd < 0;
	if (out->blocks)
		out->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	out->file = fd < 0 ? NULL : fdopen(fd, "w");
	return out->file && out->memory >= 0 && out->fd >= 0;
}

void
out_capture(struct term_out *out)
{
	if (dup3(out->memory, fileno(out->file), O_CLOEXEC) < 0)
		abort();
}

void
out_add(struct term_out *out, const char *bytes, size_t n)
{
	out_collect(out);
	strbuf_addn(&out->rest, bytes, n);
}

void
out_collect(struct term_out *out)
{
	char piece[8192];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(out->memory, piece, sizeof(piece), at)) > 0) {
		strbuf_addn(&out->rest, piece, (size_t)n);
		at += n;
	}
	if (at == 0)
		return;
	if (ftruncate(out->memory, 0) != 0 ||
	    lseek(out->memory, 0, SEEK_SET) != 0)
		abort();
}

/* True when it takes more. */
static bool
is_ready(const struct term_out *out, int milliseconds)
{
	struct pollfd p = {.fd = out->fd, .events = POLLOUT};

	return poll(&p, 1, milliseconds) > 0;
}

/* Without a descriptor of our own there is room for one byte at least. */
static ssize_t
write_some(const struct term_out *out)
{
	size_t left = out->rest.len - out->done;

	if (out->blocks && !is_ready(out, 0)) {
		errno = EAGAIN;
		return -1;
	}
	return write(out->fd, out->rest.text + out->done,
		     out->blocks ? 1 : left);
}

bool
out_send(struct term_out *out)
{
	ssize_t n;

	out_collect(out);
	while (out->done < out->rest.len) {
		n = write_some(out);
		if (n > 0)
			out->done += (size_t)n;
		else if (n < 0 && errno == EAGAIN)
			return false;
		else if (n == 0 || errno != EINTR)
			break; /* it is gone; SIGHUP says so as well */
	}
	strbuf_reset(&out->rest);
	out->done = 0;
	return true;
}

bool
out_takes_more(const struct term_out *out)
{
	return out->done == out->rest.len && is_ready(out, 0);
}

void
out_drain(struct term_out *out, double seconds)
{
	double end = clock_now() + seconds;

	while (!out_send(out) && clock_now() < end)
		is_ready(out, 100);
}

void
out_close(struct term_out *out)
{
	if (out->file)
		fclose(out->file);
	if (out->memory >= 0)
		close(out->memory);
	if (out->fd >= 0)
		close(out->fd);
	strbuf_release(&out->rest);
}
