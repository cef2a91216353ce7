/* SPDX-License-Identifier: PostgreSQL */
/* Where each of the six screens' work stands. */
#include "standing.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "model.h"
#include "op.h"

/* What an operation that has ended well takes back of others. */
#define UNDOES(id) (1u << (id))

static const struct {
	const char *command;
	enum screen_id screen;
	unsigned undoes;
} operations[] = {
	{"check", SCREEN_CHECK, 0},
	{"setup", SCREEN_SETUP,
	 UNDOES(SCREEN_STOP) | UNDOES(SCREEN_UNINSTALL)},
	{"start", SCREEN_REPLICATE, UNDOES(SCREEN_STOP)},
	{"stop", SCREEN_STOP, 0},
	{"uninstall", SCREEN_UNINSTALL,
	 UNDOES(SCREEN_SETUP) | UNDOES(SCREEN_REPLICATE) |
		 UNDOES(SCREEN_STOP)},
};

/* SCREEN_CONFIG: it has none. */
static enum screen_id
screen_of(const char *command)
{
	size_t i;

	for (i = 0; command && i < LENGTH_OF(operations); i++)
		if (strcmp(operations[i].command, command) == 0)
			return operations[i].screen;
	return SCREEN_CONFIG;
}

static enum mark
mark_of(const struct record *end)
{
	if (record_get_bool(end, "ok"))
		return MARK_OK;
	return record_get_bool(end, "paused") ? MARK_PAUSED : MARK_PROBLEM;
}

/* end: NULL while it runs. A pause was wanted. */
static void
take_why(struct standing *s, enum screen_id screen, const struct record *end)
{
	const char *message = end ? record_get(end, "message") : NULL;

	free(s->why[screen]);
	s->why[screen] = NULL;
	if (end && !record_get_bool(end, "ok") &&
	    !record_get_bool(end, "paused"))
		s->why[screen] = mem_strdup(message ? message : "failed");
}

static void
forget(struct standing *s, size_t screen)
{
	s->marks[screen] = MARK_NONE;
	free(s->why[screen]);
	s->why[screen] = NULL;
}

/* Setup begins with a whole check of its own: findings from before are older
 * than that. */
static void
see_check(struct standing *s, enum screen_id screen)
{
	if (screen == SCREEN_CHECK)
		s->setup_checked = false;
	if (screen != SCREEN_SETUP || s->marks[screen] != MARK_OK)
		return;
	s->setup_checked = true;
	s->marks[SCREEN_CHECK] = MARK_OK;
}

/* What went well of a part is not done yet. */
static void
take_scope(struct standing *s, enum screen_id screen,
	   const struct record *record)
{
	if (record_is(record, "begin"))
		op_options_take_up(&s->scopes[screen], record);
	else if (s->marks[screen] == MARK_OK && screen == SCREEN_STOP &&
		 s->scopes[screen].only.n > 0)
		s->marks[screen] = MARK_NONE;
}

static void
take_mark(struct standing *s, const struct record *record)
{
	const char *command = record_get(record, "command");
	bool over = record_is(record, "end");
	size_t i, k;

	if (!over) {
		s->dry = record_get_bool(record, "dry_run");
		s->dry_screen = screen_of(command);
	}
	if (s->dry)
		return;
	s->done += operation_changes(command);
	for (i = 0; command && i < LENGTH_OF(operations); i++) {
		if (strcmp(operations[i].command, command) != 0)
			continue;
		s->marks[operations[i].screen] =
			over ? mark_of(record) : MARK_RUNS;
		take_why(s, operations[i].screen, over ? record : NULL);
		take_scope(s, operations[i].screen, record);
		if (operations[i].screen != SCREEN_CHECK)
			s->newest = operations[i].screen;
		see_check(s, operations[i].screen);
		for (k = 0; k < SCREEN_COUNT; k++)
			if (s->marks[operations[i].screen] == MARK_OK &&
			    (operations[i].undoes & UNDOES(k)))
				forget(s, k);
	}
}

