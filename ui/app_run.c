/* SPDX-License-Identifier: PostgreSQL */
/* Starting operations from the dashboard. */
#include <stdlib.h>

#include "app_internal.h"
#include "mem.h"
#include "runner.h"

static void
copy_list(struct text_list *to, const struct text_list *from)
{
	size_t i;

	for (i = 0; from && i < from->n; i++)
		text_list_add(to, from->items[i]);
}

static void
start(struct app *app, const char *command, const struct text_list *targets,
      const struct op_options *options)
{
	struct runner_request request = {
		.command = command,
		.config = app->conf ? app->conf->path : NULL,
		.options = *options,
	};
	struct err err = ERR_INIT;

	if (!app->model) {
		app_say(app, "There is no configuration yet.");
		return;
	}
	if (model_runner(app->model) > 0) {
		app_say(app, "\"%s\" runs: one operation at a time.",
			model_command(app->model)
				? model_command(app->model)
				: "An operation");
		return;
	}
	copy_list(&request.options.targets, targets);
	if (runner_start(app->conf, &request, &app->model->runner, &err))
		app_say(app, "Started: %s", command);
	else
		app_say(app, "%s", err.message);
	text_list_release(&request.options.targets);
	free(request.run);
	err_release(&err);
}

void
app_run(struct app *app, const char *command, const struct text_list *targets)
{
	start(app, command, targets, &(struct op_options){.yes = true});
}

void
app_plan_fix(struct app *app, const struct text_list *targets)
{
	start(app, "fix", targets, &(struct op_options){.dry_run = true});
}
