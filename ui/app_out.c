/* SPDX-License-Identifier: PostgreSQL */
/*
 * Text out of the dashboard: the clipboard by the way that this terminal has,
 * a file in any case, the normal screen, and the log.
 *
 * tmux drops an application's OSC 52 with its default settings but takes
 * "load-buffer -w"; GNU screen passes it on in pieces; others take it plain.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app_internal.h"
#include "mem.h"
#include "record.h"
#include "secret.h"

#define OSC52_MOST 74994 /* encoded bytes that terminals still take */
#define SCREEN_PIECE 240 /* GNU screen drops longer ones */

static bool
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t n = strlen(text);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, text, n) == (ssize_t)n;
	return close(fd) == 0 && ok;
}

/* The text goes in by a pipe; tmux answers at once, being on this machine. */
static bool
to_tmux(const char *text)
{
	FILE *tmux = popen("tmux load-buffer -w - 2>/dev/null", "w");

	if (!tmux)
		return false;
	fputs(text, tmux);
	return pclose(tmux) == 0;
}

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

static bool
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
	return fits;
}

/* Where what is copied is kept as well; NULL: nowhere, for lack of a folder
 * of our own. */
static char *
copy_path(const struct app *app)
{
	struct err ignored = ERR_INIT;
	char *dir = app->conf ? conf_state_dir(app->conf, &ignored) : NULL;
	char *path = dir ? mem_printf("%s/copied", dir) : NULL;

	err_release(&ignored);
	free(dir);
	return path;
}

/* A path that is cut could not be found. */
static void
say_copied(struct app *app, const char *path)
{
	int height, width;

	term_size(app->term, &height, &width);
	if (text_width(path) + 25 < width)
		app_say(app, "Copied; it is also in %s", path);
	else
		app_say(app, "Copied, also to the file \"copied\" beside the "
			     "journal");
}

void
app_copy(struct app *app, const char *text)
{
	char *path = copy_path(app);
	bool sent = getenv("TMUX") ? to_tmux(text) : to_terminal(app, text);

	if (path && !write_file(path, text))
		app_say(app, "Could not write %s: %s", path, strerror(errno));
	else if (sent && path)
		say_copied(app, path);
	else if (sent)
		app_say(app, "Copied.");
	else
		app_say(app, "The clipboard did not take it%s%s",
			path ? "; it is in " : ".", path ? path : "");
	free(path);
}

void
app_print(struct app *app, const char *text)
{
	struct strbuf clean = STRBUF_INIT;
	char *plain = mem_strdup(text), *tab;

	for (tab = plain; (tab = strchr(tab, '\t'));)
		*tab = ' ';
	strbuf_scrub_lines(&clean, plain);
	free(plain);
	strbuf_add(&clean, "\n(Enter goes back)");
	term_print(app->term, clean.text);
	strbuf_release(&clean);
	app->outside = true;
}
