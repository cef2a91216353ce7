/* SPDX-License-Identifier: PostgreSQL */
/* One operation at a time for an upgrade, by a lock file that tells who. */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "mem.h"
#include "record.h"

struct lock {
	int fd;
};

static int
open_file(const char *dir, const char *name, int flags)
{
	char *path = mem_printf("%s/%s", dir, name);
	int fd = open(path, flags | O_CLOEXEC, 0600);

	free(path);
	return fd;
}

static void
read_holder(int fd, struct lock_holder *holder)
{
	char text[512];
	struct record *r;
	long long pid;
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	*holder = (struct lock_holder){0};
	if (n <= 0)
		return;
	text[n] = '\0';
	r = record_parse(text);
	if (!r)
		return;
	pid = record_get_int(r, "pid");
	/* 0, 1 and negative ones are no process of ours. */
	holder->pid = pid > 1 && pid <= INT_MAX ? (pid_t)pid : 0;
	holder->run = mem_strdup(record_get(r, "run"));
	holder->command = mem_strdup(record_get(r, "command"));
	record_free(r);
}

static bool
write_holder(int fd, const char *run, const char *command)
{
	struct record *r = record_new(NULL);
	char *line;
	size_t n;
	bool ok;

	record_int(r, "pid", getpid());
	record_text(r, "run", run);
	record_text(r, "command", command);
	line = record_line(r);
	n = strlen(line);
	ok = ftruncate(fd, 0) == 0 && pwrite(fd, line, n, 0) == (ssize_t)n;
	free(line);
	record_free(r);
	return ok;
}

static void
refuse(int fd, struct err *err)
{
	struct lock_holder holder;

	read_holder(fd, &holder);
	err_set(err, ERR_STATE, "another pgrepup is at work on this upgrade");
	err_detail(err, "It runs \"%s\" as process %d.",
		   holder.command ? holder.command : "?", (int)holder.pid);
	err_hint(err, "Wait for it, or run the same command to follow it.");
	lock_holder_release(&holder);
}

/* Milliseconds. Those who only look hold a lock for a moment; a runner that
 * has said its end holds that of the upgrade for one more. */
#define PATIENCE 500
#define PATIENCE_FACE 20

static bool
take(int fd, int patience)
{
	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (patience-- <= 0)
			return false;
		usleep(1000);
	}
	return true;
}

struct lock *
lock_take(const char *dir, const char *run, const char *command,
	  struct err *err)
{
	struct lock *lock;
	int fd = open_file(dir, "lock", O_RDWR | O_CREAT);

	if (fd < 0) {
		err_set(err, ERR_SYSTEM,
			"could not open lock file \"%s/lock\": %s", dir,
			strerror(errno));
		return NULL;
	}
	if (!take(fd, PATIENCE)) {
		refuse(fd, err);
		close(fd);
		return NULL;
	}
	if (!write_holder(fd, run, command)) {
		err_set(err, ERR_SYSTEM,
			"could not write lock file \"%s/lock\": %s", dir,
			strerror(errno));
		close(fd);
		return NULL;
	}
	lock = MEM_NEW(struct lock);
	lock->fd = fd;
	return lock;
}

void
lock_release(struct lock *lock)
{
	if (!lock)
		return;
	close(lock->fd);
	free(lock);
}

struct lock *
lock_take_face(const char *dir, const char *command)
{
	int fd = open_file(dir, "face", O_RDWR | O_CREAT);
	struct lock *lock;

	if (fd < 0)
		return NULL;
	if (!take(fd, PATIENCE_FACE) || !write_holder(fd, NULL, command)) {
		close(fd);
		return NULL;
	}
	lock = MEM_NEW(struct lock);
	lock->fd = fd;
	return lock;
}

static bool
peek(const char *dir, const char *name, struct lock_holder *holder)
{
	/* Not for writing: its end would look like that of a holder to those
	 * who watch the file (watch.h). */
	int fd = open_file(dir, name, O_RDONLY);
	bool held;

	*holder = (struct lock_holder){0};
	if (fd < 0)
		return false;
	/* A shared try: it never keeps a runner from starting for long. */
	held = flock(fd, LOCK_SH | LOCK_NB) != 0;
	if (held)
		read_holder(fd, holder);
	close(fd);
	return held;
}

bool
lock_peek(const char *dir, struct lock_holder *holder)
{
	return peek(dir, "lock", holder);
}

bool
lock_signal(const char *dir, const char *run, int signal)
{
	struct lock_holder holder;
	bool is = lock_peek(dir, &holder) && holder.pid > 0 && holder.run &&
		  strcmp(holder.run, run) == 0;

	/* It holds the lock, so it lives, and no other has its number. */
	is = is && (signal == 0 || kill(holder.pid, signal) == 0);
	lock_holder_release(&holder);
	return is;
}

bool
lock_peek_face(const char *dir, struct lock_holder *holder)
{
	return peek(dir, "face", holder);
}

void
lock_holder_release(struct lock_holder *holder)
{
	free(holder->run);
	free(holder->command);
	*holder = (struct lock_holder){0};
}
