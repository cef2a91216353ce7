/* SPDX-License-Identifier: PostgreSQL */
/*
 * Text that grows, and the one place where names and values are quoted.
 *
 *	struct strbuf sql = STRBUF_INIT;
 *	strbuf_add(&sql, "ALTER TABLE ");
 *	strbuf_ident2(&sql, schema, table);
 *	...
 *	strbuf_release(&sql);
 *
 * libconfig exports functions of these names as well; hidden visibility (see
 * Makefile.am) keeps it from calling ours.
 */
#ifndef PGREPUP_STRBUF_H
#define PGREPUP_STRBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strbuf {
	char *text; /* always ends in NUL; never NULL */
	size_t len;
	size_t alloc;
};

extern char strbuf_empty[];
#define STRBUF_INIT                                                            \
	{                                                                      \
		.text = strbuf_empty                                           \
	}

void strbuf_add(struct strbuf *sb, const char *text);
void strbuf_addn(struct strbuf *sb, const char *text, size_t n);
void strbuf_addc(struct strbuf *sb, char c);
void strbuf_addf(struct strbuf *sb, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* An SQL identifier, always in double quotes. */
void strbuf_ident(struct strbuf *sb, const char *name);
/* schema.name, both quoted. */
void strbuf_ident2(struct strbuf *sb, const char *schema, const char *name);
/*
 * An SQL literal: in the E'' form when it has a backslash, so that it means
 * the same whatever standard_conforming_strings says. For statements that take
 * no parameters (DDL); everything else binds.
 */
void strbuf_literal(struct strbuf *sb, const char *value);
/* One keyword='value' pair of a connection string, quoted for libpq. */
void strbuf_conninfo(struct strbuf *sb, const char *keyword, const char *value);
/*
 * An item of an array literal ('{"a","b"}') for a bound text[] parameter;
 * strbuf_array_end closes it, and makes "{}" of nothing.
 */
void strbuf_array(struct strbuf *sb, const char *item);
void strbuf_array_end(struct strbuf *sb);
/*
 * A word for a shell, in quotes where it needs them; in those of $'a\012b'
 * (bash, ksh, zsh) where a terminal would not show it.
 */
void strbuf_shell(struct strbuf *sb, const char *word);
/* Adds sep when sb is not empty: for lists. */
void strbuf_sep(struct strbuf *sb, const char *sep);
/* Bytes in the form of pg_size_pretty ("12 kB"). */
void strbuf_bytes(struct strbuf *sb, long long bytes);
/* The bytes of the next character, at least 1, and what it is: 0 when it may
 * not be shown (see strbuf_scrub). */
size_t strbuf_char(const char *text, uint32_t *code);
/* Is there nothing in it that may not be shown? */
bool strbuf_is_shown(const char *text);
/*
 * The text as it may be shown on a terminal line: control characters, C1, DEL,
 * bidi controls, joiners of signs and invalid UTF-8 become '?'. Newlines too.
 */
void strbuf_scrub(struct strbuf *sb, const char *text);
/* The same of every line; the newlines stay. */
void strbuf_scrub_lines(struct strbuf *sb, const char *text);
void strbuf_reset(struct strbuf *sb);
void strbuf_release(struct strbuf *sb);
/* Gives the text to the caller (free it) and empties sb. */
char *strbuf_detach(struct strbuf *sb);

#endif
