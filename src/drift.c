/* SPDX-License-Identifier: PostgreSQL */
/* Comparing the tables that travel with what they arrive in. */
#include "drift.h"

#include <stdlib.h>
#include <string.h>

#include "drift_words.h"
#include "mem.h"
#include "strbuf.h"

/* --- facts of one side ---------------------------------------------------- */

struct facts {
	struct drift_fact *items; /* by table, then kind and name */
	size_t n;
};

static int
compare_key(const struct drift_fact *a, const struct drift_fact *b)
{
	int order = strcmp(a->kind, b->kind);

	return order ? order : strcmp(a->name, b->name);
}

static int
compare_fact(const void *a, const void *b)
{
	const struct drift_fact *x = a, *y = b;
	int order = strcmp(x->table, y->table);

	return order ? order : compare_key(x, y);
}

static struct facts
sort_facts(const struct rowset *rows)
{
	struct facts facts = {.n = rows->n_rows};
	size_t i;

	facts.items = MEM_ARRAY(struct drift_fact, facts.n + 1);
	for (i = 0; i < facts.n; i++)
		facts.items[i] = (struct drift_fact){
			.table = rowset_text(rows, i, "table"),
			.owner = rowset_text(rows, i, "owner"),
			.kind = rowset_text(rows, i, "kind"),
			.name = rowset_text(rows, i, "name"),
			.definition = rowset_text(rows, i, "definition"),
			.is_not_null = rowset_bool(rows, i, "is_not_null"),
			.fills_itself = rowset_bool(rows, i, "fills_itself"),
			.is_generated = rowset_bool(rows, i, "is_generated"),
		};
	if (facts.n > 1)
		qsort(facts.items, facts.n, sizeof(*facts.items),
		      compare_fact);
	return facts;
}

/* One table's, among those of its side. */
struct slice {
	const struct drift_fact *at;
	const struct drift_fact *end;
};

/* From a fact on, those of its table. */
static struct slice
slice_of(const struct facts *facts, size_t i)
{
	const struct drift_fact *end = facts->items + facts->n;
	struct slice slice = {facts->items + i, facts->items + i};

	while (slice.end < end &&
	       strcmp(slice.end->table, slice.at->table) == 0)
		slice.end++;
	return slice;
}

/* Those of that table, or none; *k goes on, as tables come by name. */
static struct slice
slice_find(const struct facts *facts, size_t *k, const char *table)
{
	static const struct slice none;
	int order = -1;

	for (; *k < facts->n; (*k)++) {
		order = strcmp(facts->items[*k].table, table);
		if (order >= 0)
			break;
	}
	return *k < facts->n && order == 0 ? slice_of(facts, *k) : none;
}

/* --- differences ---------------------------------------------------------- */

struct sentences {
	struct text_list list; /* the first ones */
	size_t n;
};

static void
say(struct sentences *said, const struct drift_fact *source,
    const struct drift_fact *destination)
{
	char *text = drift_words(source, destination);

	if (!text)
		return;
	if (said->n++ < DRIFT_DIFFERENCES)
		text_list_add(&said->list, text);
	free(text);
}

static void
compare_slices(struct slice a, struct slice b, struct sentences *said)
{
	int order;

	while (a.at < a.end || b.at < b.end) {
		order = a.at == a.end	? 1
			: b.at == b.end ? -1
					: compare_key(a.at, b.at);
		say(said, order <= 0 ? a.at : NULL, order >= 0 ? b.at : NULL);
		a.at += order <= 0;
		b.at += order >= 0;
	}
}

static void
say_rest(struct sentences *said)
{
	char *text;

	if (said->n <= DRIFT_DIFFERENCES)
		return;
	text = mem_printf("%zu more", said->n - DRIFT_DIFFERENCES);
	text_list_add(&said->list, text);
	free(text);
}

/* Takes what was said over. */
static void
add_table(struct drift *drift, const struct drift_fact *fact,
	  struct sentences *said)
{
	if (drift->total++ >= DRIFT_TABLES) {
		text_list_release(&said->list);
		return;
	}
	say_rest(said);
	drift->tables = mem_resize(drift->tables, drift->n + 1,
				   sizeof(*drift->tables));
	drift->tables[drift->n++] = (struct drift_table){
		.name = mem_strdup(fact->table),
		.owner = mem_strdup(fact->owner),
		.differences = said->list,
	};
}

