/* SPDX-License-Identifier: PostgreSQL */
/*
 * What a statement of pg_dump's is about, told by its own words: pg_dump writes
 * keywords in capitals, and puts every name in quotes that is not all small.
 * So no name can be taken for a keyword, whatever its owner called it.
 *
 *	CREATE UNIQUE INDEX "I; Type: TABLE" ON s.t USING btree (a);
 *	verb "CREATE", class "INDEX", schema "s", name "I; Type: TABLE"
 */
#ifndef PGREPUP_STATEMENT_H
#define PGREPUP_STATEMENT_H

#include <stdbool.h>

/* No member is NULL; "" is none. */
struct statement {
	char *verb;   /* "CREATE", "ALTER", "COMMENT", "GRANT" ... */
	char *class;  /* "TABLE", "EVENT TRIGGER" ..., without ONLY, UNIQUE */
	char *schema; /* of the object, or of the table that it is on */
	char *name;
	char *does; /* keywords after the names: "ADD CONSTRAINT FOREIGN KEY" */
};

/* Of the statement that lies between text and end. */
void statement_read(const char *text, const char *end, struct statement *s);
void statement_release(struct statement *s);
/*
 * Reads "schema.name", each quoted or not, at the beginning of text; what
 * stands there without a point is the name.
 */
void statement_names(const char *text, char **schema, char **name);

#endif
