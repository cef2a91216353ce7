/* SPDX-License-Identifier: PostgreSQL */
/* Drawing the checklist: counts, the tree, the hint of what is under the
 * cursor. */
#include <string.h>

#include "mem.h"
#include "screen_check.h"

static const char *
worst(const int counts[4])
{
	return counts[1] ? "ko" : counts[2] ? "warn" : "ok";
}

static void
draw_counts(const struct canvas *c, int y, int x, const int counts[4])
{
	static const char *const words[] = {"OK", "KO", "WARN", "SKIP"};
	static const int order[] = {1, 2, 0, 3};
	size_t i;

	for (i = 0; i < LENGTH_OF(order); i++)
		if (counts[order[i]] > 0)
			x += canvas_printf(c, y, x, -1, STYLE_TEXT, "%s %d   ",
					   words[order[i]], counts[order[i]]);
}

static void
draw_check(const struct canvas *c, int y, int x, const struct record *check,
	   enum style style)
{
	struct strbuf left = STRBUF_INIT, right = STRBUF_INIT;
	const char *object = record_get(check, "object");
	const char *current = record_get(check, "current");
	bool fixable = record_get_bool(check, "fixable");
	int width = c->width - x - 6;

	strbuf_scrub(&left, record_get(check, "title"));
	if (object) {
		strbuf_addc(&left, ' ');
		strbuf_scrub(&left, object);
	}
	strbuf_scrub(&right, current ? current : "");
	draw_badge(c, y, x, record_get(check, "status"));
	if (width > 50) {
		canvas_text(c, y, x + 6, width / 2, style, left.text);
		canvas_text(c, y, x + 7 + width / 2, width - width / 2 - 6,
			    style, right.text);
	} else {
		canvas_text(c, y, x + 6, width, style, left.text);
	}
	if (fixable)
		canvas_text(c, y, c->width - 5, 5, STYLE_KEY, "f fix");
	strbuf_release(&left);
	strbuf_release(&right);
}

static void
draw_line(struct app *app, const struct checklist *s, const struct canvas *c,
	  int y, int i)
{
	const struct line *line = &s->lines[i];
	enum style style = i == s->list.cursor ? STYLE_CURSOR : STYLE_TEXT;
	struct strbuf name = STRBUF_INIT;
	int x = 2;

	canvas_text(c, y, 0, 1, style, i == s->list.cursor ? ">" : " ");
	if (line->kind == LINE_CHECK) {
		draw_check(c, y, line->database ? 6 : 4,
			   app->model->checks.items[line->first], style);
		return;
	}
	if (line->kind == LINE_DATABASE) {
		x = 4;
		strbuf_scrub(&name, line->database);
	} else {
		strbuf_add(&name, strcmp(line->side, "local") == 0
					  ? "This machine"
				  : strcmp(line->side, "source") == 0
					  ? "Source"
					  : "Destination");
	}
	draw_badge(c, y, x, worst(line->counts));
	canvas_text(c, y, x + 6, 26, line->kind == LINE_SIDE ? STYLE_STRONG
							     : style,
		    name.text);
	draw_counts(c, y, x + 34, line->counts);
	strbuf_release(&name);
}

const struct record *
check_under_cursor(struct app *app, const struct checklist *s)
{
	if (s->list.cursor >= s->n ||
	    s->lines[s->list.cursor].kind != LINE_CHECK)
		return NULL;
	return app->model->checks.items[s->lines[s->list.cursor].first];
}

static int
hint_line(const struct canvas *c, int y, const char *label, const char *text)
{
	struct strbuf clean = STRBUF_INIT;

	if (!text)
		return y;
	strbuf_scrub(&clean, text);
	canvas_printf(c, y, 1, c->width - 2, STYLE_TEXT, "%s%s", label,
		      clean.text);
	strbuf_release(&clean);
	return y + 1;
}

static void
draw_hint(struct app *app, const struct checklist *s, const struct canvas *c)
{
	const struct record *check = check_under_cursor(app, s);
	int y = 1;

	canvas_rule(c, 0, check && record_get_bool(check, "restart")
				  ? "hint: needs a restart"
				  : "hint");
	if (!check)
		return;
	y = hint_line(c, y, "Found: ", record_get(check, "current"));
	y = hint_line(c, y, "Needed: ", record_get(check, "needed"));
	y = hint_line(c, y, "", record_get(check, "hint"));
	hint_line(c, y, "f runs: ", record_get(check, "fix_sql"));
}

static void
draw_summary(struct app *app, const struct checklist *s,
	     const struct canvas *c)
{
	int counts[4] = {0};
	const char *command = model_command(app->model);
	size_t i;

	for (i = 0; i < app->model->checks.n; i++)
		counts[status_number(record_get(app->model->checks.items[i],
						"status"))]++;
	draw_counts(c, 0, 1, counts);
	if (command && strcmp(command, "check") == 0 && !app->model->end)
		canvas_text(c, 0, c->width - 12, 4, STYLE_RUN, "RUN ");
	if (filter_is_shown(&s->filter))
		filter_draw(app, &s->filter, c, 0, 40);
}

void
checklist_draw(struct app *app, struct checklist *s, const struct canvas *c)
{
	int hint_height = c->height > 10 ? 5 : 2, i;
	struct canvas hint;

	draw_summary(app, s, c);
	s->page = c->height - 1 - hint_height;
	list_place(&s->list, c, 1, s->n, s->page);
	for (i = 0; i < s->page && s->list.top + i < s->n; i++)
		draw_line(app, s, c, 1 + i, s->list.top + i);
	hint = canvas_part(c, c->height - hint_height, 0, hint_height,
			   c->width);
	draw_hint(app, s, &hint);
}
