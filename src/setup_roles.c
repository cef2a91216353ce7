/* SPDX-License-Identifier: PostgreSQL */
/*
 * The roles, read from the catalogs of both sides and compared: one that is on
 * the destination already is judged and never altered, unless an earlier setup
 * copied it; nobody is locked out, and no password lies in a file.
 */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "op_loads.h"
#include "setup.h"
#include "sqlcat.h"

#define STEP "globals"

/* The roles of both sides. */
struct roles {
	struct rowset source;
	struct rowset destination;
	struct change_list copied; /* by an earlier setup */
	bool theirs; /* a database is handed over: copies are not ours now */
};

static bool
find(const struct rowset *rows, const char *name, size_t *at)
{
	for (*at = 0; *at < rows->n_rows; ++*at)
		if (strcmp(rowset_text(rows, *at, "name"), name) == 0)
			return true;
	return false;
}

/* NULL equals NULL only. */
static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool
setup_is_replication_role(const struct op *op, const char *name)
{
	return name && strcmp(name, op->conf->replication_user) == 0;
}

/* Attributes that everybody can give who may make roles; the words stand in
 * the text with or without NO before them. */
static const char *const low_attributes[] = {
	"INHERIT",
	"CREATEROLE",
	"CREATEDB",
	"LOGIN",
};

static bool
is_low(const char *word, size_t n)
{
	size_t i;

	if (n > 2 && strncmp(word, "NO", 2) == 0) {
		word += 2;
		n -= 2;
	}
	for (i = 0; i < LENGTH_OF(low_attributes); i++)
		if (strlen(low_attributes[i]) == n &&
		    strncmp(low_attributes[i], word, n) == 0)
			return true;
	return false;
}

/* Those that we may give; others are not even to be named. */
static void
add_attributes(struct op *op, const char *name, const char *attributes,
	       struct strbuf *sql)
{
	const char *limit = strstr(attributes, "CONNECTION LIMIT");
	const char *word = attributes;
	size_t n;

	if (op->destination.superuser || !limit) {
		strbuf_add(sql, attributes);
		return;
	}
	for (; word < limit; word += n + strspn(word + n, " ")) {
		n = strcspn(word, " ");
		if (is_low(word, n))
			strbuf_addf(sql, "%.*s ", (int)n, word);
		else if (strncmp(word, "NO", 2) != 0)
			op_item(op, STEP, NULL, name, "warn",
				"%.*s can only be given by a superuser, by "
				"hand",
				(int)n, word);
	}
	strbuf_add(sql, limit);
}

/* " PASSWORD ...", where it was read. */
static void
add_password(struct op *op, const char *password, struct strbuf *sql)
{
	if (op->options.no_role_passwords)
		return;
	strbuf_add(sql, " PASSWORD ");
	if (password)
		strbuf_literal(sql, password);
	else
		strbuf_add(sql, "NULL");
}

/*
 * Who is no superuser must be a member of a role to make things that it owns.
 * From 16 on who made a role may grant it.
 */
static bool
join_role(struct op *op, const char *name, struct err *err)
{
	struct pg *pg = op->destination.pg;
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	if (op->destination.superuser)
		return true;
	strbuf_add(&sql, "GRANT ");
	strbuf_ident(&sql, name);
	strbuf_add(&sql, " TO CURRENT_USER WITH INHERIT TRUE, SET TRUE");
	ok = pg_run(pg, sql.text, NULL, err) &&
	     setup_record(pg, CHANGE_MEMBERSHIP, name, NULL, NULL, CHANGE_DONE,
			  NULL, err);
	strbuf_release(&sql);
	return ok;
}

/* CREATE or ALTER, its comment, and the registry's row, all or nothing. */
static bool
write_role(struct op *op, const char *verb, const struct rowset *rows,
	   size_t i, struct err *err)
{
	struct pg *pg = op->destination.pg;
	const char *name = rowset_text(rows, i, "name");
	const char *password = rowset_get(rows, i, "password");
	const char *comment = rowset_get(rows, i, "comment");
	struct strbuf sql = STRBUF_INIT;
	bool ok;

	strbuf_addf(&sql, "%s ROLE ", verb);
	strbuf_ident(&sql, name);
	strbuf_add(&sql, " WITH ");
	add_attributes(op, name, rowset_text(rows, i, "attributes"), &sql);
	add_password(op, password, &sql);
	strbuf_add(&sql, "; COMMENT ON ROLE ");
	strbuf_ident(&sql, name);
	strbuf_add(&sql, " IS ");
	if (comment)
		strbuf_literal(&sql, comment);
	else
		strbuf_add(&sql, "NULL");
	ok = pg_begin(pg, err) &&
	     pg_ask(pg, "session_quiet", PG_NONE, NULL, err) &&
	     pg_run(pg, sql.text, NULL, err) && join_role(op, name, err) &&
	     setup_record(pg, CHANGE_ROLE_COPY, name, NULL, NULL, CHANGE_DONE,
			  NULL, err) &&
	     pg_commit(pg, err);
	if (!ok)
		pg_rollback(pg);
	secret_wipe(sql.text, sql.len);
	strbuf_release(&sql);
	return ok;
}

