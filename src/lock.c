/* SPDX-License-Identifier: PostgreSQL */
/* One operation at a time for an upgrade, by a lock file that tells who. */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mem.h"
#include "record.h"
#include "state_dir.h"

struct lock {
	int fd;
};

static int
open_file(const struct state_dir *dir, const char *name, int flags)
{
	struct err ignored = ERR_INIT;
	int fd = state_dir_file(dir, name, flags, &ignored);

	err_release(&ignored);
	return fd;
}

/* 0, 1 and negative ones are no process of ours. */
static pid_t
pid_or_none(long long pid)
{
	return pid > 1 && pid <= INT_MAX ? (pid_t)pid : 0;
}

static void
read_holder(int fd, struct lock_holder *holder)
{
	char text[512];
	struct record *r;
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	*holder = (struct lock_holder){0};
	if (n <= 0)
		return;
	text[n] = '\0';
	r = record_parse(text);
	if (!r)
		return;
	holder->pid = pid_or_none(record_get_int(r, "pid"));
	holder->run = mem_strdup(record_get(r, "run"));
	holder->command = mem_strdup(record_get(r, "command"));
	record_free(r);
}

/* Of whom the kernel says that he has the lock; it tells no number of another
 * host's or container's process. False when nobody has it. */
static bool
find_owner(int fd, pid_t *owner)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(fd, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK)
		return false;
	*owner = pid_or_none(lock.l_pid);
	return true;
}

/* Who holds it, and what he has written of himself: not what another has
 * left. */
static bool
find_holder(int fd, struct lock_holder *holder)
{
	pid_t owner;

	*holder = (struct lock_holder){0};
	if (!find_owner(fd, &owner))
		return false;
	read_holder(fd, holder);
	if (owner != 0 && owner != holder->pid)
		lock_holder_release(holder);
	if (owner != 0)
		holder->pid = owner;
	holder->proved = owner != 0;
	return true;
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

	find_holder(fd, &holder);
	err_set(err, ERR_STATE, "another pgrepup is at work on this upgrade");
	err_detail(err, "It runs \"%s\" as process %d.",
		   holder.command ? holder.command : "?", (int)holder.pid);
	err_hint(err, "Wait for it, or run the same command to follow it.");
	lock_holder_release(&holder);
}

/* Milliseconds. A runner that has said its end holds that of the upgrade for
 * one more; faces change hands. */
#define PATIENCE 500
#define PATIENCE_FACE 20

/* errno is EAGAIN or EACCES when another has it. */
static bool
take(int fd, int patience)
{
	const struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	while (fcntl(fd, F_SETLK, &lock) != 0) {
		if ((errno != EAGAIN && errno != EACCES) || patience-- <= 0)
			return false;
		usleep(1000);
	}
	return true;
}

static struct lock *
lock_new(int fd)
{
	struct lock *lock = MEM_NEW(struct lock);

	lock->fd = fd;
	return lock;
}

struct lock *
lock_take(const struct state_dir *dir, const char *run, const char *command,
	  struct err *err)
{
	int fd = state_dir_file(dir, "lock", O_RDWR | O_CREAT, err);

	if (fd < 0)
		return NULL;
	if (!take(fd, PATIENCE)) {
		if (errno == EAGAIN || errno == EACCES)
			refuse(fd, err);
		else
			err_set(err, ERR_SYSTEM,
				"could not lock \"%s/lock\": %s", dir->path,
				strerror(errno));
	} else if (write_holder(fd, run, command)) {
		return lock_new(fd);
	} else {
		err_set(err, ERR_SYSTEM,
			"could not write lock file \"%s/lock\": %s",
			dir->path, strerror(errno));
	}
	close(fd);
	return NULL;
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
lock_take_face(const struct state_dir *dir, const char *command)
{
	int fd = open_file(dir, "face", O_RDWR | O_CREAT);

	if (fd < 0)
		return NULL;
	if (take(fd, PATIENCE_FACE) && write_holder(fd, NULL, command))
		return lock_new(fd);
	close(fd);
	return NULL;
}

static bool
peek(const struct state_dir *dir, const char *name, struct lock_holder *holder)
{
	/* Not for writing: its end would look like that of a holder to those
	 * who watch the file (watch.h). */
	int fd = open_file(dir, name, O_RDONLY);
	bool held;

	*holder = (struct lock_holder){0};
	if (fd < 0)
		return false;
	held = find_holder(fd, holder);
	close(fd);
	return held;
}

bool
lock_peek(const struct state_dir *dir, struct lock_holder *holder)
{
	return peek(dir, "lock", holder);
}

bool
lock_peek_face(const struct state_dir *dir, struct lock_holder *holder)
{
	return peek(dir, "face", holder);
}

static bool
is_of_run(const struct lock_holder *holder, const char *run)
{
	return holder->run && strcmp(holder->run, run) == 0;
}

bool
lock_is_held(const struct state_dir *dir, const char *run)
{
	struct lock_holder holder;
	bool is = lock_peek(dir, &holder) && is_of_run(&holder, run);

	lock_holder_release(&holder);
	return is;
}

/* A descriptor of a process outlives it and is never another's. Kernels before
 * 5.3 have none (-1): then a moment is left in which the number could become
 * another's. */
static int
open_process(pid_t pid)
{
#ifdef SYS_pidfd_open
	return (int)syscall(SYS_pidfd_open, pid, 0);
#else
	(void)pid;
	return -1;
#endif
}

static bool
send_signal(int process, pid_t pid, int signal)
{
#ifdef SYS_pidfd_send_signal
	if (process >= 0)
		return syscall(SYS_pidfd_send_signal, process, signal, NULL,
			       0) == 0;
#else
	(void)process;
#endif
	return kill(pid, signal) == 0;
}

bool
lock_signal(const struct state_dir *dir, const char *run, int signal)
{
	struct lock_holder before, now = {0};
	int process = -1;
	bool is = lock_peek(dir, &before) && before.proved;

	if (is) {
		process = open_process(before.pid);
		is = lock_peek(dir, &now) && now.proved &&
		     now.pid == before.pid && is_of_run(&now, run) &&
		     send_signal(process, now.pid, signal);
	}
	if (process >= 0)
		close(process);
	lock_holder_release(&before);
	lock_holder_release(&now);
	return is;
}

void
lock_holder_release(struct lock_holder *holder)
{
	free(holder->run);
	free(holder->command);
	*holder = (struct lock_holder){0};
}
