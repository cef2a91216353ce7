/* SPDX-License-Identifier: PostgreSQL */
/*
 * Start, second phase: indexes, constraints, triggers and all else that the
 * schema has after the data. What would fire while changes are applied is
 * switched off before anything arrives.
 */
#include <pthread.h>
#include <string.h>

#include "registry.h"
#include "restore.h"
#include "schema.h"
#include "start.h"
#include "strbuf.h"

struct progress {
	struct start *s;
	pthread_mutex_t lock;
	size_t entries;
	size_t ready;
	double said;
};

static void
say_progress(struct progress *p, double now)
{
	const struct load *load = &p->s->load;
	struct record *r = record_new("progress");

	p->said = now;
	record_text(r, "database", p->s->db->name);
	record_text(r, "phase", "indexes");
	record_int(r, "copied_bytes", load->total_bytes);
	record_int(r, "total_bytes", load->total_bytes);
	record_int(r, "tables", load->tables);
	record_int(r, "tables_ready", load->tables);
	record_int(r, "entries", (long long)p->entries);
	record_int(r, "entries_ready", (long long)p->ready);
	record_real(r, "rate", 0);
	record_null(r, "eta_seconds");
	journal_write(p->s->op->journal, r);
}

static void
entry_done(void *arg, const struct restore_entry *entry)
{
	struct progress *p = arg;
	double now = clock_now();

	(void)entry;
	pthread_mutex_lock(&p->lock);
	p->ready++;
	if (now - p->said >= 1)
		say_progress(p, now);
	pthread_mutex_unlock(&p->lock);
}

/* As many streams as are free now, and one in any case. */
static size_t
enter_streams(struct start *s, struct err *err)
{
	size_t n = 1;

	if (!work_gate_enter(s->gate, s->op->interrupt)) {
		interrupt_error(err);
		return 0;
	}
	while (n < (size_t)s->op->conf->jobs && work_gate_try(s->gate))
		n++;
	return n;
}

static void
leave_streams(struct start *s, size_t n)
{
	while (n-- > 0)
		work_gate_leave(s->gate);
}

static bool
apply(struct start *s, const struct restore_script *script, struct err *err)
{
	struct progress p = {
		.s = s,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.entries = script->n,
	};
	struct restore_result result = {0};
	struct strbuf said = STRBUF_INIT;
	size_t streams = enter_streams(s, err);
	bool ok;

	if (streams == 0)
		return false;
	say_progress(&p, clock_now());
	ok = restore_apply(s->op, s->db->name, script, streams, entry_done, &p,
			   &result, err);
	leave_streams(s, streams);
	say_progress(&p, clock_now());
	strbuf_addf(&said, "%zu done", result.done);
	if (result.skipped > 0)
		strbuf_addf(&said, ", %zu before", result.skipped);
	if (result.failed > 0)
		strbuf_addf(&said, ", %zu failed", result.failed);
	op_item(s->op, "indexes", s->db->name, "indexes, constraints, triggers",
		ok ? "ok" : "ko", "%s", said.text);
	strbuf_release(&said);
	return ok;
}

/* Triggers, rules and policies are kept as they were when the dump was made:
 * what is altered from then on does not travel. */
static bool
keep_firing(struct start *s, const struct rowset *before, struct err *err)
{
	struct rowset after = ROWSET_INIT;
	struct strbuf text = STRBUF_INIT;
	size_t n = 0;
	bool ok = schema_read(s->source, SCHEMA_FIRING, &after, err);

	if (ok)
		n = schema_differences(before, "before", &after, "now", &text);
	if (n > 0) {
		err_set(err, ERR_STATE,
			"triggers, rules or policies of database \"%s\" were "
			"altered while they were dumped",
			s->db->name);
		err_detail(err, "%s", text.text);
		err_hint(err, "Run `pgrepup start` again.");
		ok = false;
	}
	ok = ok && schema_store(s->destination, SCHEMA_FIRING, before, err);
	strbuf_release(&text);
	rowset_release(&after);
	return ok;
}

