/* SPDX-License-Identifier: PostgreSQL */
/* The wizard's life and keys. */
#include "wizard.h"

#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "mem.h"

/* The test starts so many seconds after the last key. */
#define TEST_AFTER 0.6

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

static bool
open_conf(struct app *app, struct wizard *w, struct err *err)
{
	char *path = conf_path(app->cli->config);

	w->is_new = stat(path, &w->file) != 0;
	w->conf = w->is_new ? conf_new(path) : conf_load(path, err);
	free(path);
	return w->conf && unlock(app, w->conf, err);
}

struct wizard *
wizard_new(struct app *app, struct err *err)
{
	struct wizard *w = MEM_NEW(struct wizard);
	int page;

	w->pending = (struct strbuf)STRBUF_INIT;
	if (!open_conf(app, w, err)) {
		wizard_free(w);
		return NULL;
	}
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
	}
	for (i = 0; i < (int)LENGTH_OF(w->tests); i++)
		record_list_clear(&w->tests[i].stages);
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

static void
go_page(struct app *app, struct wizard *w, int page)
{
	bool known;

	leave_field(app, w);
	if (page < 0 || page >= PAGE_COUNT)
		return;
	w->page = page;
	w->field = w->top = w->scroll = 0;
	w->typed_at = 0;
	/* What is set already is tested when it is seen first. */
	if (wizard_pages[page].side == SIDE_NONE)
		return;
	known = wizard_test_of(w, wizard_pages[page].side)->stages.n > 0;
	if (!known && w->values[page][0].entry.n > 0)
		test_soon(app, w);
}

static void
go_field(struct app *app, struct wizard *w, int step)
{
	int n = wizard_pages[w->page].n;

	leave_field(app, w);
	if (n > 0)
		w->field = (w->field + step + n) % n;
	w->scroll += n > 0 ? 0 : step;
}

/* Enter: the next field, and after the last one the next page. */
static void
go_on(struct app *app, struct wizard *w)
{
	if (w->field + 1 < wizard_pages[w->page].n)
		go_field(app, w, 1);
	else
		go_page(app, w, w->page + 1);
}

/* --- keys ----------------------------------------------------------------- */

static enum wizard_end
act(struct app *app, struct wizard *w, enum action action)
{
	bool review = w->page == PAGE_REVIEW;

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
	case ACTION_PAGE_NEXT:
		go_page(app, w, w->page + 1);
		break;
	case ACTION_PAGE_PREVIOUS:
		go_page(app, w, w->page - 1);
		break;
	case ACTION_TEST:
		wizard_test(app, w);
		break;
	case ACTION_OPEN:
		if (review)
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
choose(struct wizard *w, const struct event *event)
{
	int step = event->key == KEY_OF_LEFT				? -1
		   : event->key == KEY_OF_RIGHT				? 1
		   : event->key == KEY_OF_CHAR && event->ch == ' ' ? 1
									: 0;

	if (step)
		wizard_choose(w, step);
	return step != 0;
}

/* What is typed into the field; every printable key is text. */
static bool
type(struct app *app, struct wizard *w, const struct event *event)
{
	const struct field_row *row = wizard_row(w);
	bool changed = false, taken;

	if (!row)
		return false;
	if (row->choices)
		taken = changed = choose(w, event);
	else
		taken = entry_event(&wizard_value(w)->entry, event, &changed);
	if (!changed)
		return taken;
	w->changed = wizard_value(w)->touched = true;
	free(wizard_value(w)->problem);
	wizard_value(w)->problem = NULL;
	/* A pasted connection string is split at once. */
	if (event->key == KEY_OF_PASTE && row->kind == FIELD_TEXT)
		leave_field(app, w);
	if (wizard_pages[w->page].side != SIDE_NONE)
		test_soon(app, w);
	return true;
}

enum wizard_end
wizard_event(struct app *app, struct wizard *w, const struct event *event)
{
	const struct key_row *row;

	free(app->message);
	app->message = NULL;
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
	wizard_test(app, w);
	return true;
}
