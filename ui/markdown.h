/* SPDX-License-Identifier: PostgreSQL */
/*
 * Parts of a Markdown document out of text that may hold anything: names of
 * tables and words of servers come out as they are, whatever they contain, and
 * never as markup, links or HTML.
 */
#ifndef PGREPUP_MARKDOWN_H
#define PGREPUP_MARKDOWN_H

#include "strbuf.h"

/* A sentence, escaped; line feeds become blanks. Good in a table's cell. */
void md_text(struct strbuf *sb, const char *text);
/* A name or value as a code span; good in a table's cell. NULL, "": nothing. */
void md_code(struct strbuf *sb, const char *text);
/* A fenced block, each line after indent blanks. */
void md_block(struct strbuf *sb, const char *language, const char *text,
	      int indent);
/* The head of a table: titles with "|" between. */
void md_head(struct strbuf *sb, const char *titles);
/* "1.9 s", "2 min 05 s", "1 h 02 min". */
void md_seconds(struct strbuf *sb, double seconds);

#endif
