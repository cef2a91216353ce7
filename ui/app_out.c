/* SPDX-License-Identifier: PostgreSQL */
/* Text out of the dashboard, to the normal screen. */
#include <stdlib.h>
#include <string.h>

#include "app_internal.h"
#include "mem.h"

void
app_print(struct app *app, const char *text)
{
	struct strbuf clean = STRBUF_INIT;
	char *plain = mem_strdup(text), *tab;

	for (tab = plain; (tab = strchr(tab, '\t'));)
		*tab = ' ';
	strbuf_scrub_lines(&clean, plain);
	free(plain);
	strbuf_add(&clean, "\n(Enter goes back)");
	term_print(app->term, clean.text);
	strbuf_release(&clean);
	app->outside = true;
}
