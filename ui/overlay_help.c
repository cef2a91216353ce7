/* SPDX-License-Identifier: PostgreSQL */
/* Help: the keys of this screen and of all, out of the rows of keys. */
#include <stdlib.h>
#include <string.h>

#include "app_internal.h"
#include "draw_text.h"
#include "mem.h"

/* From this width on, this screen stands left and all screens right. */
#define TWO_COLUMNS 76

/* Keys of this screen alone, or those that every screen has. */
static void
add_keys(struct strbuf *text, enum screen_id screen, bool everywhere)
{
	const struct key_row *row;

	for (row = key_rows; row < key_rows + n_key_rows; row++)
		if (row->shown && (row->screens & ON_SCREEN(screen)) &&
		    key_is_everywhere(row) == everywhere)
			strbuf_addf(text, "  %-8s %s\n", row->shown,
				    row->help);
}

static const char states[] =
	"States of a database\n"
	"  replicating   all tables follow\n"
	"  initializing  the first copy runs\n"
	"  catching up   copied, nearly there\n"
	"  down          no apply worker; the reason stands below\n"
	"  stopped       handed over\n";
static const char words[] =
	"\nThe xlog difference is the WAL, in bytes, that the source has "
	"written and the destination has not confirmed.\n"
	"\"...\" after a key: it asks first.\n";

static void
wrap_lines(struct text_list *wrapped, char *lines, int width)
{
	char *line;

	while ((line = strsep(&lines, "\n")))
		text_hanging(wrapped, line, width);
}

/* Both texts side by side, each wrapped to its half; takes both. */
static void
add_columns(struct strbuf *text, char *left, char *right, int width)
{
	struct text_list l = {.n = 0}, r = {.n = 0};
	int half = width / 2;
	size_t i;

	wrap_lines(&l, left, half - 2);
	wrap_lines(&r, right, width - half);
	for (i = 0; i < l.n || i < r.n; i++)
		strbuf_addf(text, "%-*s%s\n", half,
			    i < l.n ? l.items[i] : "",
			    i < r.n ? r.items[i] : "");
	text_list_release(&l);
	text_list_release(&r);
	free(left);
	free(right);
}

/* This screen left, every screen right, where there is room for both. */
static char *
make_help(struct app *app, int width)
{
	struct strbuf here = STRBUF_INIT, every = STRBUF_INIT;
	struct strbuf text = STRBUF_INIT;

	strbuf_add(&here, "This screen\n");
	add_keys(&here, app_keys(app), false);
	strbuf_addf(&here, "\n%s", states);
	strbuf_add(&every, "Everywhere\n");
	add_keys(&every, app->screen, true);
	if (width >= TWO_COLUMNS) {
		add_columns(&text, strbuf_detach(&here),
			    strbuf_detach(&every), width);
	} else {
		strbuf_addf(&text, "%s\n%s", here.text, every.text);
		strbuf_release(&here);
		strbuf_release(&every);
	}
	strbuf_add(&text, words);
	return strbuf_detach(&text);
}

static const char *
help_title(const struct app *app)
{
	switch (app_keys(app)) {
	case KEYS_TABLES:
		return "tables";
	case KEYS_LOG:
		return "log";
	default:
		return app_screen(app, app->screen)->title;
	}
}

void
overlay_help(struct app *app)
{
	char *title = mem_printf("Help: %s", help_title(app));

	overlay_text_made(app, title, make_help);
	free(title);
}
