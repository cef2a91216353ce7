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

bool
wizard_is_testing(const struct wizard *w, int page)
{
	return w->answers && w->testing == page;
}

const struct record *
wizard_said(const struct wizard *w, int page, const char *id)
{
	const struct record_list *said = &w->tests[page].said;
	const char *own;
	size_t i;

	for (i = 0; i < said->n; i++) {
		own = record_get(said->items[i], "id");
		if (own && strcmp(own, id) == 0)
			return said->items[i];
	}
	return NULL;
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
	w->tests[w->testing].done = true;
	reap(w, WNOHANG);
}

void
wizard_test_end(struct wizard *w)
{
	if (w->answers) {
		hang_up(w);
		/* Half of an answer is none. */
		record_list_clear(&w->tests[w->testing].said);
	}
	if (w->child > 0)
		kill(w->child, SIGKILL);
	reap(w, 0);
}

void
wizard_test_look(struct wizard *w)
{
	reap(w, WNOHANG);
}

static void
take_lines(struct wizard *w)
{
	struct page_test *test = &w->tests[w->testing];
	struct record *record;
	char *end;

	while ((end = strchr(w->pending.text, '\n'))) {
		*end = '\0';
		record = record_parse(w->pending.text);
		if (record)
			record_list_add(&test->said, record);
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

/* --- what is tested ------------------------------------------------------- */

static bool
names_a_server(const struct endpoint *ep)
{
	return endpoint_get(ep, "host") || endpoint_get(ep, "hostaddr") ||
	       endpoint_get(ep, "service");
}

/* What a test stands on has changed with that of another page. */
static void
forget_tests(struct wizard *w)
{
	int page;

	for (page = w->page; page < PAGE_COUNT; page++) {
		record_list_clear(&w->tests[page].said);
		w->tests[page].done = w->tests[page].stale = false;
		if (wizard_pages[w->page].side == SIDE_NONE)
			return;
	}
}

static int
version_of(const struct wizard *w, int page)
{
	const struct record *said = wizard_said(w, page, "version");

	return said ? (int)record_get_int(said, "server_version_num") : 0;
}

/* False: there is nothing to ask yet. */
static bool
make_probe(const struct wizard *w, struct probe *probe)
{
	const struct page_row *row = &wizard_pages[w->page];
	const struct record *source = wizard_said(w, PAGE_SOURCE, "version");

	*probe = (struct probe){.kind = row->test};
	switch (row->test) {
	case PROBE_FILES:
		probe->tmp_dir = w->conf->tmp_dir;
		probe->bin_dir = w->conf->bin_dir;
		probe->major = version_of(w, PAGE_DESTINATION) / 10000;
		return true;
	case PROBE_DATABASES:
		probe->ep = &w->conf->source;
		break;
	case PROBE_CONNECTION:
		probe->ep = conf_endpoint(w->conf, row->side);
		probe->source_version = version_of(w, PAGE_SOURCE);
		probe->source_identifier =
			source ? record_get(source, "system_identifier") : NULL;
	}
	return names_a_server(probe->ep);
}

/* --- when ----------------------------------------------------------------- */

enum half {
	HALF_NONE,
	HALF_LOGIN,   /* a user, database or password: no login with that */
	HALF_SERVER,  /* a connection string: nothing at all */
};

static bool
is_string(const char *text)
{
	return *text != '/' && (strstr(text, "://") || strchr(text, '='));
}

/* Is something being typed that makes no sense before its end? */
static enum half
half_typed(struct wizard *w)
{
	const struct value *v = wizard_value(w);

	if (!v || !v->half || wizard_pages[w->page].side == SIDE_NONE)
		return HALF_NONE;
	switch (w->field) {
	case SIDE_HOST:
		return is_string(entry_text(&v->entry)) ? HALF_SERVER
							: HALF_NONE;
	case SIDE_URI:
	case SIDE_OTHER:
	case SIDE_SERVICE:
		return HALF_SERVER;
	case SIDE_DBNAME:
	case SIDE_USER:
	case SIDE_PASSWORD:
		return HALF_LOGIN;
	default:
		return HALF_NONE;
	}
}

static void
begin(struct app *app, struct wizard *w, const struct probe *probe)
{
	struct page_test *test = &w->tests[w->page];
	struct err err = ERR_INIT;

	if (probe_start(probe, &w->child, &w->fd, &err)) {
		fcntl(w->fd, F_SETFL, O_NONBLOCK);
		w->answers = loop_readable(app->loop, w->fd, on_answer, w);
		w->testing = w->page;
		test->done = false;
	} else {
		app_say_err(app, &err);
	}
	err_release(&err);
}

void
wizard_test(struct app *app, struct wizard *w, enum test_how how)
{
	enum half half = how == TEST_WHOLE ? HALF_NONE : half_typed(w);
	struct probe probe;

	w->typed_at = 0;
	w->untested = half != HALF_NONE;
	if (half == HALF_SERVER)
		return;
	if (!wizard_pages[w->page].is_tested) {
		app_say(app, "There is nothing to test here.");
		return;
	}
	wizard_test_end(w);
	forget_tests(w);
	if (!wizard_apply_page(w, w->page)) {
		wizard_say_problem(app, w, w->page);
		return;
	}
	if (!make_probe(w, &probe))
		return;
	probe.no_login = half == HALF_LOGIN;
	begin(app, w, &probe);
}
