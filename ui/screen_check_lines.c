/* SPDX-License-Identifier: PostgreSQL */
/* The lines of the checklist: a tree by side and database, of what was found
 * and what is waited for. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "mem.h"
#include "screen_check.h"

static const struct {
	const char *state; /* in records */
	const char *word;
} counts[] = {
	[COUNT_OK] = {"ok", "OK"},	   [COUNT_KO] = {"ko", "KO"},
	[COUNT_WARN] = {"warn", "WARN"},   [COUNT_SKIP] = {"skip", "SKIP"},
	[COUNT_IGNORED] = {"ignored", "IGN"}, [COUNT_RUN] = {"run", "RUN"},
	[COUNT_WAIT] = {"wait", "WAIT"},
};

const char *
check_count_state(enum count count)
{
	return counts[count].state;
}

const char *
check_count_word(enum count count)
{
	return counts[count].word;
}

static enum count
count_of(const struct record *check)
{
	const char *status = record_get(check, "status");
	size_t i;

	for (i = 0; status && i < LENGTH_OF(counts); i++)
		if (strcmp(counts[i].state, status) == 0)
			return (enum count)i;
	return COUNT_OK;
}

void
text_list_toggle(struct text_list *list, const char *item)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->items[i], item) == 0)
			break;
	if (i == list->n) {
		text_list_add(list, item);
		return;
	}
	free(list->items[i]);
	list->items[i] = list->items[--list->n];
	list->items[list->n] = NULL;
}

/* The database in quotes where the grammar of targets wants it. */
char *
check_group_word(const char *side, const char *database)
{
	struct target_thing thing = {.check = side, .database = database};
	char *word = target_word(&thing);
	/* "source@local:app": a side stands alone. */
	char *at = strchr(word, '@'), *rest = strpbrk(at, ":");
	char *group = mem_printf("%s%s", side, rest ? rest : "");

	free(word);
	return group;
}

/* --- making them ---------------------------------------------------------- */

struct making {
	struct checklist *s;
	const struct model *model;
	int side, database; /* lines; -1: none yet */
	const struct record *place; /* of the section that is made */
};

static struct line *
add_line(struct making *m, enum line_kind kind, const struct record *record)
{
	struct checklist *s = m->s;
	struct line *line;

	MEM_GROW(s->lines, s->n, s->alloc);
	line = &s->lines[s->n++];
	*line = (struct line){
		.kind = kind,
		.record = record,
		.side = record_get(m->place, "side"),
		.database = record_get(m->place, "database"),
	};
	if (kind == LINE_SIDE)
		line->database = NULL;
	return line;
}

static bool
is_turned(const struct checklist *s, const char *side, const char *database)
{
	char *word = check_group_word(side, database);
	bool turned = text_list_has(&s->turned, word);

	free(word);
	return turned;
}

/* The headings above a section's lines. */
static void
begin_section(struct making *m)
{
	const char *side = record_get(m->place, "side");
	const char *database = record_get(m->place, "database");
	struct checklist *s = m->s;

	if (m->side < 0 || strcmp(s->lines[m->side].side, side) != 0) {
		add_line(m, LINE_SIDE, m->place)->turned =
			is_turned(s, side, NULL);
		m->side = s->n - 1;
	}
	m->database = -1;
	if (database && !s->lines[m->side].turned) {
		add_line(m, LINE_DATABASE, m->place)->turned =
			is_turned(s, side, database);
		m->database = s->n - 1;
	}
}

static void
count(struct making *m, enum count what)
{
	struct checklist *s = m->s;

	s->lines[m->side].counts[what]++;
	if (m->database >= 0)
		s->lines[m->database].counts[what]++;
}

static bool
passes(const struct checklist *s, const struct record *check)
{
	const char *const texts[] = {
		record_get(check, "title"),  record_get(check, "id"),
		record_get(check, "side"),   record_get(check, "database"),
		record_get(check, "object"), record_get(check, "current"),
		record_get(check, "reason"),
	};

	return filter_passes(&s->filter, record_get(check, "status"), texts,
			     LENGTH_OF(texts));
}

/* Of a database what is well is shown when it is opened. */
static bool
is_shown(const struct making *m, const struct record *check)
{
	const struct checklist *s = m->s;

	if (s->lines[m->side].turned && !filter_is_set(&s->filter))
		return false;
	if (m->database < 0)
		return true;
	return count_of(check) != COUNT_OK ||
	       record_get_bool(check, "fixed") ||
	       s->lines[m->database].turned || filter_is_set(&s->filter);
}

/* One line for what the same thing keeps from being made. */
static bool
joins_skipped(const struct making *m, const struct record *check)
{
	struct line *last = &m->s->lines[m->s->n - 1];
	const char *why = record_get(check, "current");
	const char *before;

	if (last->kind != LINE_SKIPPED || count_of(check) != COUNT_SKIP)
		return false;
	before = record_get(last->record, "current");
	if (!why || !before || strcmp(why, before) != 0)
		return false;
	last->n++;
	return true;
}

static void
add_finding(struct making *m, const struct record *check)
{
	enum count what = count_of(check);
	struct line *line;

	m->s->counts[what]++;
	if (!passes(m->s, check))
		return;
	/* A section begins with its first line that passes. */
	if (m->side < 0 || m->database == -2)
		begin_section(m);
	count(m, what);
	if (!is_shown(m, check) || joins_skipped(m, check))
		return;
	line = add_line(m, what == COUNT_SKIP ? LINE_SKIPPED : LINE_CHECK,
			check);
	line->state = what;
	line->n = 1;
}

