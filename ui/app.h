/* SPDX-License-Identifier: PostgreSQL */
/*
 * The dashboard: six screens and what lies over them, on one event loop that
 * never waits for the network or a child. What it knows comes from two files
 * of text: the journal, and the samples of the monitor (a child process).
 *
 * A screen is one file that ends in one struct screen. Drawing is pure: from
 * the model and the screen's own state to a canvas. Keys come as actions by
 * the rows of actions.c, or as events to a screen that has a field.
 */
#ifndef PGREPUP_APP_H
#define PGREPUP_APP_H

#include "actions.h"
#include "cli.h"
#include "loop.h"
#include "model.h"
#include "op.h"
#include "strbuf.h"
#include "term.h"

struct app;

/* What lies over the screens: help, a question, a log. The top one has the
 * keys. */
struct overlay {
	struct overlay *below;
	void *layer;
	void *state;
	void (*draw)(struct app *app, void *state, const struct canvas *c);
	/* true: it was for this overlay (or means nothing here) */
	bool (*event)(struct app *app, void *state, const struct event *event);
	void (*free)(void *state);
	/* wanted size; 0: the whole screen */
	int height, width;
	/* KEYS_...: whose rows its keys are; 0: it has none */
	enum screen_id keys;
	/* It answers for something: keys that were typed before the terminal
	 * had all of it do nothing, here nor below. */
	bool answers;
	bool seen; /* the terminal has had all of it */
};

struct screen {
	const char *title; /* "Check" */
	void *(*open)(struct app *app);
	void (*close)(void *state);
	void (*draw)(struct app *app, void *state, const struct canvas *c);
	/* true: done; false: the app may have a meaning for it */
	bool (*act)(struct app *app, void *state, enum action action);
	/* before the key rows, for fields; NULL: none */
	bool (*event)(struct app *app, void *state, const struct event *event);
	/* the model has news, app_wake's time is there, or a second has
	 * passed; true: draw again */
	bool (*tick)(struct app *app, void *state);
	/* text for y, Y and o; NULL: none */
	void (*text)(struct app *app, void *state, bool all,
		     struct strbuf *text);
	/* a click; NULL: nothing to choose */
	void (*click)(void *state, const struct event *event);
	/* a turn of the wheel; false, or NULL: it moves what has the keys */
	bool (*wheel)(struct app *app, void *state, const struct event *event);
	/* whose rows its keys are, when not its own; NULL: its own */
	enum screen_id (*keys)(const void *state);
};

extern const struct screen screen_config, screen_check, screen_setup,
	screen_replicate, screen_stop, screen_uninstall;

struct app {
	struct cli *cli;
	struct conf *conf; /* NULL: none yet */
	struct term *term;
	struct loop *loop;
	struct model *model;
	struct loop_source *model_source;
	enum screen_id screen;
	void *states[SCREEN_COUNT];
	struct overlay *overlay; /* the top one */
	struct wish *queued; /* begins when what runs has ended; or NULL */
	bool outdated; /* the file is of another upgrade than conf */
	char *said;    /* when something was started; NULL: nothing yet */
	char *started; /* run of what was started here and goes on, or NULL */
	bool gone;     /* and was not found at work when last looked for */
	struct app_report *report; /* being written; NULL: none */
	struct app_clipboard *clipboard; /* NULL: nothing was copied yet */
	char *message;		 /* line above the keys; NULL: none */
	bool untouched; /* no key was pressed yet */
	double cancelled_at; /* ^C when nothing ran; 0: never */
	bool dirty;
	bool quit;
	int signal;	/* that ends it; 0: none */
	bool outside;	/* what was printed stands on the normal screen */
	double drawn_at;
	double took;	/* seconds that the terminal needed for that frame */
	bool framing;	/* and has not all of it */
	bool told_slow; /* that the line is slow was said */
	struct loop_source *more;  /* when the terminal takes more */
	struct loop_source *frame; /* when the next frame is due */
	struct loop_source *tick;  /* when to look at clocks */
	double tick_at;
	struct loop_source *news;  /* of the model */
	struct loop_source *rest;  /* until it is watched again */
	long long minute; /* on the clock, last drawn */
	/* for which overlays were placed */
	int height, width;
	struct overlay *placed;
};

