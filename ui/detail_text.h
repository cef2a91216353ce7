/* SPDX-License-Identifier: PostgreSQL */
/* The detail of one database as lines of text, for every face. */
#ifndef PGREPUP_DETAIL_TEXT_H
#define PGREPUP_DETAIL_TEXT_H

#include "record.h"
#include "strbuf.h"

/* The tables that cannot take their changes, a line each; of a row that is
 * down, else nothing. */
void detail_text_drift(struct strbuf *text, const struct record *row);
/* How much WAL the source keeps for one that is down, and until when. */
void detail_text_kept(struct strbuf *text, const struct record *row);
/* What the sample says of it. */
void detail_text_row(struct strbuf *text, const struct record *row);
/* Slot, workers, sides that do not answer. detail (src/detail.h): may be
 * NULL. */
void detail_text_servers(struct strbuf *text, const struct record *detail);
/* The last messages, the newest first. */
void detail_text_messages(struct strbuf *text, const struct record *detail);
/* "schema.table", scrubbed; the caller frees it. */
char *detail_text_table(const struct record *table);

#endif
