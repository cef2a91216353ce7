/* SPDX-License-Identifier: PostgreSQL */
/* The table of settings: their types, bounds, defaults and descriptions. */
#ifndef PGREPUP_CONF_KEYS_H
#define PGREPUP_CONF_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "endpoint.h"

enum conf_type {
	CONF_TEXT,
	CONF_NAME,   /* also the name of a folder */
	CONF_ROLE,   /* name of a role */
	CONF_HOST,   /* one host: no list of them */
	CONF_PATH,   /* absolute */
	CONF_CHOICE, /* one of choices */
	CONF_PORT,   /* 1 to 65535, kept as text */
	CONF_INT,    /* min to max */
	CONF_BYTES,  /* with a unit of PostgreSQL: "1GB" */
	CONF_BOOL,
	CONF_LIST,
	CONF_ANY, /* any other keyword of libpq */
	CONF_SECRET,
	CONF_INTERNAL, /* kept in the file, not for people */
};

struct conf_key {
	const char *name;    /* "source.port" */
	const char *keyword; /* of libpq; NULL when it is none */
	enum conf_type type;
	enum side side; /* whose keyword it is */
	long long min;
	long long max;
	const char *const *choices; /* NULL-terminated */
	const char *deflt;          /* as text; NULL: none */
	const char *doc;            /* one sentence */
	size_t offset;              /* in struct conf, when it is no keyword */
	bool leads;		    /* decides where passwords are sent, as each
				       keyword does */
};

extern const struct conf_key conf_key_rows[];
extern const size_t conf_n_key_rows;

/*
 * The row of that name; for another keyword of libpq ("source.options") *made
 * is filled and returned. NULL when there is no such setting.
 */
const struct conf_key *conf_key_find(const char *name, struct conf_key *made);
/* Does any setting begin with "name."? */
bool conf_key_is_group(const char *name);
/* Why a keyword of libpq cannot be a setting here; NULL when it can. */
const char *conf_keyword_refusal(const char *keyword);

#endif
