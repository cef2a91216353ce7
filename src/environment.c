/* SPDX-License-Identifier: PostgreSQL */
/* Which variables of PostgreSQL's reach a connection. */
#include "environment.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"

#define OFFERED "PGREPUP_"

/* What a name begins with. What libpq learns in days to come is dropped, but
 * for a word that asks for protection. */
static const struct {
	const char *prefix;
	bool kept;
	bool offered; /* kept under another name, for a person to see */
} rows[] = {
	{"PGPASSFILE", true, false},
	{"PGSERVICEFILE", true, false},
	{"PGSYSCONFDIR", true, false},
	{"PGSSL", true, false}, /* PGSSLMODE, PGSSLROOTCERT ... */
	{"PGREQUIRE", true, false}, /* PGREQUIREAUTH, PGREQUIREPEER ... */
	{"PGCHANNELBINDING", true, false},
	{"PGGSS", true, false}, /* PGGSSENCMODE, PGGSSDELEGATION ... */
	{"PGKRBSRVNAME", true, false},
	{"PGHOST=", false, true},
	{"PGPORT=", false, true},
	{"PGUSER=", false, true},
	{"PGDATABASE=", false, true},
	{"PG", false, false}, /* PGHOSTADDR, PGSERVICE, PGOPTIONS ... */
};

/* No variables of PostgreSQL's, though they begin like them. */
static const char *const others[] = {"PGREPUP", "PG_"};

static bool
begins(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* The row of a variable; LENGTH_OF(rows): it is none of PostgreSQL's. */
static size_t
find(const char *text)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(others); i++)
		if (begins(text, others[i]))
			return LENGTH_OF(rows);
	for (i = 0; i < LENGTH_OF(rows); i++)
		if (begins(text, rows[i].prefix))
			break;
	return i;
}

bool
environment_is_kept(const char *text)
{
	size_t i = find(text);

	return i < LENGTH_OF(rows) && rows[i].kept;
}

/* False when it cannot be taken out. */
static bool
take_out(const char *text, bool offered)
{
	size_t n = strcspn(text, "=");
	char *name = mem_strndup(text, n), *other = NULL;
	bool ok = true;

	if (offered) {
		other = mem_printf(OFFERED "%s", name);
		ok = setenv(other, text + n + 1, 1) == 0;
	}
	ok = unsetenv(name) == 0 && ok;
	free(name);
	free(other);
	return ok;
}

void
environment_clean(void)
{
	size_t i = 0, row;

	while (environ && environ[i]) {
		row = find(environ[i]);
		if (row == LENGTH_OF(rows) || rows[row].kept ||
		    !take_out(environ[i], rows[row].offered))
			i++;
		else
			i = 0;
	}
}

const char *
environment_was(const char *name)
{
	char *other = mem_printf(OFFERED "%s", name);
	const char *value = getenv(other);

	free(other);
	return value;
}
