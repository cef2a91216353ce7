/* SPDX-License-Identifier: PostgreSQL */
/* Which types travel in binary. */
#include "copy_types.h"

#include <string.h>

#include "mem.h"

/*
 * Base types of pg_catalog. Not here, so sent as text: oid, xid, cid, tid and
 * the reg* types (numbers of one cluster), money (its meaning is a setting's),
 * xml (declares an encoding), and whatever a new version may bring.
 */
static const char *const portable[] = {
    "bit",       "bool",        "box",     "bpchar",   "bytea",  "char",
    "cidr",      "circle",      "date",    "float4",   "float8", "inet",
    "int2",      "int4",        "int8",    "interval", "json",   "jsonb",
    "line",      "lseg",        "macaddr", "macaddr8", "name",   "numeric",
    "path",      "pg_lsn",      "point",   "polygon",  "text",   "time",
    "timestamp", "timestamptz", "timetz",  "tsvector", "uuid",   "varbit",
    "varchar",
};

static bool
is_listed(const char *name)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(portable); i++)
		if (strcmp(portable[i], name) == 0)
			return true;
	return false;
}

bool
copy_type_is_portable(const struct copy_type *type)
{
	bool built_in = strcmp(type->schema, "pg_catalog") == 0;

	switch (type->kind) {
	case 'b':
		return built_in && is_listed(type->name);
	case 'a': /* of what, is a row of its own */
	case 'r':
		return built_in || !type->embedded;
	case 'm': /* what it ranges over has no row */
		return built_in;
	case 'd':
	case 'c':
	case 'e': /* travels as its label */
		return !type->embedded;
	default:
		return false;
	}
}

bool
copy_types_are_portable(const struct rowset *types)
{
	struct copy_type type;
	size_t i;

	for (i = 0; i < types->n_rows; i++) {
		type = (struct copy_type){
			.schema = rowset_text(types, i, "schema"),
			.name = rowset_text(types, i, "name"),
			.kind = rowset_text(types, i, "kind")[0],
			.embedded = rowset_bool(types, i, "embedded"),
		};
		if (!copy_type_is_portable(&type))
			return false;
	}
	return true;
}
