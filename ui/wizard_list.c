/* SPDX-License-Identifier: PostgreSQL */
/* The databases of the source, as it has just told them, to be ticked. */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "wizard.h"

#define NAME_WIDTH 40
#define NARROW 50 /* columns below which only name and size are shown */

static const struct record *
database(const struct wizard *w, int i)
{
	const struct record *said = w->tests[PAGE_DATABASES].said.items[i];

	return record_is(said, "database") ? said : NULL;
}

int
wizard_list_count(const struct wizard *w)
{
	int n = (int)w->tests[PAGE_DATABASES].said.n;

	if (w->page != PAGE_DATABASES || n == 0 || !database(w, 0))
		return 0;
	return n;
}

static bool
is_taken(const struct wizard *w, const struct record *db)
{
	return conf_takes_database(w->conf, record_get(db, "name"),
				   record_get_bool(db, "template"));
}

void
wizard_list_toggle(struct app *app, struct wizard *w)
{
	const struct record *db =
		database(w, w->field - wizard_pages[w->page].n);
	struct err err = ERR_INIT;

	if (!db || !wizard_apply_page(w, w->page)) {
		wizard_say_problem(app, w, w->page);
		return;
	}
	if (conf_take_database(w->conf, record_get(db, "name"),
			       record_get_bool(db, "template"),
			       !is_taken(w, db), &err)) {
		w->changed = true;
		wizard_read_page(w, w->page);
	} else {
		app_say(app, "%s%s%s", err.message, err.hint ? "; " : "",
			err.hint ? err.hint : "");
	}
	err_release(&err);
}

static void
draw_database(struct wizard *w, const struct canvas *c, int y, int i)
{
	const struct record *db = database(w, i);
	bool here = w->field == wizard_pages[w->page].n + i;
	enum style style = here ? STYLE_FOCUS : STYLE_TEXT;
	struct strbuf name = STRBUF_INIT, size = STRBUF_INIT;
	bool narrow = c->width < NARROW;
	int width = c->width - (narrow ? 17 : 28);

	if (!db)
		return;
	if (width > NAME_WIDTH)
		width = NAME_WIDTH;
	strbuf_scrub(&name, record_get(db, "name"));
	if (record_has(db, "size"))
		strbuf_bytes(&size, record_get_int(db, "size"));
	else
		strbuf_add(&size, "?");
	canvas_text(c, y, 0, 1, STYLE_TEXT, here ? ">" : " ");
	canvas_text(c, y, 1, 4, style, is_taken(w, db) ? "[x]" : "[ ]");
	canvas_text(c, y, 5, width, style, name.text);
	canvas_printf(c, y, 6 + width, 10, style, "%9s", size.text);
	if (record_get_bool(db, "template") && !narrow)
		canvas_text(c, y, 17 + width, -1, STYLE_TEXT, "(template)");
	strbuf_release(&name);
	strbuf_release(&size);
}

static void
draw_caption(const struct wizard *w, const struct canvas *c, int n)
{
	struct strbuf text = STRBUF_INIT;
	long long bytes = 0;
	int i, taken = 0;

	for (i = 0; i < n; i++) {
		if (!database(w, i) || !is_taken(w, database(w, i)))
			continue;
		taken++;
		bytes += record_get_int(database(w, i), "size");
	}
	strbuf_addf(&text, "databases of the source: %d of %d, ", taken, n);
	strbuf_bytes(&text, bytes);
	canvas_rule(c, 0, text.text);
	strbuf_release(&text);
}

/* Until there is a list: that it comes, or why it does not. */
static void
draw_none(const struct wizard *w, const struct canvas *c)
{
	const struct record *said = wizard_said(w, w->page, "databases");

	canvas_rule(c, 0, "databases of the source");
	if (said) {
		draw_badge(c, 1, 1, record_get(said, "state"));
		wizard_wrap(c, 1, 6, record_get(said, "text"));
	} else {
		draw_badge(c, 1, 1,
			   wizard_is_testing(w, w->page) ? "run" : "wait");
		canvas_text(c, 1, 6, -1, STYLE_TEXT,
			    conf_endpoint(w->conf, SIDE_SOURCE)->n > 0
				    ? "asking the source"
				    : "the source is not named yet");
	}
}

void
wizard_list_draw(struct wizard *w, const struct canvas *c)
{
	int n = wizard_list_count(w), rows = c->height - 1, i;
	struct list list = {.cursor = w->field - wizard_pages[w->page].n,
			    .top = w->list_top};

	if (n == 0) {
		draw_none(w, c);
		return;
	}
	draw_caption(w, c, n);
	list_fit(&list, n, rows);
	w->list_top = list.top;
	for (i = 0; i < rows && list.top + i < n; i++)
		draw_database(w, c, 1 + i, list.top + i);
}