/* Of a table that is not there nothing else is worth a word. */
static void
compare_table(struct drift *drift, struct slice source,
	      struct slice destination)
{
	struct sentences said = {.n = 0};

	if (destination.at == destination.end) {
		text_list_add(&said.list, DRIFT_MISSING);
		said.n++;
	} else {
		compare_slices(source, destination, &said);
	}
	if (said.n > 0)
		add_table(drift, source.at, &said);
}

void
drift_compare(const struct rowset *source, const struct rowset *destination,
	      struct drift *drift)
{
	struct facts ours = sort_facts(source);
	struct facts theirs = sort_facts(destination);
	struct slice slice;
	size_t i, k = 0;

	*drift = (struct drift){.n = 0};
	for (i = 0; i < ours.n; i += (size_t)(slice.end - slice.at)) {
		slice = slice_of(&ours, i);
		compare_table(drift, slice,
			      slice_find(&theirs, &k, slice.at->table));
	}
	free(ours.items);
	free(theirs.items);
}

/* --- asking --------------------------------------------------------------- */

/* One column of rows as the text of an array. */
static char *
array_of(const struct rowset *rows, const char *column)
{
	struct strbuf array = STRBUF_INIT;
	size_t i;

	for (i = 0; i < rows->n_rows; i++)
		strbuf_array(&array, rowset_text(rows, i, column));
	strbuf_array_end(&array);
	return strbuf_detach(&array);
}

void
drift_find(const struct mechanism_at *at, struct drift *drift)
{
	struct rowset members = ROWSET_INIT;
	struct rowset source = ROWSET_INIT, destination = ROWSET_INIT;
	struct err ignored = ERR_INIT;
	char *schemas = NULL, *names = NULL;

	*drift = (struct drift){.n = 0};
	if (at->op->mechanism->members(at, &members, &ignored)) {
		schemas = array_of(&members, "schema");
		names = array_of(&members, "name");
	}
	if (names &&
	    pg_ask(at->source, "drift_facts", PG_BIND(schemas, names),
		   &source, &ignored) &&
	    pg_ask(at->destination, "drift_facts", PG_BIND(schemas, names),
		   &destination, &ignored))
		drift_compare(&source, &destination, drift);
	rowset_release(&members);
	rowset_release(&source);
	rowset_release(&destination);
	err_release(&ignored);
	free(schemas);
	free(names);
}

/* --- keeping -------------------------------------------------------------- */

void
drift_copy(struct drift *to, const struct drift *from)
{
	const struct drift_table *table;
	size_t i, k;

	*to = (struct drift){.n = from->n, .total = from->total};
	to->tables = MEM_ARRAY(struct drift_table, from->n + 1);
	for (i = 0; i < from->n; i++) {
		table = &from->tables[i];
		to->tables[i].name = mem_strdup(table->name);
		to->tables[i].owner = mem_strdup(table->owner);
		for (k = 0; k < table->differences.n; k++)
			text_list_add(&to->tables[i].differences,
				      table->differences.items[k]);
	}
}

static bool
is_same_table(const struct drift_table *a, const struct drift_table *b)
{
	size_t i;

	if (strcmp(a->name, b->name) != 0 || strcmp(a->owner, b->owner) != 0 ||
	    a->differences.n != b->differences.n)
		return false;
	for (i = 0; i < a->differences.n; i++)
		if (strcmp(a->differences.items[i], b->differences.items[i]) !=
		    0)
			return false;
	return true;
}

bool
drift_is_same(const struct drift *a, const struct drift *b)
{
	size_t i;

	for (i = 0; a->n == b->n && i < a->n; i++)
		if (!is_same_table(&a->tables[i], &b->tables[i]))
			return false;
	return a->n == b->n && a->total == b->total;
}

void
drift_release(struct drift *drift)
{
	size_t i;

	for (i = 0; i < drift->n; i++) {
		free(drift->tables[i].name);
		free(drift->tables[i].owner);
		text_list_release(&drift->tables[i].differences);
	}
	free(drift->tables);
	*drift = (struct drift){.n = 0};
}
