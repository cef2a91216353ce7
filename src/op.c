/* SPDX-License-Identifier: PostgreSQL */
/* What every operation stands on: the sides, the databases, the steps. */
#include "op.h"

#include <stdlib.h>
#include <string.h>

#include "mechanism.h"
#include "mem.h"
#include "strbuf.h"
#include "work.h"

struct cluster *
op_cluster(struct op *op, enum side side)
{
	return side == SIDE_SOURCE ? &op->source : &op->destination;
}

static void
notice_to_journal(void *arg, const char *severity, const char *message,
		  const char *detail, const char *hint)
{
	struct op *op = arg;
	const char *level = severity && strcmp(severity, "WARNING") == 0
				    ? "warning"
				    : "debug";

	(void)hint;
	if (message)
		op_log(op, level, NULL, "%s%s%s", message, detail ? ": " : "",
		       detail ? detail : "");
}

void
op_hint_connection(enum side side, struct err *err)
{
	if (!err->hint)
		err_hint(err, "`pgrepup config test %s` tries this connection "
			      "alone; `pgrepup config set` changes it.",
			 side_name(side));
}

struct pg *
op_connect_to(struct op *op, const struct endpoint *ep, const char *dbname,
	      enum pg_mode mode, struct err *err)
{
	struct pg_options options = {
		.dbname = dbname,
		.mode = mode,
		.interrupt = op->interrupt,
	};
	struct pg *pg = pg_connect(ep, &options, err);

	if (pg)
		pg_on_notice(pg, notice_to_journal, op);
	return pg;
}

struct pg *
op_connect(struct op *op, enum side side, const char *dbname,
	   enum pg_mode mode, struct err *err)
{
	struct pg *pg = op_connect_to(op, conf_endpoint(op->conf, side),
				      dbname, mode, err);

	if (!pg && err->kind == ERR_CONNECT)
		op_hint_connection(side, err);
	return pg;
}

static bool
read_cluster(struct cluster *c, struct err *err)
{
	struct rowset rows = ROWSET_INIT;

	if (!pg_ask(c->pg, "cluster", PG_NONE, &rows, err))
		return false;
	c->version = pg_version(c->pg);
	c->version_text = mem_strdup(rowset_text(&rows, 0, "version"));
	c->user = mem_strdup(rowset_text(&rows, 0, "user"));
	c->superuser = rowset_bool(&rows, 0, "superuser");
	c->in_recovery = rowset_bool(&rows, 0, "in_recovery");
	rowset_release(&rows);
	return true;
}

/* Not everybody may read it: then it stays empty, and a check says so. */
static void
read_identifier(struct cluster *c)
{
	struct err ignored = ERR_INIT;

	c->system_identifier = pg_ask_value(c->pg, "system_identifier",
					    PG_NONE, &ignored);
	if (!c->system_identifier)
		c->system_identifier = mem_strdup("");
	err_release(&ignored);
}

/* For whoever reads the journal afterwards, without the servers. */
static void
say_cluster(struct op *op, const struct cluster *c)
{
	struct record *r = record_new("cluster");
	char *address = endpoint_label(c->endpoint);

	record_text(r, "side", side_name(c->side));
	record_text(r, "address", address);
	record_text(r, "version", c->version_text);
	record_text(r, "role", c->user);
	record_bool(r, "superuser", c->superuser);
	free(address);
	op_say(op, r);
}

static void
say_mechanism(struct op *op)
{
	struct record *r = record_new("mechanism");

	record_text(r, "name", op->mechanism->name);
	record_text(r, "reason", op->mechanism_reason);
	op_say(op, r);
}

bool
op_open_side(struct op *op, enum side side, struct err *err)
{
	struct cluster *c = op_cluster(op, side);

	if (c->pg)
		return true;
	c->side = side;
	c->endpoint = conf_endpoint(op->conf, side);
	c->pg = op_connect(op, side, NULL, PG_PLAIN, err);
	if (!c->pg || !read_cluster(c, err))
		return false;
	read_identifier(c);
	say_cluster(op, c);
	return true;
}

static bool
is_selected(const struct op *op, const char *name, bool is_template,
	    bool allow_connections)
{
	if (!allow_connections ||
	    (op->options.only.n > 0 &&
	     !text_list_has(&op->options.only, name)))
		return false;
	return conf_takes_database(op->conf, name, is_template);
}