/* A role that was on the destination before pgrepup; *equal: as the source's,
 * like one that an earlier upgrade has copied and left. */
static void
judge_role(struct op *op, const struct roles *r, size_t i, size_t j,
	   bool *equal)
{
	const char *name = rowset_text(&r->source, i, "name");
	const char *ours = rowset_text(&r->destination, j, "attributes");
	const char *theirs = rowset_text(&r->source, i, "attributes");

	*equal = false;
	if (rowset_bool(&r->source, i, "mine") ||
	    rowset_bool(&r->destination, j, "mine"))
		op_item(op, STEP, NULL, name, "ok", "%s",
			"connected role, left as it is");
	else if (strcmp(ours, theirs) != 0)
		op_item(op, STEP, NULL, name, "warn",
			"exists on the destination and is left as it is: it "
			"has %s; on the source %s",
			ours, theirs);
	else if (op->destination.superuser && !op->options.no_role_passwords &&
		 !same(rowset_get(&r->source, i, "password"),
		       rowset_get(&r->destination, j, "password")))
		op_item(op, STEP, NULL, name, "warn", "%s",
			"exists on the destination and is left as it is: its "
			"password may be another one");
	else {
		/* Who logs in without a password of ours is somebody's. */
		*equal = rowset_get(&r->source, i, "password") ||
			 !strstr(ours, " LOGIN");
		op_item(op, STEP, NULL, name, "ok", "%s", "the same already");
	}
}

/* The server refused a role: said, counted, and the others go on. */
static bool
settle_role(struct op *op, const char *name, bool ok, size_t *failed,
	    struct err *err)
{
	if (ok) {
		op_item(op, STEP, NULL, name, "ok", "%s", "copied");
		return true;
	}
	if (err->kind != ERR_SERVER)
		return false;
	op_item(op, STEP, NULL, name, "ko", "could not be copied: %s",
		err->message);
	op_error(op, NULL, err);
	err_release(err);
	++*failed;
	return true;
}

/* Of a role that setup copied, and that was altered on a side since; NULL: it
 * was not. */
static const char *
what_changed(const struct op *op, const struct roles *r, size_t i, size_t j)
{
	if (!same(rowset_text(&r->source, i, "attributes"),
		  rowset_text(&r->destination, j, "attributes")))
		return "attributes";
	if (op->destination.superuser && !op->options.no_role_passwords &&
	    !same(rowset_get(&r->source, i, "password"),
		  rowset_get(&r->destination, j, "password")))
		return "password";
	if (!same(rowset_get(&r->source, i, "comment"),
		  rowset_get(&r->destination, j, "comment")))
		return "comment";
	return NULL;
}

static bool
copy_role(struct op *op, const struct roles *r, size_t i, size_t *failed,
	  struct err *err)
{
	const char *name = rowset_text(&r->source, i, "name");
	bool there, changed, equal;
	size_t j;

	if (setup_is_replication_role(op, name))
		return true;
	there = find(&r->destination, name, &j);
	if (!there) {
		text_list_add(&op->made_roles, name);
		return settle_role(op, name,
				   write_role(op, "CREATE", &r->source, i, err),
				   failed, err);
	}
	if (!change_list_find(&r->copied, CHANGE_ROLE_COPY, "", name, "") ||
	    rowset_bool(&r->destination, j, "mine")) {
		judge_role(op, r, i, j, &equal);
		/* What the source takes from it from here on is told. */
		return !equal || r->theirs ||
		       setup_record(op->destination.pg, CHANGE_ROLE_COPY, name,
				    NULL, NULL, CHANGE_DONE, NULL, err);
	}
	changed = what_changed(op, r, i, j) != NULL;
	if (changed && r->theirs)
		op_item(op, STEP, NULL, name, "warn", "%s",
			"differs from the source's, and is left as it is, "
			"since databases are handed over");
	return !changed || r->theirs ||
	       settle_role(op, name,
			   write_role(op, "ALTER", &r->source, i, err), failed,
			   err);
}

/* Passwords are for superusers' eyes; on the destination they are only
 * compared. */
static bool
read_roles(struct op *op, struct cluster *c, struct rowset *rows,
	   struct err *err)
{
	bool plain = sqlcat_find("roles_plain", c->version) &&
		     (op->options.no_role_passwords ||
		      (c->side == SIDE_DESTINATION && !c->superuser));
	bool ok = pg_ask(c->pg, plain ? "roles_plain" : "roles", PG_NONE, rows,
			 err);

	if (!ok && err_is(err, "42501"))
		err_hint(err, "Role \"%s\" may not read the passwords of "
			      "roles: pgrepup setup --no-role-passwords "
			      "copies roles without.",
			 c->user);
	return ok;
}

