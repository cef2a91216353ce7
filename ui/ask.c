/* SPDX-License-Identifier: PostgreSQL */
/* Questions to a person at the terminal, line by line. */
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#include "mem.h"
#include "strbuf.h"

#define LINE_SIZE 4096 /* what a terminal gives at most for a line */

static const int signals[] = {SIGINT,  SIGTERM, SIGHUP, SIGQUIT,
			      SIGTSTP, SIGTTIN, SIGTTOU};

enum echo { ECHO_ON, ECHO_OFF };

struct tty {
	int fd;
	bool changed; /* saved is to be put back */
	struct termios saved;
	struct sigaction actions[LENGTH_OF(signals)];
	sigset_t mask; /* as it was, and as it is while we wait for a key */
};

/* The signal that arrived while an answer was typed; 0 for none. */
static volatile sig_atomic_t caught;

static void
on_signal(int sig)
{
	caught = sig;
}

bool
ask_is_possible(void)
{
	int fd;

	if (!isatty(STDIN_FILENO))
		return false;
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Those of a terminal in the background come from our own calls. */
static bool
is_of_background(int sig)
{
	return sig == SIGTTIN || sig == SIGTTOU;
}

/*
 * Caught only while we wait for a key (ppoll): one that came between the
 * question and the wait would be seen by nobody.
 */
static void
signals_catch(struct tty *tty)
{
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t held;
	size_t i;

	caught = 0;
	sigemptyset(&held);
	for (i = 0; i < LENGTH_OF(signals); i++)
		if (!is_of_background(signals[i]))
			sigaddset(&held, signals[i]);
	sigprocmask(SIG_BLOCK, &held, &tty->mask);
	sigemptyset(&action.sa_mask);
	for (i = 0; i < LENGTH_OF(signals); i++)
		sigaction(signals[i], &action, &tty->actions[i]);
}

static void
signals_restore(struct tty *tty)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(signals); i++)
		sigaction(signals[i], &tty->actions[i], NULL);
	sigprocmask(SIG_SETMASK, &tty->mask, NULL);
}

static bool
tty_open(struct tty *tty, enum echo echo, struct err *err)
{
	struct termios quiet;

	tty->fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (tty->fd < 0) {
		err_set(err, ERR_USAGE, "there is no terminal to ask on");
		return false;
	}
	signals_catch(tty);
	tty->changed = false;
	if (echo == ECHO_ON)
		return true;
	if (tcgetattr(tty->fd, &tty->saved) == 0) {
		quiet = tty->saved;
		quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHOCTL);
		quiet.c_lflag |= ECHONL | ICANON | ISIG;
		tty->changed = tcsetattr(tty->fd, TCSAFLUSH, &quiet) == 0;
	}
	if (tty->changed || caught)
		return true;
	signals_restore(tty);
	close(tty->fd);
	err_set(err, ERR_SYSTEM, "could not switch the echo off: %s",
		strerror(errno));
	return false;
}

static void
tty_close(struct tty *tty)
{
	if (tty->changed) {
		while (tcsetattr(tty->fd, TCSADRAIN, &tty->saved) != 0 &&
		       errno == EINTR && caught != SIGTTOU)
			;
		/* The cursor stands behind a question that has no answer. */
		if (caught && write(tty->fd, "\n", 1) < 0)
			errno = 0;
	}
	signals_restore(tty);
	close(tty->fd);
}

static bool
put(int fd, const char *text)
{
	size_t n = strlen(text);
	ssize_t done;

	while (n > 0 && !caught) {
		done = write(fd, text, n);
		if (done < 0 && errno != EINTR)
			return false;
		if (done > 0) {
			text += done;
			n -= (size_t)done;
		}
	}
	return true;
}

/* One byte; mask (of a terminal) holds while it is waited for. */
static ssize_t
read_byte(int fd, const sigset_t *mask, char *c)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	if (mask && ppoll(&p, 1, NULL, mask) < 0)
		return -1;
	return read(fd, c, 1);
}

/*
 * A line without its end. Read byte by byte, so that nothing behind it is
 * taken. -1 with errno (EFBIG: too long), or when there is no line (0).
 */
static ssize_t
read_line(int fd, const sigset_t *mask, char *line, size_t size)
{
	size_t n = 0;
	ssize_t got;
	char c;

	for (;;) {
		got = read_byte(fd, mask, &c);
		if (got < 0 && errno == EINTR && !caught)
			continue;
		if (got < 0 || (got == 0 && n == 0)) {
			errno = got == 0 ? 0 : errno;
			return -1;
		}
		if (got == 0 || c == '\n')
			break;
		if (n < size)
			line[n] = c;
		n++;
	}
	if (n > 0 && n <= size && line[n - 1] == '\r')
		n--;
	errno = EFBIG;
	return n < size ? (ssize_t)n : -1;
}

