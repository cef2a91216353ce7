/* SPDX-License-Identifier: PostgreSQL */
/* Drawing the checklist: counts, the tree, the hint of what is under the
 * cursor; on a wide terminal the hint stands beside the tree. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "draw_text.h"
#include "mem.h"
#include "screen_check.h"

#define WIDE 120
#define LIST_MOST 100 /* columns of the tree beside the hint */
#define KEY_WIDTH 9
#define NAME_MOST 40 /* columns of names for all lines */
#define GAP 2

/* In the order of what must be seen first. */
static const enum count order[] = {COUNT_KO,	  COUNT_WARN, COUNT_OK,
				   COUNT_RUN,	  COUNT_WAIT, COUNT_SKIP,
				   COUNT_IGNORED};

/* Only what wants a person has its colour. */
static enum style
style_of_count(enum count count)
{
	return count == COUNT_KO || count == COUNT_WARN
		       ? style_of_state(check_count_state(count))
		       : STYLE_TEXT;
}

static int
draw_counts(const struct canvas *c, int y, int x, const int *n)
{
	const char *word;
	size_t i;
	char *text;

	for (i = 0; i < LENGTH_OF(order); i++) {
		if (n[order[i]] == 0)
			continue;
		word = check_count_word(order[i]);
		text = mem_printf(" %d", n[order[i]]);
		if (x + text_width(word) + text_width(text) <= c->width) {
			x += canvas_text(c, y, x, -1,
					 style_of_count(order[i]), word);
			x += canvas_text(c, y, x, -1, STYLE_TEXT, text) + 2;
		}
		free(text);
	}
	return x;
}

/* The state of a side or database: the worst of what is in it. */
static enum count
worst(const int *n)
{
	static const enum count by_weight[] = {COUNT_KO, COUNT_RUN, COUNT_WAIT,
					       COUNT_WARN};
	size_t i;

	for (i = 0; i < LENGTH_OF(by_weight); i++)
		if (n[by_weight[i]] > 0)
			return by_weight[i];
	return n[COUNT_OK] == 0 && n[COUNT_SKIP] > 0 ? COUNT_SKIP : COUNT_OK;
}

/* --- one line ------------------------------------------------------------- */

/* The key that does something about it. */
static const char *
key_of(const struct record *check)
{
	const char *status = record_get(check, "status");

	if (strcmp(status, "ignored") == 0)
		return "i undo";
	if (record_get_bool(check, "fixable"))
		return "f fix";
	if (record_get_bool(check, "fixed"))
		return "u undo";
	return record_get(check, "hint") ? "y copy" : "";
}

static void
add_facts(struct strbuf *text, const struct record *check)
{
	const char *current = record_get(check, "current");
	const char *needed = record_get(check, "needed");
	const char *reason = record_get(check, "reason");

	strbuf_scrub(text, current ? current : "");
	if (reason) {
		strbuf_sep(text, "; ");
		strbuf_add(text, "ignored: ");
		strbuf_scrub(text, reason);
	} else if (needed && strcmp(record_get(check, "status"), "ok") != 0) {
		strbuf_sep(text, "; ");
		strbuf_add(text, "needs ");
		strbuf_scrub(text, needed);
	}
}

/* Columns of the name, with what parts it from the facts: one width for all
 * where it fits, else it may take what the facts leave, and most of the line
 * in any case: the hint has the facts whole. */
static int
name_width(int line, int width, int name, int facts)
{
	int common = line / 3;
	int left = width - facts - 1;

	if (common > NAME_MOST)
		common = NAME_MOST;
	if (left < width * 7 / 10)
		left = width * 7 / 10;
	if (left > name + GAP)
		left = name + GAP;
	return left > common ? left : common;
}

