/* SPDX-License-Identifier: PostgreSQL */
/* Which upgrade a cluster takes part in, and that it is no other than ours. */
#include "upgrade.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "registry.h"
#include "strbuf.h"

/* Stands for a system identifier that the role may not read. */
#define UNKNOWN "?"

struct upgrade {
	const char *role; /* that is marked with it */
	const char *name;
	const char *source; /* system identifiers, or UNKNOWN */
	const char *destination;
};

static const char *
or_unknown(const char *identifier)
{
	return identifier && *identifier ? identifier : UNKNOWN;
}

static bool
may_be_same(const char *one, const char *other)
{
	return strcmp(one, UNKNOWN) == 0 || strcmp(other, UNKNOWN) == 0 ||
	       strcmp(one, other) == 0;
}

static struct upgrade
upgrade_of(const struct op *op)
{
	return (struct upgrade){
		.role = op->conf->replication_user,
		.name = op->conf->name,
		.source = or_unknown(op->source.system_identifier),
		.destination = or_unknown(op->destination.system_identifier),
	};
}

/* data/sql/upgrade_marks.sql reads it. */
char *
upgrade_mark(const struct op *op)
{
	const struct upgrade u = upgrade_of(op);

	return mem_printf("pgrepup: upgrade %s from cluster %s to cluster %s",
			  u.name, u.source, u.destination);
}

static struct upgrade
marked(const struct rowset *rows, size_t i)
{
	return (struct upgrade){
		.role = rowset_text(rows, i, "role"),
		.name = rowset_text(rows, i, "name"),
		.source = rowset_text(rows, i, "source"),
		.destination = rowset_text(rows, i, "destination"),
	};
}

/* The mark of another upgrade that this cluster takes part in. */
static bool
is_other(const struct upgrade *mark, const struct upgrade *ours,
	 enum side side)
{
	const char *here =
		side == SIDE_SOURCE ? ours->source : ours->destination;

	if (!may_be_same(mark->source, here) &&
	    !may_be_same(mark->destination, here))
		return false;
	return strcmp(mark->name, ours->name) != 0 ||
	       !may_be_same(mark->source, ours->source) ||
	       !may_be_same(mark->destination, ours->destination);
}

/*
 * Up to 15 who has CREATEROLE may comment on any role that is no superuser. So
 * a mark counts on the replication role, where somebody may hinder us but is
 * named; on another only when the registry has that role, and says exactly
 * between which clusters.
 */
static bool
counts(const struct upgrade *mark, const struct upgrade *ours,
       const struct change_list *made)
{
	if (strcmp(mark->role, ours->role) == 0)
		return true;
	return strcmp(mark->source, UNKNOWN) != 0 &&
	       strcmp(mark->destination, UNKNOWN) != 0 &&
	       change_list_find(made, CHANGE_ROLE, "", mark->role, "");
}

/* Roles that the registry in the session's database has, if it is ours. */
static bool
read_made(struct pg *pg, struct change_list *made, struct err *err)
{
	struct err ignored = ERR_INIT;
	enum registry_is is;
	bool ok = registry_look(pg, &is, &ignored, err);

	err_release(&ignored);
	return ok && (is != REGISTRY_OURS ||
		      registry_list(pg, CHANGE_ROLE, made, err));
}

/* The first such mark stays in rows; found: is there one? */
static bool
find_other(struct pg *pg, const struct upgrade *ours, enum side side,
	   struct rowset *rows, struct upgrade *other, bool *found,
	   struct err *err)
{
	struct change_list made = {.n = 0};
	bool ok;
	size_t i;

	*found = false;
	ok = pg_ask(pg, "upgrade_marks", PG_NONE, rows, err) &&
	     (rows->n_rows == 0 || read_made(pg, &made, err));
	for (i = 0; ok && !*found && i < rows->n_rows; i++) {
		*other = marked(rows, i);
		*found = counts(other, ours, &made) &&
			 is_other(other, ours, side);
	}
	change_list_release(&made);
	return ok;
}

char *
upgrade_other(struct op *op, enum side side, struct err *err)
{
	const struct upgrade ours = upgrade_of(op);
	struct rowset rows = ROWSET_INIT;
	struct upgrade other;
	char *text = NULL;
	bool found;

	if (find_other(op_cluster(op, side)->pg, &ours, side, &rows, &other,
		       &found, err) &&
	    found)
		text = mem_printf("upgrade \"%s\" from the cluster with "
				  "system identifier %s to %s, by the comment "
				  "on role \"%s\"",
				  other.name, other.source, other.destination,
				  other.role);
	rowset_release(&rows);
	return text;
}

