/* SPDX-License-Identifier: PostgreSQL */
/* The client programs of PostgreSQL: which ones, and how they are run. */
#include "tools.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "advisory.h"
#include "child.h"
#include "environment.h"
#include "mem.h"
#include "tools_tmp.h"
#include "tools_version.h"

const char *const tools_programs[] = {"pg_dump", "pg_dumpall", "pg_restore",
				      "psql", NULL};

/* Where packages put them, besides PATH. */
static const char *const usual_places[] = {
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/usr/local/pgsql/bin",
	"/usr/local/bin",
};

/* Of the connection, never in argv, which every user can read. */
static const char *const secret_keywords[] = {
	"sslpassword",
	"oauth_client_secret",
};

/* The one that fits best so far. */
struct choice {
	const char *program;
	int major;	/* at least */
	char *path;	/* NULL: none */
	int version;
	struct strbuf seen; /* what was found and does not do */
};

/*
 * The nearest major is the best: what a newer pg_dump writes is not made for
 * an older server. Of one major, the newest minor.
 */
static bool
is_better(const struct choice *choice, int version)
{
	if (!choice->path)
		return true;
	if (version / 10000 != choice->version / 10000)
		return version < choice->version;
	return version > choice->version;
}

static void
say_seen(struct choice *choice, const char *path, int version,
	 const struct err *err)
{
	const struct advisory *refuses = advisory_refuses_client(version);

	strbuf_sep(&choice->seen, ", ");
	if (refuses) {
		strbuf_addf(&choice->seen, "%s is version ", path);
		advisory_release(refuses, version, &choice->seen);
		strbuf_addf(&choice->seen, ", too old: %s", refuses->source);
	} else if (version > 0) {
		strbuf_addf(&choice->seen, "%s is version %d", path,
			    version / 10000);
	} else {
		strbuf_addf(&choice->seen, "%s cannot be run: %s", path,
			    err_is_set(err) ? err->message
					    : "it tells no version");
	}
}

/* Passwords are given to it: who could have put it there gets them. */
static bool
is_trusted(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		err_set(err, ERR_SYSTEM, "%s", strerror(errno));
	else if (st.st_uid != 0 && st.st_uid != geteuid())
		err_set(err, ERR_CONFIG, "%s is another user's (uid %ld)", path,
			(long)st.st_uid);
	else if (st.st_mode & S_IWOTH || (st.st_mode & S_IWGRP && st.st_gid))
		err_set(err, ERR_CONFIG, "others may write %s (mode %04o)",
			path, (unsigned)st.st_mode & 07777);
	return !err_is_set(err);
}

static void
consider(struct choice *choice, const char *dir)
{
	char *path = mem_printf("%s/%s", dir, choice->program);
	struct err failed = ERR_INIT;
	int version = 0;
	bool fits;

	if (access(path, X_OK) != 0) {
		free(path);
		return;
	}
	if (is_trusted(dir, &failed) && is_trusted(path, &failed))
		version = tools_version(path, &failed);
	fits = version > 0 && version / 10000 >= choice->major &&
	       !advisory_refuses_client(version);
	if (!fits)
		say_seen(choice, path, version, &failed);
	if (fits && is_better(choice, version)) {
		free(choice->path);
		choice->path = path;
		choice->version = version;
	} else {
		free(path);
	}
	err_release(&failed);
}

static void
consider_path(struct choice *choice)
{
	char *dirs = mem_strdup(getenv("PATH")), *rest = NULL, *dir;

	for (dir = dirs ? strtok_r(dirs, ":", &rest) : NULL; dir;
	     dir = strtok_r(NULL, ":", &rest))
		if (dir[0] == '/')
			consider(choice, dir);
	free(dirs);
}

static void
consider_usual(struct choice *choice)
{
	glob_t found;
	size_t i, j;

	for (i = 0; i < LENGTH_OF(usual_places); i++) {
		if (glob(usual_places[i], 0, NULL, &found) != 0)
			continue;
		for (j = 0; j < found.gl_pathc; j++)
			consider(choice, found.gl_pathv[j]);
		globfree(&found);
	}
}

char *
tools_find(const struct conf *conf, const char *program, int major,
	   int *version, struct err *err)
{
	struct choice choice = {
		.program = program,
		.major = major,
		.seen = STRBUF_INIT,
	};

	if (conf->bin_dir) {
		consider(&choice, conf->bin_dir);
	} else {
		consider_path(&choice);
		consider_usual(&choice);
	}
	if (!choice.path) {
		err_set(err, ERR_CONFIG,
			"no %s of version %d or later was found", program,
			major);
		err_detail(err, "Looked in %s%s%s.",
			   conf->bin_dir ? conf->bin_dir
					 : "PATH and the usual places",
			   choice.seen.len ? ": " : "", choice.seen.text);
		err_hint(err, "Install the client programs of PostgreSQL %d, "
			      "or set bin_dir to their folder.",
			 major);
	}
	if (version)
		*version = choice.version;
	strbuf_release(&choice.seen);
	return choice.path;
}

static bool
is_secret(const char *keyword)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(secret_keywords); i++)
		if (strcmp(secret_keywords[i], keyword) == 0)
			return true;
	return false;
}

