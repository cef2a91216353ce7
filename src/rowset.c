/* SPDX-License-Identifier: PostgreSQL */
/* The rows of an answer, apart from the library that brought them. */
#include "rowset.h"

#include <stdlib.h>
#include <string.h>

#include "secret.h"

/* 64 petabytes: no server has more of anything, and some can be added up. */
#define NUMBER_MOST (1LL << 56)

static bool
has_values(const struct rowset *rows, size_t column)
{
	size_t i;

	for (i = 0; i < rows->n_rows; i++)
		if (!rows->values[i * rows->n_columns + column])
			return false;
	return true;
}

bool
rowset_is(const struct rowset *rows, const char *columns, struct err *err)
{
	const char *name = columns;
	size_t c, n;
	bool may_be_null;

	if (rows->n_rows == 0)
		return true;
	for (c = 0; *name; c++) {
		n = strcspn(name, ",?");
		may_be_null = name[n] == '?';
		if (c >= rows->n_columns || strlen(rows->columns[c]) != n ||
		    strncmp(rows->columns[c], name, n) != 0 ||
		    (!may_be_null && !has_values(rows, c))) {
			err_set(err, ERR_SERVER,
				"the server gave no value for \"%.*s\"",
				(int)n, name);
			return false;
		}
		name += n;
		name += strspn(name, "?, ");
	}
	if (c < rows->n_columns)
		err_set(err, ERR_SERVER, "the server gave a value too many");
	return c == rows->n_columns;
}

const char *
rowset_get(const struct rowset *rows, size_t row, const char *column)
{
	size_t i;

	if (row >= rows->n_rows)
		return NULL;
	for (i = 0; i < rows->n_columns; i++)
		if (strcmp(rows->columns[i], column) == 0)
			return rows->values[row * rows->n_columns + i];
	return NULL;
}

const char *
rowset_text(const struct rowset *rows, size_t row, const char *column)
{
	const char *value = rowset_get(rows, row, column);

	return value ? value : "";
}

long long
rowset_number(const char *value)
{
	long long n = value ? strtoll(value, NULL, 10) : 0;

	return n > NUMBER_MOST ? NUMBER_MOST
			       : n < -NUMBER_MOST ? -NUMBER_MOST : n;
}

long long
rowset_int(const struct rowset *rows, size_t row, const char *column)
{
	return rowset_number(rowset_get(rows, row, column));
}

bool
rowset_bool(const struct rowset *rows, size_t row, const char *column)
{
	const char *value = rowset_get(rows, row, column);

	return value && strcmp(value, "t") == 0;
}

void
rowset_release(struct rowset *rows)
{
	size_t i;

	for (i = 0; i < rows->n_columns; i++)
		free(rows->columns[i]);
	for (i = 0; i < rows->n_rows * rows->n_columns; i++)
		free(rows->values[i]);
	free(rows->columns);
	free(rows->values);
	*rows = (struct rowset)ROWSET_INIT;
}

void
rowset_wipe(struct rowset *rows, const char *column)
{
	size_t i, c;
	char *value;

	for (c = 0; c < rows->n_columns; c++) {
		if (strcmp(rows->columns[c], column) != 0)
			continue;
		for (i = 0; i < rows->n_rows; i++) {
			value = rows->values[i * rows->n_columns + c];
			if (value)
				secret_wipe(value, strlen(value));
		}
	}
}
