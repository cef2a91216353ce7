/* SPDX-License-Identifier: PostgreSQL */
/*
 * Findings that a person has decided to live with, each with a reason:
 * STATE/ignored, a line each. They lie beside the journal and not in the
 * configuration, since they are about one upgrade on its way, and since a key
 * pressed in the dashboard must not rewrite a file that a person keeps.
 *
 * Only what was looked at becomes ignored: the check runs as ever, and its
 * KO or WARN is then told as "ignored", with what it was and the reason.
 */
#ifndef PGREPUP_IGNORE_H
#define PGREPUP_IGNORE_H

#include "check.h"
#include "record.h"
#include "state_dir.h"
#include "target.h"

struct ignored {
	char *reason;
	char *time;
};

struct ignore_list {
	struct targets targets;
	struct ignored *items; /* of the same index as the targets */
};

/* Empty when there is none; list is initialised. */
bool ignore_load(struct ignore_list *list, const struct state_dir *dir,
		 struct err *err);
void ignore_release(struct ignore_list *list);
/*
 * Why a finding of that check cannot be ignored: a sentence's end, or NULL
 * when it can. status NULL: that of any finding that it may have.
 */
const char *ignore_refusal(const struct check *check, const char *status);
/* Makes a "check" record ignored, or what it was, by the list. */
void ignore_apply(const struct ignore_list *list, struct record *finding);
/* The reason for what fix would do to that; NULL: it is not ignored. */
const char *ignore_reason(const struct ignore_list *list,
			  const struct target_thing *thing);
/* Adds a word (or gives it another reason), or takes it away; on disk. */
bool ignore_add(const struct state_dir *dir, const char *word,
		const char *reason, struct err *err);
bool ignore_remove(const struct state_dir *dir, const char *word,
		   struct err *err);

#endif
