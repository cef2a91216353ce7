/* SPDX-License-Identifier: PostgreSQL */
/* Checks of minor releases: of servers, of pglogical, of client programs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advisory.h"
#include "check_rows.h"
#include "mechanism.h"
#include "mem.h"
#include "tools.h"

/* What there is of a kind; a version of 0: nothing. */
struct release {
	int version;
	char *name;    /* goes before the version; NULL: nothing does */
	char *package; /* that has it; NULL: not known */
};

/* The number of a version text, for comparing: 2.4.3 -> 20403. */
static int
version_number(const char *text)
{
	int a = 0, b = 0, c = 0;

	if (!text || sscanf(text, "%4d.%2d.%2d", &a, &b, &c) < 1)
		return 0;
	return a * 10000 + b * 100 + c;
}

/* That of the files: what the next CREATE EXTENSION would take, and what the
 * server has loaded since its last start, if nobody has changed them. */
static bool
read_pglogical(const struct check_at *at, struct release *found,
	       struct err *err)
{
	char *text = pg_ask_value(at->pg, "extension_available",
				  PG_BIND("pglogical"), err);

	found->version = version_number(text);
	found->name = mem_strdup("pglogical");
	free(text);
	return !err_is_set(err);
}

/* Which package has the program, by where it lies. */
static char *
package_of(const char *path, int version)
{
	static const struct {
		const char *folder, *package;
	} packages[] = {
		{"/usr/lib/postgresql/", "postgresql-client-"},
		{"/usr/pgsql-", "postgresql"},
	};
	size_t i;

	for (i = 0; i < LENGTH_OF(packages); i++)
		if (strstr(path, packages[i].folder))
			return mem_printf("%s%d", packages[i].package,
					  version / 10000);
	return NULL;
}

/* The programs of one folder have one release: pg_dump stands for them all.
 * That there is none is said by client_tools. */
static void
read_client(const struct check_at *at, struct release *found)
{
	struct err missing = ERR_INIT;

	found->name = tools_find(at->op->conf, "pg_dump",
				 at->op->destination.version / 10000,
				 &found->version, &missing);
	if (found->name)
		found->package = package_of(found->name, found->version);
	else
		found->version = 0;
	err_release(&missing);
}

static void
report(const struct check_at *at, const struct advisory *advisory,
       const struct release *found, const struct release_range *range)
{
	struct strbuf current = STRBUF_INIT, needed = STRBUF_INIT;

	if (found->name)
		strbuf_addf(&current, "%s ", found->name);
	advisory_release(advisory, found->version, &current);
	advisory_needed(advisory, found->version, range, &needed);
	if (found->package)
		strbuf_addf(&needed, ": package %s", found->package);
	check_report(at, &(struct finding){
				 .status = advisory->status,
				 .object = advisory->id,
				 .current = current.text,
				 .needed = needed.len ? needed.text : NULL,
				 .hint = advisory->means,
			 });
	strbuf_release(&current);
	strbuf_release(&needed);
}

static bool
concerns(const struct check_at *at, const struct advisory *advisory)
{
	const struct mechanism *mechanism = at->op->mechanism;
	int on = at->cluster->side == SIDE_SOURCE ? ON_SOURCE : ON_DESTINATION;

	return strcmp(advisory->check, at->check->id) == 0 &&
	       (advisory->sides & on) &&
	       (!advisory->standbys_only || at->cluster->in_recovery) &&
	       (!advisory->mechanism || !mechanism ||
		strcmp(advisory->mechanism, mechanism->name) == 0);
}

bool
check_advisories(const struct check_at *at, struct err *err)
{
	struct release found[] = {
		[ADVISORY_SERVER] = {.version = at->cluster->version},
		[ADVISORY_PGLOGICAL] = {.version = 0},
		[ADVISORY_CLIENT] = {.version = 0},
	};
	const struct advisory *advisory;
	const struct release_range *range;
	bool ok = read_pglogical(at, &found[ADVISORY_PGLOGICAL], err);
	size_t i;

	read_client(at, &found[ADVISORY_CLIENT]);
	for (i = 0; ok && i < n_advisories; i++) {
		advisory = &advisories[i];
		range = concerns(at, advisory)
				? advisory_find(advisory,
						found[advisory->of].version,
						at->cluster->version)
				: NULL;
		if (range)
			report(at, advisory, &found[advisory->of], range);
	}
	for (i = 0; i < LENGTH_OF(found); i++) {
		free(found[i].name);
		free(found[i].package);
	}
	return ok;
}
