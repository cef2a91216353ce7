/* SPDX-License-Identifier: PostgreSQL */
/*
 * Writing pg_hba.conf of a server by SQL: large objects, imported from the
 * file and exported to it, are exact to the byte and need no program there.
 * The bytes never leave the server.
 *
 * What is added is a block between two comment lines, put first in the file;
 * the text of the block is in the registry (CHANGE_HBA: name is the path, part
 * the run, old value the md5 of the file before and new value the block).
 * Taking it out is cutting exactly that text: the file is then as before, or,
 * when somebody changed it since, keeps what they did.
 */
#ifndef PGREPUP_HBA_EDIT_H
#define PGREPUP_HBA_EDIT_H

#include "err.h"
#include "pg.h"
#include "registry.h"

/*
 * Puts the lines first in the file, looks (from 10 on) whether the server
 * accepts it, puts the former text back if it does not, reloads. Recorded
 * before. The former file stays beside it.
 */
bool hba_edit_add(struct pg *pg, const char *run, const char *lines,
		  struct err *err);

/* What the server has against the file as it is now; *text NULL: nothing.
 * The caller frees it. */
bool hba_edit_error(struct pg *pg, char **text, struct err *err);

enum hba_cut {
	HBA_CUT,	 /* taken out, the file is as before */
	HBA_CUT_CHANGED, /* taken out; somebody changed the rest meanwhile */
	HBA_CUT_GONE,	 /* the block is not in the file (any more) */
};

/* Takes the block of that row out, reloads. The row stays. */
bool hba_edit_cut(struct pg *pg, const struct change *change,
		  enum hba_cut *result, struct err *err);

#endif