static void
take_database(struct database *db, const struct rowset *rows, size_t i)
{
	*db = (struct database){
		.name = mem_strdup(rowset_text(rows, i, "name")),
		.owner = mem_strdup(rowset_get(rows, i, "owner")),
		.encoding = mem_strdup(rowset_text(rows, i, "encoding")),
		.collate = mem_strdup(rowset_text(rows, i, "collate")),
		.ctype = mem_strdup(rowset_text(rows, i, "ctype")),
		.tablespace = mem_strdup(rowset_get(rows, i, "tablespace")),
		.size = rowset_int(rows, i, "size"),
		.connection_limit =
			(int)rowset_int(rows, i, "connection_limit"),
		.is_template = rowset_bool(rows, i, "is_template"),
		.allow_connections = rowset_bool(rows, i, "allow_connections"),
	};
}

static void
free_databases(struct op *op)
{
	struct database *db;

	for (db = op->databases; db < op->databases + op->n_databases; db++) {
		free(db->name);
		free(db->owner);
		free(db->encoding);
		free(db->collate);
		free(db->ctype);
		free(db->tablespace);
	}
	free(op->databases);
	op->databases = NULL;
	op->n_databases = 0;
}

/* A name that was typed as a terminal has shown it may be another's. */
static void
hint_name(const char *given, const struct rowset *rows, struct err *err)
{
	struct strbuf shown = STRBUF_INIT, word = STRBUF_INIT;
	size_t i;

	for (i = 0; i < rows->n_rows && word.len == 0; i++) {
		strbuf_reset(&shown);
		strbuf_scrub(&shown, rowset_text(rows, i, "name"));
		if (strcmp(shown.text, given) == 0)
			strbuf_shell(&word, rowset_text(rows, i, "name"));
	}
	if (word.len > 0)
		err_hint(err, "Characters of a name that no terminal shows are "
			      "shown as \"?\": give --only=%s.",
			 word.text);
	else
		err_hint(err, "Give the name as it is in the server, in its "
			      "upper and lower case.");
	strbuf_release(&shown);
	strbuf_release(&word);
}

/* A name after --only that is no database would silently do nothing. */
static bool
only_exists(const struct op *op, const struct rowset *rows, struct err *err)
{
	size_t i, k;

	for (k = 0; k < op->options.only.n; k++) {
		for (i = 0; i < rows->n_rows; i++)
			if (strcmp(op->options.only.items[k],
				   rowset_text(rows, i, "name")) == 0)
				break;
		if (i == rows->n_rows) {
			err_set(err, ERR_USAGE,
				"database \"%s\" does not exist on the source",
				op->options.only.items[k]);
			hint_name(op->options.only.items[k], rows, err);
			return false;
		}
	}
	return true;
}

/* Those of an answer that belong to the upgrade. */
static bool
read_selected(struct op *op, const char *statement, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i;
	bool ok;

	free_databases(op);
	if (!pg_ask(op->source.pg, statement, PG_NONE, &rows, err))
		return false;
	op->databases = MEM_ARRAY(struct database, rows.n_rows);
	for (i = 0; i < rows.n_rows; i++)
		if (is_selected(op, rowset_text(&rows, i, "name"),
				rowset_bool(&rows, i, "is_template"),
				rowset_bool(&rows, i, "allow_connections")))
			take_database(&op->databases[op->n_databases++], &rows,
				      i);
	ok = only_exists(op, &rows, err);
	rowset_release(&rows);
	return ok;
}

bool
op_read_databases(struct op *op, struct err *err)
{
	return read_selected(op, "databases", err);
}

bool
op_read_names(struct op *op, struct err *err)
{
	return read_selected(op, "database_names", err);
}

static bool
look_on_destination(struct op *op, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(op->destination.pg, "databases", PG_NONE, &rows, err);
	size_t i, k;

	for (k = 0; k < op->n_databases; k++)
		for (i = 0; i < rows.n_rows; i++)
			if (strcmp(op->databases[k].name,
				   rowset_text(&rows, i, "name")) == 0)
				op->databases[k].on_destination = true;
	rowset_release(&rows);
	return ok;
}

bool
op_open(struct op *op, struct err *err)
{
	if (!op_open_side(op, SIDE_SOURCE, err) ||
	    !op_open_side(op, SIDE_DESTINATION, err))
		return false;
	if (!op_read_databases(op, err) || !mechanism_choose(op, err))
		return false;
	say_mechanism(op);
	return look_on_destination(op, err);
}

static void
release_cluster(struct cluster *c)
{
	pg_close(c->pg);
	free(c->version_text);
	free(c->system_identifier);
	free(c->user);
	*c = (struct cluster){0};
}

void
op_release(struct op *op)
{
	release_cluster(&op->source);
	release_cluster(&op->destination);
	free_databases(op);
	op_options_release(&op->options);
	text_list_release(&op->made_roles);
	free(op->mechanism_reason);
	free(op->run);
	state_dir_close(op->dir);
}
