/* SPDX-License-Identifier: PostgreSQL */
/*
 * Stop: the sequences, exactly: last_value and is_called as the source has
 * them, set, read back and compared. Never against the way a sequence counts:
 * what the destination has given out already would come twice.
 */
#include <stdlib.h>
#include <string.h>

#include "held.h"
#include "mem.h"
#include "stop.h"
#include "strbuf.h"

/* So many are read by one statement. */
#define BATCH 200

struct sequence {
	const char *schema;
	const char *name;
	bool ascending;
	bool cycles;
	char *label;
	struct sequence_value from; /* of the source */
	struct sequence_value to;   /* of the destination */
	bool set;		    /* to that of the source */
	bool left;		    /* where it is, ahead of the source's */
};

/* All sequences of a database; what they borrow lies in the rows. */
struct sequences {
	struct rowset rows;
	struct sequence *items;
	size_t n;
};

static struct sequence_value *
value_of(struct sequence *seq, enum side side)
{
	return side == SIDE_SOURCE ? &seq->from : &seq->to;
}

static bool
read_batch(struct pg *pg, struct sequences *all, size_t first, size_t n,
	   struct err *err)
{
	struct held held = HELD_INIT("S");
	struct rowset rows = ROWSET_INIT;
	struct sequence_value *value;
	size_t i;
	bool ok;

	for (i = 0; i < n; i++) {
		strbuf_addf(&held.sql,
			    "%sSELECT %zu AS n, last_value, is_called FROM ",
			    i > 0 ? " UNION ALL " : "", i);
		held_add(&held, all->items[first + i].schema,
			 all->items[first + i].name);
	}
	strbuf_add(&held.sql, " ORDER BY 1");
	ok = held_query(pg, &held, &rows, err);
	for (i = 0; ok && i < n; i++) {
		value = value_of(&all->items[first + i], pg_side(pg));
		free(value->value);
		value->value = mem_strdup(rowset_text(&rows, i, "last_value"));
		value->called = rowset_bool(&rows, i, "is_called");
	}
	rowset_release(&rows);
	return ok;
}

static bool
read_values(struct pg *pg, struct sequences *all, struct err *err)
{
	size_t first, n;

	for (first = 0; first < all->n; first += n) {
		n = all->n - first < BATCH ? all->n - first : BATCH;
		if (!read_batch(pg, all, first, n, err))
			return false;
	}
	return true;
}

static bool
is_same(const struct sequence_value *a, const struct sequence_value *b)
{
	return strcmp(a->value, b->value) == 0 && a->called == b->called;
}

/* Would a come after b has been given out? */
static bool
is_ahead(const struct sequence *seq, const struct sequence_value *a,
	 const struct sequence_value *b)
{
	long long x = strtoll(a->value, NULL, 10);
	long long y = strtoll(b->value, NULL, 10);

	/* Made with another start than the source has by now: unused. One
	 * that begins anew at its end has no order. */
	if (!a->called || seq->cycles)
		return false;
	if (x == y)
		return !b->called;
	return seq->ascending ? x > y : x < y;
}

static bool
bring_over(struct stop *s, struct sequence *seq, struct err *err)
{
	const struct sequence_value *from = &seq->from, *to = &seq->to;

	if (is_same(from, to))
		return true;
	if (is_ahead(seq, to, from)) {
		seq->left = true;
		op_item(s->op, "sequences", s->db->name, seq->label, "warn",
			"left at %s on the destination, which is ahead of %s "
			"on the source",
			to->value, from->value);
		return true;
	}
	seq->set = true;
	return pg_ask(s->destination, "sequence_set",
		      PG_BIND(seq->schema, seq->name, from->value,
			      from->called ? "true" : "false"),
		      NULL, err);
}

static bool
bring_all_over(struct stop *s, struct sequences *all, bool *changed,
	       struct err *err)
{
	struct sequence *seq;

	for (seq = all->items; seq < all->items + all->n; seq++) {
		if (!bring_over(s, seq, err)) {
			err_at(err, "sequence %s", seq->label);
			return false;
		}
		*changed = *changed || seq->set;
	}
	return true;
}

/* Asked again: they are what they were set to. */
static bool
verify(struct stop *s, struct sequences *all, struct err *err)
{
	const struct sequence *seq;

	if (!read_values(s->destination, all, err))
		return false;
	for (seq = all->items; seq < all->items + all->n; seq++) {
		if (!seq->set || is_same(&seq->from, &seq->to))
			continue;
		err_set(err, ERR_SERVER,
			"sequence %s is at %s after it was set to %s",
			seq->label, seq->to.value, seq->from.value);
		return false;
	}
	return true;
}

static bool
read_sequences(struct stop *s, struct sequences *all, struct err *err)
{
	size_t i;

	if (!pg_ask(s->source, "stop_sequences", PG_NONE, &all->rows, err))
		return false;
	all->n = all->rows.n_rows;
	all->items = MEM_ARRAY(struct sequence, all->n + 1);
	for (i = 0; i < all->n; i++) {
		struct sequence *seq = &all->items[i];

		seq->schema = rowset_text(&all->rows, i, "schema");
		seq->name = rowset_text(&all->rows, i, "name");
		seq->ascending = rowset_bool(&all->rows, i, "ascending");
		seq->cycles = rowset_bool(&all->rows, i, "cycles");
		seq->label = mem_printf("%s.%s", seq->schema, seq->name);
	}
	return read_values(s->source, all, err) &&
	       read_values(s->destination, all, err);
}

static void
release(struct sequences *all)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		free(all->items[i].label);
		free(all->items[i].from.value);
		free(all->items[i].to.value);
	}
	free(all->items);
	rowset_release(&all->rows);
}

bool
stop_sequences(struct stop *s, bool *changed, struct err *err)
{
	struct sequences all = {.rows = ROWSET_INIT};
	size_t i, left = 0;
	bool ok;

	*changed = false;
	ok = read_sequences(s, &all, err) &&
	     bring_all_over(s, &all, changed, err) &&
	     (!*changed || verify(s, &all, err));
	for (i = 0; i < all.n; i++)
		left += all.items[i].left;
	if (ok)
		op_item(s->op, "hand_over", s->db->name, "sequences", "ok",
			left > 0 ? "%zu as on the source, %zu left ahead of it"
				 : "%zu as on the source",
			all.n - left, left);
	else
		err_at(err, "sequences of database \"%s\"", s->db->name);
	release(&all);
	return ok;
}
