/* SPDX-License-Identifier: PostgreSQL */
/*
 * The private folder of a run, and the passwords in it. Its name tells the
 * pid of its run, so that the next run removes what a killed one has left.
 */
#include "tools_tmp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"

#define PREFIX "pgrepup-"

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

/*
 * Is that the name of a folder whose run is no more? Ours is none yet when
 * this is asked: in a container every run may have the same pid.
 */
static bool
is_dead(const char *name)
{
	char *end;
	long pid;

	if (strncmp(name, PREFIX, strlen(PREFIX)) != 0)
		return false;
	pid = strtol(name + strlen(PREFIX), &end, 10);
	return pid > 0 && *end == '-' &&
	       (pid == getpid() ||
		(kill((pid_t)pid, 0) != 0 && errno == ESRCH));
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
	struct stat st;
	char *path;

	while (d && (entry = readdir(d))) {
		if (!is_dead(entry->d_name))
			continue;
		path = mem_printf("%s/%s", dir, entry->d_name);
		if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
		    st.st_uid == geteuid())
			remove_tree(path);
		free(path);
	}
	if (d)
		closedir(d);
}

char *
tools_tmp_new(struct op *op, struct err *err)
{
	const char *dir = tmp_dir(op->conf);
	char *path = mem_printf("%s/" PREFIX "%ld-XXXXXX", dir, (long)getpid());

	if (mkdtemp(path))
		return path;
	err_set(err, ERR_SYSTEM, "could not make a folder in \"%s\": %s", dir,
		strerror(errno));
	err_hint(err, "Set tmp_dir to a folder that you may write to.");
	free(path);
	return NULL;
}

void
tools_tmp_free(char *path)
{
	if (!path)
		return;
	remove_tree(path);
	free(path);
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
