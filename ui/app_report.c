/* SPDX-License-Identifier: PostgreSQL */
/*
 * The report file out of the dashboard. A long journal takes its time, so
 * "pgrepup report" writes it, as a child that is not waited for.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app_internal.h"
#include "mem.h"
#include "report_file.h"

struct app_report {
	pid_t child;
	int fd; /* its standard error: closed when it has ended */
	struct loop_source *source;
	char *path;
	struct strbuf said;
};

static void
finish(struct app *app)
{
	struct app_report *r = app->report;

	if (r->source)
		loop_remove(r->source);
	if (r->child > 0)
		waitpid(r->child, NULL, 0);
	close(r->fd);
	strbuf_release(&r->said);
	free(r->path);
	free(r);
	app->report = NULL;
}

/* A path that is cut could not be found. */
static void
say_path(struct app *app, const char *path)
{
	int height, width;

	term_size(app->term, &height, &width);
	if (text_width(path) + 11 < width)
		app_say(app, "Report: %s", path);
	else
		overlay_text(app, "The report was written",
			     mem_printf("%s\n", path));
}

static void
on_said(void *arg)
{
	struct app *app = arg;
	struct app_report *r = app->report;
	char piece[1024];
	ssize_t n;

	while ((n = read(r->fd, piece, sizeof(piece))) > 0)
		strbuf_addn(&r->said, piece, (size_t)n);
	if (n < 0)
		return;
	if (r->said.len == 0)
		say_path(app, r->path);
	else
		app_say(app, "No report: %.*s",
			(int)strcspn(r->said.text, "\n"), r->said.text);
	finish(app);
}

static bool
spawn(struct app_report *r, const char *config, int out)
{
	const char *argv[] = {"pgrepup", "-c", config, "report",
			      "--output", r->path, NULL};
	posix_spawn_file_actions_t files;
	bool ok;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null",
					 O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null",
					 O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDERR_FILENO);
	ok = posix_spawn(&r->child, "/proc/self/exe", &files, NULL,
			 (char *const *)(uintptr_t)argv, environ) == 0;
	posix_spawn_file_actions_destroy(&files);
	return ok;
}

void
app_write_report(struct app *app)
{
	struct app_report *r;
	struct err err = ERR_INIT;
	char *path = NULL;
	int fds[2];

	if (app->report)
		return;
	if (!app->conf)
		app_say(app, "There is no configuration yet, so no report.");
	else if (!(path = report_file_path(app->conf, &err)))
		app_say_err(app, &err);
	err_release(&err);
	if (!path || pipe2(fds, O_CLOEXEC) != 0) {
		free(path);
		return;
	}
	r = app->report = MEM_NEW(struct app_report);
	r->path = path;
	r->fd = fds[0];
	fcntl(r->fd, F_SETFL, O_NONBLOCK);
	r->said = (struct strbuf)STRBUF_INIT;
	if (spawn(r, app->conf->path, fds[1])) {
		r->source = loop_readable(app->loop, r->fd, on_said, app);
		app_say(app, "Writing the report ...");
	} else {
		app_say(app, "The report could not be started.");
		finish(app);
	}
	close(fds[1]);
}

void
app_end_report(struct app *app)
{
	if (app->report)
		finish(app);
}
