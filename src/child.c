/* SPDX-License-Identifier: PostgreSQL */
/* Child programs: started, listened to until their end, killed on request. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "mem.h"

/* How long a program that was asked to end may take for it, and one that was
 * killed; then it is left alone. */
#define KILL_GRACE 5.0

/* Of what it says on stderr so much is kept of the beginning and of the end. */
#define MESSAGE_HEAD ((size_t)4096)
#define MESSAGE_TAIL ((size_t)12288)

/* Milliseconds between two looks at a program that has closed its pipes. */
#define REAP_STEP 20

/* How much a program was asked to end. */
enum asked {
	ASKED_NOT,
	ASKED_TERM,
	ASKED_KILL,
	ASKED_ENOUGH, /* it does not end: nobody waits for it any more */
};

/*
 * A running program and what it says. It leads a process group, so that what
 * it has started itself is asked to end with it: a script around pg_dump ends
 * at once, and pg_dump would hold its locks and our pipe.
 */
struct running {
	pid_t pid;
	int out;     /* -1: stdout goes into a file, or was closed */
	int message; /* stderr */
	struct strbuf *out_text;
	struct strbuf *message_text;
	size_t left_out; /* bytes of stderr, behind its head */
	enum asked asked;
	double next_at;	 /* when it is asked once more */
	double deadline; /* 0: none */
};

/* Is that one of the variables which would change what a program does? */
static bool
is_ours(const char *variable)
{
	return strncmp(variable, "PG", 2) == 0 ||
	       strncmp(variable, "LC_", 3) == 0 ||
	       strncmp(variable, "LANG", 4) == 0;
}

/* The strings are borrowed; the caller frees the array. */
static char **
environment(const char *const *add)
{
	static char c_locale[] = "LC_ALL=C";
	size_t n = 0, n_add = 0, i;
	char **env;

	while (environ[n])
		n++;
	while (add && add[n_add])
		n_add++;
	env = MEM_ARRAY(char *, n + n_add + 2);
	for (i = n = 0; environ[i]; i++)
		if (!is_ours(environ[i]))
			env[n++] = environ[i];
	env[n++] = c_locale;
	if (n_add > 0)
		memcpy(env + n, add, n_add * sizeof(*env));
	return env;
}

/* After fork: only what is safe in a copy of one thread of several. */
static void
become(const struct child *child, char **env, int out, int message)
{
	const int zero = open("/dev/null", O_RDONLY);
	char *const *argv;
	sigset_t none;

#ifdef __linux__
	/* A killed runner must not leave a dump that holds locks. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	dup2(zero, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(message, STDERR_FILENO);
	memcpy(&argv, &child->argv, sizeof(argv));
	execve(argv[0], argv, env);
	_exit(127);
}

static bool
open_output(const struct child *child, int out[2], struct err *err)
{
	if (child->output_path) {
		out[0] = -1;
		out[1] = open(child->output_path,
			      O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (out[1] >= 0)
			return true;
		err_set(err, ERR_SYSTEM, "could not write file \"%s\": %s",
			child->output_path, strerror(errno));
		return false;
	}
	if (pipe2(out, O_CLOEXEC) == 0)
		return true;
	err_set(err, ERR_SYSTEM, "could not make a pipe: %s", strerror(errno));
	return false;
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static bool
start(const struct child *child, struct running *r, struct err *err)
{
	int out[2], message[2];
	char **env;

	if (!open_output(child, out, err))
		return false;
	if (pipe2(message, O_CLOEXEC) != 0) {
		err_set(err, ERR_SYSTEM, "could not make a pipe: %s",
			strerror(errno));
		close_fd(&out[0]);
		close_fd(&out[1]);
		return false;
	}
	env = environment(child->env);
	r->pid = fork();
	if (r->pid == 0)
		become(child, env, out[1], message[1]);
	/* Here too, so that it is so when the first signal is sent. */
	if (r->pid > 0)
		setpgid(r->pid, r->pid);
	if (r->pid < 0)
		err_set(err, ERR_SYSTEM, "could not start \"%s\": %s",
			child->argv[0], strerror(errno));
	free(env);
	close_fd(&out[1]);
	close_fd(&message[1]);
	r->out = out[0];
	r->message = message[0];
	return r->pid > 0;
}

