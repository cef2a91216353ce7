/* SPDX-License-Identifier: PostgreSQL */
/* The table of operations that the runner can run. */
#include <string.h>

#include "mem.h"
#include "op.h"

/* Sorted by the order of the work. */
static const struct operation operations[] = {
	{.name = "check", .run = check_run},
	{.name = "fix", .guarded = true, .run = fix_run},
	{.name = "setup", .guarded = true, .run = setup_run},
	{.name = "start", .guarded = true, .run = start_run},
	{.name = "disable", .guarded = true, .run = disable_run},
	{.name = "stop", .guarded = true, .final = true, .run = stop_run},
	{.name = "uninstall",
	 .guarded = true,
	 .final = true,
	 .lone = true,
	 .run = uninstall_run},
};

const struct operation *
operation_find(const char *name)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(operations); i++)
		if (operations[i].run && strcmp(operations[i].name, name) == 0)
			return &operations[i];
	return NULL;
}
