/* SPDX-License-Identifier: PostgreSQL */
/* One table: emptied and filled in one transaction of the destination. */
#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "copy_types.h"
#include "load.h"
#include "load_role.h"
#include "mem.h"
#include "pg_copy.h"
#include "strbuf.h"

/* The statements of one table. */
struct statements {
	struct strbuf truncate;
	struct strbuf out;
	struct strbuf in;
};

static bool
is_parameter(const struct pg *pg, const char *name, const char *value)
{
	const char *is = pg_parameter(pg, name);

	return is && strcmp(is, value) == 0;
}

/*
 * The binary form of a text is converted to the client's encoding, not the
 * one that COPY names, and times may be floats before 10.
 */
static bool
servers_allow_binary(const struct pg *source, const struct pg *destination)
{
	return is_parameter(source, "server_encoding", "UTF8") &&
	       is_parameter(destination, "server_encoding", "UTF8") &&
	       is_parameter(source, "integer_datetimes", "on") &&
	       is_parameter(destination, "integer_datetimes", "on");
}

bool
copy_is_binary(struct pg *source, struct pg *destination, const char *oid,
	       bool *binary, struct err *err)
{
	struct rowset types = ROWSET_INIT;
	bool ok;

	*binary = servers_allow_binary(source, destination);
	if (!*binary)
		return true;
	ok = pg_ask(source, "copy_types", PG_BIND(oid), &types, err);
	*binary = ok && copy_types_are_portable(&types);
	rowset_release(&types);
	return ok;
}

/* ("a", "b"), or nothing for a table without columns. */
static void
add_columns(struct strbuf *sb, const struct rowset *columns)
{
	size_t i;

	for (i = 0; i < columns->n_rows; i++) {
		strbuf_add(sb, i == 0 ? " (" : ", ");
		strbuf_ident(sb, rowset_text(columns, i, "name"));
	}
	if (columns->n_rows > 0)
		strbuf_addc(sb, ')');
}

/* Text in the encoding of the source's database: nothing converts twice. */
static void
add_format(struct strbuf *sb, const struct pg *source, bool binary)
{
	if (binary) {
		strbuf_add(sb, "FORMAT binary");
		return;
	}
	strbuf_add(sb, "FORMAT text, ENCODING ");
	strbuf_literal(sb, pg_parameter(source, "server_encoding"));
}

static void
write_statements(struct statements *s, const char *schema, const char *name,
		 const struct rowset *columns, const struct pg *source,
		 bool binary)
{
	strbuf_add(&s->truncate, "TRUNCATE ONLY ");
	strbuf_ident2(&s->truncate, schema, name);
	strbuf_add(&s->out, "COPY ");
	strbuf_ident2(&s->out, schema, name);
	add_columns(&s->out, columns);
	strbuf_add(&s->in, s->out.text);
	strbuf_add(&s->out, " TO STDOUT (");
	add_format(&s->out, source, binary);
	strbuf_addc(&s->out, ')');
	strbuf_add(&s->in, " FROM STDIN (FREEZE, ");
	add_format(&s->in, source, binary);
	strbuf_addc(&s->in, ')');
}

static void
release_statements(struct statements *s)
{
	strbuf_release(&s->truncate);
	strbuf_release(&s->out);
	strbuf_release(&s->in);
}

static bool
progress(void *arg, size_t bytes)
{
	const struct copy_stream *stream = arg;

	copy_progress_sent(stream->progress, stream->i, bytes);
	return !stream->is_over || !stream->is_over(stream->arg);
}

/* A transaction of the source that sees the snapshot. */
static bool
begin_source(struct pg *source, const char *snapshot, struct err *err)
{
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_add(&sql, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; "
			 "SET TRANSACTION SNAPSHOT ");
	strbuf_literal(&sql, snapshot);
	ok = pg_run(source, sql.text, NULL, err);
	strbuf_release(&sql);
	return ok;
}

