/* SPDX-License-Identifier: PostgreSQL */
/* Errors as values: set once where the fact is known, shown once in a face. */
#include "err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

static const struct {
	const char *name;
	int exit_status;
} kinds[] = {
	[ERR_NONE] = {"none", 0},
	[ERR_NEGATIVE] = {"negative", 1},
	[ERR_USAGE] = {"usage", 2},
	[ERR_CONFIG] = {"config", 3},
	[ERR_CONNECT] = {"connect", 4},
	[ERR_SERVER] = {"server", 5},
	[ERR_STATE] = {"state", 6},
	[ERR_STOPPED] = {"stopped", 7},
	[ERR_SYSTEM] = {"system", 5},
};

static void
text_replace(char **text, const char *fmt, va_list ap)
{
	char *new = mem_vprintf(fmt, ap);

	free(*text);
	*text = new;
}

void
err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	if (err->kind != ERR_NONE)
		return;
	err->kind = kind;
	va_start(ap, fmt);
	text_replace(&err->message, fmt, ap);
	va_end(ap);
}

void
err_detail(struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_replace(&err->detail, fmt, ap);
	va_end(ap);
}

void
err_hint(struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_replace(&err->hint, fmt, ap);
	va_end(ap);
}

void
err_sqlstate(struct err *err, const char *sqlstate)
{
	snprintf(err->sqlstate, sizeof(err->sqlstate), "%s",
		 sqlstate ? sqlstate : "");
}

void
err_at(struct err *err, const char *fmt, ...)
{
	va_list ap;

	if (err->where)
		return;
	va_start(ap, fmt);
	text_replace(&err->where, fmt, ap);
	va_end(ap);
}

bool
err_is_set(const struct err *err)
{
	return err->kind != ERR_NONE;
}

bool
err_is(const struct err *err, const char *sqlstate)
{
	return err->kind != ERR_NONE && strcmp(err->sqlstate, sqlstate) == 0;
}

void
err_release(struct err *err)
{
	free(err->message);
	free(err->detail);
	free(err->hint);
	free(err->where);
	*err = (struct err)ERR_INIT;
}

void
err_move(struct err *to, struct err *from)
{
	if (to->kind == ERR_NONE) {
		err_release(to);
		*to = *from;
		*from = (struct err)ERR_INIT;
	} else {
		err_release(from);
	}
}

int
err_exit_status(enum err_kind kind)
{
	return kinds[kind].exit_status;
}

const char *
err_kind_name(enum err_kind kind)
{
	return kinds[kind].name;
}

enum err_kind
err_kind_from_name(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return (enum err_kind)i;
	return ERR_SYSTEM;
}
