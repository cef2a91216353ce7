/* SPDX-License-Identifier: PostgreSQL */
/* The wizard's life and keys. */
#include "wizard.h"

#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "mem.h"

/* The test starts so many seconds after the last key. */
#define TEST_AFTER 0.6
#define SCROLL 10 /* lines of the file by PgDn */

/* --- life ----------------------------------------------------------------- */

/* What the dashboard was opened with opens the file again. */
static bool
unlock(struct app *app, struct conf *conf, struct err *err)
{
	struct secret_key *key;
	struct secret *text;
	bool ok;

	if (!conf->locked)
		return true;
	if (!app->conf || !app->conf->key) {
		err_set(err, ERR_CONFIG, "the file was sealed meanwhile: start "
					 "pgrepup again");
		return false;
	}
	text = secret_key_export(app->conf->key);
	key = secret_key_import(text);
	secret_free(text);
	ok = conf_unlock_key(conf, key, err);
	if (!ok)
		secret_key_free(key);
	return ok;
}

/* Passwords that were asked for when the dashboard was opened. */
static void
lend(const struct app *app, struct conf *conf, enum side side)
{
	const struct endpoint *ep =
		app->conf ? conf_endpoint(app->conf, side) : NULL;

	if (ep && ep->lent && conf_endpoint(conf, side)->ask_password)
		conf_lend_password(conf, side, ep->password);
}

/* The fields of the Python pgrepup's file; what could not be taken is said. */
static void
import(struct app *app, struct wizard *w, const char *path, struct err *err)
{
	struct text_list notes = {.n = 0};

	w->is_new = w->changed = true;
	w->conf = conf_import(path, path, &notes, err);
	if (w->conf && notes.n > 0)
		app_say(app, "%s%s", notes.items[0],
			notes.n > 1 ? "; and more" : "");
	text_list_release(&notes);
}

static bool
open_conf(struct app *app, struct wizard *w, struct err *err)
{
	char *path = conf_path(app->cli->config);

	w->there = stat(path, &w->file) == 0;
	w->is_new = !w->there;
	if (w->there && conf_is_ini(path))
		import(app, w, path, err);
	else
		w->conf = w->is_new ? conf_new(path) : conf_load(path, err);
	free(path);
	if (!w->conf || !unlock(app, w->conf, err))
		return false;
	lend(app, w->conf, SIDE_SOURCE);
	lend(app, w->conf, SIDE_DESTINATION);
	return true;
}

/* What the file has, to tell it from what is given here. */
static void
save_passwords(struct wizard *w)
{
	const struct endpoint *ep;
	int side;

	for (side = 0; side < 2 && w->there; side++) {
		ep = conf_endpoint(w->conf, side ? SIDE_DESTINATION
						 : SIDE_SOURCE);
		if (ep->password && !ep->lent)
			w->saved[side] = secret_copy(ep->password);
	}
}

struct wizard *
wizard_new(struct app *app, struct err *err)
{
	struct wizard *w = MEM_NEW(struct wizard);
	int page;

	w->app = app;
	w->pending = (struct strbuf)STRBUF_INIT;
	if (!open_conf(app, w, err)) {
		wizard_free(w);
		return NULL;
	}
	save_passwords(w);
	for (page = 0; page < PAGE_COUNT; page++)
		wizard_read_page(w, page);
	return w;
}

void
wizard_free(struct wizard *w)
{
	int page, i;

	if (!w)
		return;
	wizard_test_end(w);
	for (page = 0; page < PAGE_COUNT; page++) {
		for (i = 0; i < WIZARD_FIELDS; i++) {
			entry_release(&w->values[page][i].entry);
			free(w->values[page][i].problem);
		}
		record_list_clear(&w->tests[page].said);
	}
	for (i = 0; i < (int)LENGTH_OF(w->kept); i++) {
		secret_free(w->kept[i]);
		secret_free(w->saved[i]);
	}
	strbuf_release(&w->pending);
	conf_free(w->conf);
	free(w);
}

/* --- moving --------------------------------------------------------------- */

static void
leave_field(struct app *app, struct wizard *w)
{
	if (wizard_row(w) && !wizard_apply(w, w->page, w->field))
		wizard_say_problem(app, w, w->page);
}

/* Once nothing was typed for a while. */
static void
test_soon(struct app *app, struct wizard *w)
{
	w->typed_at = clock_now();
	app_wake(app, TEST_AFTER);
}

/* The cursor leaves: what waited for that is tested now. */
static void
leave(struct app *app, struct wizard *w)
{
	struct value *v = wizard_value(w);

	leave_field(app, w);
	if (v)
		v->half = false;
	if (w->untested)
		wizard_test(app, w, TEST_WHOLE);
}

static void
go_page(struct app *app, struct wizard *w, int page)
{
	bool side;

	/* What waits for the end of typing waits no longer. */
	w->untested |= w->typed_at > 0 && w->tests[w->page].stale;
	leave(app, w);
	if (page < 0 || page >= PAGE_COUNT)
		return;
	side = wizard_pages[page].side != SIDE_NONE;
	w->page = page;
	/* A side begins with what names its server. */
	w->field = side ? SIDE_WAY + 1 : 0;
	while (side && !wizard_shows(w, page, w->field))
		w->field++;
	w->top = w->scroll = w->list_top = 0;
	w->typed_at = 0;
	/* What is set already is tested when it is seen first. */
	if (wizard_pages[page].is_tested && !wizard_is_testing(w, page) &&
	    (w->tests[page].said.n == 0 || w->tests[page].stale))
		test_soon(app, w);
}