/* Of the row of tables; what a copy has stored of it. */
static struct load_table
loaded(const struct copy_stream *stream, size_t row, long long n)
{
	const struct rowset *tables = stream->copy->tables;

	return (struct load_table){
		.schema = rowset_text(tables, row, "schema"),
		.name = rowset_text(tables, row, "name"),
		.filenode = rowset_get(tables, row, "filenode"),
		.altered = rowset_get(tables, row, "altered"),
		.changes = rowset_get(tables, row, "changes"),
		.columns = rowset_get(tables, row, "columns"),
		.rows = n,
		.bytes = rowset_int(tables, row, "bytes"),
	};
}

/* A session of the role that fills the table at hand. */
static bool
need_owner(struct copy_stream *stream, int role, struct err *err)
{
	if (stream->as_owner && stream->role == role)
		return true;
	pg_close(stream->as_owner);
	stream->role = role;
	stream->as_owner = load_roles_connect(stream->copy->roles, role,
					      stream->destination, err);
	if (stream->as_owner)
		pg_set_timeout(stream->as_owner, 0);
	return stream->as_owner != NULL;
}

/* Counts a table that another session is going to fill. */
static bool
announce(struct copy_stream *stream, size_t row, struct err *err)
{
	const struct load_table table = loaded(stream, row, 0);
	struct pg *pg = stream->destination;

	return pg_begin(pg, err) &&
	       load_assert_loading(pg, stream->copy->op->run, err) &&
	       load_add_table(pg, &table, err) && pg_commit(pg, err);
}

/* to: the session that fills the table, when it is not our own. */
static bool
begin_destination(struct copy_stream *stream, struct pg *to, size_t row,
		  const struct statements *s, struct err *err)
{
	struct pg *pg = stream->destination;

	return (to == pg || announce(stream, row, err)) && pg_begin(pg, err) &&
	       load_assert_loading(pg, stream->copy->op->run, err) &&
	       (to == pg || pg_begin(to, err)) &&
	       pg_run(to, s->truncate.text, NULL, err);
}

static bool
same_count(const struct pg_copied *copied, struct err *err)
{
	if (copied->sent == copied->received)
		return true;
	err_set(err, ERR_SERVER,
		"the source sent %lld rows, the destination stored %lld",
		copied->sent, copied->received);
	return false;
}

static bool
transfer(struct copy_stream *stream, struct pg *to, size_t row,
	 const struct statements *s, struct pg_copied *copied, struct err *err)
{
	/* Both begin anew: what a copy before has left is rolled back. */
	return begin_source(stream->source, stream->copy->snapshot, err) &&
	       begin_destination(stream, to, row, s, err) &&
	       pg_copy(stream->source, s->out.text, to, s->in.text, progress,
		       stream, copied, err) &&
	       same_count(copied, err);
}

/* What another session has stored is committed before it is counted. */
static bool
finish(struct copy_stream *stream, struct pg *to, size_t row,
       const struct pg_copied *copied, struct err *err)
{
	const struct load_table table = loaded(stream, row, copied->received);
	struct pg *pg = stream->destination;

	if (to != pg && (!pg_commit(to, err) ||
			 !load_remove_table(pg, &table, err)))
		return false;
	return load_add_table(pg, &table, err) && pg_commit(pg, err) &&
	       pg_commit(stream->source, err);
}

static void
say_done(struct copy_stream *stream, const char *table,
	 const struct pg_copied *copied, long long bytes, bool binary,
	 bool as_owner, double seconds)
{
	struct strbuf text = STRBUF_INIT;
	struct record *r;

	strbuf_addf(&text, "%lld rows, ", copied->received);
	strbuf_bytes(&text, bytes);
	strbuf_add(&text, binary ? ", binary" : ", text");
	strbuf_add(&text, as_owner ? ", as its owner" : "");
	r = op_item_record("copy", stream->copy->database, table, "ok",
			   text.text);
	record_int(r, "rows", copied->received);
	record_int(r, "bytes", bytes);
	record_real(r, "seconds", seconds);
	op_say(stream->copy->op, r);
	strbuf_release(&text);
}

