/* SPDX-License-Identifier: PostgreSQL */
/*
 * One thing that an operation has to say: a JSON object. The only user of
 * jansson, for writing the journal, reading it, and --json.
 *
 * Kinds (member "type") and their members are listed in doc/journal.md.
 */
#ifndef PGREPUP_RECORD_H
#define PGREPUP_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct record;

/* A new object with "type"; NULL type: without one (for --json). */
struct record *record_new(const char *type);
/* NULL when the line is not one JSON object. */
struct record *record_parse(const char *line);
void record_free(struct record *r);
/* Text that is not valid UTF-8 is mended with U+FFFD; NULL becomes null. */
void record_text(struct record *r, const char *key, const char *value);
void record_int(struct record *r, const char *key, long long value);
/* What is no number (NaN, infinity) becomes null. */
void record_real(struct record *r, const char *key, double value);
void record_bool(struct record *r, const char *key, bool value);
void record_null(struct record *r, const char *key);
/* Appends a copy of item to the array of that key, made when it is missing. */
void record_append(struct record *r, const char *key,
		   const struct record *item);
/* A copy of value as a member. */
void record_object(struct record *r, const char *key,
		   const struct record *value);
/* Makes sure that the array is there, even when nothing is appended. */
void record_array(struct record *r, const char *key);
void record_append_text(struct record *r, const char *key, const char *item);
void record_append_int(struct record *r, const char *key, long long item);
/* The members of an error: kind, sqlstate, message, detail, hint, where. */
void record_err(struct record *r, const struct err *err);
/* Fills err from such members. */
void record_get_err(const struct record *r, struct err *err);

/* Borrowed text; NULL when missing, null or no text. */
const char *record_get(const struct record *r, const char *key);
long long record_get_int(const struct record *r, const char *key);
double record_get_real(const struct record *r, const char *key);
bool record_get_bool(const struct record *r, const char *key);
bool record_has(const struct record *r, const char *key); /* there, not null */
/* Seconds since 1970 of "time"; 0 when it has none (or r is NULL). */
double record_time(const struct record *r);
bool record_is(const struct record *r, const char *type);
/* Number of items of an array, and one of them, only to be read: it is no copy
 * but lives on by itself (caller frees). */
size_t record_count(const struct record *r, const char *key);
struct record *record_item(const struct record *r, const char *key, size_t i);
/* An item that is borrowed text (NULL: it is none), or a number. */
const char *record_item_text(const struct record *r, const char *key,
			     size_t i);
long long record_item_int(const struct record *r, const char *key, size_t i);
struct record *record_copy(const struct record *r);
/* The same once more: both are only to be read from then on. */
struct record *record_share(const struct record *r);
bool record_is_shared(const struct record *a, const struct record *b);
/* Takes a member from another, when it has it. */
void record_take(struct record *r, const char *key, struct record *from);
/* One for who keeps thousands: without "time" and "run", and without what is
 * null or false, which reads the same. */
struct record *record_lean(const struct record *r);
/* Removes a member. */
void record_drop(struct record *r, const char *key);

/* One line without the line feed; the caller frees it. */
char *record_line(const struct record *r);

#endif