/* The dump is of the schema that was copied only if that is still the same. */
static bool
restore(struct start *s, struct err *err)
{
	struct strbuf text = STRBUF_INIT;
	struct restore_script script = {0};
	struct rowset firing = ROWSET_INIT;
	bool ok;

	ok = schema_read(s->source, SCHEMA_FIRING, &firing, err) &&
	     restore_dump(s->op, s->db->name, "post-data", NULL, &text, err) &&
	     keep_firing(s, &firing, err) && start_compare_source(s, err) &&
	     restore_parse(text.text, &script, err) && apply(s, &script, err);
	restore_script_release(&script);
	strbuf_release(&text);
	rowset_release(&firing);
	return ok;
}

static bool
compare_sides(struct start *s, struct err *err)
{
	struct rowset source = ROWSET_INIT, destination = ROWSET_INIT;
	struct strbuf text = STRBUF_INIT;
	size_t n = 0;
	bool ok;

	ok = schema_read(s->source, SCHEMA_WHOLE, &source, err) &&
	     schema_read(s->destination, SCHEMA_WHOLE, &destination, err);
	if (ok)
		n = schema_differences(&source, "the source", &destination,
				       "the destination", &text);
	if (n > 0) {
		err_set(err, ERR_STATE,
			"the schemas of database \"%s\" differ after the "
			"restore",
			s->db->name);
		err_detail(err, "%s", text.text);
		err_hint(err, "Make the destination like the source, then run "
			      "`pgrepup start` again.");
	}
	strbuf_release(&text);
	rowset_release(&source);
	rowset_release(&destination);
	return ok && n == 0;
}

/* ALTER TABLE ... DISABLE TRIGGER or RULE, for a row of always_triggers. */
static bool
switch_off_row(struct pg *pg, const struct rowset *rows, size_t i,
	       struct err *err)
{
	bool is_rule = strcmp(rowset_text(rows, i, "kind"), "rule") == 0;
	const char *schema = rowset_text(rows, i, "schema");
	const char *table = rowset_text(rows, i, "name");
	const char *name = rowset_text(rows, i, "part");
	const char *letter = rowset_text(rows, i, "enabled");
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "ALTER TABLE ONLY ");
	strbuf_ident2(&sql, schema, table);
	strbuf_add(&sql, is_rule ? " DISABLE RULE " : " DISABLE TRIGGER ");
	strbuf_ident(&sql, name);
	ok = start_record(pg, is_rule ? CHANGE_RULE : CHANGE_TRIGGER,
			  (const char *[]){schema, table, name, letter, "D"},
			  CHANGE_DONE, err) &&
	     pg_run(pg, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

/* All of them, their rows in the registry, and the new state: or nothing. */
static bool
switch_off(struct start *s, struct pg *pg, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok;
	size_t i;

	ok = pg_begin(pg, err) &&
	     pg_ask(pg, "always_triggers", PG_NONE, &rows, err);
	for (i = 0; ok && i < rows.n_rows; i++)
		ok = switch_off_row(pg, &rows, i, err);
	ok = ok &&
	     load_advance(pg, LOAD_COPIED, LOAD_INDEXED, s->op->run, err) &&
	     pg_commit(pg, err);
	for (i = 0; ok && i < rows.n_rows; i++)
		op_item(s->op, "triggers", s->db->name,
			rowset_text(&rows, i, "part"), "ok",
			"%s of %s.%s switched off until stop",
			rowset_text(&rows, i, "kind"),
			rowset_text(&rows, i, "schema"),
			rowset_text(&rows, i, "name"));
	rowset_release(&rows);
	return ok;
}

static bool
finish(struct start *s, struct err *err)
{
	struct pg *pg =
	    op_connect(s->op, SIDE_DESTINATION, s->db->name, PG_LOAD, err);
	bool ok = pg && switch_off(s, pg, err);

	pg_close(pg);
	return ok;
}

bool
start_indexes(struct start *s, struct err *err)
{
	return start_slot_check(s, err) && restore(s, err) &&
	       compare_sides(s, err) && finish(s, err);
}
