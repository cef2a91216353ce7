/* SPDX-License-Identifier: PostgreSQL */
/*
 * The clipboard, by the way that this terminal has, and a file in any case.
 *
 * tmux drops an application's OSC 52 with its default settings but takes
 * "load-buffer -w", which a child runs that nobody waits for; GNU screen
 * passes it on in pieces; others take it plain, and do not say whether.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app_internal.h"
#include "mem.h"
#include "secret.h"

#define OSC52_MOST 74994 /* encoded bytes that terminals still take */
#define SCREEN_PIECE 240 /* GNU screen drops longer ones */
#define TMUX_SECONDS 2	 /* a tmux that has not answered by then is stuck */

struct app_clipboard {
	pid_t child; /* tmux; 0: none */
	struct loop_source *deadline;
	char *next; /* for tmux when that has ended; NULL: nothing */
	char *path; /* of the file; NULL: none */
	int failed; /* errno of writing that; 0: it has the text */
};

static bool
write_all(int fd, const char *text)
{
	size_t n = strlen(text), at = 0;
	ssize_t written = 0;

	for (; at < n && written >= 0; at += (size_t)written)
		written = write(fd, text + at, n - at);
	return written >= 0;
}

/* What has failed, or 0. */
static int
write_file(const struct state_dir *dir, const char *text)
{
	struct err ignored = ERR_INIT;
	int fd = state_dir_file(dir, "copied", O_WRONLY | O_CREAT | O_TRUNC,
				&ignored);
	int failed = errno;

	err_release(&ignored);
	if (fd < 0)
		return failed;
	failed = write_all(fd, text) ? 0 : errno;
	if (close(fd) != 0 && failed == 0)
		failed = errno;
	return failed;
}

/* Nowhere, for lack of a folder of our own. */
static void
keep_in_file(struct app *app, const char *text)
{
	struct app_clipboard *cb = app->clipboard;
	struct err ignored = ERR_INIT;
	struct state_dir *dir =
	    app->conf ? conf_state_dir(app->conf, &ignored) : NULL;

	free(cb->path);
	cb->path = dir ? mem_printf("%s/copied", dir->path) : NULL;
	cb->failed = dir ? write_file(dir, text) : 0;
	state_dir_close(dir);
	err_release(&ignored);
}

/* --- what is said of it --------------------------------------------------- */

/* A path that is cut could not be found. */
static void
say_file_too(struct app *app, const char *copied, const char *path)
{
	int height, width;

	term_size(app->term, &height, &width);
	if (text_width(copied) + text_width(path) + 20 < width)
		app_say(app, "%s; it is also in %s", copied, path);
	else
		app_say(app, "%s, also to the file \"copied\" beside the "
			     "journal", copied);
}

/* copied: NULL when the clipboard has it not. */
static void
say(struct app *app, const char *copied)
{
	const struct app_clipboard *cb = app->clipboard;

	if (copied && cb->failed)
		app_say(app, "%s; could not write \"copied\" beside the "
			     "journal: %s", copied, strerror(cb->failed));
	else if (copied && cb->path)
		say_file_too(app, copied, cb->path);
	else if (copied)
		app_say(app, "%s.", copied);
	else if (cb->failed)
		app_say(app, "Neither the clipboard nor the file \"copied\" "
			     "took it: %s", strerror(cb->failed));
	else if (cb->path)
		app_say(app, "The clipboard did not take it; it is in %s",
			cb->path);
	else
		app_say(app, "The clipboard did not take it.");
}

/* --- tmux ----------------------------------------------------------------- */

/* The text for a child to read, however late it comes to that; -1: none. */
static int
text_fd(const char *text)
{
	int fd = memfd_create("copied", MFD_CLOEXEC);

	if (fd >= 0 &&
	    (!write_all(fd, text) || lseek(fd, 0, SEEK_SET) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* 0 when it cannot be started. */
static pid_t
spawn_tmux(const char *text)
{
	const char *argv[] = {"tmux", "load-buffer", "-w", "-", NULL};
	posix_spawn_file_actions_t files;
	int fd = text_fd(text), failed;
	pid_t child = 0;

	if (fd < 0)
		return 0;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, fd, STDIN_FILENO);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null",
					 O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO,
					 STDERR_FILENO);
	failed = posix_spawnp(&child, argv[0], &files, NULL,
			      (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&files);
	close(fd);
	return failed ? 0 : child;
}

static void
on_deadline(void *arg)
{
	const struct app *app = arg;

	if (app->clipboard->child > 0)
		kill(app->clipboard->child, SIGKILL);
}

/* One at a time; of what comes meanwhile the newest is the next. */
static void
to_tmux(struct app *app, const char *text)
{
	struct app_clipboard *cb = app->clipboard;

	if (cb->child > 0) {
		free(cb->next);
		cb->next = mem_strdup(text);
		return;
	}
	cb->child = spawn_tmux(text);
	if (cb->child == 0) {
		say(app, NULL);
		return;
	}
	if (!cb->deadline)
		cb->deadline = loop_timer(app->loop, on_deadline, app);
	loop_timer_set(cb->deadline, TMUX_SECONDS);
}

void
app_copy_news(struct app *app)
{
	struct app_clipboard *cb = app->clipboard;
	int status = 0;
	char *next;

	if (!cb || cb->child == 0 ||
	    waitpid(cb->child, &status, WNOHANG) != cb->child)
		return;
	cb->child = 0;
	next = cb->next;
	cb->next = NULL;
	if (next)
		to_tmux(app, next);
	else
		say(app, status == 0 ? "Copied" : NULL);
	free(next);
}

/* --- other terminals ------------------------------------------------------ */

static void
to_screen(struct app *app, const char *code, size_t n)
{
	size_t at, piece;

	for (at = 0; at < n; at += piece) {
		piece = n - at < SCREEN_PIECE ? n - at : SCREEN_PIECE;
		term_send(app->term, "\033P", 2);
		term_send(app->term, code + at, piece);
		term_send(app->term, "\033\\", 2);
	}
}

/* Nobody answers to that: sent is all that is known. */
static void
to_terminal(struct app *app, const char *text)
{
	char *encoded = secret_base64(text, strlen(text));
	char *code = mem_printf("\033]52;c;%s\a", encoded);
	bool fits = strlen(encoded) <= OSC52_MOST;

	if (fits && getenv("STY"))
		to_screen(app, code, strlen(code));
	else if (fits)
		term_send(app->term, code, strlen(code));
	free(code);
	free(encoded);
	say(app, fits ? "Sent to the clipboard" : NULL);
}

void
app_copy(struct app *app, const char *text)
{
	if (!app->clipboard)
		app->clipboard = MEM_NEW(struct app_clipboard);
	keep_in_file(app, text);
	if (getenv("TMUX"))
		to_tmux(app, text);
	else
		to_terminal(app, text);
}

void
app_end_copy(struct app *app)
{
	struct app_clipboard *cb = app->clipboard;

	if (!cb)
		return;
	loop_remove(cb->deadline);
	free(cb->next);
	free(cb->path);
	free(cb);
	app->clipboard = NULL;
}
