/* SPDX-License-Identifier: PostgreSQL */
/* Lines HOST:PORT:DATABASE:USER:PASSWORD; "*" is any, a backslash quotes. */
#include "pgpass.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mem.h"

static char *
path_of(const struct endpoint *ep)
{
	const char *given = endpoint_get(ep, "passfile");
	const char *variable = getenv("PGPASSFILE");
	const char *home = getenv("HOME");

	if (given)
		return mem_strdup(given);
	if (variable && *variable)
		return mem_strdup(variable);
	return mem_printf("%s/.pgpass", home ? home : "");
}

/* The name under which libpq looks: that of the default socket folder is
 * "localhost". */
static const char *
host_of(const struct endpoint *ep)
{
	const char *host = endpoint_get(ep, "host");

	if (!host)
		host = endpoint_get(ep, "hostaddr");
	if (!host || !*host || strcmp(host, "/tmp") == 0 ||
	    strcmp(host, "/var/run/postgresql") == 0)
		return "localhost";
	return host;
}

/* Takes one field of a line; NULL when it does not fit, else the rest. */
static const char *
match_field(const char *line, const char *value)
{
	if (line[0] == '*' && line[1] == ':')
		return line + 2;
	for (; *line && *line != ':'; line++, value++) {
		if (*line == '\\' && line[1])
			line++;
		if (*line != *value)
			return NULL;
	}
	return *line == ':' && *value == '\0' ? line + 1 : NULL;
}

static bool
match_line(const char *line, const struct endpoint *ep)
{
	const char *port = endpoint_get(ep, "port");
	const char *user = endpoint_get(ep, "user");
	const char *values[] = {host_of(ep), port ? port : "5432",
				endpoint_dbname(ep), user ? user : ""};
	size_t i;

	if (*line == '#')
		return false;
	for (i = 0; line && i < LENGTH_OF(values); i++)
		line = match_field(line, values[i]);
	return line != NULL;
}

static bool
find_line(const char *path, const struct endpoint *ep)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	if (!file)
		return false;
	while (!found && getline(&line, &size, file) > 0)
		found = match_line(line, ep);
	if (line)
		secret_wipe(line, size);
	free(line);
	fclose(file);
	return found;
}

void
pgpass_look(const struct endpoint *ep, struct pgpass *pgpass)
{
	struct stat st;

	*pgpass = (struct pgpass){.path = path_of(ep)};
	pgpass->there = stat(pgpass->path, &st) == 0 && S_ISREG(st.st_mode);
	if (!pgpass->there)
		return;
	pgpass->ignored = (st.st_mode & (S_IRWXG | S_IRWXO)) != 0;
	pgpass->found = find_line(pgpass->path, ep);
}

void
pgpass_release(struct pgpass *pgpass)
{
	free(pgpass->path);
	*pgpass = (struct pgpass){0};
}
