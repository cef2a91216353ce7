/* SPDX-License-Identifier: PostgreSQL */
/*
 * The private folder of a client program, and the password in it. What a run
 * that was killed has left is removed by whoever comes next.
 */
#include "tools_tmp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"

#define PREFIX "pgrepup-"
#define OPEN_FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
/* Seconds in which a folder that was made has surely got its lock. */
#define MOMENT 10

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

static void
remove_tree(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* The number after the prefix; 0: that is no name of ours. */
static pid_t
pid_of(const char *name)
{
	char *end;
	long pid;

	if (strncmp(name, PREFIX, strlen(PREFIX)) != 0)
		return 0;
	pid = strtol(name + strlen(PREFIX), &end, 10);
	return pid > 0 && pid <= INT_MAX && *end == '-' ? (pid_t)pid : 0;
}

/*
 * Its run holds a lock on it, but for the moment after it was made. The number
 * alone tells little: another process may have it by now, and in a container
 * every run may have the same.
 */
static bool
is_left(int fd, pid_t pid)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	       flock(fd, LOCK_EX | LOCK_NB) == 0 &&
	       ((kill(pid, 0) != 0 && errno == ESRCH) ||
		time(NULL) - st.st_mtime > MOMENT);
}

static const char *
tmp_dir(const struct conf *conf)
{
	return conf->tmp_dir ? conf->tmp_dir : "/tmp";
}

void
tools_tmp_sweep(const struct conf *conf)
{
	const char *dir = tmp_dir(conf);
	DIR *d = opendir(dir);
	struct dirent *entry;
	char *path;
	pid_t pid;
	int fd;

	while (d && (entry = readdir(d))) {
		pid = pid_of(entry->d_name);
		if (pid == 0)
			continue;
		path = mem_printf("%s/%s", dir, entry->d_name);
		fd = open(path, OPEN_FOLDER);
		if (fd >= 0 && is_left(fd, pid))
			remove_tree(path);
		if (fd >= 0)
			close(fd);
		free(path);
	}
	if (d)
		closedir(d);
}

bool
tools_tmp_new(struct op *op, struct tools_tmp *tmp, struct err *err)
{
	const char *dir = tmp_dir(op->conf);

	tmp->path = mem_printf("%s/" PREFIX "%ld-XXXXXX", dir, (long)getpid());
	if (mkdtemp(tmp->path)) {
		tmp->fd = open(tmp->path, OPEN_FOLDER);
		if (tmp->fd >= 0 && flock(tmp->fd, LOCK_SH | LOCK_NB) == 0)
			return true;
		rmdir(tmp->path);
	}
	err_set(err, ERR_SYSTEM, "could not make a folder in \"%s\": %s", dir,
		strerror(errno));
	err_hint(err, "Set tmp_dir to a folder that you may write to.");
	free(tmp->path);
	tmp->path = NULL;
	return false;
}

void
tools_tmp_release(struct tools_tmp *tmp)
{
	if (!tmp->path)
		return;
	remove_tree(tmp->path);
	close(tmp->fd);
	free(tmp->path);
	tmp->path = NULL;
}

/* The file is unbuffered, so that the password lies in one place only. */
static void
write_password(FILE *f, const char *password)
{
	for (; *password; password++) {
		if (*password == ':' || *password == '\\')
			putc('\\', f);
		putc(*password, f);
	}
}

static bool
write_passfile(const char *path, const struct secret *password)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (!f) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	setvbuf(f, NULL, _IONBF, 0);
	fputs("*:*:*:*:", f);
	write_password(f, secret_text(password));
	putc('\n', f);
	return fclose(f) == 0;
}

char *
tools_passfile(const char *tmp, const struct endpoint *ep, struct err *err)
{
	char *path = mem_printf("%s/pgpass-%s", tmp, side_name(ep->side));

	if (strchr(secret_text(ep->password), '\n')) {
		err_set(err, ERR_CONFIG, "the password of the %s has a line "
					 "feed in it",
			side_name(ep->side));
		err_hint(err, "A password file cannot hold it: give the role "
			      "another password.");
	} else if (write_passfile(path, ep->password)) {
		return path;
	} else {
		err_set(err, ERR_SYSTEM, "could not write file \"%s\": %s",
			path, strerror(errno));
	}
	free(path);
	return NULL;
}
