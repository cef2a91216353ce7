/* SPDX-License-Identifier: PostgreSQL */
/* A folder whose files are looked at when they change, by inotify. */
#include "watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "mem.h"
#include "state_dir.h"

struct watch {
	int fd;
};

struct watch *
watch_new(const struct state_dir *dir)
{
	struct watch *watch;
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	char opened[64];

	if (fd < 0)
		return NULL;
	snprintf(opened, sizeof(opened), "/proc/self/fd/%d", dir->fd);
	if (inotify_add_watch(fd, opened,
			      IN_MODIFY | IN_CREATE | IN_MOVED_TO |
				  IN_CLOSE_WRITE) < 0) {
		close(fd);
		return NULL;
	}
	watch = MEM_NEW(struct watch);
	watch->fd = fd;
	return watch;
}

void
watch_free(struct watch *watch)
{
	if (!watch)
		return;
	close(watch->fd);
	free(watch);
}

int
watch_fd(const struct watch *watch)
{
	return watch ? watch->fd : -1;
}

bool
watch_take(struct watch *watch)
{
	_Alignas(struct inotify_event) char piece[4096];
	struct inotify_event *event;
	bool more = false;
	ssize_t n, at;

	while (watch && (n = read(watch->fd, piece, sizeof(piece))) > 0) {
		for (at = 0; at < n;
		     at += (ssize_t)(sizeof(*event) + event->len)) {
			event = (struct inotify_event *)(piece + at);
			more |= event->mask != IN_MODIFY;
		}
	}
	return more;
}
