/* SPDX-License-Identifier: PostgreSQL */
/* One line of a run view: what it says, and how far that is. */
#include <string.h>
#include <time.h>

#include "draw_text.h"
#include "mem.h"
#include "run_view.h"

static bool
is(const char *state, const char *word)
{
	return state && strcmp(state, word) == 0;
}

double
run_now(const struct model *model)
{
	struct timespec t;

	if (model->end)
		return record_time(model->end);
	clock_gettime(CLOCK_REALTIME, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool
has_begun(const struct run_line *line)
{
	return !is(line->state, "wait") && !is(line->state, "plan");
}

/* --- how far -------------------------------------------------------------- */

struct amount {
	long long done, all;
	double rate;  /* bytes a second; 0: not known */
	double still; /* seconds for which nothing has moved; 0: it moves */
	bool sure;    /* the rate can be trusted */
	int n;	      /* copies */
	int copying;  /* of them, now */
};

static void
add_copy(struct amount *sum, const struct told_copy *copy, double at)
{
	const struct record *r = copy->progress;
	double still;

	if (!r)
		return;
	sum->n++;
	sum->done += record_get_int(r, "copied_bytes");
	sum->all += record_get_int(r, "total_bytes");
	if (!told_copy_runs(copy))
		return;
	still = told_copy_still(copy, at);
	if (sum->copying == 0 || still < sum->still)
		sum->still = still;
	sum->rate += told_copy_rate(copy, at);
	sum->sure |= copy->began > 0 && at - copy->began >= RUN_SURE;
	sum->copying++;
}

/* Of a database, or of all that the step copies. */
static struct amount
amount_of(const struct model *model, const struct run_line *line)
{
	const struct told *told = &model->told;
	struct amount sum = {.n = 0};
	double at = run_now(model);
	size_t i;

	if (line->kind == RUN_DATABASE && line->copy &&
	    told_copy_runs(line->copy))
		add_copy(&sum, line->copy, at);
	for (i = 0; line->kind == RUN_STEP && i < told->copies.n; i++)
		if (told->copies.items[i].under == line->step->id)
			add_copy(&sum, &told->copies.items[i], at);
	/* What the databases that wait will take, nobody knows. */
	if (line->kind == RUN_STEP && sum.n < line->step->databases)
		sum.sure = false;
	return sum;
}

/* What is said of an amount where there is room. */
enum said {
	SAID_COUNT, /* no bytes */
	SAID_BYTES,
	SAID_ETA,
	SAID_ALL, /* the rate too */
};

static void
add_eta(struct strbuf *text, const struct amount *a)
{
	strbuf_add(text, "  ETA ");
	if (a->sure && a->all > a->done)
		add_duration(text, (double)(a->all - a->done) / a->rate);
	else
		strbuf_addc(text, '-');
}

static void
add_amount(struct strbuf *text, const struct amount *a, enum said said)
{
	bool stalled = a->still > 0 && a->all > a->done;

	if (!stalled || said >= SAID_ETA) {
		strbuf_bytes(text, a->done);
		strbuf_add(text, " of ");
		strbuf_bytes(text, a->all);
	}
	if (stalled) {
		strbuf_sep(text, "  ");
		strbuf_add(text, "stalled ");
		add_duration(text, a->still);
	}
	if (a->rate <= 0)
		return;
	if (said == SAID_ALL) {
		strbuf_add(text, "  ");
		add_rate(text, a->rate);
	}
	if (said >= SAID_ETA)
		add_eta(text, a);
}

static double
part_done(const struct amount *a)
{
	return a->all > 0 ? (double)a->done / (double)a->all : 0;
}

/* Of the databases of a step, those that are through, and of each other as
 * much as is copied: it never falls when the next one begins. */
static double
part_of_step(const struct model *model, const struct told_step *step)
{
	const struct told *told = &model->told;
	double done = step->ok;
	const struct told_part *part;
	struct amount a;
	size_t i;

	for (i = 0; i < told->copies.n; i++) {
		part = told_part(told, step->id,
				 told->copies.items[i].database);
		if (told->copies.items[i].under != step->id ||
		    (part && is(part->state, "ok")))
			continue;
		a = (struct amount){.n = 0};
		add_copy(&a, &told->copies.items[i], 0);
		done += part_done(&a);
	}
	return step->databases > 0 ? done / step->databases : 0;
}

double
run_progress(const struct model *model)
{
	const struct told *told = &model->told;
	const struct told_step *step = told_running(told);
	double part = step ? part_of_step(model, step) : 0;
	size_t i, done = 0;

	/* Beside a copy all other steps are moments. */
	if (step && told->copies.n > 0)
		return part;
	for (i = 0; i < told->steps.n; i++)
		done += is(told->steps.items[i].state, "ok");
	return told->steps.n > 0
		       ? ((double)done + part) / (double)told->steps.n
		       : 0;
}

/* --- text ----------------------------------------------------------------- */

static void
add_item(struct strbuf *text, const struct told_item *item, bool with_step)
{
	if (item->object)
		strbuf_add(text, item->object);
	else if (with_step && item->step)
		strbuf_add(text, item->step);
	if (item->detail) {
		strbuf_sep(text, "  ");
		strbuf_add(text, item->detail);
	}
}

static void
add_phase(struct strbuf *text, const struct told_copy *copy)
{
	const struct record *r = copy->progress;

	strbuf_sep(text, "  ");
	if (is(record_get(r, "phase"), "indexes"))
		strbuf_addf(text, "indexes and constraints %lld of %lld",
			    record_get_int(r, "entries_ready"),
			    record_get_int(r, "entries"));
	else
		strbuf_addf(text, "%lld of %lld tables",
			    record_get_int(r, "tables_ready"),
			    record_get_int(r, "tables"));
}

/* What is said of a database: what goes on now, or what was said last. */
static void
add_database(struct strbuf *text, const struct run_line *line)
{
	struct strbuf said = STRBUF_INIT;

	if (is(line->state, "run") && line->copy && line->copy->newest &&
	    line->copy->progress)
		add_phase(&said, line->copy);
	else if (line->item)
		add_item(&said, line->item, true);
	strbuf_addf(text, "%-12s", line->database);
	if (said.len > 0)
		strbuf_addf(text, "  %s", said.text);
	strbuf_release(&said);
}

static void
add_text(struct strbuf *text, const struct run_line *line)
{
	if (line->kind == RUN_STEP)
		strbuf_addf(text, "%2lld  %s", line->step->n,
			    line->step->title);
	else if (line->kind == RUN_DATABASE)
		add_database(text, line);
	else if (line->kind == RUN_WAITING)
		strbuf_add(text, line->names);
	else
		add_item(text, line->item, true);
}

void
run_line_text(struct strbuf *text, const struct run_line *line)
{
	strbuf_addf(text, "%s  ", line->state ? line->state : "?");
	add_text(text, line);
	strbuf_addc(text, '\n');
}

/* --- drawing -------------------------------------------------------------- */

/* What goes on is told in whole seconds, which pass one by one. */
static void
add_seconds(struct strbuf *text, double seconds, bool whole)
{
	/* The clock may have been set back. */
	if (seconds < 0)
		seconds = 0;
	if (seconds < 60 && whole)
		strbuf_addf(text, "%d s", (int)seconds);
	else if (seconds < 60)
		strbuf_addf(text, "%.1f s", seconds);
	else
		add_duration(text, seconds);
}

/* How long it took, or takes until now. */
static void
add_time(struct strbuf *text, const struct model *model,
	 const struct run_line *line)
{
	double seconds = -1, began = 0;

	if (line->kind == RUN_STEP) {
		seconds = line->step->seconds;
		began = line->step->began;
	} else if (line->kind == RUN_DATABASE && line->part) {
		seconds = line->part->seconds;
		began = line->part->began;
	}
	if (seconds >= 0)
		add_seconds(text, seconds, false);
	else if (began > 0 && is(line->state, "run") && !run_died(model))
		add_seconds(text, run_now(model) - began, true);
}

static void
add_right(struct strbuf *text, const struct model *model,
	  const struct run_line *line, const struct amount *amount,
	  enum said said)
{
	struct strbuf time = STRBUF_INIT;

	if (amount->all > 0 && is(line->state, "run") &&
	    said > SAID_COUNT)
		add_amount(text, amount, said);
	else if (line->kind != RUN_OBJECT && line->n > 1 && has_begun(line))
		strbuf_addf(text, "%d of %d", line->ok, line->n);
	add_time(&time, model, line);
	if (time.len > 0)
		strbuf_addf(text, "%*s%s", time.len < 10 ? 10 - (int)time.len
							 : 1,
			    "", time.text);
	else if (text->len > 0 && line->kind == RUN_STEP)
		strbuf_addf(text, "%*s", 10, "");
	strbuf_release(&time);
}

/* Of a step the numbers say more than its title, of a database what it is at
 * says more than a rate. */
static void
fit_right(struct strbuf *right, const struct model *model,
	  const struct run_line *line, const struct amount *amount, int width,
	  int words)
{
	enum said said = width < 70 ? SAID_COUNT : SAID_ALL;

	for (;; said--) {
		strbuf_reset(right);
		add_right(right, model, line, amount, said);
		if (line->kind == RUN_STEP || said <= SAID_BYTES ||
		    words + 1 + text_width(right->text) <= width)
			return;
	}
}

void
run_line_draw(const struct model *model, const struct canvas *c, int y,
	      const struct run_line *line, enum style style)
{
	static const int indents[] = {3, 7, 11, 7};
	struct amount amount = amount_of(model, line);
	struct strbuf text = STRBUF_INIT, clean = STRBUF_INIT;
	struct strbuf right = STRBUF_INIT;
	bool narrow = c->width < 60;
	/* What is of no database stands right below its step. */
	int indent = indents[line->kind == RUN_OBJECT && !line->database
				     ? RUN_DATABASE
				     : line->kind] /
		     (narrow ? 2 : 1);
	int x = indent + 5, words, room, used, bar = c->width < 100 ? 10 : 14;

	add_text(&text, line);
	strbuf_scrub(&clean, text.text);
	words = text_width(clean.text);
	if (c->width >= 50)
		fit_right(&right, model, line, &amount, c->width, x + words);
	used = text_width(right.text);
	room = c->width - x - (used > 0 ? used + 1 : 0);
	/* Of a step the words say more than a bar. */
	if (amount.all > 0 && is(line->state, "run") &&
	    room > bar + (line->kind == RUN_STEP ? words + 1 : 16)) {
		room -= bar + 1;
		canvas_bar(c, y, x + room + 1, bar, part_done(&amount));
	}
	if (run_line_opens(line))
		canvas_text(c, y, indent - (narrow ? 1 : 2), 1, STYLE_TEXT,
			    line->open ? "-" : "+");
	draw_badge(c, y, indent,
		   is(line->state, "run") && run_died(model) ? "ko"
							     : line->state);
	if (room > 0)
		canvas_text(c, y, x, room, style, clean.text);
	if (used > 0)
		canvas_text(c, y, c->width - used, used, STYLE_TEXT,
			    right.text);
	strbuf_release(&text);
	strbuf_release(&clean);
	strbuf_release(&right);
}