/* The name, and what was found beside it where there is room. */
static void
draw_columns(const struct canvas *c, int y, int x, enum style style,
	     const char *name, const char *facts, const char *key)
{
	bool narrow = c->width < 60;
	int key_width = !*key ? 0 : narrow ? 2 : KEY_WIDTH - 2;
	int width = c->width - x - key_width;
	int left = narrow || !*facts ? width
				     : name_width(c->width, width,
						  text_width(name),
						  text_width(facts));

	canvas_text(c, y, x, left < width ? left - GAP : left - 1, style,
		    name);
	if (left < width)
		canvas_text(c, y, x + left, width - left - 1, style, facts);
	if (*key)
		canvas_text(c, y, c->width - key_width,
			    narrow ? 1 : key_width, STYLE_KEY, key);
}

static void
draw_check(const struct checklist *s, const struct canvas *c, int y, int x,
	   const struct record *check, enum style style)
{
	struct strbuf name = STRBUF_INIT, facts = STRBUF_INIT;
	const char *object = record_get(check, "object");
	const char *target = record_get(check, "target");

	if (target && text_list_has(&s->marked, target))
		canvas_text(c, y, x - 1, 1, STYLE_STRONG, "*");
	/* Of a table the name says more than the check's title. */
	strbuf_scrub(&name, object && record_get(check, "schema")
				    ? object
				    : record_get(check, "title"));
	if (object && record_get(check, "schema")) {
		strbuf_scrub(&facts, record_get(check, "title"));
		strbuf_add(&facts, ": ");
	} else if (object) {
		strbuf_addc(&name, ' ');
		strbuf_scrub(&name, object);
	}
	add_facts(&facts, check);
	draw_badge(c, y, x, record_get(check, "status"));
	draw_columns(c, y, x + 5, style, name.text, facts.text,
		     key_of(check));
	strbuf_release(&name);
	strbuf_release(&facts);
}

static void
draw_skipped(const struct canvas *c, int y, int x, const struct line *line,
	     enum style style)
{
	const char *current = record_get(line->record, "current");
	struct strbuf why = STRBUF_INIT;
	char *name = line->n == 1 ? mem_strdup(record_get(line->record,
							  "title"))
				  : mem_printf("%d checks", line->n);

	strbuf_scrub(&why, current ? current : "");
	draw_badge(c, y, x, "skip");
	draw_columns(c, y, x + 5, style, name, why.text, "");
	strbuf_release(&why);
	free(name);
}

static void
draw_waiting(const struct checklist *s, const struct canvas *c, int y, int x,
	     const struct line *line, enum style style)
{
	draw_badge(c, y, x, check_count_state(line->state));
	draw_columns(c, y, x + 5, style, check_find(line->id)->title,
		     s->checking ? "" : "not answered: r asks again", "");
}

static void
draw_heading(const struct canvas *c, int y, const struct line *line,
	     enum style style)
{
	bool side = line->kind == LINE_SIDE;
	/* What is closed, or shows its problems alone, can be opened. */
	const char *sign = line->turned == side ? "+" : "-";
	struct strbuf name = STRBUF_INIT;
	int x = side ? 2 : 4, at;

	canvas_text(c, y, x, 1, style, sign);
	if (!side) {
		draw_badge(c, y, x + 2,
			   check_count_state(worst(line->counts)));
		x += 7;
		strbuf_scrub(&name, line->database);
	} else {
		x += 2;
		strbuf_add(&name, strcmp(line->side, "local") == 0
					  ? "This machine"
				  : strcmp(line->side, "source") == 0
					  ? "Source"
					  : "Destination");
	}
	at = c->width >= 60 ? 36 : 20;
	canvas_text(c, y, x, at - x - 1,
		    side && style == STYLE_TEXT ? STYLE_STRONG : style,
		    name.text);
	draw_counts(c, y, at, line->counts);
	strbuf_release(&name);
}

static void
draw_line(const struct checklist *s, const struct canvas *c, int y, int i)
{
	const struct line *line = &s->lines[i];
	bool here = i == s->list.cursor;
	enum style style = here ? STYLE_CURSOR : STYLE_TEXT;
	int x = line->database ? 8 : 4;

	canvas_text(c, y, 0, 1, style, here ? ">" : " ");
	if (line->kind == LINE_CHECK)
		draw_check(s, c, y, x, line->record, style);
	else if (line->kind == LINE_SKIPPED)
		draw_skipped(c, y, x, line, style);
	else if (line->kind == LINE_WAITING)
		draw_waiting(s, c, y, x, line, style);
	else
		draw_heading(c, y, line, style);
}

