/* SPDX-License-Identifier: PostgreSQL */
/* The rows of an answer, apart from the library that brought them. */
#ifndef PGREPUP_ROWSET_H
#define PGREPUP_ROWSET_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct rowset {
	size_t n_rows;
	size_t n_columns;
	char **columns; /* names */
	char **values;	/* n_rows * n_columns, NULL for SQL null */
};

#define ROWSET_INIT                                                            \
	{                                                                      \
		.n_rows = 0                                                    \
	}

/*
 * Have its rows these columns, "name, owner?, size", in that order, and a value
 * in each but those with "?", which may be null? Else ERR_SERVER: no server
 * answers that.
 */
bool rowset_is(const struct rowset *rows, const char *columns,
	       struct err *err);
/*
 * The value in a row of the column of that name; borrowed. NULL for SQL null
 * and where there is no such row or column: for a null that means something,
 * else rowset_text.
 */
const char *rowset_get(const struct rowset *rows, size_t row,
		       const char *column);
/* The same where a text is needed: "" for what is null or missing. */
const char *rowset_text(const struct rowset *rows, size_t row,
			const char *column);
/*
 * A value as a number, 0 for null. Whatever a server answers, it is one that
 * a few can be added up of.
 */
long long rowset_number(const char *value);
/* The same of a column. */
long long rowset_int(const struct rowset *rows, size_t row, const char *column);
/* True for the boolean "t". */
bool rowset_bool(const struct rowset *rows, size_t row, const char *column);
void rowset_release(struct rowset *rows);
/* Zeros what a column has, before it is given back: verifiers of passwords. */
void rowset_wipe(struct rowset *rows, const char *column);

#endif
