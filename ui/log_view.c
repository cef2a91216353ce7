/* SPDX-License-Identifier: PostgreSQL */
/* The log as lines that are followed, scrolled, filtered. */
#include "log_view.h"

#include <stdlib.h>
#include <string.h>

#include "app_internal.h"
#include "log_text.h"
#include "mem.h"

/* Which part of a record a line shows. */
enum log_part {
	LOG_MESSAGE,
	LOG_DETAIL,
	LOG_HINT,
};

struct log_line {
	const struct record *record;
	enum log_part part;
	size_t line; /* of the record, counted from the first ever said */
};

static const char *const part_keys[] = {"message", "detail", "hint"};

static bool
is_shown(const struct log_view *view, const struct record *r)
{
	const char *level = record_get(r, "level");
	struct strbuf text = STRBUF_INIT;
	const char *texts[] = {
		record_get(r, "database"),
		NULL,
		view->whole ? record_get(r, "detail") : NULL,
		view->whole ? record_get(r, "hint") : NULL,
	};
	bool passes;

	if (!log_has(r, view->whole) || !filter_is_set(&view->filter))
		return log_has(r, view->whole);
	log_add_text(&text, r, view->whole);
	texts[1] = text.text;
	passes = filter_passes(&view->filter, level ? level : "error", texts,
			       LENGTH_OF(texts));
	strbuf_release(&text);
	return passes;
}

static void
add_lines(struct log_view *view, const struct record *r, size_t line)
{
	int last = view->whole ? LOG_HINT : LOG_MESSAGE, part;

	for (part = LOG_MESSAGE; part <= last; part++) {
		if (part != LOG_MESSAGE && !record_get(r, part_keys[part]))
			continue;
		MEM_GROW(view->lines, view->n, view->alloc);
		view->lines[view->n++] = (struct log_line){
			.record = r,
			.part = (enum log_part)part,
			.line = line,
		};
	}
}

/* A whole log is of all runs, as far back as they are known. */
static void
make_lines(struct log_view *view, const struct model *model)
{
	size_t i = model && !view->whole ? model->logs_run : 0;

	view->n = 0;
	for (; model && i < model->logs.n; i++)
		if (is_shown(view, model->logs.items[i]))
			add_lines(view, model->logs.items[i],
				  model->logs_gone + i);
}

int
log_view_count(struct log_view *view, const struct model *model, int max)
{
	make_lines(view, model);
	return view->n < max ? view->n : max;
}

/* The cursor stays on its message when those before it are forgotten. */
static void
place_cursor(struct log_view *view)
{
	int i;

	if (!view->still) {
		view->list.cursor = view->n - 1;
		return;
	}
	i = view->list.cursor;
	if (i >= 0 && i < view->n && view->lines[i].line == view->line)
		return;
	for (i = 0; i < view->n - 1 && view->lines[i].line < view->line; i++)
		;
	view->list.cursor = i;
}

static void
line_text(struct strbuf *text, const struct log_line *line,
	  const struct log_view *view)
{
	static const char *const labels[] = {"", "Detail: ", "Hint: "};
	const struct record *r = line->record;
	const char *database = record_get(r, "database");

	if (line->part != LOG_MESSAGE) {
		strbuf_addf(text, "         %s%s", labels[line->part],
			    record_get(r, part_keys[line->part]));
		return;
	}
	log_add_time(text, r, view->whole);
	if (view->whole && record_is(r, "error"))
		strbuf_add(text, "ERROR ");
	if (database)
		strbuf_addf(text, "%s: ", database);
	log_add_text(text, r, view->whole);
}

static void
draw_line(const struct log_view *view, const struct canvas *c, int y, int i,
	  bool focus)
{
	struct strbuf text = STRBUF_INIT, clean = STRBUF_INIT;
	const struct log_line *line = &view->lines[i];
	bool here = focus && i == view->list.cursor;

	line_text(&text, line, view);
	strbuf_scrub(&clean, text.text);
	canvas_text(c, y, 0, 1, STYLE_TEXT, here ? ">" : " ");
	canvas_text(c, y, 1, c->width - 1,
		    here			   ? STYLE_FOCUS
		    : log_is_strong(line->record) ? STYLE_STRONG
						   : STYLE_TEXT,
		    clean.text);
	strbuf_release(&text);
	strbuf_release(&clean);
}

void
log_view_draw(struct app *app, struct log_view *view, const struct canvas *c,
	      bool focus)
{
	int i;

	make_lines(view, app->model);
	place_cursor(view);
	view->page = c->height;
	list_place(&view->list, c, 0, view->n, view->page);
	if (view->n > 0)
		view->line = view->lines[view->list.cursor].line;
	for (i = 0; i < c->height && view->list.top + i < view->n; i++)
		draw_line(view, c, i, view->list.top + i, focus);
	if (view->n == 0)
		canvas_text(c, 0, 1, c->width - 1, STYLE_TEXT,
			    filter_is_set(&view->filter)
				    ? "Nothing passes the filter."
			    : view->whole
				    ? "Nothing was done yet."
				    : "Nothing was said beyond the steps.");
}

