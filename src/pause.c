/* SPDX-License-Identifier: PostgreSQL */
/* The wish to pause: a file with the id of the run that is meant. */
#include "pause.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"

static char *
pause_path(const char *dir)
{
	return mem_printf("%s/pause", dir);
}

static bool
refuse(const char *command, const char *why, const char *hint,
       struct err *err)
{
	err_set(err, ERR_STATE, "\"%s\" cannot be paused now", command);
	err_detail(err, "%s", why);
	err_hint(err, "%s ^C where it was started stops it between two "
		      "statements.", hint);
	return false;
}

bool
pause_is_possible(const char *command, const struct record *plan,
		  const struct record *step, struct err *err)
{
	size_t n = plan ? record_count(plan, "steps") : 0;
	long long at = step ? record_get_int(step, "n") : 0;
	struct record *last;
	bool within;

	if (n == 0)
		return refuse(command, "It has told of no steps yet.",
			      "Ask again when it shows steps.", err);
	last = record_item(plan, "steps", n - 1);
	within = last && record_get_bool(last, "pauses");
	record_free(last);
	if (at < (long long)n || within)
		return true;
	return refuse(command, "It is at its last step.", "Its end is near.",
		      err);
}

/* By another name first: whoever looks finds the whole of it or nothing. */
bool
pause_ask(const char *dir, const char *run, struct err *err)
{
	char *path = pause_path(dir);
	char *new = mem_printf("%s.%d", path, (int)getpid());
	int fd = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t n = strlen(run);
	bool ok = fd >= 0 && write(fd, run, n) == (ssize_t)n;

	ok = (fd < 0 || close(fd) == 0) && ok && rename(new, path) == 0;
	if (!ok) {
		err_set(err, ERR_SYSTEM, "could not write \"%s\": %s", path,
			strerror(errno));
		unlink(new);
	}
	free(new);
	free(path);
	return ok;
}

bool
pause_take_back(const char *dir, struct err *err)
{
	char *path = pause_path(dir);
	bool ok = unlink(path) == 0 || errno == ENOENT;

	if (!ok)
		err_set(err, ERR_SYSTEM, "could not remove \"%s\": %s", path,
			strerror(errno));
	free(path);
	return ok;
}

bool
pause_is_asked(const char *dir, const char *run)
{
	char *path = pause_path(dir), text[128];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	free(path);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0 && strcmp(text, run) == 0;
}

void
pause_forget(const char *dir, const char *run)
{
	struct err ignored = ERR_INIT;

	if (pause_is_asked(dir, run))
		pause_take_back(dir, &ignored);
	err_release(&ignored);
}
