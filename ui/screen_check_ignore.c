/* SPDX-License-Identifier: PostgreSQL */
/* Ignoring a finding with a reason, and no longer: the same key. */
#include <stdlib.h>
#include <string.h>

#include "ignore.h"
#include "mem.h"
#include "screen_check.h"

/* What is shown follows at once: the servers need not be asked for it. */
static void
apply(struct app *app)
{
	struct record_list *found = &app->model->checks;
	struct err err = ERR_INIT;
	struct ignore_list list;
	size_t i;

	if (ignore_load(&list, app->model->dir, &err))
		for (i = 0; i < found->n; i++)
			ignore_apply(&list, found->items[i]);
	else
		app_say_err(app, &err);
	ignore_release(&list);
	err_release(&err);
	app->model->checks_version++;
}

static void
ignore(struct app *app, void *arg, const char *reason)
{
	struct err err = ERR_INIT;

	if (ignore_add(app->model->dir, arg, reason, &err))
		apply(app);
	else
		app_say(app, "%s: %s", err.message,
			err.detail ? err.detail : "");
	err_release(&err);
}

static void
take_back(struct app *app, const char *ignored_by)
{
	/* The finding that has it loses it by this. */
	char *word = mem_strdup(ignored_by);
	struct err err = ERR_INIT;

	if (ignore_remove(app->model->dir, word, &err)) {
		apply(app);
		app_say(app, "No longer ignored: %s", word);
	} else {
		app_say_err(app, &err);
	}
	err_release(&err);
	free(word);
}

void
check_ignore(struct app *app, struct checklist *s)
{
	const struct record *check = check_under_cursor(s);
	const char *status = check ? record_get(check, "status") : "";
	const char *why = NULL;

	if (strcmp(status, "ignored") == 0) {
		take_back(app, record_get(check, "ignored_by"));
		return;
	}
	if (strcmp(status, "ko") == 0 || strcmp(status, "warn") == 0)
		why = ignore_refusal(check_find(record_get(check, "id")),
				     status);
	else
		why = "there is nothing to ignore here";
	if (why)
		app_say(app, "This cannot be ignored: %s.", why);
	else
		overlay_enter(app, "Ignore",
			      "Why is it ignored? It is counted as IGN from "
			      "then on, and reports tell the reason. i takes "
			      "it back.",
			      ignore, mem_strdup(record_get(check, "target")));
}
