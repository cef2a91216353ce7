/* SPDX-License-Identifier: PostgreSQL */
/*
 * What a key can do: one row an action, and one row a key. Key bar, help and
 * the lookup come from these rows; a test proves that each is exercised.
 */
#ifndef PGREPUP_ACTIONS_H
#define PGREPUP_ACTIONS_H

#include "term.h"

/* Screens, in the order of the work; their number keys are 1 to 6. */
enum screen_id {
	SCREEN_CONFIG,
	SCREEN_CHECK,
	SCREEN_SETUP,
	SCREEN_REPLICATE,
	SCREEN_STOP,
	SCREEN_UNINSTALL,
	SCREEN_COUNT,
	/* keys of their own: fields, where every printable key is text */
	KEYS_WIZARD = SCREEN_COUNT,
	/* a list of tables, over any screen */
	KEYS_TABLES,
	/* the log, over any screen */
	KEYS_LOG,
	/* the steps of start, in the place of the live panel */
	KEYS_START,
};

#define ON_SCREEN(id) (1u << (id))
#define ON_TABLES ON_SCREEN(KEYS_TABLES)
#define ON_LOG ON_SCREEN(KEYS_LOG)
#define ON_START ON_SCREEN(KEYS_START)
#define ON_EVERY (((1u << SCREEN_COUNT) - 1) | ON_TABLES | ON_LOG | ON_START)
/* Where what runs is looked at: its keys have a place in the bar. */
#define ON_WORK (ON_RUNS | ON_SCREEN(SCREEN_REPLICATE))
#define ON_WIZARD ON_SCREEN(KEYS_WIZARD)
#define ON_RUNS                                                                \
	(ON_SCREEN(SCREEN_SETUP) | ON_SCREEN(SCREEN_STOP) |                    \
	 ON_SCREEN(SCREEN_UNINSTALL) | ON_START)

enum action {
	ACTION_NONE,
	ACTION_SCREEN, /* event's digit or F key says which */
	ACTION_HELP,
	ACTION_QUIT,
	ACTION_BACK,
	ACTION_CANCEL,
	ACTION_SUSPEND,
	ACTION_REDRAW,
	ACTION_UP,
	ACTION_DOWN,
	ACTION_PAGE_UP,
	ACTION_PAGE_DOWN,
	ACTION_TOP,
	ACTION_BOTTOM,
	ACTION_OPEN,
	ACTION_FILTER,
	ACTION_COPY,
	ACTION_COPY_ALL,
	ACTION_PRINT,
	ACTION_LOG,
	ACTION_REPORT,
	ACTION_MOUSE,
	ACTION_THEME,
	ACTION_RUN,
	ACTION_FIX,
	ACTION_FIX_ALL,
	ACTION_RERUN,
	ACTION_RERUN_ALL,
	ACTION_UNDO,
	ACTION_IGNORE,
	ACTION_MARK,
	ACTION_EDIT,
	ACTION_NEXT_PROBLEM,
	ACTION_PREVIOUS_PROBLEM,
	ACTION_SORT,
	ACTION_SORT_REVERSE,
	ACTION_PAUSE,
	ACTION_FREEZE,
	ACTION_VIEW,
	ACTION_PANE_NEXT,
	ACTION_PANE_PREVIOUS,
	ACTION_FASTER,
	ACTION_SLOWER,
	ACTION_STOP,
	ACTION_DISABLE,
	ACTION_ENABLE,
	ACTION_FIELD_NEXT,
	ACTION_FIELD_PREVIOUS,
	ACTION_PAGE_NEXT,
	ACTION_PAGE_PREVIOUS,
	ACTION_TEST,
	ACTION_CHOOSE,
	ACTION_CLEAR,
	ACTION_CLEAR_WORD,
};

struct key_row {
	enum action action;
	enum key key;
	wchar_t ch;
	unsigned screens; /* ON_... */
	const char *shown; /* "^L"; NULL: an alias, not shown in the bar */
	const char *label; /* one or two words for the bar; NULL: help only */
	const char *help;  /* a sentence; "..." at its end: asks first */
};

extern const struct key_row key_rows[];
extern const size_t n_key_rows;

/* Has every screen that key for that action, by this row or others? */
bool key_is_everywhere(const struct key_row *row);
/* The row of that event on a screen; NULL when the key means nothing. */
const struct key_row *key_find(const struct event *event,
			       enum screen_id screen);

#endif
