/* SPDX-License-Identifier: PostgreSQL */
/* How each kind of record is shown as plain text: rows. */
#ifndef PGREPUP_PLAIN_RECORDS_H
#define PGREPUP_PLAIN_RECORDS_H

#include "plain.h"

struct plain_record_kind {
	const char *type;
	void (*show)(struct plain *plain, const struct record *record);
};

extern const struct plain_record_kind plain_record_kinds[];
extern const size_t plain_n_record_kinds;

#endif
