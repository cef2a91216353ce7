/* SPDX-License-Identifier: PostgreSQL */
/*
 * Names of ours that somebody else has taken: what stands under them would be
 * used, or dropped, as if it were pgrepup's. What the registry holds is ours.
 */
#include <stdlib.h>
#include <string.h>

#include "check_rows.h"
#include "mech_native.h"
#include "mem.h"
#include "registry.h"
#include "sqlcat.h"

/* One that is not to be used tells check "leftovers". */
static bool
read_own(struct pg *pg, struct change_list *own, struct err *err)
{
	struct err ignored = ERR_INIT;
	enum registry_is is;
	bool ok = registry_look(pg, &is, &ignored, err);

	err_release(&ignored);
	return ok && (is != REGISTRY_OURS ||
		      registry_list(pg, NULL, own, err));
}

/* A question whose $1 is the name, and that has a row where that is taken. */
static bool
is_taken(const struct check_at *at, const char *statement, const char *kind,
	 const char *name, bool *taken, struct err *err)
{
	struct change_list own = {.n = 0};
	struct rowset rows = ROWSET_INIT;
	bool ok;

	*taken = false;
	if (!sqlcat_find(statement, pg_version(at->pg)))
		return true;
	ok = pg_ask(at->pg, statement, PG_BIND(name), &rows, err);
	if (ok && rows.n_rows > 0) {
		ok = read_own(at->pg, &own, err);
		*taken = !change_list_find(&own, kind, "", name, "");
	}
	change_list_release(&own);
	rowset_release(&rows);
	return ok;
}

bool
check_role_name(const struct check_at *at, struct err *err)
{
	const char *name = at->op->conf->replication_user;
	bool taken, ok;

	ok = is_taken(at, "role", CHANGE_ROLE, name, &taken, err);
	if (ok && taken)
		check_say(at, CHECK_KO, name,
			  "choose another name for the replication role: "
			  "pgrepup config set replication.user=NAME",
			  "the role exists, and pgrepup did not make it");
	return ok;
}

static bool
check_publications(const struct check_at *at, struct err *err)
{
	static const char *const names[] = {NATIVE_PUBLICATION,
					    NATIVE_PUBLICATION_INSERT};
	bool taken, ok = true;
	char *hint;
	size_t i;

	for (i = 0; ok && i < LENGTH_OF(names); i++) {
		ok = is_taken(at, "publication", CHANGE_PUBLICATION, names[i],
			      &taken, err);
		if (!ok || !taken)
			continue;
		hint = mem_printf("ALTER PUBLICATION %s RENAME TO %s_old, or "
				  "drop it when nobody needs it",
				  names[i], names[i]);
		check_say(at, CHECK_KO, names[i], hint,
			  "the publication exists, and pgrepup did not make "
			  "it");
		free(hint);
	}
	return ok;
}

static bool
check_schemas(const struct check_at *at, struct err *err)
{
	struct rowset rows = ROWSET_INIT;
	bool ok = pg_ask(at->pg, "pglogical_strangers", PG_NONE, &rows, err);
	char *object;
	size_t i;

	for (i = 0; ok && i < rows.n_rows; i++) {
		object = mem_printf("schema %s",
				    rowset_text(&rows, i, "schema"));
		check_say(at, CHECK_KO, object, rowset_text(&rows, i, "remedy"),
			  "it %s", rowset_text(&rows, i, "what"));
		free(object);
	}
	rowset_release(&rows);
	return ok;
}

bool
check_names(const struct check_at *at, struct err *err)
{
	return check_schemas(at, err) &&
	       (at->cluster->side != SIDE_SOURCE ||
		check_publications(at, err));
}
