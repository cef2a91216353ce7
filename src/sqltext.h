/* SPDX-License-Identifier: PostgreSQL */
/*
 * Walking over SQL text that pg_dump wrote, aware of what is quoted: '...',
 * E'...', "...", $tag$...$tag$, comments to the end of a line, and nested
 * block comments. Strings are those of standard_conforming_strings = on.
 */
#ifndef PGREPUP_SQLTEXT_H
#define PGREPUP_SQLTEXT_H

#include <stdbool.h>

/*
 * p is outside of quotes: the place after the quoted thing or comment that
 * begins at p, else after the one character there. text is where the whole
 * text begins. An unfinished thing ends at the end of the text.
 */
const char *sqltext_skip(const char *text, const char *p);
/* Is a comment at p? */
bool sqltext_is_comment(const char *p);
/* p without spaces, line feeds and comments before the next word. */
const char *sqltext_next_word(const char *text, const char *p);
/* The place after the next semicolon outside of quotes, or the end. */
const char *sqltext_statement_end(const char *text, const char *p);

#endif