static void
go_field(struct app *app, struct wizard *w, int step)
{
	int fields = wizard_pages[w->page].n;
	int n = fields + wizard_list_count(w);

	leave(app, w);
	w->scroll += n > 0 ? 0 : step;
	if (n == 0)
		return;
	do
		w->field = (w->field + step + n) % n;
	while (w->field < fields && !wizard_shows(w, w->page, w->field));
}

static bool
is_last(const struct wizard *w)
{
	int i;

	for (i = w->field + 1; i < wizard_pages[w->page].n; i++)
		if (wizard_shows(w, w->page, i))
			return false;
	return true;
}

/* Enter: the next field, and after the last one the next page. */
static void
go_on(struct app *app, struct wizard *w)
{
	if (is_last(w))
		go_page(app, w, w->page + 1);
	else
		go_field(app, w, 1);
}

/* --- keys ----------------------------------------------------------------- */

static enum wizard_end
act(struct app *app, struct wizard *w, enum action action)
{
	switch (action) {
	case ACTION_BACK:
	case ACTION_CANCEL:
		return WIZARD_LEAVES;
	case ACTION_FIELD_NEXT:
	case ACTION_DOWN:
		go_field(app, w, 1);
		break;
	case ACTION_FIELD_PREVIOUS:
	case ACTION_UP:
		go_field(app, w, -1);
		break;
	case ACTION_PAGE_DOWN:
		w->scroll += SCROLL;
		break;
	case ACTION_PAGE_UP:
		w->scroll -= SCROLL;
		break;
	case ACTION_PAGE_NEXT:
		go_page(app, w, w->page + 1);
		break;
	case ACTION_PAGE_PREVIOUS:
		go_page(app, w, w->page - 1);
		break;
	case ACTION_TEST:
		wizard_test(app, w, TEST_WHOLE);
		break;
	case ACTION_OPEN:
		if (w->page == PAGE_REVIEW)
			return wizard_save(app, w) ? WIZARD_SAVED
						   : WIZARD_STAYS;
		go_on(app, w);
		break;
	default:
		return WIZARD_PASSES;
	}
	return WIZARD_STAYS;
}

static bool
is_space(const struct event *event)
{
	return event->key == KEY_OF_CHAR && event->ch == ' ';
}

static bool
choose(struct wizard *w, const struct event *event)
{
	int step = event->key == KEY_OF_LEFT				? -1
		   : event->key == KEY_OF_RIGHT || is_space(event) ? 1
								   : 0;

	if (step)
		wizard_choose(w, step);
	return step != 0;
}

/* What is typed or pasted on a choice beside which one would type it. */
static void
move_to_text(struct wizard *w, const struct event *event)
{
	const struct field_row *row = wizard_row(w);
	bool text = event->key == KEY_OF_PASTE ||
		    (event->key == KEY_OF_CTRL && event->ch == 'u') ||
		    (event->key == KEY_OF_CHAR && event->ch != ' ');

	if (!row || !text)
		return;
	if (row->kind == FIELD_PASSWORD_WAY) {
		if (strcmp(wizard_password_way(w, w->page), "pgpass") == 0)
			entry_set(&wizard_value(w)->entry, "stored");
		w->field = SIDE_PASSWORD;
	} else if (row->kind == FIELD_WAY) {
		do
			w->field++;
		while (!wizard_shows(w, w->page, w->field));
	}
}

static void
mark_changed(struct app *app, struct wizard *w)
{
	struct value *v = wizard_value(w);

	w->changed = v->touched = v->half = true;
	w->tests[w->page].stale = true;
	v->from = NULL;
	free(v->problem);
	v->problem = NULL;
	if (wizard_row(w)->kind == FIELD_WAY)
		leave_field(app, w);
	if (wizard_pages[w->page].side != SIDE_NONE || w->page == PAGE_FILES)
		test_soon(app, w);
}

/* A connection is pasted in the place of a host, and not into its name. */
static bool
is_connection(const struct wizard *w, const struct event *event)
{
	return event->key == KEY_OF_PASTE && event->paste &&
	       wizard_pages[w->page].side != SIDE_NONE &&
	       w->field == SIDE_HOST &&
	       (strstr(event->paste, "://") || strchr(event->paste, '='));
}

/* What is typed into the field; every printable key is text. */
static bool
type(struct app *app, struct wizard *w, const struct event *event)
{
	const struct field_row *row;
	bool changed = false, taken;

	move_to_text(w, event);
	row = wizard_row(w);
	if (!row)
		return false;
	if (is_connection(w, event))
		entry_set(&wizard_value(w)->entry, "");
	if (row->choices)
		taken = changed = choose(w, event);
	else
		taken = entry_event(&wizard_value(w)->entry, event, &changed);
	if (!changed)
		return taken;
	mark_changed(app, w);
	/* A pasted connection string is split at once. */
	if (event->key == KEY_OF_PASTE &&
	    (row->kind == FIELD_TEXT || row->kind == FIELD_URI)) {
		wizard_value(w)->half = false;
		leave_field(app, w);
	}
	return true;
}

enum wizard_end
wizard_event(struct app *app, struct wizard *w, const struct event *event)
{
	const struct key_row *row;

	free(app->message);
	app->message = NULL;
	if (!wizard_row(w) && wizard_list_count(w) > 0 && is_space(event)) {
		wizard_list_toggle(app, w);
		return WIZARD_STAYS;
	}
	if (type(app, w, event))
		return WIZARD_STAYS;
	row = key_find(event, KEYS_WIZARD);
	if (row)
		return act(app, w, row->action);
	return WIZARD_STAYS;
}

bool
wizard_tick(struct app *app, struct wizard *w)
{
	double left = w->typed_at + TEST_AFTER - clock_now();

	wizard_test_look(w);
	if (w->typed_at == 0)
		return false;
	if (left > 0) {
		app_wake(app, left);
		return false;
	}
	wizard_test(app, w, TEST_BY_PAUSE);
	return true;
}
