/* SPDX-License-Identifier: PostgreSQL */
/*
 * The tables of one database: the source says which, the destination which
 * are copied, and how far those are that are being copied. There may be ten
 * thousand: the list is read now and then, and told when it has changed.
 */
#include <stdlib.h>
#include <string.h>

#include "detail_internal.h"
#include "mem.h"
#include "tables.h"

/* The source's list with its sizes is older than that at most. */
#define LIST_AGE 60.0
/* So many tables a second are told at most, on average. */
#define TOLD_A_SECOND 2000.0

/* A row of an answer by its table's name. */
struct entry {
	const char *schema, *name;
	const struct rowset *rows;
	size_t i;
};

static int
compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int n = strcmp(x->schema, y->schema);

	return n ? n : strcmp(x->name, y->name);
}

static struct entry *
sorted(const struct rowset *rows)
{
	struct entry *entries = MEM_ARRAY(struct entry, rows->n_rows + 1);
	size_t i;

	for (i = 0; i < rows->n_rows; i++)
		entries[i] = (struct entry){
			.schema = rowset_text(rows, i, "schema"),
			.name = rowset_text(rows, i, "name"),
			.rows = rows,
			.i = i,
		};
	qsort(entries, rows->n_rows, sizeof(*entries), compare);
	return entries;
}

static bool
read_list(struct detail *d, struct err *err)
{
	struct detail_tables *t = &d->tables;
	struct rowset rows = ROWSET_INIT;

	if (!d->source.pg ||
	    (t->listed > 0 && clock_now() - t->listed < LIST_AGE))
		return true;
	if (!tables_read(d->source.pg, d->op.conf, &rows, err)) {
		rowset_release(&rows);
		return false;
	}
	rowset_release(&t->list);
	t->list = rows;
	t->listed = clock_now();
	return true;
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Read again only when their number, or the run that copies, has changed. */
static bool
read_copied(struct detail *d, struct err *err)
{
	struct detail_tables *t = &d->tables;

	if (d->load.state < LOAD_LOADING) {
		rowset_release(&t->copied);
		t->n_copied = 0;
		return true;
	}
	if (!d->destination.pg || (t->n_copied == d->load.tables_ready &&
				   same(t->run, d->load.run)))
		return true;
	if (!pg_ask(d->destination.pg, "detail_copied", PG_NONE, &t->copied,
		    err))
		return false;
	t->n_copied = d->load.tables_ready;
	free(t->run);
	t->run = mem_strdup(d->load.run);
	return true;
}

static bool
read_copying(struct detail *d, struct rowset *rows, struct err *err)
{
	return d->load.state != LOAD_LOADING || !d->destination.pg ||
	       pg_ask(d->destination.pg, "detail_copying", PG_NONE, rows, err);
}

/* --- one table ------------------------------------------------------------ */

static const char *
state_when_copied(const struct detail *d)
{
	return d->subscription == SUBSCRIPTION_REPLICATING ? "replicating"
							   : "copied";
}

static void
put_bytes(struct record *r, const char *key, long long bytes)
{
	if (bytes < 0)
		record_null(r, key);
	else
		record_int(r, key, bytes);
}

/* The part of its rows that are there, of its bytes on the source. */
static long long
copied_so_far(const struct rowset *list, size_t i, const struct entry *copying)
{
	long long all = rowset_int(list, i, "estimated_rows");
	long long bytes = rowset_int(list, i, "bytes"), rows;

	if (!rowset_get(copying->rows, copying->i, "rows") || all <= 0)
		return -1;
	rows = rowset_int(copying->rows, copying->i, "rows");
	if (rows >= all)
		return bytes;
	return (long long)((double)bytes * (double)rows / (double)all);
}

static struct record *
table_record(const struct detail *d, size_t i, const struct entry *copied,
	     const struct entry *copying)
{
	const struct rowset *list = &d->tables.list;
	const char *schema = rowset_text(list, i, "schema");
	const char *name = rowset_text(list, i, "name");
	const char *error = NULL, *state;
	struct record *r = record_new(NULL);
	long long rows = rowset_int(list, i, "estimated_rows"), bytes = 0;

	if (copied) {
		state = state_when_copied(d);
		rows = rowset_int(copied->rows, copied->i, "rows");
		bytes = rowset_int(copied->rows, copied->i, "bytes");
	} else if (copying) {
		state = "copying";
		bytes = copied_so_far(list, i, copying);
	} else {
		error = detail_table_error(d, schema, name);
		state = error ? "failed" : "waiting";
	}
	record_text(r, "schema", schema);
	record_text(r, "table", name);
	record_text(r, "state", state);
	record_int(r, "rows", rows);
	record_int(r, "bytes", rowset_int(list, i, "bytes"));
	put_bytes(r, "copied_bytes", bytes);
	record_text(r, "error", error);
	return r;
}

static const struct entry *
find(const struct entry *entries, size_t n, const struct rowset *list,
     size_t i)
{
	struct entry wanted = {
		.schema = rowset_text(list, i, "schema"),
		.name = rowset_text(list, i, "name"),
	};

	return bsearch(&wanted, entries, n, sizeof(wanted), compare);
}

static void
add_records(const struct detail *d, const struct rowset *copying,
	    struct record *r)
{
	const struct rowset *list = &d->tables.list;
	struct entry *done = sorted(&d->tables.copied);
	struct entry *now = sorted(copying);
	struct record *one;
	size_t i;

	record_array(r, "tables");
	for (i = 0; i < list->n_rows; i++) {
		one = table_record(
			d, i, find(done, d->tables.copied.n_rows, list, i),
			find(now, copying->n_rows, list, i));
		record_append(r, "tables", one);
		record_free(one);
	}
	free(done);
	free(now);
}

/* Nothing that the tables are told from is other than it was. */
static bool
is_told(const struct detail *d)
{
	const struct tables_told *told = &d->tables.told;
	double least = (double)d->tables.list.n_rows / TOLD_A_SECOND;

	if (told->at == 0)
		return false;
	if (clock_now() - told->at < least)
		return true;
	return d->load.state != LOAD_LOADING &&
	       told->listed == d->tables.listed &&
	       told->n_copied == d->tables.n_copied &&
	       told->load == d->load.state &&
	       told->subscription == d->subscription &&
	       told->n_failed == d->journal.n_failed;
}

bool
detail_add_tables(struct detail *d, struct record *r, enum detail_what what,
		  struct err *err)
{
	struct rowset copying = ROWSET_INIT;
	bool ok;

	ok = read_list(d, err) && read_copied(d, err) &&
	     read_copying(d, &copying, err);
	/* A list that was never read is not an empty one. */
	if (ok && d->tables.listed > 0 &&
	    (what == DETAIL_ALL || !is_told(d))) {
		add_records(d, &copying, r);
		d->tables.told = (struct tables_told){
			.at = clock_now(),
			.listed = d->tables.listed,
			.n_copied = d->tables.n_copied,
			.load = d->load.state,
			.subscription = d->subscription,
			.n_failed = d->journal.n_failed,
		};
	}
	rowset_release(&copying);
	return ok;
}

void
detail_tables_release(struct detail_tables *t)
{
	rowset_release(&t->list);
	rowset_release(&t->copied);
	free(t->run);
}
