/* SPDX-License-Identifier: PostgreSQL */
/* The rows of keys. A letter does everything; F keys are only aliases. */
#include "actions.h"

#include "mem.h"

#define CHAR(c) .key = KEY_OF_CHAR, .ch = (c)
#define CTRL(c) .key = KEY_OF_CTRL, .ch = (c)
#define KEY(k) .key = (k), .ch = 0
#define CHECK ON_SCREEN(SCREEN_CHECK)
#define LIVE ON_SCREEN(SCREEN_REPLICATE)

/* In the order of the bar: what the screen is for comes first. */
const struct key_row key_rows[] = {
	{ACTION_FIX, CHAR('f'), CHECK, "f", "fix",
	 "fix what is marked, or under the cursor ..."},
	{ACTION_FIX_ALL, CHAR('F'), CHECK, "F", "fix all",
	 "choose from everything that can be fixed ..."},
	{ACTION_UNDO, CHAR('u'), CHECK, "u", "undo",
	 "take a fix back, of this line or the marked ..."},
	{ACTION_NEXT_PROBLEM, CHAR('n'), CHECK, "n", "next KO",
	 "next KO or WARN"},
	{ACTION_PREVIOUS_PROBLEM, CHAR('N'), CHECK, "N", NULL,
	 "previous KO or WARN"},
	{ACTION_RERUN, CHAR('r'), CHECK, "r", "rerun",
	 "run the checks of this side or database again"},
	{ACTION_RERUN_ALL, CHAR('R'), CHECK, "R", NULL,
	 "run all checks again"},
	{ACTION_IGNORE, CHAR('i'), CHECK, "i", "ignore",
	 "ignore it for a reason, and no longer ..."},
	{ACTION_MARK, CHAR(' '), CHECK, "Space", "mark",
	 "mark it for f and u"},
	{ACTION_EDIT, CHAR('e'), CHECK, "e", NULL,
	 "edit the configuration ($VISUAL, $EDITOR)"},
	{ACTION_RUN, CHAR('!'), ON_SCREEN(SCREEN_CONFIG), "!", "change",
	 "make or change the configuration"},
	{ACTION_FIELD_NEXT, KEY(KEY_OF_TAB), ON_WIZARD, "Tab", "move",
	 "next field"},
	{ACTION_FIELD_PREVIOUS, KEY(KEY_OF_BACKTAB), ON_WIZARD, "S-Tab", NULL,
	 "previous field"},
	{ACTION_PAGE_NEXT, CTRL('n'), ON_WIZARD, "^N", "next", "next page"},
	{ACTION_TEST, CTRL('t'), ON_WIZARD, "^T", "test",
	 "test the connection now"},
	{ACTION_PAGE_PREVIOUS, CTRL('p'), ON_WIZARD, "^P", "back",
	 "previous page"},
	{ACTION_BACK, KEY(KEY_OF_ESC), ON_WIZARD, "Esc", "leave",
	 "leave; asks when there are changes ..."},
	{ACTION_CANCEL, CTRL('c'), ON_WIZARD, "^C", NULL, "the same ..."},
	{ACTION_OPEN, KEY(KEY_OF_ENTER), ON_WIZARD, "Enter", NULL,
	 "next field or page; at Review: save"},
	{ACTION_CHOOSE, CHAR(' '), ON_WIZARD, "Space", NULL,
	 "choose, where a field is < a choice >"},
	{ACTION_CLEAR, CTRL('u'), ON_WIZARD, "^U", NULL, "empty the field"},
	{ACTION_CLEAR_WORD, CTRL('w'), ON_WIZARD, "^W", NULL,
	 "take the word before the cursor away"},
	{ACTION_UP, KEY(KEY_OF_UP), ON_WIZARD, "Up", NULL, "previous field"},
	{ACTION_DOWN, KEY(KEY_OF_DOWN), ON_WIZARD, "Down", NULL, "next field"},
	{ACTION_PAGE_UP, KEY(KEY_OF_PAGE_UP), ON_WIZARD, "PgUp", NULL,
	 "at Review: back in the file"},
	{ACTION_PAGE_DOWN, KEY(KEY_OF_PAGE_DOWN), ON_WIZARD, "PgDn", NULL,
	 "at Review: more of the file"},
	{ACTION_HELP, .key = KEY_OF_F, .ch = 1, ON_WIZARD, "F1", "help",
	 "this help"},
	{ACTION_SUSPEND, CTRL('z'), ON_WIZARD, "^Z", NULL,
	 "suspend; fg comes back"},
	{ACTION_REDRAW, CTRL('l'), ON_WIZARD, "^L", NULL, "draw it all again"},
	{ACTION_RUN, CHAR('!'), ON_WORK, "!", "run",
	 "run what this screen is for ..."},
	{ACTION_RERUN, CHAR('r'), ON_WORK, "r", "retry",
	 "take up again what failed or was paused ..."},
	{ACTION_PAUSE, CHAR('p'), ON_WORK, "p", "pause",
	 "pause what runs after its step; again: go on ..."},
	{ACTION_PAUSE, CHAR('p'), ON_EVERY & ~ON_WORK, "p", NULL,
	 "pause what runs after its step; again: go on ..."},
	{ACTION_PANE_NEXT, KEY(KEY_OF_TAB), ON_RUNS, "Tab", "pane",
	 "to the log, and back to the steps"},
	{ACTION_PANE_PREVIOUS, KEY(KEY_OF_BACKTAB), ON_RUNS, "S-Tab", NULL,
	 "the same"},
	{ACTION_VIEW, CHAR('v'), ON_START, "v", "panel", "the live panel"},
	{ACTION_VIEW, CHAR('v'), LIVE, "v", "steps", "the steps of start"},
	{ACTION_STOP, CHAR('X'), LIVE, "X", "stop",
	 "stop replication and hand over ..."},
	{ACTION_DISABLE, CHAR('D'), LIVE, "D", NULL,
	 "let the database apply no changes until E ..."},
	{ACTION_ENABLE, CHAR('E'), LIVE, "E", NULL,
	 "let it apply changes again ..."},
	{ACTION_SORT, CHAR('s'), LIVE | ON_TABLES, "s", "sort",
	 "sort by the next column"},
	{ACTION_SORT_REVERSE, CHAR('S'), LIVE | ON_TABLES, "S", NULL,
	 "sort the other way"},
	{ACTION_FREEZE, CHAR('Z'), LIVE, "Z", "freeze",
	 "let the display stand still; again: go on"},
	{ACTION_FASTER, CHAR('+'), LIVE, "+", NULL, "refresh more often"},
	{ACTION_SLOWER, CHAR('-'), LIVE, "-", NULL, "refresh less often"},
	{ACTION_OPEN, KEY(KEY_OF_ENTER), ON_EVERY, "Enter", "open",
	 "open or close what is under the cursor"},
	{ACTION_FILTER, CHAR('/'), CHECK | LIVE | ON_RUNS | ON_TABLES | ON_LOG,
	 "/", "filter", "show only lines with a text"},
	{ACTION_COPY, CHAR('y'), ON_EVERY, "y", "copy",
	 "copy the hint or line to the clipboard"},
	{ACTION_COPY_ALL, CHAR('Y'), ON_EVERY, "Y", NULL, "copy all of it"},
	{ACTION_PRINT, CHAR('o'), ON_EVERY, "o", NULL,
	 "print it on the normal screen, for the mouse"},
	{ACTION_LOG, CHAR('L'), ON_EVERY, "L", "log",
	 "what the operations have said"},
	{ACTION_REPORT, CHAR('w'), ON_EVERY, "w", "report",
	 "write a report file of all that was found and run"},
	{ACTION_HELP, CHAR('?'), ON_EVERY, "?", "help", "this help"},
	{ACTION_HELP, CHAR('h'), ON_EVERY, NULL, NULL, "this help"},
	{ACTION_HELP, .key = KEY_OF_F, .ch = 1, ON_EVERY, NULL, NULL,
	 "this help"},
	{ACTION_QUIT, CHAR('q'), ON_EVERY, "q", "quit",
	 "quit; what runs goes on"},
	{ACTION_SCREEN, CHAR('1'), ON_EVERY, "1", NULL, "screen Config"},
	{ACTION_SCREEN, CHAR('2'), ON_EVERY, "2", NULL, "screen Check"},
	{ACTION_SCREEN, CHAR('3'), ON_EVERY, "3", NULL, "screen Setup"},
	{ACTION_SCREEN, CHAR('4'), ON_EVERY, "4", NULL, "screen Replicate"},
	{ACTION_SCREEN, CHAR('5'), ON_EVERY, "5", NULL, "screen Stop"},
	{ACTION_SCREEN, CHAR('6'), ON_EVERY, "6", NULL, "screen Uninstall"},
	{ACTION_UP, KEY(KEY_OF_UP), ON_EVERY, "Up", NULL, "one line up"},
	{ACTION_UP, CHAR('k'), ON_EVERY, NULL, NULL, "one line up"},
	{ACTION_DOWN, KEY(KEY_OF_DOWN), ON_EVERY, "Down", NULL,
	 "one line down"},
	{ACTION_DOWN, CHAR('j'), ON_EVERY, NULL, NULL, "one line down"},
	{ACTION_PAGE_UP, KEY(KEY_OF_PAGE_UP), ON_EVERY, "PgUp", NULL,
	 "one page up"},
	{ACTION_PAGE_DOWN, KEY(KEY_OF_PAGE_DOWN), ON_EVERY, "PgDn", NULL,
	 "one page down"},
	{ACTION_TOP, CHAR('g'), ON_EVERY, "g", NULL, "to the first line"},
	{ACTION_TOP, KEY(KEY_OF_HOME), ON_EVERY, NULL, NULL,
	 "to the first line"},
	{ACTION_BOTTOM, CHAR('G'), ON_EVERY, "G", NULL, "to the last line"},
	{ACTION_BOTTOM, KEY(KEY_OF_END), ON_EVERY, NULL, NULL,
	 "to the last line"},
	{ACTION_BACK, KEY(KEY_OF_ESC), ON_EVERY, "Esc", NULL,
	 "close; clear the filter"},
	{ACTION_MOUSE, CHAR('m'), ON_EVERY, "m", NULL, "mouse on and off"},
	{ACTION_THEME, CHAR('T'), ON_EVERY, "T", NULL, "next theme"},
	{ACTION_CANCEL, CTRL('c'), ON_EVERY, "^C", NULL,
	 "stop what runs, between two statements ..."},
	{ACTION_SUSPEND, CTRL('z'), ON_EVERY, "^Z", NULL,
	 "suspend; fg comes back"},
	{ACTION_REDRAW, CTRL('l'), ON_EVERY, "^L", NULL, "draw it all again"},
};
const size_t n_key_rows = LENGTH_OF(key_rows);

const struct key_row *
key_find(const struct event *event, enum screen_id screen)
{
	const struct key_row *row;

	for (row = key_rows; row < key_rows + n_key_rows; row++)
		if (row->key == event->key && row->ch == event->ch &&
		    (row->screens & ON_SCREEN(screen)))
			return row;
	return NULL;
}

bool
key_is_everywhere(const struct key_row *row)
{
	const struct key_row *other;
	unsigned screens = 0;

	for (other = key_rows; other < key_rows + n_key_rows; other++)
		if (other->key == row->key && other->ch == row->ch &&
		    other->action == row->action)
			screens |= other->screens;
	return (screens & ON_EVERY) == ON_EVERY;
}
