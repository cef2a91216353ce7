/* SPDX-License-Identifier: PostgreSQL */
/*
 * The catalog of SQL statements: data/sql/NAME[.MIN-MAX].sql, embedded when
 * pgrepup is built. Code asks by name and server version and never compares
 * versions itself.
 */
#ifndef PGREPUP_SQLCAT_H
#define PGREPUP_SQLCAT_H

#include <stdbool.h>
#include <stddef.h>

struct sqlcat_entry {
	const char *name;
	int min; /* server_version_num, inclusive */
	int max;
	/* Its answer: always one row? and the columns, as rowset_is takes
	 * them; "" for none. */
	bool one_row;
	const char *columns;
	const char *text;
};

/* Made by data/sql2c.awk, sorted by name. */
extern const struct sqlcat_entry sqlcat_entries[];
extern const size_t sqlcat_n_entries;

/* The statement for a server of that version; NULL when there is none. */
const struct sqlcat_entry *sqlcat_get(const char *name, int server_version);
/* Its text alone. */
const char *sqlcat_find(const char *name, int server_version);

#endif