/* Settings of the database that would change what a dump looks like, whose
 * functions it calls, or as whom. */
static void
add_options(struct strbuf *conninfo, const struct endpoint *ep)
{
	struct strbuf options = STRBUF_INIT;
	const char *own = endpoint_get(ep, "options");

	if (own)
		strbuf_addf(&options, "%s ", own);
	strbuf_add(&options, "-c search_path= -c role=none "
			     "-c quote_all_identifiers=off "
			     "-c standard_conforming_strings=on "
			     "-c statement_timeout=0 -c lock_timeout=0");
	strbuf_conninfo(conninfo, "options", options.text);
	strbuf_release(&options);
}

/* "--dbname=host='...' ...", without any password. The caller frees it. */
static char *
conninfo_argument(const struct endpoint *ep, const char *database, int version)
{
	const char *auth = endpoint_require_auth(ep);
	struct strbuf text = STRBUF_INIT;
	char *argument;
	size_t i;

	for (i = 0; i < ep->n; i++)
		if (!is_secret(ep->keywords[i]) &&
		    strcmp(ep->keywords[i], "dbname") != 0 &&
		    strcmp(ep->keywords[i], "options") != 0)
			strbuf_conninfo(&text, ep->keywords[i], ep->values[i]);
	if (!endpoint_get(ep, "service") && !endpoint_get(ep, "host") &&
	    !endpoint_get(ep, "hostaddr"))
		strbuf_conninfo(&text, "host", "localhost");
	strbuf_conninfo(&text, "dbname",
			database ? database : endpoint_dbname(ep));
	strbuf_conninfo(&text, "application_name", "pgrepup");
	if (auth && version >= REQUIRE_AUTH_VERSION)
		strbuf_conninfo(&text, "require_auth", auth);
	add_options(&text, ep);
	argument = mem_printf("--dbname=%s", text.text);
	strbuf_release(&text);
	return argument;
}

/* program, connection if there is one, --no-password, the arguments. */
static const char **
arguments(const char *program, const char *conninfo, const char *const *args)
{
	const char **argv;
	size_t n = 0, i = 0;

	while (args[n])
		n++;
	argv = MEM_ARRAY(const char *, n + 4);
	argv[i++] = program;
	if (conninfo) {
		argv[i++] = conninfo;
		argv[i++] = "--no-password";
	}
	memcpy(argv + i, args, n * sizeof(*argv));
	return argv;
}

/* Those that our own sessions have, and the file of the password. A
 * NULL-terminated list; free with variables_free. */
static char **
variables(const char *passfile)
{
	size_t i, n = 0;
	char **env;

	while (environ[n])
		n++;
	env = MEM_ARRAY(char *, n + 2);
	for (i = n = 0; environ[i]; i++)
		if (environment_is_kept(environ[i]) &&
		    !(passfile && strncmp(environ[i], "PGPASSFILE=", 11) == 0))
			env[n++] = mem_strdup(environ[i]);
	if (passfile)
		env[n++] = mem_printf("PGPASSFILE=%s", passfile);
	return env;
}

static void
variables_free(char **env)
{
	size_t i;

	for (i = 0; env[i]; i++)
		free(env[i]);
	free(env);
}

static bool
run_with(struct op *op, const char **argv, const char *passfile,
	 const char *output_path, struct strbuf *out, struct strbuf *messages,
	 struct err *err)
{
	char **env = variables(passfile);
	const struct child child = {
		.argv = argv,
		.env = (const char *const *)env,
		.output_path = output_path,
		.interrupt = op->interrupt,
	};
	bool ok = child_run(&child, out, messages, err);

	variables_free(env);
	return ok;
}

static const struct endpoint *
endpoint_of(const struct op *op, enum side side)
{
	if (side == SIDE_NONE)
		return NULL;
	return side == SIDE_SOURCE ? &op->conf->source
				   : &op->conf->destination;
}

bool
tools_run(struct op *op, const char *program, enum side side,
	  const char *database, const char *const *args,
	  const char *output_path, struct strbuf *out, struct strbuf *messages,
	  struct err *err)
{
	const struct endpoint *ep = endpoint_of(op, side);
	char *path, *passfile = NULL, *conninfo = NULL;
	struct tools_tmp tmp = {.path = NULL};
	const char **argv = NULL;
	int version;
	bool ok;

	path = tools_find(op->conf, program, op->destination.version / 10000,
			  &version, err);
	ok = path != NULL;
	if (ok && ep && ep->password)
		ok = tools_tmp_new(op, &tmp, err) &&
		     (passfile = tools_passfile(tmp.path, ep, err));
	if (ok) {
		conninfo = ep ? conninfo_argument(ep, database, version)
			      : NULL;
		argv = arguments(path, conninfo, args);
		ok = run_with(op, argv, passfile, output_path, out, messages,
			      err);
	}
	if (!ok && ep)
		err_at(err, "%s, %s", program, side_name(side));
	tools_tmp_release(&tmp);
	free(argv);
	free(conninfo);
	free(passfile);
	free(path);
	return ok;
}