static void
line_error(const char *what, enum err_kind at_end, struct err *err)
{
	if (errno == EFBIG)
		err_set(err, ERR_USAGE, "%s is too long", what);
	else if (errno != 0)
		err_set(err, ERR_SYSTEM, "could not read %s: %s", what,
			strerror(errno));
	else
		err_set(err, at_end, "end of input instead of %s", what);
}

static bool
is_suspension(int sig)
{
	return sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

/* Asks once; the length of the answer in line, -1 with err. */
static ssize_t
ask(const char *prompt, enum echo echo, char *line, size_t size,
    struct err *err)
{
	struct tty tty;
	ssize_t n = -1;
	int sig;

	do {
		if (!tty_open(&tty, echo, err))
			return -1;
		if (!caught && put(tty.fd, prompt))
			n = read_line(tty.fd, &tty.mask, line, size);
		if (n < 0 && !caught)
			line_error("the answer", ERR_STOPPED, err);
		tty_close(&tty);
		sig = caught;
		if (sig)
			raise(sig);
	} while (is_suspension(sig));
	if (sig)
		err_set(err, ERR_STOPPED, "interrupted");
	return err_is_set(err) ? -1 : n;
}

char *
ask_line(const char *question, const char *preset, struct err *err)
{
	struct strbuf prompt = STRBUF_INIT;
	char line[LINE_SIZE];
	ssize_t n;

	strbuf_scrub(&prompt, question);
	if (preset && *preset) {
		strbuf_add(&prompt, " [");
		strbuf_scrub(&prompt, preset);
		strbuf_add(&prompt, "]");
	}
	strbuf_add(&prompt, ": ");
	n = ask(prompt.text, ECHO_ON, line, sizeof(line), err);
	strbuf_release(&prompt);
	if (n < 0)
		return NULL;
	while (n > 0 && (line[n - 1] == ' ' || line[n - 1] == '\t'))
		n--;
	if (n == 0)
		return mem_strdup(preset ? preset : "");
	return mem_strndup(line, (size_t)n);
}

/* The line as a secret; one with a zero byte could not be used as text. */
static struct secret *
line_secret(const char *line, size_t n, const char *what, struct err *err)
{
	if (!memchr(line, '\0', n))
		return secret_new(line, n);
	err_set(err, ERR_USAGE, "%s has a byte of value 0", what);
	return NULL;
}

struct secret *
ask_secret(const char *question, struct err *err)
{
	struct secret *secret = NULL;
	char *prompt = mem_printf("%s: ", question);
	char line[LINE_SIZE];
	ssize_t n = ask(prompt, ECHO_OFF, line, sizeof(line), err);

	if (n >= 0)
		secret = line_secret(line, (size_t)n, "the answer", err);
	secret_wipe(line, sizeof(line));
	free(prompt);
	return secret;
}

struct secret *
ask_read_secret(int fd, const char *what, struct err *err)
{
	struct secret *secret = NULL;
	char line[LINE_SIZE];
	ssize_t n;

	/* What is typed here would be shown. */
	if (isatty(fd)) {
		err_set(err, ERR_USAGE, "nobody may be asked for %s", what);
		err_hint(err, "Give it on standard input, from a pipe or file.");
		return NULL;
	}
	caught = 0;
	n = read_line(fd, NULL, line, sizeof(line));
	if (n >= 0)
		secret = line_secret(line, (size_t)n, what, err);
	else
		line_error(what, ERR_USAGE, err);
	secret_wipe(line, sizeof(line));
	return secret;
}

bool
ask_decide(const char *question, bool preset, bool *yes, struct err *err)
{
	char *answer;
	bool known;

	do {
		answer = ask_line(question, preset ? "yes" : "no", err);
		if (!answer)
			return false;
		*yes = strcasecmp(answer, "y") == 0 ||
		       strcasecmp(answer, "yes") == 0;
		known = *yes || strcasecmp(answer, "n") == 0 ||
			strcasecmp(answer, "no") == 0;
		free(answer);
	} while (!known);
	return true;
}

bool
ask_yes_no(const char *question, bool preset)
{
	struct err ignored = ERR_INIT;
	bool yes = false;

	if (!ask_decide(question, preset, &yes, &ignored))
		yes = false;
	err_release(&ignored);
	return yes;
}
