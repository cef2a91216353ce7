/* SPDX-License-Identifier: PostgreSQL */
/* The live test of the wizard: a child asks, its answers are read as they
 * come. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mem.h"
#include "probe.h"
#include "wizard.h"

struct side_test *
wizard_test_of(struct wizard *w, enum side side)
{
	return &w->tests[side == SIDE_SOURCE ? 0 : 1];
}

static void
reap(struct wizard *w, int flags)
{
	if (w->child > 0 && waitpid(w->child, NULL, flags) == w->child)
		w->child = 0;
}

/* It has said all; its end is waited for by nobody. */
static void
hang_up(struct wizard *w)
{
	loop_remove(w->answers);
	w->answers = NULL;
	close(w->fd);
	strbuf_reset(&w->pending);
	wizard_test_of(w, w->testing)->done = true;
	reap(w, WNOHANG);
}

void
wizard_test_end(struct wizard *w)
{
	if (w->answers)
		hang_up(w);
	if (w->child > 0)
		kill(w->child, SIGKILL);
	reap(w, 0);
}

void
wizard_test_look(struct wizard *w)
{
	reap(w, WNOHANG);
}

static bool
names_a_server(const struct endpoint *ep)
{
	return endpoint_get(ep, "host") || endpoint_get(ep, "hostaddr") ||
	       endpoint_get(ep, "service");
}

static void
take_lines(struct wizard *w)
{
	struct side_test *test = wizard_test_of(w, w->testing);
	struct record *record;
	char *end;

	while ((end = strchr(w->pending.text, '\n'))) {
		*end = '\0';
		record = record_parse(w->pending.text);
		if (record)
			record_list_add(&test->stages, record);
		w->pending.len -= (size_t)(end + 1 - w->pending.text);
		memmove(w->pending.text, end + 1, w->pending.len + 1);
	}
}

static bool
read_answers(struct wizard *w)
{
	char piece[4096];
	bool new = false;
	ssize_t n = -1;

	while ((n = read(w->fd, piece, sizeof(piece))) > 0) {
		strbuf_addn(&w->pending, piece, (size_t)n);
		new = true;
	}
	if (new)
		take_lines(w);
	if (n == 0) {
		hang_up(w);
		new = true;
	}
	return new;
}

static void
on_answer(void *arg)
{
	struct wizard *w = arg;

	if (read_answers(w))
		app_changed(w->app);
}

void
wizard_test(struct app *app, struct wizard *w)
{
	enum side side = wizard_pages[w->page].side;
	const struct endpoint *ep;
	struct side_test *test;
	struct err err = ERR_INIT;

	w->typed_at = 0;
	wizard_test_end(w);
	if (side == SIDE_NONE) {
		app_say(app, "Source and Destination have a test.");
		return;
	}
	test = wizard_test_of(w, side);
	record_list_clear(&test->stages);
	test->done = true;
	ep = conf_endpoint(w->conf, side);
	if (!wizard_apply_page(w, w->page)) {
		wizard_say_problem(app, w, w->page);
		return;
	}
	if (!names_a_server(ep))
		return;
	if (probe_start(&(struct probe){.ep = ep}, &w->child, &w->fd, &err)) {
		fcntl(w->fd, F_SETFL, O_NONBLOCK);
		w->app = app;
		w->answers = loop_readable(app->loop, w->fd, on_answer, w);
		w->testing = side;
		test->done = false;
	} else {
		app_say(app, "%s", err.message);
	}
	err_release(&err);
}