/* "16.4" of "16.4 (Debian 16.4-1)". */
static void
take_version(struct standing *s, const struct record *record)
{
	const char *side = record_get(record, "side");
	const char *version = record_get(record, "version");
	size_t i;

	if (!side || !version)
		return;
	i = strcmp(side, "destination") == 0;
	free(s->versions[i]);
	s->versions[i] = mem_strndup(version, strcspn(version, " "));
}

void
standing_take(struct standing *standing, const struct record *record)
{
	if (record_is(record, "begin") || record_is(record, "end"))
		take_mark(standing, record);
	else if (record_is(record, "cluster"))
		take_version(standing, record);
}

void
standing_release(struct standing *standing)
{
	size_t i;

	for (i = 0; i < SCREEN_COUNT; i++) {
		free(standing->why[i]);
		op_options_release(&standing->scopes[i]);
	}
	free(standing->versions[0]);
	free(standing->versions[1]);
	*standing = (struct standing){0};
}

/* The worst that the newest sample says; the journal's word without one. */
static enum mark
replication(const struct model *model, enum mark mark)
{
	bool moves = false, follows = false;
	size_t i;

	for (i = 0; i < model->n_trends; i++) {
		const char *state = model->trends[i].state;

		if (!state)
			continue;
		if (strcmp(state, "down") == 0 || strcmp(state, "gap") == 0)
			return MARK_PROBLEM;
		moves |= strcmp(state, "initializing") == 0 ||
			 strcmp(state, "catching up") == 0;
		follows |= strcmp(state, "replicating") == 0;
	}
	return moves ? MARK_RUNS : follows ? MARK_OK : mark;
}

/* One after the other, too: when every database says so. */
static enum mark
hand_over(const struct model *model)
{
	size_t i;

	for (i = 0; i < model->n_trends; i++)
		if (!model->trends[i].state ||
		    strcmp(model->trends[i].state, "stopped") != 0)
			return MARK_NONE;
	return model->n_trends > 0 ? MARK_OK : MARK_NONE;
}

static bool
is_dry(const struct model *model, enum screen_id screen)
{
	return model->standing.dry && model->standing.dry_screen == screen &&
	       !model->end && model_runner(model) > 0;
}

static enum mark
mark_alive(const struct model *model, enum screen_id screen)
{
	enum mark mark = model->standing.marks[screen];

	/* It has not said its end, and is no more: it died. */
	if (mark == MARK_RUNS && model_runner(model) == 0)
		return MARK_PROBLEM;
	return mark;
}

enum mark
standing_mark(const struct model *model, enum screen_id screen)
{
	enum mark mark;

	if (screen == SCREEN_CONFIG)
		return model ? MARK_OK : MARK_NONE;
	if (!model)
		return MARK_NONE;
	if (is_dry(model, screen))
		return MARK_DRY;
	mark = mark_alive(model, screen);
	/* The last one may have looked at a part that is fine. */
	if (screen == SCREEN_CHECK && mark == MARK_OK &&
	    !model->standing.setup_checked)
		mark = model->n_ko > 0		   ? MARK_PROBLEM
		       : model_is_checked(model) ? MARK_OK
						   : MARK_NONE;
	if (screen == SCREEN_STOP && mark == MARK_NONE)
		mark = hand_over(model);
	if (screen == SCREEN_REPLICATE && mark != MARK_PROBLEM &&
	    mark != MARK_PAUSED)
		mark = replication(model, mark);
	return mark;
}

const char *
standing_why(const struct standing *standing, const char *command)
{
	return standing->why[screen_of(command)];
}

const struct op_options *
standing_scope(const struct standing *standing, const char *command)
{
	return &standing->scopes[screen_of(command)];
}

enum mark
standing_of(const struct model *model, const char *command)
{
	return mark_alive(model, screen_of(command));
}

bool
standing_is_half(const struct model *model, const char *command)
{
	enum mark mark = standing_of(model, command);

	return mark == MARK_PROBLEM || mark == MARK_PAUSED;
}

enum screen_id
standing_open(const struct model *model)
{
	enum screen_id screen = model->standing.newest;
	enum mark mark = model->standing.marks[screen];

	return mark == MARK_NONE || mark == MARK_OK ? SCREEN_CONFIG : screen;
}
