/* SPDX-License-Identifier: PostgreSQL */
/*
 * Undoing what the registry holds: a row a kind of change. Something that
 * somebody has changed since is theirs, and left; something that others need
 * by now is left as well, and stays recorded, so that undoing again later can
 * finish. Nothing is ever undone with CASCADE.
 */
#ifndef PGREPUP_UNDO_H
#define PGREPUP_UNDO_H

#include "op.h"
#include "registry.h"
#include "restart.h"
#include "strbuf.h"

enum undo_result {
	UNDO_DONE,
	UNDO_GONE,    /* there was nothing left of it */
	UNDO_CHANGED, /* somebody changed it since: theirs now, forgotten */
	UNDO_STAYS,   /* it belongs to the result: forgotten */
	UNDO_NEEDED,  /* others need it: left, and still recorded */
};

/* Where a change is undone: a session in the database of its registry. */
struct undo_at {
	struct op *op;
	struct cluster *cluster;
	struct pg *pg;
	const char *database;
	/* Not NULL: nothing is done, what would run is added here; the result
	 * is what it would be. */
	struct strbuf *preview;
	/* Settings that would have been put back before, when nothing is
	 * really done; else NULL. */
	struct restart_changes *undone;
};

struct undo {
	const char *kind;
	bool cluster_wide; /* after every database is done */
	const char *title; /* "setting", "replica identity of" ... */
	const char *part;  /* what joins name and part; NULL: name alone */
	/* Undoes it. *why (caller frees) may say more about the result. The
	 * row of the registry is the caller's business: everything here may
	 * be done twice. */
	bool (*run)(const struct undo_at *at, const struct change *change,
		    enum undo_result *result, char **why, struct err *err);
};

/* Adds a statement to the preview, when it is one; false: run it. */
bool undo_is_preview(const struct undo_at *at, const char *sql);
const struct undo *undo_find(const char *kind);
/* Runs the row of its kind; the registry keeps its row. */
bool undo_run(const struct undo_at *at, const struct change *change,
	      enum undo_result *result, char **why, struct err *err);
/* "source setting wal_level": what a change is called. Caller frees. */
char *undo_label(const struct undo_at *at, const struct change *change);
/*
 * Undoes one change, forgets its row where that is right, and says so as an
 * item of the step. A failure is said as an item as well, and returned.
 */
bool undo_change(const struct undo_at *at, const char *step,
		 const struct change *change, struct err *err);

/*
 * Puts the settings among themselves into the order of undoing them, the
 * other way round than fix.c has them: after each of them the server starts.
 */
void undo_sort_settings(struct change_list *list);

/* --- functions of the rows ---------------------------------------------- */

#define UNDO_ARGS                                                              \
	const struct undo_at *at, const struct change *change,                 \
		enum undo_result *result, char **why, struct err *err

bool undo_setting(UNDO_ARGS);
bool undo_hba(UNDO_ARGS);
bool undo_membership(UNDO_ARGS);
bool undo_role(UNDO_ARGS);
bool undo_role_copy(UNDO_ARGS);
bool undo_database(UNDO_ARGS);
bool undo_database_setting(UNDO_ARGS);
bool undo_fence(UNDO_ARGS);
bool undo_grant(UNDO_ARGS);
bool undo_extension(UNDO_ARGS);
bool undo_extension_update(UNDO_ARGS);
bool undo_of_mechanism(UNDO_ARGS);
bool undo_publication(UNDO_ARGS);
bool undo_choice(UNDO_ARGS);
bool undo_slot(UNDO_ARGS);
bool undo_column(UNDO_ARGS);
bool undo_index(UNDO_ARGS);
bool undo_identity(UNDO_ARGS);
bool undo_switched_off(UNDO_ARGS);

#endif