/* --- the hint ------------------------------------------------------------- */

static void
add_labelled(struct strbuf *text, const char *label, const char *value)
{
	if (value && *value)
		strbuf_addf(text, "%s%s\n", label, value);
}

/* What to do, and exactly what the key will run. */
static void
add_remedy(struct strbuf *text, const struct record *check)
{
	add_labelled(text, "", record_get(check, "hint"));
	if (!record_get_bool(check, "fixable"))
		return;
	add_labelled(text, "f will run there:\n", record_get(check, "fix_sql"));
	if (record_get_bool(check, "restart"))
		strbuf_addf(text, "Then restart PostgreSQL on the %s yourself "
				  "and press r.\n",
			    record_get(check, "side"));
}

void
check_describe(struct strbuf *text, const struct record *check)
{
	strbuf_addf(text, "%s%s%s\n\n", record_get(check, "title"),
		    record_has(check, "object") ? "  " : "",
		    record_has(check, "object") ? record_get(check, "object")
						: "");
	add_labelled(text, "Status: ", record_get(check, "status"));
	add_labelled(text, "Ignored: ", record_get(check, "reason"));
	add_labelled(text, "Found:  ", record_get(check, "current"));
	add_labelled(text, "Needed: ", record_get(check, "needed"));
	strbuf_addc(text, '\n');
	add_remedy(text, check);
	strbuf_addc(text, '\n');
	add_labelled(text, "Named:  ", record_get(check, "target"));
}

/* Two lines, where there is no room for more: what, and what to do. */
static void
draw_short_hint(const struct record *check, const struct canvas *c)
{
	struct strbuf facts = STRBUF_INIT, hint = STRBUF_INIT;

	add_facts(&facts, check);
	strbuf_scrub(&hint, record_get_bool(check, "fixable") &&
					    record_get(check, "fix_sql")
				    ? record_get(check, "fix_sql")
			    : record_get(check, "hint")
				    ? record_get(check, "hint")
				    : "");
	canvas_text(c, 0, 1, c->width - 1, STYLE_TEXT, facts.text);
	canvas_text(c, 1, 1, c->width - 1, STYLE_TEXT, hint.text);
	strbuf_release(&facts);
	strbuf_release(&hint);
}

/* The first operation that is not done: "setup (3)". */
static const char *
next_operation(const struct model *model)
{
	static const struct {
		enum screen_id screen;
		const char *name;
	} operations[] = {
		{SCREEN_SETUP, "setup (3)"},
		{SCREEN_REPLICATE, "start (4)"},
		{SCREEN_STOP, "stop (5)"},
		{SCREEN_UNINSTALL, "uninstall (6)"},
	};
	size_t i = 0;

	while (model && i < LENGTH_OF(operations) - 1 &&
	       model->standing.marks[operations[i].screen] == MARK_OK)
		i++;
	return operations[i].name;
}

/* Of a heading: where to go from here. */
static void
add_next(struct strbuf *text, const struct checklist *s)
{
	const char *next = next_operation(s->model);

	if (s->checking)
		strbuf_add(text, "The servers are asked; answers come as they "
				 "arrive.");
	else if (s->counts[COUNT_KO] > 0)
		strbuf_addf(text, "KO is in the way of %s. n goes to the next "
				  "one, f fixes it after a question, F all "
				  "that can be fixed. r asks the servers "
				  "again.", next);
	else if (!s->model || !model_is_checked(s->model))
		strbuf_add(text, "Not everything was asked: the last check "
				 "did not come to its end. R asks all of it.");
	else
		strbuf_addf(text, "Nothing is in the way of %s.%s", next,
			    s->counts[COUNT_WARN] == 0
				    ? ""
				    : " n goes to the next warning: read it, "
				      "fix it with f or ignore it with i.");
}

