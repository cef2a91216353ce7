/* SPDX-License-Identifier: PostgreSQL */
/*
 * The configuration in the person's own editor. A copy is edited, as visudo
 * does: it takes the place of the file only when it can be read, so that no
 * operation ever meets a broken one; the next e goes on with a broken copy. It
 * shows no password (conf_edit.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app_internal.h"
#include "conf_edit.h"
#include "mem.h"

static const char *
editor(void)
{
	const char *visual = getenv("VISUAL"), *plain = getenv("EDITOR");

	return visual && *visual ? visual : plain && *plain ? plain : "vi";
}

/* In the child: the editor may have arguments, so a shell takes it. */
static void
become_editor(const char *path)
{
	char *command = mem_printf("%s \"$1\"", editor());
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execl("/bin/sh", "sh", "-c", command, "sh", path, (char *)NULL);
	_exit(127);
}

static bool
run_editor(const char *path)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	int status = -1;
	pid_t pid;

	/* ^C is the editor's. */
	sigaction(SIGINT, &ignore, &before);
	pid = fork();
	if (pid == 0) {
		signal(SIGINT, SIG_DFL);
		become_editor(path);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	sigaction(SIGINT, &before, NULL);
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Loaded, and opened by the key that is known already. */
static struct conf *
load(const struct app *app, const char *path, struct err *err)
{
	struct conf *conf = conf_load(path, err);
	struct secret *key;

	if (!conf || !conf->locked)
		return conf;
	key = app->conf->key ? secret_key_export(app->conf->key) : NULL;
	if (key && conf_unlock_key(conf, secret_key_import(key), err)) {
		secret_free(key);
		return conf;
	}
	if (!err_is_set(err))
		err_set(err, ERR_CONFIG, "the configuration is locked");
	secret_free(key);
	conf_free(conf);
	return NULL;
}

bool
app_reload_conf(struct app *app)
{
	struct err err = ERR_INIT;
	struct conf *conf = load(app, app->conf->path, &err);

	if (conf)
		app_take_conf(app, conf);
	else
		app_say_err(app, &err);
	err_release(&err);
	return conf != NULL;
}

bool
app_conf_is_current(struct app *app)
{
	struct err err = ERR_INIT;
	struct conf *conf = conf_load(app->conf->path, &err);
	char *there = conf ? conf_upgrade(conf) : NULL;
	char *ours = conf_upgrade(app->conf);
	bool same = there && strcmp(there, ours) == 0;

	if (!conf)
		app_say_err(app, &err);
	else if (!same)
		app_outdate(app);
	err_release(&err);
	conf_free(conf);
	free(there);
	free(ours);
	return same;
}

static void
take_copy(struct app *app, const char *path, const char *copy)
{
	struct err err = ERR_INIT;
	struct conf *conf = load(app, copy, &err);

	if (!conf) {
		conf_edit_clean(path);
		app_say(app, "Kept as it was: %s  (e goes on with the copy)",
			err.message);
	} else if (!conf_edit_take(path, &err)) {
		app_say_err(app, &err);
	} else {
		app_say(app, "Saved. R runs all checks by it.");
		app_reload_conf(app);
	}
	conf_free(conf);
	err_release(&err);
}

static void
edit(struct app *app, const char *path, const char *copy)
{
	bool ok;

	term_leave(app->term);
	ok = run_editor(copy);
	term_enter(app->term);
	if (ok) {
		take_copy(app, path, copy);
		return;
	}
	conf_edit_clean(path);
	app_say(app, "The editor \"%s\" failed; the configuration is as it "
		     "was.",
		editor());
}

void
app_edit_conf(struct app *app)
{
	char *path = mem_strdup(app->conf->path), *copy = NULL;
	struct err err = ERR_INIT;

	if (model_runner(app->model) > 0)
		app_say(app, "An operation runs by this configuration.");
	else if (!(copy = conf_edit_begin(path, &err)))
		app_say_err(app, &err);
	else
		edit(app, path, copy);
	app->dirty = true;
	err_release(&err);
	free(path);
	free(copy);
}
