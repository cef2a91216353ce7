/* SPDX-License-Identifier: PostgreSQL */
/* What the files of the dashboard's frame share. */
#ifndef PGREPUP_APP_INTERNAL_H
#define PGREPUP_APP_INTERNAL_H

#include "app.h"

const struct screen *app_screen(const struct app *app, enum screen_id id);
/* The same as app_go, and closes what lies over the screen. */
void app_show(struct app *app, enum screen_id screen);
#define APP_FRAME 0.2 /* seconds between frames by news */

/* Draws one frame of everything; false when the terminal does not take all of
 * it. */
bool app_draw(struct app *app);
/* The same, now; it goes on by itself while the terminal takes no more. */
void app_frame(struct app *app);
/* After anything that may have changed what is shown: a frame when the last
 * one is that many seconds ago, else when it will be. */
void app_finish_turn(struct app *app, double pause);
/* Seconds between frames that nobody has asked for by a key. */
double app_pause_of_news(const struct app *app);
/* The terminal takes more; it is time for the next frame. For the loop. */
void app_on_writable(void *arg);
void app_on_frame(void *arg);
/* All in one line, when there is room for no more; false: there is. */
bool app_draw_line(struct app *app, const struct canvas *c);
/* True once when the minute on the clock has changed. */
bool app_clock_moved(struct app *app);
/* Puts text into the clipboard, by the way that this terminal has, and into
 * a file; says so, once it is known. */
void app_copy(struct app *app, const char *text);
/* A child has ended: perhaps that which copies. */
void app_copy_news(struct app *app);
/* At the end; who copies still is not waited for. */
void app_end_copy(struct app *app);
/* Says how what this dashboard has started ended, once it has. */
void app_tell_end(struct app *app);
/* Begins what was agreed to while a check ran, once that has ended. */
void app_start_queued(struct app *app);
/* Takes it back, and says so; false: nothing waits. */
bool app_drop_queued(struct app *app);
/* The same without a word. */
void app_forget_queued(struct app *app);
/* Has the report written, and says the path when it is. */
void app_write_report(struct app *app);
/* At the end: waits for one that is being written. */
void app_end_report(struct app *app);
/* Prints on the normal screen; Enter comes back from there. */
void app_print(struct app *app, const char *text);
/* A key, paste or turn of the wheel to whom it is for. */
void app_take_event(struct app *app, const struct event *event);
/* From what was printed on the normal screen back to the dashboard. */
void app_come_back(struct app *app);
/* What an action does that the screen has no meaning for. */
void app_act(struct app *app, const struct key_row *row);
/* It has said its end, and is gone in a moment. */
bool app_is_ending(const struct app *app);
/* Is the file of the upgrade that this dashboard shows? Says why it cannot be
 * read; one of another is read soon, and everything begins anew by it. */
bool app_conf_is_current(struct app *app);
/* It is of another: it is read when the key at hand is done. */
void app_outdate(struct app *app);
/* Reads the configuration again; a broken one is said, the old one stays. */
bool app_reload_conf(struct app *app);
/* Leaves the screen for the person's editor, with a copy of the
 * configuration, which takes its place when it is valid. */
void app_edit_conf(struct app *app);
/* Takes a configuration that was saved; everything else begins anew. */
void app_take_conf(struct app *app, struct conf *conf);
/* Whose rows the keys are now: the screen's, or those of its fields. */
enum screen_id app_keys(const struct app *app);
/* What was last said, its last line on line y; false: nothing. */
bool app_draw_message(const struct app *app, const struct canvas *c, int y);
/* On a terminal with fewer lines what lies over the screens has all of it: a
 * frame would leave nothing for what is in it. */
#define OVERLAY_FRAMED 10
/* Draws a frame, where there is room for one; what is within it. */
struct canvas overlay_box(const struct app *app, const struct canvas *c,
			  const char *title);
/* Forgets it: a key was pressed. */
void app_hush(struct app *app);
/* One event of a field that holds text (NULL: empty); false when Enter or
 * Esc has ended the typing. Esc empties it. */
bool field_event(char **text, const struct event *event);

#endif