/* Takes what is there; closes at the end. */
static void
take(int *fd, struct strbuf *text)
{
	char buf[65536];
	ssize_t n = read(*fd, buf, sizeof(buf));

	if (n > 0)
		strbuf_addn(text, buf, (size_t)n);
	else if (n == 0 || errno != EINTR)
		close_fd(fd);
}

/* Leaves out the middle of what is too much. */
static void
shorten(struct running *r)
{
	struct strbuf *text = r->message_text;
	size_t over;

	if (text->len <= 2 * (MESSAGE_HEAD + MESSAGE_TAIL))
		return;
	over = text->len - MESSAGE_HEAD - MESSAGE_TAIL;
	memmove(text->text + MESSAGE_HEAD, text->text + MESSAGE_HEAD + over,
		MESSAGE_TAIL + 1);
	text->len -= over;
	r->left_out += over;
}

/* Says how much was left out, where it was. */
static void
tell_shortened(struct running *r)
{
	struct strbuf text = STRBUF_INIT;
	const struct strbuf *all = r->message_text;

	if (r->left_out == 0)
		return;
	strbuf_addn(&text, all->text, MESSAGE_HEAD);
	strbuf_addf(&text, "\n[%zu bytes are left out here]\n", r->left_out);
	strbuf_addn(&text, all->text + MESSAGE_HEAD, all->len - MESSAGE_HEAD);
	strbuf_reset(r->message_text);
	strbuf_addn(r->message_text, text.text, text.len);
	strbuf_release(&text);
}

/* All of its group, which is there as long as the program is not reaped. */
static void
ask(struct running *r)
{
	r->asked++;
	r->next_at = clock_now() + KILL_GRACE;
	if (r->asked < ASKED_ENOUGH)
		kill(-r->pid, r->asked == ASKED_TERM ? SIGTERM : SIGKILL);
}

static void
ask_when_due(struct running *r, const struct child *child, struct err *err)
{
	double now = clock_now();

	if (r->asked != ASKED_NOT) {
		if (now >= r->next_at)
			ask(r);
	} else if (interrupt_raised(child->interrupt)) {
		interrupt_error(err);
		ask(r);
	} else if (r->deadline > 0 && now >= r->deadline) {
		err_set(err, ERR_SYSTEM, "\"%s\" did not end in %.0f seconds",
			child->argv[0], child->timeout);
		ask(r);
	}
}

/* Milliseconds until there is something to look at; -1: none known. */
static int
patience(const struct running *r)
{
	double until = r->asked != ASKED_NOT ? r->next_at : r->deadline;
	double left = until - clock_now();

	if (until <= 0)
		return -1;
	return left > 0 ? (int)(left < 3600 ? left * 1000 + 1 : 3600000) : 0;
}

static void
listen_to(struct running *r, const struct child *child, struct err *err)
{
	while ((r->out >= 0 || r->message >= 0) && r->asked != ASKED_ENOUGH) {
		struct pollfd p[] = {
			{.fd = r->out, .events = POLLIN},
			{.fd = r->message, .events = POLLIN},
			{.fd = r->asked != ASKED_NOT
				       ? -1
				       : interrupt_fd(child->interrupt),
			 .events = POLLIN},
		};

		if (poll(p, LENGTH_OF(p), patience(r)) < 0) {
			if (errno != EINTR)
				ask(r);
			continue;
		}
		if (p[0].revents)
			take(&r->out, r->out_text);
		if (p[1].revents)
			take(&r->message, r->message_text);
		shorten(r);
		ask_when_due(r, child, err);
	}
	close_fd(&r->out);
	close_fd(&r->message);
	tell_shortened(r);
}

