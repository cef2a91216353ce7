/* SPDX-License-Identifier: PostgreSQL */
/* `pgrepup config`: the dialogue, and set, get and test for scripts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask.h"
#include "cli.h"
#include "config_dialog.h"
#include "config_more.h"
#include "config_test.h"
#include "mem.h"
#include "report.h"
#include "strbuf.h"
#include "unlock.h"

/* --- get ------------------------------------------------------------------ */

static void
get_plain(const char *key, const char *value)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_scrub(&sb, value ? value : "");
	printf("%s=%s\n", key, sb.text);
	strbuf_release(&sb);
}

static void
get_report(struct record *report, const struct conf *conf, const char *key,
	   const char *value)
{
	struct record *r = record_new(NULL);

	record_text(r, "key", key);
	record_text(r, "value", value);
	record_bool(r, "set", conf_is_set(conf, key));
	record_text(r, "description", conf_key_doc(key));
	record_append(report, "settings", r);
	record_free(r);
}

/* The keys on the command line, or all. */
static bool
wanted_keys(const struct cli *cli, const struct conf *conf,
	    struct text_list *keys, struct err *err)
{
	int i;

	if (cli->argc == 0) {
		*keys = conf_keys(conf);
		return true;
	}
	for (i = 0; i < cli->argc; i++) {
		if (!conf_key_doc(cli->argv[i])) {
			err_set(err, ERR_USAGE, "unknown setting \"%s\"",
				cli->argv[i]);
			err_hint(err, "`pgrepup config get` lists the settings that exist.");
			return false;
		}
		text_list_add(keys, cli->argv[i]);
	}
	return true;
}

static void
get_keys(const struct cli *cli, const struct conf *conf,
	 const struct text_list *keys)
{
	struct record *report = cli->json ? report_new("config") : NULL;
	struct err none = ERR_INIT;
	char *value;
	size_t i;

	for (i = 0; i < keys->n; i++) {
		value = conf_get(conf, keys->items[i]);
		if (report)
			get_report(report, conf, keys->items[i], value);
		else
			get_plain(keys->items[i], value);
		free(value);
	}
	if (report)
		report_print(report, 0, &none);
}

static int
config_get(struct cli *cli, struct err *err)
{
	struct text_list keys = {.n = 0};
	char *path = conf_path(cli->config);
	struct conf *conf = conf_load(path, err);

	if (conf && wanted_keys(cli, conf, &keys, err))
		get_keys(cli, conf, &keys);
	text_list_release(&keys);
	conf_free(conf);
	free(path);
	return err_exit_status(err->kind);
}

/* --- set ------------------------------------------------------------------ */

struct assignment {
	char *key;
	const char *value; /* in argv */
	bool secret;	   /* "-": to be asked or read */
};

/* What a password on the command line could be seen by: ps, the history. */
static bool
refuse_password(const char *key, struct err *err)
{
	err_set(err, ERR_USAGE, "a password is not taken from the command line");
	err_detail(err, "Everybody on this machine could see it there, and the shell keeps it.");
	if (conf_key_is_secret(key))
		err_hint(err, "Give %s=- and enter it when asked, or on standard input.",
			 key);
	else
		err_hint(err, "Leave it out of the connection string, and give source.password=- or destination.password=-.");
	return false;
}

static bool
parse_one(char *word, struct assignment *a, struct err *err)
{
	const char *equals = strchr(word, '=');

	if (!equals || equals == word) {
		err_set(err, ERR_USAGE, "\"%s\" is not KEY=VALUE", word);
		err_hint(err, "For example: pgrepup config set source.host=db1 source.port=5432");
		return false;
	}
	a->key = mem_strndup(word, (size_t)(equals - word));
	a->value = equals + 1;
	a->secret = conf_key_is_secret(a->key) && strcmp(a->value, "-") == 0;
	if (!a->secret && *a->value &&
	    conf_value_has_password(a->key, a->value))
		return refuse_password(a->key, err);
	return true;
}

static bool
is_encrypt(const struct assignment *a)
{
	return strcmp(a->key, "security.encrypt") == 0;
}

/*
 * A locked file takes everything but secrets, where they are sent, and sealing
 * them or not; with sealing switched on, a passphrase must be there before the
 * first secret.
 */
