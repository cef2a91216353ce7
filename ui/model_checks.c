/* SPDX-License-Identifier: PostgreSQL */
/*
 * Findings of the newest check, and the groups that it looks at, each list in
 * the order of sides, databases and rows. A check of some groups alone takes
 * the place of what was known of them, and leaves the rest.
 */
#include "model.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "mem.h"

#define EVERY_SIDE 7u /* a bit for each rank */

static int
side_rank(const struct record *r)
{
	static const char *const sides[] = {"local", "source", "destination"};
	const char *side = record_get(r, "side");
	size_t i;

	for (i = 0; i < LENGTH_OF(sides); i++)
		if (side && strcmp(side, sides[i]) == 0)
			break;
	return (int)i;
}

int
model_compare_place(const struct record *a, const struct record *b)
{
	const char *x = record_get(a, "database");
	const char *y = record_get(b, "database");
	int sides = side_rank(a) - side_rank(b);

	if (sides != 0)
		return sides;
	/* What is of the side itself comes before its databases. */
	if (!x || !y)
		return (x != NULL) - (y != NULL);
	return strcmp(x, y);
}

static int
row_rank(const struct record *r)
{
	const char *id = record_get(r, "id");

	return (int)check_rank(id ? id : "", record_has(r, "database"));
}

static int
compare(const struct record *a, const struct record *b)
{
	int places = model_compare_place(a, b);

	return places != 0 ? places : row_rank(a) - row_rank(b);
}

/* Takes the record, after all that come before it or are its equals. */
static void
insert(struct record_list *list, struct record *record)
{
	size_t low = 0, high = list->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare(list->items[middle], record) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	record_list_add(list, record);
	memmove(list->items + low + 1, list->items + low,
		(list->n - 1 - low) * sizeof(*list->items));
	list->items[low] = record;
}

static bool
is_ko(const struct record *finding)
{
	const char *status = record_get(finding, "status");

	return status && strcmp(status, "ko") == 0;
}

void
model_begin_check(struct model *model, const struct record *begin)
{
	if (record_count(begin, "targets") == 0) {
		record_list_clear(&model->checks);
		record_list_clear(&model->groups);
		model->n_ko = 0;
	}
	free(model->checked_at);
	model->checked_at = mem_strdup(record_get(begin, "time"));
	model->checks_version++;
}

void
model_take_finding(struct model *model, const struct record *finding)
{
	insert(&model->checks, record_lean(finding));
	model->n_ko += is_ko(finding);
	model->checks_version++;
}

/* The first that is of that place or comes after it. */
static size_t
find_place(const struct record_list *list, const struct record *place)
{
	size_t low = 0, high = list->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (model_compare_place(list->items[middle], place) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_of_place(const struct record_list *list, size_t i,
	    const struct record *place)
{
	return i < list->n && model_compare_place(list->items[i], place) == 0;
}

bool
model_group_has(const struct record *group, const char *id)
{
	size_t i, n = record_count(group, "ids");

	for (i = 0; i < n; i++)
		if (strcmp(record_item_text(group, "ids", i), id) == 0)
			return true;
	return false;
}

/* What is going to be answered anew is not known any more. */
static void
forget_findings(struct model *model, const struct record *group)
{
	struct record_list *list = &model->checks;
	size_t first = find_place(list, group), kept = first, i;

	for (i = first; is_of_place(list, i, group); i++) {
		if (!model_group_has(group, record_get(list->items[i], "id"))) {
			list->items[kept++] = list->items[i];
			continue;
		}
		model->n_ko -= is_ko(list->items[i]);
		record_free(list->items[i]);
	}
	/* Without any finding there is no array either. */
	if (i == kept)
		return;
	memmove(list->items + kept, list->items + i,
		(list->n - i) * sizeof(*list->items));
	list->n -= i - kept;
}

void
model_take_group(struct model *model, const struct record *group)
{
	const char *state = record_get(group, "state");
	size_t at = find_place(&model->groups, group), i;
	struct record *known;

	model->checks_version++;
	if (!is_of_place(&model->groups, at, group)) {
		insert(&model->groups, record_copy(group));
		return;
	}
	known = model->groups.items[at];
	if (record_count(group, "ids") > 0) {
		forget_findings(model, group);
		record_drop(known, "ids");
		record_array(known, "ids");
		for (i = 0; i < record_count(group, "ids"); i++)
			record_append_text(known, "ids",
					   record_item_text(group, "ids", i));
	}
	record_text(known, "state", state);
}

bool
model_is_checked(const struct model *model)
{
	const struct record_list *groups = &model->groups;
	unsigned sides = 0;
	const char *state;
	size_t i;

	for (i = 0; i < groups->n; i++) {
		state = record_get(groups->items[i], "state");
		if (!state || strcmp(state, "done") != 0)
			return false;
		sides |= 1u << side_rank(groups->items[i]);
	}
	return sides == EVERY_SIDE;
}

bool
model_is_checking(const struct model *model)
{
	const char *command = model_command(model);

	return command && strcmp(command, "check") == 0 && !model->end &&
	       model_runner(model) > 0;
}
