/* SPDX-License-Identifier: PostgreSQL */
/* Files and pipes, where the C library leaves a loop to its caller. */
#include "io.h"

#include <errno.h>
#include <unistd.h>

bool
io_write_all(int fd, const char *text, size_t n)
{
	ssize_t done;

	while (n > 0) {
		done = write(fd, text, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		text += done;
		n -= (size_t)done;
	}
	return true;
}
