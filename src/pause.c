/* SPDX-License-Identifier: PostgreSQL */
/* The wish to pause: a file with the id of the run that is meant. */
#include "pause.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

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

bool
pause_ask(const struct state_dir *dir, const char *run, struct err *err)
{
	return state_dir_write(dir, "pause", run, err);
}

bool
pause_take_back(const struct state_dir *dir, struct err *err)
{
	return state_dir_remove(dir, "pause", err);
}

bool
pause_is_asked(const struct state_dir *dir, const char *run)
{
	struct err ignored = ERR_INIT;
	int fd = state_dir_file(dir, "pause", O_RDONLY, &ignored);
	char text[128];
	ssize_t n;

	err_release(&ignored);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0 && strcmp(text, run) == 0;
}

void
pause_forget(const struct state_dir *dir, const char *run)
{
	struct err ignored = ERR_INIT;

	if (pause_is_asked(dir, run))
		pause_take_back(dir, &ignored);
	err_release(&ignored);
}
