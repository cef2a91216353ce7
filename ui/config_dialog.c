/* SPDX-License-Identifier: PostgreSQL */
/*
 * `pgrepup config` on a terminal: questions one by one, what is set as the
 * answer of Enter, a test of the connection after each side. Nothing is
 * written before the last question.
 */
#include "config_dialog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "config_test.h"
#include "mem.h"
#include "plain.h"
#include "unlock.h"

struct question {
	const char *key;    /* of a side: without its name */
	const char *text;
	const char *preset; /* when nothing is set */
};

static const struct question side_questions[] = {
	{"host", "Host (or postgresql://...)", "localhost"},
	{"port", "Port", "5432"},
	{"dbname", "Database to connect to first", "postgres"},
	{"user", "User, best a superuser", "postgres"},
	{"password", "Password", NULL},
	{"sslmode", "SSL mode", "prefer"},
};

static const struct question other_questions[] = {
	{"databases.include",
	 "Databases to upgrade, separated by commas (none: all)", NULL},
	{"databases.exclude", "Databases to leave out", NULL},
	{"tmp_dir", "Folder for temporary dumps", NULL},
	{"jobs", "Copies and index builds at the same time", NULL},
};

/* "-" at a question with a preset empties it. */
#define EMPTY "-"

static void
complain(struct err *err)
{
	plain_error(stderr, err);
	err_release(err);
}

static bool
is_config_error(const struct err *err)
{
	return err->kind == ERR_CONFIG || err->kind == ERR_USAGE;
}

/* Asks for a value until it is taken. */
static bool
ask_value(struct conf *conf, const char *key, const char *text,
	  const char *preset, struct err *err)
{
	char *now, *answer;
	bool ok;

	for (;;) {
		now = conf_get(conf, key);
		answer = ask_line(text, now ? now : preset, err);
		if (!answer) {
			free(now);
			return false;
		}
		/* Enter keeps what is there, default or not. */
		ok = (now && strcmp(answer, now) == 0) ||
		     conf_set(conf, key,
			      strcmp(answer, EMPTY) == 0 ? "" : answer, err);
		free(answer);
		free(now);
		if (ok || !is_config_error(err))
			return ok;
		complain(err);
	}
}

static bool
ask_password(struct conf *conf, const char *key, struct err *err)
{
	char *now = conf_get(conf, key);
	struct secret *answer =
		ask_secret(now ? "Password (Enter: keep it, -: none)"
			       : "Password (Enter: none, or from pgpass)",
			   err);
	bool ok = answer != NULL;

	if (ok && now && strcmp(secret_text(answer), EMPTY) == 0)
		ok = conf_set(conf, key, "", err);
	else if (ok && secret_length(answer) > 0)
		ok = conf_set_secret(conf, key, answer, err);
	secret_free(answer);
	free(now);
	return ok;
}

static bool
ask_side_value(struct conf *conf, enum side side, const struct question *q,
	       struct err *err)
{
	char *key = mem_printf("%s.%s", side_name(side), q->key);
	bool ok = conf_key_is_secret(key)
			  ? ask_password(conf, key, err)
			  : ask_value(conf, key, q->text, q->preset, err);

	free(key);
	return ok;
}

/* The questions of a side and the test, until it works or is left so. */
static bool
ask_side(const struct cli *cli, struct conf *conf, enum side side,
	 struct config_peer *source, struct err *err)
{
	struct err failure = ERR_INIT;
	bool again = true;
	size_t i;

	while (again) {
		printf("\nThe %s cluster\n", side_name(side));
		fflush(stdout);
		for (i = 0; i < LENGTH_OF(side_questions); i++)
			if (!ask_side_value(conf, side, &side_questions[i],
					    err))
				return false;
		if (config_test_side(cli, conf, side, source, NULL, &failure))
			return true;
		err_release(&failure);
		if (!ask_decide("Correct these answers?", true, &again, err))
			return false;
	}
	return true;
}

/* Proposes to seal the passwords. */
static bool
ask_encrypt(const struct cli *cli, struct conf *conf, bool is_new,
	    struct err *err)
{
	bool yes;

	printf("\nPasswords can be sealed with a passphrase, which is then "
	       "asked for by each command.\n");
	fflush(stdout);
	if (!ask_decide("Seal the passwords?", is_new || conf->encrypt, &yes,
			err))
		return false;
	if (!yes)
		return conf_set(conf, "security.encrypt", "no", err);
	return conf_is_sealed(conf) ||
	       cli_seal(cli, conf, cli->passphrase_file, err);
}

static bool
ask_all(const struct cli *cli, struct conf *conf, bool is_new,
	struct err *err)
{
	struct config_peer source = {.version = 0};
	bool ok;
	size_t i;

	ok = ask_side(cli, conf, SIDE_SOURCE, &source, err) &&
	     ask_side(cli, conf, SIDE_DESTINATION, &source, err);
	free(source.identifier);
	if (!ok)
		return false;
	printf("\nThe upgrade\n");
	fflush(stdout);
	for (i = 0; i < LENGTH_OF(other_questions); i++)
		if (!ask_value(conf, other_questions[i].key,
			       other_questions[i].text,
			       other_questions[i].preset, err))
			return false;
	return ask_encrypt(cli, conf, is_new, err);
}

static bool
finish(const struct cli *cli, struct conf *conf, struct err *err)
{
	char *question = mem_printf("Save to %s?", conf->path);
	bool yes = false, ok;

	printf("\n");
	fflush(stdout);
	ok = ask_decide(question, true, &yes, err);
	free(question);
	if (!ok)
		return false;
	if (!yes) {
		printf("Nothing was saved.\n");
		return true;
	}
	if (!config_save(cli, conf, err))
		return false;
	printf("%s\nNext: pgrepup check\n",
	       cli->dry_run ? "Not saved (--dry-run)." : "Saved.");
	return true;
}

int
config_dialog(struct cli *cli, struct err *err)
{
	struct conf *conf;
	bool is_new;

	if (cli->no_input || cli->json || !ask_is_possible()) {
		err_set(err, ERR_USAGE, "`pgrepup config` asks questions and needs a terminal");
		err_hint(err, "Scripts use `pgrepup config set KEY=VALUE...`.");
		return err_exit_status(err->kind);
	}
	conf = config_open(cli, &is_new, err);
	/* Asked for by hand in the file; a passphrase is chosen at the end. */
	if (conf && conf->encrypt && !conf_is_sealed(conf))
		conf_set(conf, "security.encrypt", "no", err);
	if (conf && cli_unlock(cli, conf, err)) {
		printf("%s configuration: %s\nEnter keeps the value in "
		       "brackets, \"-\" empties it, ^C ends without saving.\n",
		       is_new ? "New" : "Existing", conf->path);
		if (ask_all(cli, conf, is_new, err))
			finish(cli, conf, err);
	}
	conf_free(conf);
	return err_exit_status(err->kind);
}