/* Has it ended? It is not reaped by that, so its group is still its own. */
static bool
has_ended(const struct running *r)
{
	siginfo_t info = {.si_pid = 0};
	int rc;

	do {
		rc = waitid(P_PID, (id_t)r->pid, &info,
			    WEXITED | WNOHANG | WNOWAIT);
	} while (rc != 0 && errno == EINTR);
	return rc != 0 || info.si_pid == r->pid;
}

/*
 * Its pipes are closed: waits for its end, as long as anybody waits. Of what
 * was asked to end nothing may be left: a child of it that ignored that.
 */
static int
reap(struct running *r, const struct child *child, struct err *err)
{
	int status = 0;
	bool ended;

	while (!(ended = has_ended(r)) && r->asked != ASKED_ENOUGH) {
		int step = patience(r);
		struct pollfd p = {
			.fd = r->asked != ASKED_NOT
				      ? -1
				      : interrupt_fd(child->interrupt),
			.events = POLLIN,
		};

		poll(&p, 1, step < 0 || step > REAP_STEP ? REAP_STEP : step);
		ask_when_due(r, child, err);
	}
	if (r->asked != ASKED_NOT)
		kill(-r->pid, SIGKILL);
	while (ended && waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

/*
 * Where the message begins: at "program: error: ", which other lines may
 * follow (pg_dump adds its query); else the last line is it.
 */
static char *
message_at(char *said)
{
	char *error = strstr(said, ": error: "), *last = strrchr(said, '\n');

	while (error && error > said && error[-1] != '\n')
		error--;
	return error ? error : last ? last + 1 : said;
}

/* The message is one line; what was said before and after it, the detail. */
static void
set_said(struct err *err, const char *program, const struct strbuf *text)
{
	char *said = mem_strndup(text->text, text->len);
	size_t n = text->len;
	char *message, *rest;

	while (n > 0 && said[n - 1] == '\n')
		said[--n] = '\0';
	if (n == 0) {
		err_set(err, ERR_SYSTEM, "\"%s\" failed", program);
		free(said);
		return;
	}
	message = message_at(said);
	rest = strchr(message, '\n');
	if (rest)
		*rest++ = '\0';
	err_set(err, ERR_SYSTEM, "%s", message);
	if (message > said)
		message[-1] = '\0';
	if (message > said && rest)
		err_detail(err, "%s\n%s", said, rest);
	else if (message > said || rest)
		err_detail(err, "%s", rest ? rest : said);
	free(said);
}

static bool
judge(const struct child *child, const struct running *r, int status,
      struct err *err)
{
	if (err_is_set(err))
		return false;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (WIFSIGNALED(status))
		err_set(err, ERR_SYSTEM, "\"%s\" was ended by signal %d",
			child->argv[0], WTERMSIG(status));
	else if (WEXITSTATUS(status) == 127 && r->message_text->len == 0)
		err_set(err, ERR_SYSTEM, "could not run \"%s\"",
			child->argv[0]);
	else
		set_said(err, child->argv[0], r->message_text);
	return false;
}

bool
child_run(const struct child *child, struct strbuf *out,
	  struct strbuf *messages, struct err *err)
{
	struct strbuf own_out = STRBUF_INIT, own_messages = STRBUF_INIT;
	struct running r = {
		.out_text = out ? out : &own_out,
		.message_text = messages ? messages : &own_messages,
	};
	struct err failed = ERR_INIT;
	int status;
	bool ok = false;

	if (child->timeout > 0)
		r.deadline = clock_now() + child->timeout;
	if (start(child, &r, &failed)) {
		listen_to(&r, child, &failed);
		status = reap(&r, child, &failed);
		ok = judge(child, &r, status, &failed);
	}
	err_move(err, &failed);
	err_release(&failed);
	strbuf_release(&own_out);
	strbuf_release(&own_messages);
	return ok;
}
