/* SPDX-License-Identifier: PostgreSQL */
/* The folder of an upgrade's files, by its descriptor; see state_dir.h */
#include "state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io.h"
#include "mem.h"

/* --- the folder ----------------------------------------------------------- */

/* Makes the folder and those above it; private where it makes them. */
static bool
make_folders(const char *path, struct err *err)
{
	char *part = mem_strdup(path), *slash = part;
	bool ok = true;

	while (ok && slash) {
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = '\0';
		ok = mkdir(part, 0700) == 0 || errno == EEXIST;
		if (ok && slash)
			*slash = '/';
	}
	if (!ok) {
		err_set(err, ERR_SYSTEM, "could not create folder \"%s\": %s",
			part, strerror(errno));
		err_hint(err, "Nothing is done that cannot be written there. "
			      "Make it possible, or name another folder by "
			      "XDG_STATE_HOME.");
	}
	free(part);
	return ok;
}

/* Whom a folder above lets rename what is in it could put another in its
 * place between two looks. False with who that is. */
static bool
is_held(const char *above, const char *path, struct err *err)
{
	struct stat st;

	if (stat(above, &st) != 0) {
		err_set(err, ERR_SYSTEM, "could not look at \"%s\": %s", above,
			strerror(errno));
		return false;
	}
	if ((st.st_mode & S_IWOTH) != 0 && (st.st_mode & S_ISVTX) == 0) {
		err_set(err, ERR_SYSTEM,
			"everybody may put another folder in the place of "
			"\"%s\"",
			path);
		err_hint(err, "Run: chmod o-w \"%s\"", above);
		return false;
	}
	if (st.st_uid == 0 || st.st_uid == geteuid())
		return true;
	err_set(err, ERR_SYSTEM,
		"user %ld may put another folder in the place of \"%s\"",
		(long)st.st_uid, path);
	err_detail(err, "\"%s\" belongs to that user.", above);
	err_hint(err, "Name another folder by XDG_STATE_HOME.");
	return false;
}

static bool
stays_in_place(const char *path, struct err *err)
{
	char *above = mem_strdup(path), *slash;
	bool ok = true;

	while (ok && (slash = strrchr(above, '/')) && slash > above) {
		*slash = '\0';
		ok = is_held(above, path, err);
	}
	free(above);
	return ok;
}

static bool
refuse(const char *path, const char *detail, struct err *err)
{
	err_set(err, ERR_SYSTEM, "state folder \"%s\" is not ours", path);
	err_detail(err, "%s", detail);
	err_hint(err, "Move it away, or name another folder by "
		      "XDG_STATE_HOME.");
	return false;
}

static bool
refuse_owner(const char *path, uid_t owner, struct err *err)
{
	char *detail = mem_printf("It belongs to user %ld, and pgrepup runs "
				  "as user %ld.",
				  (long)owner, (long)geteuid());

	refuse(path, detail, err);
	free(detail);
	return false;
}

/* What others could write may be theirs already: it does not become ours by
 * being closed. */
static bool
refuse_writers(const char *path, mode_t mode, struct err *err)
{
	err_set(err, ERR_SYSTEM, "others may write to state folder \"%s\"",
		path);
	err_detail(err, "Its mode is %04o.", (unsigned)mode & 07777);
	err_hint(err, "Look whether all that is in it is yours. Then run: "
		      "chmod 700 \"%s\"",
		 path);
	return false;
}

static bool
prove(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
		return refuse(path, "It is a link, or no folder.", err);
	if (fd >= 0 && fstat(fd, &st) == 0) {
		if (st.st_uid != geteuid())
			return refuse_owner(path, st.st_uid, err);
		if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
			return refuse_writers(path, st.st_mode, err);
		if ((st.st_mode & (S_IRWXG | S_IRWXO)) == 0 ||
		    fchmod(fd, 0700) == 0)
			return true;
	}
	err_set(err, ERR_SYSTEM, "could not open state folder \"%s\": %s",
		path, strerror(errno));
	err_hint(err, "Make it possible, or name another folder by "
		      "XDG_STATE_HOME.");
	return false;
}

struct state_dir *
state_dir_open(const char *path, struct err *err)
{
	struct state_dir *dir;
	int fd;

	if (!make_folders(path, err) || !stays_in_place(path, err))
		return NULL;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (!prove(fd, path, err)) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	dir = MEM_NEW(struct state_dir);
	*dir = (struct state_dir){.fd = fd, .path = mem_strdup(path)};
	return dir;
}

void
state_dir_close(struct state_dir *dir)
{
	if (!dir)
		return;
	close(dir->fd);
	free(dir->path);
	free(dir);
}

/* --- files in it ---------------------------------------------------------- */

static void
set_failed(struct err *err, const char *what, const struct state_dir *dir,
	   const char *name)
{
	int error = errno;
	bool odd = error == ELOOP || error == ENXIO || error == EISDIR;
	bool reads = strcmp(what, "read") == 0;

	err_set(err, reads && error == ENOENT ? ERR_STATE : ERR_SYSTEM,
		"could not %s \"%s/%s\": %s", what, dir->path, name,
		odd ? "it is a link, or no file" : strerror(error));
	if (odd)
		err_hint(err, "Move it away.");
	else if (!reads)
		err_hint(err, "Nothing is done that cannot be written there. "
			      "Make that folder writable.");
	errno = error;
}

int
state_dir_file(const struct state_dir *dir, const char *name, int flags,
	       struct err *err)
{
	/* Not waiting, since a pipe may lie there. */
	int fd = openat(dir->fd, name,
			flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
			0600);
	bool reads = (flags & O_ACCMODE) == O_RDONLY;
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		fd = -1;
		errno = ELOOP;
	}
	if (fd < 0)
		set_failed(err, reads ? "read" : "open", dir, name);
	return fd;
}

bool
state_dir_write(const struct state_dir *dir, const char *name,
		const char *text, struct err *err)
{
	char *new = mem_printf("%s.%ld", name, (long)getpid());
	bool ok;
	int fd;

	/* One of ours that was killed may have had this number. */
	unlinkat(dir->fd, new, 0);
	fd = openat(dir->fd, new,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	ok = fd >= 0 && io_write_all(fd, text, strlen(text)) && fsync(fd) == 0;
	ok = (fd < 0 || close(fd) == 0) && ok &&
	     renameat(dir->fd, new, dir->fd, name) == 0;
	if (!ok) {
		set_failed(err, "write", dir, name);
		unlinkat(dir->fd, new, 0);
	}
	free(new);
	return ok;
}

bool
state_dir_remove(const struct state_dir *dir, const char *name,
		 struct err *err)
{
	if (unlinkat(dir->fd, name, 0) == 0 || errno == ENOENT)
		return true;
	set_failed(err, "remove", dir, name);
	return false;
}