/*
 * A table that was rewritten since the slot was made (pg_repack, SET ACCESS
 * METHOD) has rows that are newer than the snapshot: the copy has found none,
 * and none of them is sent. Its lock keeps the file as it is from here on.
 */
static bool
same_file(struct copy_stream *stream, size_t row, const char *table,
	  struct err *err)
{
	const struct rowset *tables = stream->copy->tables;
	const char *oid = rowset_text(tables, row, "oid");
	char *now = pg_ask_value(stream->source, "filenode_now", PG_BIND(oid),
				 err);
	bool same = now &&
		    strcmp(now, rowset_text(tables, row, "filenode")) == 0;

	if (!same && !err_is_set(err)) {
		*stream->copy->rewritten = true;
		err_set(err, ERR_STATE,
			"table \"%s\" was rewritten on the source while its "
			"database was copied",
			table);
		err_detail(err, "The copy may have found none of its rows.");
		err_hint(err, "Run `pgrepup start` again when what rewrites "
			      "tables there (pg_repack, VACUUM FULL) is over.");
	}
	free(now);
	return same;
}

static bool
copy_row(struct copy_stream *stream, size_t row, const char *table,
	 struct err *err)
{
	const struct rowset *tables = stream->copy->tables;
	const char *schema = rowset_text(tables, row, "schema");
	const char *name = rowset_text(tables, row, "name");
	const char *oid = rowset_text(tables, row, "oid");
	long long bytes = rowset_int(tables, row, "bytes");
	struct statements s = {STRBUF_INIT, STRBUF_INIT, STRBUF_INIT};
	struct rowset columns = ROWSET_INIT;
	struct pg_copied copied = {0};
	double began = clock_now();
	int role = load_roles_find(stream->copy->roles, schema, name);
	struct pg *to = stream->destination;
	bool binary, ok;

	if (role >= 0 && !need_owner(stream, role, err))
		return false;
	if (role >= 0)
		to = stream->as_owner;
	ok =
	    copy_is_binary(stream->source, stream->destination, oid, &binary,
			   err) &&
	    pg_ask(stream->source, "copy_columns", PG_BIND(oid), &columns, err);
	if (ok) {
		write_statements(&s, schema, name, &columns, stream->source,
				 binary);
		ok = transfer(stream, to, row, &s, &copied, err) &&
		     same_file(stream, row, table, err) &&
		     finish(stream, to, row, &copied, err);
	}
	if (ok)
		say_done(stream, table, &copied, bytes, binary, role >= 0,
			 clock_now() - began);
	rowset_release(&columns);
	release_statements(&s);
	return ok;
}

/* The server names the table in some errors only, so each gets it. */
static void
say_failed(const struct copy_stream *stream, const char *table,
	   struct err *err)
{
	char *theirs;

	if (err->kind == ERR_STOPPED)
		return;
	op_item(stream->copy->op, "copy", stream->copy->database, table, "ko",
		"%s", err->message);
	theirs = mem_strdup(err->detail);
	err_detail(err, "While table %s was copied.%s%s", table,
		   theirs ? " " : "", theirs ? theirs : "");
	free(theirs);
}

bool
copy_table(struct copy_stream *stream, size_t row, struct err *err)
{
	const struct rowset *tables = stream->copy->tables;
	char *table = mem_printf("%s.%s", rowset_text(tables, row, "schema"),
				 rowset_text(tables, row, "name"));
	bool ok;

	copy_progress_begin(stream->progress, stream->i, table,
			    rowset_int(tables, row, "bytes"));
	ok = copy_row(stream, row, table, err);
	if (!ok) {
		if (stream->as_owner)
			pg_rollback(stream->as_owner);
		pg_rollback(stream->destination);
		pg_rollback(stream->source);
		say_failed(stream, table, err);
	}
	copy_progress_end(stream->progress, stream->i, ok);
	free(table);
	return ok;
}
