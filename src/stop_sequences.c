/* SPDX-License-Identifier: PostgreSQL */
/*
 * Stop: the sequences, exactly: last_value and is_called as the source has
 * them, set, read back and compared. Never against the way a sequence counts:
 * what the destination has given out already would come twice.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "stop.h"
#include "strbuf.h"

struct sequence {
	const char *schema;
	const char *name;
	bool ascending;
	bool cycles;
	char *label;
};

static bool
read_value(struct pg *pg, const struct sequence *seq,
	   struct sequence_value *value, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	struct rowset rows = ROWSET_INIT;
	bool ok;

	strbuf_add(&sql, "SELECT last_value, is_called FROM ");
	strbuf_ident2(&sql, seq->schema, seq->name);
	ok = pg_run(pg, sql.text, &rows, err);
	if (ok) {
		value->value = mem_strdup(rowset_get(&rows, 0, "last_value"));
		value->called = rowset_bool(&rows, 0, "is_called");
	}
	rowset_release(&rows);
	strbuf_release(&sql);
	return ok;
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
set_value(struct stop *s, const struct sequence *seq,
	  const struct sequence_value *to, struct err *err)
{
	struct sequence_value now = {NULL, false};
	bool ok;

	ok = pg_ask(s->destination, "sequence_set",
		    PG_BIND(seq->schema, seq->name, to->value,
			    to->called ? "true" : "false"),
		    NULL, err) &&
	     read_value(s->destination, seq, &now, err);
	if (ok && !is_same(&now, to)) {
		err_set(err, ERR_SERVER,
			"sequence %s is at %s after it was set to %s",
			seq->label, now.value, to->value);
		ok = false;
	}
	free(now.value);
	return ok;
}

static bool
bring_over(struct stop *s, const struct sequence *seq,
	   const struct sequence_value *from, const struct sequence_value *to,
	   bool *changed, struct err *err)
{
	if (is_same(from, to))
		return true;
	if (is_ahead(seq, to, from)) {
		op_item(s->op, "sequences", s->db->name, seq->label, "warn",
			"left at %s on the destination, which is ahead of %s "
			"on the source",
			to->value, from->value);
		return true;
	}
	*changed = true;
	return set_value(s, seq, from, err);
}

static bool
one_sequence(struct stop *s, const struct sequence *seq, bool *changed,
	     struct err *err)
{
	struct sequence_value from = {NULL, false}, to = {NULL, false};
	bool ok;

	ok = read_value(s->source, seq, &from, err) &&
	     read_value(s->destination, seq, &to, err) &&
	     bring_over(s, seq, &from, &to, changed, err);
	free(from.value);
	free(to.value);
	if (!ok)
		err_at(err, "sequence %s of database \"%s\"", seq->label,
		       s->db->name);
	return ok;
}

bool
stop_sequences(struct stop *s, bool *changed, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	struct sequence seq;
	size_t i;
	bool ok;

	*changed = false;
	ok = pg_ask(s->source, "stop_sequences", PG_NONE, &rows, err);
	for (i = 0; ok && i < rows.n_rows; i++) {
		seq = (struct sequence){
			.schema = rowset_get(&rows, i, "schema"),
			.name = rowset_get(&rows, i, "name"),
			.ascending = rowset_bool(&rows, i, "ascending"),
			.cycles = rowset_bool(&rows, i, "cycles"),
		};
		seq.label = mem_printf("%s.%s", seq.schema, seq.name);
		ok = one_sequence(s, &seq, changed, err);
		free(seq.label);
	}
	if (ok)
		op_item(s->op, "hand_over", s->db->name, "sequences", "ok",
			"%zu as on the source", rows.n_rows);
	rowset_release(&rows);
	return ok;
}
