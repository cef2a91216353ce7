/* SPDX-License-Identifier: PostgreSQL */
/*
 * Which types travel in binary: only those of a list, whose bytes mean the
 * same on every server. The binary form of oid and its kin is a number of the
 * other cluster: a wrong value without an error.
 */
#ifndef PGREPUP_COPY_TYPES_H
#define PGREPUP_COPY_TYPES_H

#include <stdbool.h>

#include "rowset.h"

struct copy_type {
	const char *schema;
	const char *name;
	char kind;     /* typtype, or 'a' for an array */
	bool embedded; /* its OID is part of the binary form */
};

/*
 * Does this type, apart from what it is made of, mean the same in binary on
 * another server?
 */
bool copy_type_is_portable(const struct copy_type *type);
/* The rows of statement copy_types: are they all? */
bool copy_types_are_portable(const struct rowset *types);

#endif
