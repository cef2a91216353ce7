/* SPDX-License-Identifier: PostgreSQL */
/* The page Review: the file as it will be written, without its secrets. */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "wizard.h"

static bool
is_sealed(const struct wizard *w)
{
	return strcmp(entry_text(&w->values[PAGE_SECRETS][0].entry), "yes") ==
	       0;
}

int
wizard_file_draw(struct wizard *w, const struct canvas *c, int from)
{
	char *text = conf_preview(w->conf, is_sealed(w)), *rest = text, *line;
	struct strbuf clean = STRBUF_INIT, wide = STRBUF_INIT;
	int n = 0;

	while (rest && *rest) {
		line = strsep(&rest, "\n");
		strbuf_reset(&wide);
		strbuf_reset(&clean);
		for (; *line == '\t' || *line == ' '; line++)
			strbuf_add(&wide, *line == '\t' ? "    " : " ");
		strbuf_add(&wide, line);
		strbuf_scrub(&clean, wide.text);
		if (n >= from && n - from < c->height)
			canvas_text(c, n - from, 0, c->width, STYLE_TEXT,
				    clean.text);
		n++;
	}
	strbuf_release(&wide);
	strbuf_release(&clean);
	free(text);
	return n;
}

/* What the last test of a side has said. */
static int
draw_side(struct wizard *w, const struct canvas *c, int page, int x)
{
	const char *state = wizard_page_state(w, page);

	x += canvas_printf(c, 2, x, -1, STYLE_TEXT, "%s ",
			   wizard_pages[page].title);
	if (!state)
		return x + canvas_text(c, 2, x, -1, STYLE_TEXT, "untested ");
	draw_badge(c, 2, x, state);
	return x + 6;
}

void
wizard_review_draw(struct wizard *w, const struct canvas *c)
{
	struct canvas list = canvas_part(c, 5, 1, c->height - 5, c->width - 2);
	int x, n;

	canvas_printf(c, 0, 1, c->width - 2, STYLE_TEXT, "File      %s",
		      w->conf->path);
	canvas_printf(c, 1, 1, c->width - 2, STYLE_TEXT, "Passwords %s",
		      is_sealed(w) ? "sealed with a passphrase"
				   : "in clear, file mode 0600");
	x = draw_side(w, c, PAGE_SOURCE, 1);
	draw_side(w, c, PAGE_DESTINATION, x + 1);
	canvas_text(c, 3, 1, c->width - 2, STYLE_STRONG,
		    conf_has_comments(w->conf)
			    ? "Enter saves; comments are lost, FILE~ has them."
		    : w->there ? "Enter saves it; FILE~ keeps the former, "
				 "but no password."
			       : "Enter saves it.");
	if (w->scroll < 0)
		w->scroll = 0;
	n = wizard_file_draw(w, &list, w->scroll);
	if (w->scroll > n - list.height) {
		w->scroll = n > list.height ? n - list.height : 0;
		canvas_clear(&list);
		wizard_file_draw(w, &list, w->scroll);
	}
	canvas_rule(c, 4, w->scroll + list.height < n
				  ? "the file as it will be: PgDn for more"
				  : "the file as it will be");
}