/* --- before an operation -------------------------------------------------- */

struct question {
	struct op *op;
	bool forced; /* uninstall --force */
	struct upgrade ours;
};

/*
 * Our name and source, and a destination that is another one: what a
 * destination that was lost leaves behind. As long as somebody reads a slot,
 * it is not lost.
 */
static bool
may_be_lost(const struct question *q, struct pg *pg, enum side side,
	    const struct upgrade *other, bool *lost, struct err *err)
{
	struct rowset rows = ROWSET_INIT;

	*lost = false;
	if (side != SIDE_SOURCE || strcmp(other->name, q->ours.name) != 0 ||
	    !may_be_same(other->source, q->ours.source))
		return true;
	if (!pg_ask(pg, "slot_readers", PG_NONE, &rows, err))
		return false;
	*lost = rows.n_rows == 0;
	rowset_release(&rows);
	return true;
}

/* What there is to do when the cluster at its other end is gone. */
static const char *
hint_if_gone(const struct question *q, enum side side,
	     const struct upgrade *other, bool lost)
{
	if (lost)
		return " If its destination is gone for good, `pgrepup "
		       "uninstall --force` frees the source.";
	if (side == SIDE_DESTINATION &&
	    strcmp(other->name, q->ours.name) == 0 &&
	    may_be_same(other->destination, q->ours.destination))
		return " If its source is gone for good, `pgrepup uninstall "
		       "--without-source` frees the destination.";
	return "";
}

static bool
refuse(const struct question *q, enum side side, const struct upgrade *other,
       bool lost, struct err *err)
{
	struct strbuf role = STRBUF_INIT;

	err_set(err, ERR_STATE, "the %s takes part in another upgrade, \"%s\"",
		side_name(side), other->name);
	err_detail(err, "That goes from the cluster with system identifier %s "
			"to %s, by the comment on role \"%s\"; this is "
			"\"%s\", from %s to %s.",
		   other->source, other->destination, other->role,
		   q->ours.name, q->ours.source, q->ours.destination);
	strbuf_ident(&role, other->role);
	err_hint(err, "Bring that upgrade to its end and uninstall it, with "
		      "its own configuration.%s If that comment is not true: "
		      "`COMMENT ON ROLE %s IS NULL`.",
		 hint_if_gone(q, side, other, lost), role.text);
	strbuf_release(&role);
	return false;
}

static bool
check_side(const struct question *q, struct pg *pg, enum side side,
	   struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	struct upgrade other;
	bool found, lost, ok;

	ok = find_other(pg, &q->ours, side, &rows, &other, &found, err);
	if (ok && found) {
		ok = may_be_lost(q, pg, side, &other, &lost, err);
		if (ok && lost && q->forced)
			op_log(q->op, "warning", NULL,
			       "forced: the destination with system "
			       "identifier %s is taken to be gone",
			       other.destination);
		else if (ok)
			ok = refuse(q, side, &other, lost, err);
	}
	rowset_release(&rows);
	return ok;
}

/* Not everybody may read it. */
static char *
identifier_of(struct pg *pg)
{
	struct err ignored = ERR_INIT;
	char *text = pg ? pg_ask_value(pg, "system_identifier", PG_NONE,
				       &ignored)
			: NULL;

	err_release(&ignored);
	return text;
}

bool
upgrade_refuse_other(struct op *op, const struct operation *operation,
		     struct pg *source, struct pg *destination,
		     struct err *err)
{
	char *from = identifier_of(source), *to = identifier_of(destination);
	const struct question q = {
		.op = op,
		.forced = operation->lone && op->options.force,
		.ours = {.role = op->conf->replication_user,
			 .name = op->conf->name,
			 .source = or_unknown(from),
			 .destination = or_unknown(to)},
	};
	/* The destination first: a forced uninstall trusts that it is ours. */
	bool ok = check_side(&q, destination, SIDE_DESTINATION, err) &&
		  (!source || check_side(&q, source, SIDE_SOURCE, err));

	free(from);
	free(to);
	return ok;
}