static void
draw_hint(const struct checklist *s, const struct canvas *c)
{
	const struct record *check = check_under_cursor(s);
	struct canvas text = canvas_part(c, 1, 1, c->height - 1, c->width - 2);
	struct strbuf hint = STRBUF_INIT;
	bool restart = check && record_get_bool(check, "restart");

	if (c->height <= 2) {
		if (check)
			draw_short_hint(check, c);
		return;
	}
	canvas_rule(c, 0, restart ? "hint: needs a restart" : "hint");
	if (check) {
		add_facts(&hint, check);
		if (hint.len > 0)
			strbuf_addc(&hint, '\n');
		add_remedy(&hint, check);
	} else {
		add_next(&hint, s);
	}
	draw_wrapped(&text, 0, STYLE_TEXT, hint.text);
	strbuf_release(&hint);
}

/* Beside the tree: all of it. */
static void
draw_side_hint(const struct checklist *s, const struct canvas *c)
{
	const struct record *check = check_under_cursor(s);
	struct canvas part = canvas_part(c, 1, 2, c->height - 1, c->width - 3);
	struct strbuf text = STRBUF_INIT;

	canvas_rule(c, 0, "hint");
	canvas_pillar(c, 0, 1, c->height - 1);
	if (check)
		check_describe(&text, check);
	else
		add_next(&text, s);
	draw_wrapped(&part, 0, STYLE_TEXT, text.text);
	strbuf_release(&text);
}

/* --- all ------------------------------------------------------------------ */

/* When the newest check began, by the clock on the wall. */
static bool
checked_at(const struct model *model, char *text, size_t size)
{
	struct tm tm = {0}, local;
	time_t when;

	if (!model->checked_at ||
	    !strptime(model->checked_at, "%Y-%m-%dT%H:%M:%S", &tm))
		return false;
	when = timegm(&tm);
	localtime_r(&when, &local);
	return strftime(text, size, "%H:%M", &local) > 0;
}

static void
draw_summary(struct app *app, const struct checklist *s,
	     const struct canvas *c)
{
	int x = draw_counts(c, 0, 1, s->counts);
	char at[16];

	if (filter_is_shown(&s->filter))
		filter_draw(app, &s->filter, c, 0, x + 1 > 40 ? x + 1 : 40);
	else if (s->marked.n > 0)
		canvas_printf(c, 0, x + 1, -1, STYLE_STRONG, "%zu marked",
			      s->marked.n);
	else if (s->checking && x < c->width - 12)
		canvas_text(c, 0, c->width - 10, 9, STYLE_STRONG, "checking");
	else if (x < c->width - 15 && checked_at(app->model, at, sizeof(at)))
		canvas_printf(c, 0, c->width - 14, -1, STYLE_TEXT,
			      "checked %s", at);
}

static void
draw_list(struct checklist *s, const struct canvas *c)
{
	int i;

	s->page = c->height;
	list_place(&s->list, c, 0, s->n, s->page);
	for (i = 0; i < s->page && s->list.top + i < s->n; i++)
		draw_line(s, c, i, s->list.top + i);
}

void
checklist_draw(struct app *app, struct checklist *s, const struct canvas *c)
{
	int below = c->height > 30 ? 10 : c->height > 12 ? 6 : 2;
	int width = c->width * 3 / 5;
	struct canvas part;

	check_lines(s, app->model);
	draw_summary(app, s, c);
	if (c->width >= WIDE && c->height > 6) {
		width = width > LIST_MOST ? LIST_MOST : width;
		part = canvas_part(c, 1, 0, c->height - 1, width);
		draw_list(s, &part);
		part = canvas_part(c, 1, width, c->height - 1,
				   c->width - width);
		draw_side_hint(s, &part);
		return;
	}
	if (c->height < 6)
		below = 0;
	part = canvas_part(c, 1, 0, c->height - 1 - below, c->width);
	draw_list(s, &part);
	part = canvas_part(c, c->height - below, 0, below, c->width);
	if (below > 0)
		draw_hint(s, &part);
}