static bool
prepare_secrets(const struct cli *cli, struct conf *conf,
		const struct assignment *all, size_t n, struct err *err)
{
	bool needed = false;
	size_t i;

	for (i = 0; i < n; i++)
		needed = needed || all[i].secret || is_encrypt(&all[i]) ||
			 conf_decides_target(all[i].key, all[i].value);
	if (needed && !cli_unlock(cli, conf, err))
		return false;
	for (i = 0; i < n; i++)
		if (is_encrypt(&all[i]) &&
		    !conf_set(conf, all[i].key, all[i].value, err))
			return false;
	return !conf->encrypt || conf_is_sealed(conf) ||
	       cli_seal(cli, conf, cli->passphrase_file, err);
}

static bool
set_secret(const struct cli *cli, struct conf *conf, const char *key,
	   struct err *err)
{
	bool person = !cli->no_input && ask_is_possible();
	struct secret *secret =
		person ? ask_secret(key, err)
		       : ask_read_secret(STDIN_FILENO, key, err);
	bool ok = secret && conf_set_secret(conf, key, secret, err);

	secret_free(secret);
	return ok;
}

static bool
apply_all(const struct cli *cli, struct conf *conf,
	  const struct assignment *all, size_t n, struct err *err)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!all[i].secret && !is_encrypt(&all[i]) &&
		    !conf_set(conf, all[i].key, all[i].value, err))
			return false;
	if (!prepare_secrets(cli, conf, all, n, err))
		return false;
	for (i = 0; i < n; i++)
		if (all[i].secret && !set_secret(cli, conf, all[i].key, err))
			return false;
	return true;
}

static void
warn_of_comments(const struct conf *conf)
{
	char *former = conf_former_path(conf);

	fprintf(stderr, "pgrepup: warning: the comments in \"%s\" are lost; the former file is kept, without passwords, as \"%s\"\n",
		conf->path, former);
	free(former);
}

bool
config_save(const struct cli *cli, struct conf *conf, struct err *err)
{
	if (cli->dry_run)
		return true;
	if (conf_has_comments(conf))
		warn_of_comments(conf);
	return conf_save(conf, err);
}

struct conf *
config_open(const struct cli *cli, bool *is_new, struct err *err)
{
	char *path = conf_path(cli->config);
	struct conf *conf;
	struct stat st;

	*is_new = lstat(path, &st) != 0 && errno == ENOENT;
	conf = *is_new ? conf_new(path) : conf_load(path, err);
	free(path);
	return conf;
}

static bool
set_all(const struct cli *cli, const struct assignment *all, size_t n,
	struct err *err)
{
	struct err none = ERR_INIT;
	struct record *report;
	bool is_new, ok;
	struct conf *conf = config_open(cli, &is_new, err);

	ok = conf && apply_all(cli, conf, all, n, err) &&
	     config_save(cli, conf, err);
	if (ok && cli->json) {
		report = report_new("config");
		record_text(report, "file", conf->path);
		report_print(report, 0, &none);
	}
	conf_free(conf);
	return ok;
}

static int
config_set(struct cli *cli, struct err *err)
{
	size_t i, n = (size_t)cli->argc;
	struct assignment *all = MEM_ARRAY(struct assignment, n + 1);
	bool ok = n > 0;

	if (!ok) {
		err_set(err, ERR_USAGE, "nothing to set");
		err_hint(err, "Give KEY=VALUE: pgrepup config set source.host=db1");
	}
	for (i = 0; i < n && ok; i++)
		ok = parse_one(cli->argv[i], &all[i], err);
	if (ok)
		set_all(cli, all, n, err);
	for (i = 0; i < n; i++)
		free(all[i].key);
	free(all);
	return err_exit_status(err->kind);
}

/* --- the command ---------------------------------------------------------- */

static const struct {
	const char *name;
	int (*run)(struct cli *cli, struct err *err);
} verbs[] = {
	{"set", config_set},
	{"get", config_get},
	{"test", config_test},
	{"import", config_import},
	{"passphrase", config_passphrase},
	{"confirm", config_confirm},
};

int
cmd_config(struct cli *cli, struct err *err)
{
	size_t i;

	if (cli->argc == 0)
		return config_dialog(cli, err);
	for (i = 0; i < LENGTH_OF(verbs); i++) {
		if (strcmp(verbs[i].name, cli->argv[0]) != 0)
			continue;
		cli->argc--;
		cli->argv++;
		return verbs[i].run(cli, err);
	}
	err_set(err, ERR_USAGE, "unknown word \"%s\" after config",
		cli->argv[0]);
	err_hint(err, "Give set, get, test, import, passphrase or confirm, or nothing to be asked.");
	return err_exit_status(err->kind);
}
