/* SPDX-License-Identifier: PostgreSQL */
/*
 * What an earlier run, or somebody else, has left in a database. What the
 * registry of that database holds is this upgrade's own and is passed over.
 */
#include <stdlib.h>
#include <string.h>

#include "check_rows.h"
#include "load.h"
#include "mem.h"
#include "registry.h"

/* The name of ours of that kind, or NULL. Borrowed from own. */
static const char *
own_name(const struct change_list *own, const char *kind)
{
	size_t i;

	for (i = 0; i < own->n; i++)
		if (strcmp(own->items[i].kind, kind) == 0)
			return own->items[i].name;
	return NULL;
}

static void
report_registry(const struct check_at *at, const struct err *why)
{
	char *current = why->detail ? mem_printf("%s: %s", why->message,
						 why->detail)
				    : mem_strdup(why->message);

	check_report(at, &(struct finding){
				 .status = CHECK_KO,
				 .object = "schema pgrepup",
				 .current = current,
				 .hint = why->hint,
			 });
	free(current);
}

/* The registry itself: schema pgrepup, when it is not what pgrepup makes. */
static bool
read_registry(const struct check_at *at, struct change_list *own,
	      struct err *err)
{
	struct err why = ERR_INIT;
	enum registry_is is;
	bool ok = registry_look(at->pg, &is, &why, err);

	if (ok && is == REGISTRY_OURS)
		ok = registry_list(at->pg, NULL, own, err);
	else if (ok && is != REGISTRY_NONE)
		report_registry(at, &why);
	err_release(&why);
	return ok;
}

/* --- pglogical ---------------------------------------------------------- */

static bool
report_pglogical(const struct check_at *at, const struct change_list *own,
		 struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	const char *what;
	size_t i;
	bool ok = pg_ask(at->pg, "pglogical_foreign",
			 PG_BIND(own_name(own, CHANGE_NODE),
				 own_name(own, CHANGE_REPLICATION_SET),
				 own_name(own, CHANGE_SUBSCRIPTION)),
			 &rows, err);

	for (i = 0; ok && i < rows.n_rows; i++) {
		what = rowset_text(&rows, i, "what");
		/* A database has one node; a set of others does no harm. */
		check_say(at,
			  strncmp(what, "replication set", 15) == 0 ? CHECK_WARN
								    : CHECK_KO,
			  what,
			  "somebody else's replication by pglogical, or what "
			  "an earlier run left: pgrepup leaves it alone; drop "
			  "it (pglogical.drop_subscription, "
			  "pglogical.drop_node) when nobody needs it",
			  "pglogical %s", what);
	}
	rowset_release(&rows);
	return ok;
}

static bool
check_foreign(const struct check_at *at, const struct change_list *own,
	      struct err *err)
{
	char *installed = pg_ask_value(at->pg, "pglogical_installed", PG_NONE,
				       err);
	bool ok = installed != NULL;

	if (ok && strcmp(installed, "t") == 0)
		ok = report_pglogical(at, own, err);
	free(installed);
	return ok;
}

/* --- slots, subscriptions, settings ------------------------------------- */

static const struct {
	const char *kind;
	const char *change; /* by which ours are known; NULL: none are */
	const char *hint;
} kinds[] = {
	{"slot", CHANGE_SLOT,
	 "not made by this upgrade: it keeps WAL while nobody reads it; "
	 "pg_drop_replication_slot() when nobody needs it"},
	{"subscription", CHANGE_SUBSCRIPTION,
	 "not made by this upgrade: it writes into this database, which the "
	 "upgrade must have for itself on the destination"},
	{"read_only", NULL,
	 "ALTER DATABASE ... RESET default_transaction_read_only, if it was "
	 "left behind by an earlier switch-over"},
};

/*
 * One that a subscription of the destination made for a first copy says so by
 * its name, which ends in the number of the subscriber's cluster.
 */
static bool
is_sync_slot(const struct check_at *at, const char *kind, const char *name)
{
	const char *id = at->op->destination.system_identifier;
	const char *end = strrchr(name, '_');

	return strcmp(kind, "slot") == 0 && strncmp(name, "pg_", 3) == 0 &&
	       strstr(name, "_sync_") && id && *id && end &&
	       strcmp(end + 1, id) == 0;
}

static const char *
hint_for(const struct check_at *at, const char *kind, const char *name,
	 const char *otherwise)
{
	if (is_sync_slot(at, kind, name))
		return "the first copy of a table by a subscription of the "
		       "destination left it: pgrepup uninstall drops it when "
		       "that subscription is gone";
	if (at->cluster->side == SIDE_SOURCE &&
	    strcmp(kind, "subscription") == 0)
		return "what it brings travels on to the destination, the "
		       "subscription itself does not: after stop make it "
		       "there, on the slot that this one has";
	return otherwise;
}

/* Start would take it for its own: KO, where a name of others is a warning. */
static bool
has_our_name(const char *name)
{
	return strncmp(name, "pgrepup_", 8) == 0 ||
	       strstr(name, "_pgrepup_") != NULL;
}

static void
report_object(const struct check_at *at, const struct change_list *own,
	      const char *kind, const char *name, const char *what)
{
	enum check_status status;
	size_t i;

	for (i = 0; i < LENGTH_OF(kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			break;
	if (i == LENGTH_OF(kinds) ||
	    (kinds[i].change &&
	     change_list_find(own, kinds[i].change, "", name, "")))
		return;
	status = kinds[i].change && has_our_name(name) ? CHECK_KO : CHECK_WARN;
	check_say(at, status, *name ? name : NULL,
		  hint_for(at, kind, name, kinds[i].hint), "%s", what);
}

static bool
check_objects(const struct check_at *at, const struct change_list *own,
	      struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	size_t i;
	bool ok = pg_ask(at->pg, "leftovers", PG_NONE, &rows, err);

	for (i = 0; ok && i < rows.n_rows; i++)
		report_object(at, own, rowset_text(&rows, i, "kind"),
			      rowset_text(&rows, i, "name"),
			      rowset_text(&rows, i, "what"));
	rowset_release(&rows);
	return ok;
}

/* --- the load of another upgrade ---------------------------------------- */

static bool
check_load(const struct check_at *at, struct err *err)
{
	struct load load;
	bool ok = load_read(at->pg, &load, err);

	if (ok && load.state != LOAD_NONE && load.upgrade &&
	    strcmp(load.upgrade, at->op->conf->name) != 0)
		check_say(at, CHECK_KO, NULL,
			  "finish that upgrade, or uninstall it with its own "
			  "configuration",
			  "filled by upgrade \"%s\" (%s)", load.upgrade,
			  load_state_name(load.state));
	load_release(&load);
	return ok;
}

bool
check_leftovers(const struct check_at *at, struct err *err)
{
	struct change_list own = {.n = 0};
	bool ok;

	ok = read_registry(at, &own, err) && check_foreign(at, &own, err) &&
	     check_objects(at, &own, err);
	if (ok && at->cluster->side == SIDE_DESTINATION && own.n > 0)
		ok = check_load(at, err);
	change_list_release(&own);
	return ok;
}