/* --- what is waited for --------------------------------------------------- */

static bool
is_answered(const struct making *m, size_t first, size_t end, const char *id)
{
	const struct record *const *items =
		(const struct record *const *)m->model->checks.items;
	size_t i;

	for (i = first; i < end; i++)
		if (strcmp(record_get(items[i], "id"), id) == 0)
			return true;
	return false;
}

static void
add_waiting_check(struct making *m, const struct record *group,
		  const struct check *check, enum count state)
{
	const char *const texts[] = {check->title, check->id,
				     record_get(group, "side")};
	struct line *line;

	m->s->counts[state]++;
	if (!filter_passes(&m->s->filter, check_count_state(state), texts,
			   LENGTH_OF(texts)))
		return;
	if (m->side < 0 || m->database == -2)
		begin_section(m);
	count(m, state);
	if (m->s->lines[m->side].turned)
		return;
	line = add_line(m, LINE_WAITING, group);
	line->id = check->id;
	line->state = state;
}

/* A database is one line until it is through. */
static void
add_waiting_database(struct making *m, const struct record *group,
		     enum count state)
{
	const char *const texts[] = {record_get(group, "database"),
				     record_get(group, "side")};

	m->s->counts[state]++;
	if (!filter_passes(&m->s->filter, check_count_state(state), texts,
			   LENGTH_OF(texts)))
		return;
	if (m->side < 0 || m->database == -2)
		begin_section(m);
	count(m, state);
}

static void
add_waiting(struct making *m, const struct record *group, size_t first,
	    size_t end)
{
	const char *state = record_get(group, "state"), *id;
	bool runs = m->s->checking && strcmp(state, "run") == 0;
	const struct check *check;
	size_t i;

	if (strcmp(state, "done") == 0)
		return;
	if (record_get(group, "database")) {
		add_waiting_database(m, group, runs ? COUNT_RUN : COUNT_WAIT);
		return;
	}
	for (i = 0; i < record_count(group, "ids"); i++) {
		id = record_item_text(group, "ids", i);
		check = check_find(id);
		if (!check || (check->flags & CHECK_QUIET) ||
		    is_answered(m, first, end, id))
			continue;
		add_waiting_check(m, group, check,
				  runs ? COUNT_RUN : COUNT_WAIT);
		runs = false;
	}
}

/* --- all ------------------------------------------------------------------ */

/* Findings and groups are of one order: walked side by side. */
static void
make_sections(struct making *m)
{
	const struct record_list *checks_ = &m->model->checks;
	const struct record_list *groups = &m->model->groups;
	const struct record *group;
	size_t i = 0, g = 0, first;

	while (i < checks_->n || g < groups->n) {
		group = g < groups->n ? groups->items[g] : NULL;
		m->place = i < checks_->n ? checks_->items[i] : group;
		if (group && model_compare_place(group, m->place) < 0)
			m->place = group;
		/* Its headings come with the first line that passes. */
		m->database = -2;
		for (first = i; i < checks_->n &&
				model_compare_place(checks_->items[i],
						    m->place) == 0;
		     i++)
			add_finding(m, checks_->items[i]);
		if (group && model_compare_place(group, m->place) == 0) {
			add_waiting(m, group, first, i);
			g++;
		}
	}
}

/* What names a line, also when it is not answered yet. */
static char *
line_word(const struct line *line)
{
	struct target_thing thing = {.check = line->id};

	if (line->kind == LINE_SIDE || line->kind == LINE_DATABASE)
		return check_group_word(line->side, line->database);
	if (line->kind != LINE_WAITING)
		return mem_strdup(record_get(line->record, "target"));
	thing.side = strcmp(line->side, side_name(SIDE_SOURCE)) == 0
			     ? SIDE_SOURCE
		     : strcmp(line->side, side_name(SIDE_DESTINATION)) == 0
			     ? SIDE_DESTINATION
			     : SIDE_NONE;
	return target_word(&thing);
}

void
check_hold(struct checklist *s)
{
	free(s->at);
	s->at = s->list.cursor < s->n ? line_word(&s->lines[s->list.cursor])
				      : NULL;
}

/* Lines come and go while checks run: the cursor is where it was put. */
static void
find_held(struct checklist *s)
{
	char *word;
	int i;
	bool found = false;

	for (i = 0; s->at && !found && i < s->n; i++) {
		word = line_word(&s->lines[i]);
		found = word && strcmp(word, s->at) == 0;
		free(word);
		if (found)
			s->list.cursor = i;
	}
}

void
check_lines(struct checklist *s, const struct model *model)
{
	struct making m = {.s = s, .model = model, .side = -1};
	bool checking = model_is_checking(model);

	if (!s->stale && s->model == model && s->checking == checking &&
	    s->version == model->checks_version)
		return;
	s->stale = false;
	s->model = model;
	s->version = model->checks_version;
	s->checking = checking;
	s->n = 0;
	memset(s->counts, 0, sizeof(s->counts));
	make_sections(&m);
	find_held(s);
}

const struct line *
check_line(const struct checklist *s)
{
	return s->list.cursor < s->n ? &s->lines[s->list.cursor] : NULL;
}

const struct record *
check_under_cursor(const struct checklist *s)
{
	const struct line *line = check_line(s);

	return line && (line->kind == LINE_CHECK ||
			(line->kind == LINE_SKIPPED && line->n == 1))
		       ? line->record
		       : NULL;
}
