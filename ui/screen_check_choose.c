/* SPDX-License-Identifier: PostgreSQL */
/*
 * Fix all: a list of everything that can be fixed, with ticks. What is heavy
 * (rewrites a table, wants a restart) has to be ticked by hand.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "screen_check.h"

#define NARROW 50

struct choosing {
	struct fixing fixing;
	struct record_list plans;
	bool *ticked;
	struct list list;
	int page;
};

static void
choosing_free(void *state)
{
	struct choosing *ch = state;

	record_list_clear(&ch->plans);
	free(ch->ticked);
	free(ch);
}

static bool
is_heavy(const struct record *plan)
{
	return record_get_bool(plan, "restart") ||
	       record_get_int(plan, "rewrite_bytes") > 0;
}

static size_t
count_ticked(const struct choosing *ch)
{
	size_t i, n = 0;

	for (i = 0; i < ch->plans.n; i++)
		n += ch->ticked[i];
	return n;
}

static void
add_weight(struct strbuf *text, const struct record *plan, bool brief)
{
	if (record_get_int(plan, "rewrite_bytes") > 0) {
		strbuf_add(text, "rewrites");
		if (brief)
			return;
		strbuf_addc(text, ' ');
		strbuf_bytes(text, record_get_int(plan, "rewrite_bytes"));
	} else if (record_get_bool(plan, "restart")) {
		strbuf_add(text, "restart");
	}
}

/* Where there is no room for "CHECK@SIDE:OBJECT", objects tell rows apart. */
static const char *
target_in(const char *target, int width)
{
	const char *object = strchr(target, ':');

	return object && text_width(target) > width ? object + 1 : target;
}

static void
draw_plan(const struct choosing *ch, const struct canvas *c, int y, size_t i)
{
	const struct record *plan = ch->plans.items[i];
	bool here = (int)i == ch->list.cursor;
	enum style style = here ? STYLE_FOCUS : STYLE_TEXT;
	struct strbuf name = STRBUF_INIT, weight = STRBUF_INIT;
	int width, used;

	strbuf_scrub(&name, record_get(plan, "target"));
	add_weight(&weight, plan, c->width < NARROW);
	used = weight.len > 0 ? text_width(weight.text) + 2 : 0;
	width = c->width - 6 - used;
	canvas_printf(c, y, 0, 6, style, "%s [%s]", here ? ">" : " ",
		      ch->ticked[i] ? "x" : " ");
	canvas_text(c, y, 6, width, style,
		    target_in(name.text, width));
	if (used > 0)
		canvas_text(c, y, 8 + width, used - 2, style, weight.text);
	strbuf_release(&name);
	strbuf_release(&weight);
}

static void
choosing_draw(struct app *app, void *state, const struct canvas *c)
{
	struct choosing *ch = state;
	struct canvas box = overlay_box(app, c, "Fix all"), inner;
	int gap = box.height < c->height ? 1 : 0, i;

	inner = canvas_part(&box, gap, 0, box.height - 1 - 2 * gap, box.width);
	ch->page = inner.height;
	list_fit(&ch->list, (int)ch->plans.n, ch->page);
	for (i = 0; i < ch->page && ch->list.top + i < (int)ch->plans.n; i++)
		draw_plan(ch, &inner, i, (size_t)(ch->list.top + i));
	canvas_printf(&box, box.height - 1, 0, box.width, STYLE_KEY,
		      "Space tick  a all  Enter show %zu of %zu  Esc leave",
		      count_ticked(ch), ch->plans.n);
}

/* Those that are ticked, in a question. */
static void
go_on(struct app *app, struct choosing *ch)
{
	struct record_list chosen = {.n = 0};
	struct fixing fixing = ch->fixing;
	size_t i;

	for (i = 0; i < ch->plans.n; i++)
		if (ch->ticked[i])
			record_list_add(&chosen,
					record_copy(ch->plans.items[i]));
	if (chosen.n == 0)
		return;
	overlay_close(app);
	check_ask(app, &fixing, &chosen);
	record_list_clear(&chosen);
}

static void
tick_all(struct choosing *ch)
{
	bool all = count_ticked(ch) == ch->plans.n;
	size_t i;

	for (i = 0; i < ch->plans.n; i++)
		ch->ticked[i] = !all;
}

static bool
choosing_event(struct app *app, void *state, const struct event *event)
{
	struct choosing *ch = state;
	const struct key_row *row;

	if (event->key == KEY_OF_CHAR && event->ch == ' ') {
		ch->ticked[ch->list.cursor] = !ch->ticked[ch->list.cursor];
		list_act(&ch->list, ACTION_DOWN, (int)ch->plans.n, ch->page);
		return true;
	}
	if (event->key == KEY_OF_CHAR && event->ch == 'a') {
		tick_all(ch);
		return true;
	}
	if (event->key == KEY_OF_ENTER) {
		go_on(app, ch);
		return true;
	}
	row = key_find(event, SCREEN_CHECK);
	if (!row)
		return true;
	if (row->action == ACTION_BACK || row->action == ACTION_QUIT) {
		overlay_close(app);
		return true;
	}
	list_act(&ch->list, row->action, (int)ch->plans.n, ch->page);
	return true;
}

void
check_choose(struct app *app, const struct fixing *fixing,
	     struct record_list *plans)
{
	struct choosing *ch = MEM_NEW(struct choosing);
	size_t i;

	ch->fixing.undo = fixing->undo;
	ch->plans = *plans;
	*plans = (struct record_list){.n = 0};
	ch->ticked = MEM_ARRAY(bool, ch->plans.n);
	for (i = 0; i < ch->plans.n; i++)
		ch->ticked[i] = !is_heavy(ch->plans.items[i]);
	term_forget_input(app->term);
	overlay_open(app, &(struct overlay){
				  .state = ch,
				  .draw = choosing_draw,
				  .event = choosing_event,
				  .free = choosing_free,
				  .height = (int)ch->plans.n + 5,
				  .width = 76,
				  .answers = true,
			  });
}