/* It follows again at its end. */
static void
stay_there(struct log_view *view)
{
	view->still = view->list.cursor < view->n - 1;
	if (view->still && view->list.cursor >= 0)
		view->line = view->lines[view->list.cursor].line;
	else if (view->still)
		view->line = 0;
}

bool
log_view_act(struct log_view *view, const struct model *model,
	     enum action action)
{
	if (action == ACTION_FILTER) {
		view->filter.typing = true;
		return true;
	}
	/* What was typed may come before the frame for it. */
	make_lines(view, model);
	place_cursor(view);
	if (!list_act(&view->list, action, view->n, view->page))
		return false;
	stay_there(view);
	return true;
}

bool
log_view_click(struct log_view *view, const struct event *event)
{
	if (!list_click(&view->list, event))
		return false;
	stay_there(view);
	return true;
}

void
log_view_text(struct log_view *view, const struct model *model, bool all,
	      struct strbuf *text)
{
	int i;

	make_lines(view, model);
	place_cursor(view);
	for (i = 0; i < view->n; i++) {
		if (!all && i != view->list.cursor)
			continue;
		line_text(text, &view->lines[i], view);
		strbuf_addc(text, '\n');
	}
}

void
log_view_release(struct log_view *view)
{
	filter_clear(&view->filter);
	free(view->lines);
	*view = (struct log_view){.lines = NULL};
}

/* --- over the screens ----------------------------------------------------- */

static void
over_draw(struct app *app, void *state, const struct canvas *c)
{
	struct log_view *view = state;
	int top = c->height > 5 ? 2 : 0, y = c->height - 1;
	struct canvas part = canvas_part(c, top, 0, y - top, c->width);

	if (!app->model)
		return;
	if (top > 0) {
		canvas_text(c, 0, 1, c->width - 2, STYLE_TITLE,
			    "Log     Everything: pgrepup log");
		canvas_rule(c, 1, view->still ? "G follows again" : "follow");
	}
	log_view_draw(app, view, &part, true);
	if (app_draw_message(app, c, y))
		return;
	if (filter_is_shown(&view->filter))
		filter_draw(app, &view->filter, c, y, 1);
	else
		canvas_text(c, y, 1, c->width - 2, STYLE_KEY,
			    "Esc close  / filter  G follow  y copy  Y all");
}

static void
over_copy(struct app *app, struct log_view *view, bool all)
{
	struct strbuf text = STRBUF_INIT;

	log_view_text(view, app->model, all, &text);
	app_copy(app, text.text);
	strbuf_release(&text);
}

static void
over_print(struct app *app, struct log_view *view)
{
	struct strbuf text = STRBUF_INIT;

	log_view_text(view, app->model, true, &text);
	app_print(app, text.text);
	strbuf_release(&text);
}

/* A message in full: on its line it may be cut. */
static void
over_show(struct app *app, struct log_view *view)
{
	struct strbuf text = STRBUF_INIT;
	const struct record *r;
	size_t i;

	make_lines(view, app->model);
	place_cursor(view);
	if (view->n == 0)
		return;
	r = view->lines[view->list.cursor].record;
	if (log_is_deed(r)) {
		log_add_text(&text, r, true);
		strbuf_add(&text, "\n\n");
	}
	for (i = log_is_deed(r); i < LENGTH_OF(part_keys); i++)
		if (record_get(r, part_keys[i]))
			strbuf_addf(&text, "%s\n\n",
				    record_get(r, part_keys[i]));
	overlay_text(app, "Message", strbuf_detach(&text));
}

static bool
over_act(struct app *app, struct log_view *view, enum action action)
{
	switch (action) {
	case ACTION_COPY:
	case ACTION_COPY_ALL:
		over_copy(app, view, action == ACTION_COPY_ALL);
		return true;
	case ACTION_PRINT:
		over_print(app, view);
		return true;
	case ACTION_BACK:
		if (filter_is_set(&view->filter))
			filter_clear(&view->filter);
		else
			overlay_close(app);
		return true;
	case ACTION_OPEN:
		over_show(app, view);
		return true;
	case ACTION_QUIT:
	case ACTION_LOG:
		overlay_close(app);
		return true;
	default:
		/* What means nothing to a log is the same everywhere. */
		return log_view_act(view, app->model, action);
	}
}

static bool
over_event(struct app *app, void *state, const struct event *event)
{
	struct log_view *view = state;
	const struct key_row *row;

	if (filter_event(&view->filter, event) ||
	    (event->key == KEY_OF_CLICK && log_view_click(view, event)))
		return true;
	app_hush(app);
	row = key_find(event, KEYS_LOG);
	/* F keys are the screens'. */
	if (!row)
		return event->key != KEY_OF_F;
	return over_act(app, view, row->action);
}

static void
over_free(void *state)
{
	log_view_release(state);
	free(state);
}

void
log_view_open(struct app *app)
{
	struct log_view *view = MEM_NEW(struct log_view);

	view->whole = true;
	overlay_open(app, &(struct overlay){
				  .state = view,
				  .draw = over_draw,
				  .event = over_event,
				  .free = over_free,
				  .keys = KEYS_LOG,
			  });
}