static bool
read_both(struct op *op, struct roles *r, struct err *err)
{
	*r = (struct roles){.source = ROWSET_INIT, .destination = ROWSET_INIT};
	return read_roles(op, &op->source, &r->source, err) &&
	       read_roles(op, &op->destination, &r->destination, err) &&
	       registry_list(op->destination.pg, CHANGE_ROLE_COPY, &r->copied,
			     err);
}

static void
roles_release(struct roles *r)
{
	rowset_wipe(&r->source, "password");
	rowset_wipe(&r->destination, "password");
	rowset_release(&r->source);
	rowset_release(&r->destination);
	change_list_release(&r->copied);
}

bool
setup_roles(struct op *op, struct err *err)
{
	struct roles r;
	size_t i, failed = 0;
	bool ok = read_both(op, &r, err) &&
		  op_any_handed_over(op, &r.theirs, err);

	for (i = 0; ok && i < r.source.n_rows; i++)
		ok = copy_role(op, &r, i, &failed, err);
	if (ok && failed > 0) {
		err_set(err, ERR_SERVER, "%zu %s could not be copied", failed,
			failed == 1 ? "role" : "roles");
		ok = false;
	}
	roles_release(&r);
	return ok;
}

static const char dropped[] = "dropped on the source";

/* What became of a role that setup has copied; NULL: nothing that counts. *at:
 * where it is on the source. */
static const char *
altered_since(const struct op *op, const struct roles *r, const char *name,
	      size_t *at)
{
	const char *what;
	size_t j;

	if (!find(&r->destination, name, &j) ||
	    rowset_bool(&r->destination, j, "mine"))
		return NULL;
	if (!find(&r->source, name, at))
		return dropped;
	what = what_changed(op, r, *at, j);
	return what && strcmp(what, "comment") == 0 ? NULL : what;
}

/* A person may change his password at any time: that is no reason to refuse,
 * and it is brought over. */
static bool
settle_altered(struct op *op, const struct roles *r, const char *step,
	       const char *name, size_t *n, struct err *err)
{
	size_t at;
	const char *what = altered_since(op, r, name, &at);

	if (!what || strcmp(what, "password") != 0) {
		op_item(op, step, NULL, name,
			op->options.force ? "warn" : "ko", "role: %s",
			what == dropped ? dropped : "attributes were altered");
		++*n;
		return true;
	}
	if (op->options.dry_run)
		return true;
	if (!write_role(op, "ALTER", &r->source, at, err))
		return false;
	op_item(op, step, NULL, name, "ok", "role: %s",
		"its new password was brought over");
	return true;
}

bool
setup_say_altered_roles(struct op *op, const char *step, size_t *n,
			struct err *err)
{
	bool former = op->options.no_role_passwords, asked = false, ok;
	struct roles r;
	size_t i, at;

	/* Who is no superuser could not give all attributes. */
	if (!op->destination.superuser)
		return true;
	op->options.no_role_passwords = former || !op->source.superuser;
	ok = read_both(op, &r, err);
	for (i = 0; ok && !r.theirs && i < r.copied.n; i++) {
		const char *name = r.copied.items[i].name;

		if (!altered_since(op, &r, name, &at))
			continue;
		/* Every database is asked, so not before there is a reason. */
		if (!asked)
			ok = op_any_handed_over(op, &r.theirs, err);
		asked = true;
		if (ok && !r.theirs)
			ok = settle_altered(op, &r, step, name, n, err);
	}
	op->options.no_role_passwords = former;
	roles_release(&r);
	return ok;
}

/* Their users cannot log in before somebody has done that: the last that
 * setup says. */
bool
setup_tell_passwords(struct op *op, struct err *err)
{
	struct change_list copied = {.n = 0};
	struct rowset rows = ROWSET_INIT;
	struct strbuf names = STRBUF_INIT;
	const char *name;
	size_t i;
	bool ok;

	if (!op->options.no_role_passwords)
		return true;
	ok = read_roles(op, &op->source, &rows, err) &&
	     registry_list(op->destination.pg, CHANGE_ROLE_COPY, &copied, err);
	for (i = 0; ok && i < rows.n_rows; i++) {
		name = rowset_text(&rows, i, "name");
		if (!strstr(rowset_text(&rows, i, "attributes"), " LOGIN") ||
		    !change_list_find(&copied, CHANGE_ROLE_COPY, "", name, ""))
			continue;
		strbuf_sep(&names, ", ");
		strbuf_ident(&names, name);
	}
	if (names.len > 0)
		op_log(op, "warning", NULL,
		       "roles whose password must be set by hand on the "
		       "destination: %s",
		       names.text);
	strbuf_release(&names);
	rowset_wipe(&rows, "password");
	rowset_release(&rows);
	change_list_release(&copied);
	return ok;
}
