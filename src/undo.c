/* SPDX-License-Identifier: PostgreSQL */
/* The kinds of change, and how each is undone. */
#include "undo.h"

#include <stdlib.h>
#include <string.h>

#include "load_role.h"
#include "mem.h"

static const struct undo undos[] = {
	{
		.kind = CHANGE_SETTING,
		.cluster_wide = true,
		.title = "setting",
		.run = undo_setting,
	},
	{
		.kind = CHANGE_HBA,
		.cluster_wide = true,
		.title = "rules in",
		.run = undo_hba,
	},
	{
		.kind = CHANGE_ROLE,
		.cluster_wide = true,
		.title = "role",
		.run = undo_role,
	},
	{
		.kind = CHANGE_ROLE_COPY,
		.cluster_wide = true,
		.title = "copy of role",
		.run = undo_role_copy,
	},
	{
		.kind = CHANGE_MEMBERSHIP,
		.cluster_wide = true,
		.title = "membership in role",
		.run = undo_membership,
	},
	{
		.kind = CHANGE_LOAD_ROLE,
		.title = "load role",
		.part = " for the tables of ",
		.run = undo_load_role,
	},
	{
		.kind = CHANGE_DATABASE,
		.cluster_wide = true,
		.title = "database",
		.run = undo_database,
	},
	{
		.kind = CHANGE_DATABASE_SETTING,
		.title = "setting of the database",
		.run = undo_database_setting,
	},
	{
		.kind = CHANGE_FENCE,
		.title = "fence around the database,",
		.run = undo_fence,
	},
	{
		.kind = CHANGE_GRANT,
		.title = "grant on",
		.part = " to ",
		.run = undo_grant,
	},
	{
		.kind = CHANGE_REVOKE,
		.title = "rights of PUBLIC on function",
		.run = undo_of_mechanism,
	},
	{
		.kind = CHANGE_EXTENSION,
		.title = "extension",
		.run = undo_extension,
	},
	{
		.kind = CHANGE_EXTENSION_UPDATE,
		.title = "version of extension",
		.run = undo_extension_update,
	},
	{
		.kind = CHANGE_MECHANISM,
		.cluster_wide = true,
		.title = "choice of mechanism",
		.run = undo_choice,
	},
	{
		.kind = CHANGE_PUBLICATION,
		.title = "publication",
		.run = undo_publication,
	},
	{
		.kind = CHANGE_NODE,
		.title = "node",
		.run = undo_of_mechanism,
	},
	{
		.kind = CHANGE_REPLICATION_SET,
		.title = "replication set",
		.run = undo_of_mechanism,
	},
	{
		.kind = CHANGE_SUBSCRIPTION,
		.title = "subscription",
		.run = undo_of_mechanism,
	},
	{
		.kind = CHANGE_HELD,
		.title = "mark of the disabled",
		.run = undo_choice,
	},
	{
		.kind = CHANGE_SLOT,
		.title = "replication slot",
		.run = undo_slot,
	},
	{
		.kind = CHANGE_COLUMN,
		.title = "column",
		.part = ".",
		.run = undo_column,
	},
	{
		.kind = CHANGE_INDEX,
		.title = "index",
		.part = " of ",
		.run = undo_index,
	},
	{
		.kind = CHANGE_INSERT_ONLY,
		.title = "choice of new rows only for",
		.run = undo_choice,
	},
	{
		.kind = CHANGE_REPLICA_IDENTITY,
		.title = "replica identity of",
		.run = undo_identity,
	},
	{
		.kind = CHANGE_TRIGGER,
		.title = "trigger",
		.part = ".",
		.run = undo_switched_off,
	},
	{
		.kind = CHANGE_RULE,
		.title = "rule",
		.part = ".",
		.run = undo_switched_off,
	},
};

static const struct {
	const char *state;
	const char *text;
	bool forget;
} results[] = {
	[UNDO_DONE] = {"ok", "undone", true},
	[UNDO_GONE] = {"ok", "was gone already", true},
	[UNDO_CHANGED] = {"warn", "left: somebody changed it since", true},
	[UNDO_STAYS] = {"ok", "left", true},
	[UNDO_NEEDED] = {"warn", "left: others need it", false},
};

const struct undo *
undo_find(const char *kind)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(undos); i++)
		if (strcmp(undos[i].kind, kind) == 0)
			return &undos[i];
	return NULL;
}

char *
undo_label(const struct undo_at *at, const struct change *change)
{
	const struct undo *undo = undo_find(change->kind);
	struct strbuf sb = STRBUF_INIT;

	strbuf_addf(&sb, "%s %s ", side_name(at->cluster->side),
		    undo ? undo->title : change->kind);
	if (*change->schema)
		strbuf_addf(&sb, "%s.", change->schema);
	strbuf_add(&sb, change->name);
	if (*change->part && undo && undo->part)
		strbuf_addf(&sb, "%s%s", undo->part, change->part);
	return strbuf_detach(&sb);
}

bool
undo_is_preview(const struct undo_at *at, const char *sql)
{
	if (!at->preview)
		return false;
	strbuf_sep(at->preview, ";\n");
	strbuf_add(at->preview, sql);
	return true;
}

bool
undo_run(const struct undo_at *at, const struct change *change,
	 enum undo_result *result, char **why, struct err *err)
{
	const struct undo *undo = undo_find(change->kind);

	if (undo)
		return undo->run(at, change, result, why, err);
	/* Of a newer pgrepup: not known here how to undo it. */
	*result = UNDO_NEEDED;
	*why = mem_strdup("this pgrepup does not know that kind of change");
	return true;
}

static void
say(const struct undo_at *at, const char *step, const struct change *change,
    const char *state, const char *text, const char *more)
{
	char *label = undo_label(at, change);

	op_item(at->op, step, at->database, label, state, "%s%s%s", text,
		more ? ": " : "", more ? more : "");
	free(label);
}

bool
undo_change(const struct undo_at *at, const char *step,
	    const struct change *change, struct err *err)
{
	enum undo_result result = UNDO_DONE;
	struct err failed = ERR_INIT;
	char *why = NULL;
	bool ok;

	ok = undo_run(at, change, &result, &why, &failed) &&
	     (!results[result].forget ||
	      registry_forget(at->pg, change->id, &failed));
	if (ok)
		say(at, step, change, results[result].state,
		    results[result].text, why);
	else if (failed.kind != ERR_STOPPED)
		say(at, step, change, "ko", failed.message, failed.detail);
	free(why);
	err_move(err, &failed);
	return ok;
}
