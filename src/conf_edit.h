/* SPDX-License-Identifier: PostgreSQL */
/*
 * The file in somebody's editor: a copy, FILE.edit, that shows no password in
 * clear. One that is left as the copy shows it stays as it is.
 */
#ifndef PGREPUP_CONF_EDIT_H
#define PGREPUP_CONF_EDIT_H

#include <stdbool.h>

#include "err.h"

/* The path of the copy, made when there is none; NULL with err. The caller
 * frees it. */
char *conf_edit_begin(const char *path, struct err *err);
/* The copy, which can be loaded, becomes the file. */
bool conf_edit_take(const char *path, struct err *err);
/* Takes out of a copy, when there is one, what was typed into it. */
void conf_edit_clean(const char *path);

#endif