/* The dashboard from its first screen to its end; the exit status. */
int app_main(struct cli *cli, struct err *err);
void app_say(struct app *app, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* All of an error: message, detail and hint, each on lines of its own. */
void app_say_err(struct app *app, const struct err *err);
void app_go(struct app *app, enum screen_id screen);
/* What is shown has changed: a new frame when one is due. */
void app_changed(struct app *app);
/* Has the screen's tick called in so many seconds; it is once a second. */
void app_wake(struct app *app, double seconds);
/* Does a check run? What is asked for meanwhile waits for its end. */
bool app_check_runs(const struct app *app);
/* Can one be started? Says what runs when not. */
bool app_is_free(struct app *app);

struct question;

/* An operation that is wanted, by whatever key. */
struct start {
	const char *command;
	const struct op_options *options; /* copied; NULL: none */
	/* What asks by its plan (op.h): that plan, with its own keys. Its yes
	 * is this start; its arg is taken over as the keys' own, free_arg of it
	 * is not NULL. */
	const struct question *plan;
	/* Told the id of the run once it has begun; NULL: nobody wants it. */
	void (*begun)(struct app *app, const char *run);
	/* To be shown once it was agreed to; 0: the one at hand. */
	enum screen_id screen;
};

/*
 * The only way to start an operation: asks what the operation's row says that
 * it asks, of a retry and of what was paused as well, and begins it when that
 * was answered; behind a check, when that has ended. Says why not.
 */
void app_start(struct app *app, const struct start *start);

/* --- overlays ------------------------------------------------------------- */

/* Takes state over; free is called when it closes. */
struct overlay *overlay_open(struct app *app, const struct overlay *overlay);
void overlay_close(struct app *app);
/* Scrolling text over the whole screen. Takes text (free). */
void overlay_text(struct app *app, const char *title, char *text);
/* The same of what failed: r closes it and is then a key of the screen. */
void overlay_text_retry(struct app *app, const char *title, char *text);
/* The same of text that is made for a width, anew for each. */
void overlay_text_made(struct app *app, const char *title,
		       char *(*make)(struct app *app, int width));
void overlay_help(struct app *app);
/*
 * A question with the text in full; Y says yes, everything else no. yes is
 * called with arg, which is freed by free() in any case.
 */
void overlay_ask(struct app *app, const char *title, const char *text,
		 void (*yes)(struct app *app, void *arg), void *arg);

/* Another key of a question; it closes it, unless it stays. */
struct ask_key {
	wchar_t ch; /* ASCII */
	const char *label;
	void (*act)(struct app *app, void *arg);
	bool stays;
};

struct question {
	const char *title;
	const char *text;
	void (*yes)(struct app *app, void *arg);
	void *arg;		    /* taken over */
	void (*free_arg)(void *arg); /* NULL: free() */
	const struct ask_key *keys; /* copied */
	size_t n_keys;
	void *keys_arg;	  /* theirs, borrowed; NULL: arg */
	const char *name; /* to be typed instead of Y; NULL: Y will do */
	/* Said of the keys where nothing is lost by yes: Enter is yes as well.
	 * NULL: Enter is no. Static. */
	const char *foot;
	/* Asked in every frame: what to say in the place of text and keys when
	 * it has become idle behind it; NULL: it has not. A function of NULL:
	 * it never does. Without a foot there is nothing left to choose. */
	const char *(*idle)(const struct app *app, const void *arg);
};

void overlay_question(struct app *app, const struct question *question);
/*
 * What stands in the place of a question whose answer would have been typed:
 * why it is not asked. Letters do nothing, Enter and Esc close it.
 */
void overlay_notice(struct app *app, const char *title, const char *text);
/* Columns that the text of a question has here. */
int overlay_ask_width(const struct app *app);
/*
 * Asks for a line of text; done is called with it when it is not blank, Esc
 * leaves. arg is taken over, and freed by free().
 */
void overlay_enter(struct app *app, const char *title, const char *text,
		   void (*done)(struct app *app, void *arg, const char *line),
		   void *arg);
/* --- parts of screens ----------------------------------------------------- */

/* A list with a cursor that stays in sight. */
struct list {
	int cursor;
	int top;
	/* where it was drawn: on the terminal, lines, lines in sight */
	int row, column, width, n, page;
};

/* Moves by an action; true when it was one of moving. */
bool list_act(struct list *list, enum action action, int n, int page);
/* Keeps cursor and top within n lines of which page are seen. */
void list_fit(struct list *list, int n, int page);
/* The same, for a list that is drawn from line y of c on: clicks find it. */
void list_place(struct list *list, const struct canvas *c, int y, int n,
		int page);
/* Was it drawn where the mouse is? */
bool list_is_at(const struct list *list, const struct event *event);
/* A click; true when the list has a line there. */
bool list_click(struct list *list, const struct event *event);
/* A badge of 4 columns by the name of a state ("ok", "replicating"). */
void draw_badge(const struct canvas *c, int y, int x, const char *state);
enum style style_of_state(const char *state);

#endif
