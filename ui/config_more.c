/* SPDX-License-Identifier: PostgreSQL */
/* The file of the Python pgrepup taken over; another passphrase, or none. */
#include "config_more.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_dialog.h"
#include "lock.h"
#include "mem.h"
#include "report.h"
#include "strbuf.h"
#include "unlock.h"

/* --- import --------------------------------------------------------------- */

static void
report_import(const struct conf *conf, const struct text_list *notes)
{
	struct record *report = report_new("config");
	struct err none = ERR_INIT;
	size_t i;

	record_text(report, "file", conf->path);
	record_array(report, "notes");
	for (i = 0; i < notes->n; i++)
		record_append_text(report, "notes", notes->items[i]);
	report_print(report, 0, &none);
}

static void
show_setting(const struct conf *conf, const char *key)
{
	struct strbuf clean = STRBUF_INIT;
	char *value = conf_get(conf, key);

	strbuf_scrub(&clean, value ? value : "");
	printf("%s=%s\n", key, clean.text);
	strbuf_release(&clean);
	free(value);
}

static void
show_import(const struct cli *cli, const struct conf *conf,
	    const struct text_list *notes)
{
	struct text_list keys = conf_keys(conf);
	struct strbuf clean = STRBUF_INIT;
	size_t i;

	for (i = 0; i < keys.n; i++)
		if (conf_is_set(conf, keys.items[i]))
			show_setting(conf, keys.items[i]);
	fflush(stdout);
	for (i = 0; i < notes->n; i++) {
		strbuf_reset(&clean);
		strbuf_scrub(&clean, notes->items[i]);
		fprintf(stderr, "pgrepup: warning: %s\n", clean.text);
	}
	printf("%s\nNext: pgrepup config test\n",
	       cli->dry_run ? "Not saved (--dry-run)." : "Saved.");
	strbuf_release(&clean);
	text_list_release(&keys);
}

static bool
may_replace(const char *from, const char *path, struct err *err)
{
	struct strbuf word = STRBUF_INIT;

	if (strcmp(from, path) == 0 || access(path, F_OK) != 0)
		return true;
	strbuf_shell(&word, from);
	err_set(err, ERR_CONFIG, "there is a configuration already");
	err_hint(err, "Name another one: `pgrepup -c FILE config import %s`.",
		 word.text);
	strbuf_release(&word);
	err_at(err, "file \"%s\"", path);
	return false;
}

int
config_import(struct cli *cli, struct err *err)
{
	struct text_list notes = {.n = 0};
	char *path = conf_path(cli->config);
	const char *from = cli->argc > 0 ? cli->argv[0] : path;
	struct conf *conf = NULL;

	if (cli->argc > 1)
		err_set(err, ERR_USAGE, "config import takes one file");
	else if (may_replace(from, path, err))
		conf = conf_import(from, path, &notes, err);
	if (conf && config_save(cli, conf, err)) {
		if (cli->json)
			report_import(conf, &notes);
		else
			show_import(cli, conf, &notes);
	}
	conf_free(conf);
	text_list_release(&notes);
	free(path);
	return err_exit_status(err->kind);
}

/* --- passphrase ----------------------------------------------------------- */

/* What runs has the former key, and may write the file at its end. */
static bool
is_at_rest(const struct conf *conf, struct err *err)
{
	struct lock_holder holder = {.pid = 0};
	struct state_dir *dir = conf_state_dir(conf, err);
	bool held = dir && lock_peek(dir, &holder);

	if (held) {
		err_set(err, ERR_STATE,
			"pgrepup %s is at work with this configuration",
			holder.command ? holder.command : "");
		err_hint(err, "Run this again when it has ended.");
	}
	lock_holder_release(&holder);
	state_dir_close(dir);
	return !err_is_set(err);
}

static bool
change(const struct cli *cli, struct conf *conf, bool remove, struct err *err)
{
	const char *file = cli->new_passphrase_file;

	if (remove)
		return conf_set(conf, "security.encrypt", "no", err);
	/* The first one is as new as any. */
	if (!file && !conf_is_sealed(conf))
		file = cli->passphrase_file;
	return cli_seal(cli, conf, file, err);
}

static void
say_changed(const struct cli *cli, const struct conf *conf)
{
	struct err none = ERR_INIT;
	struct record *report;

	if (cli->json) {
		report = report_new("config");
		record_text(report, "file", conf->path);
		record_bool(report, "sealed", conf_is_sealed(conf));
		report_print(report, 0, &none);
		return;
	}
	printf("%s\n", cli->dry_run	      ? "Not saved (--dry-run)."
		       : conf_is_sealed(conf) ? "Saved: passwords are sealed "
						"with the new passphrase."
					      : "Saved: passwords stand in the "
						"file in clear.");
}

int
config_passphrase(struct cli *cli, struct err *err)
{
	bool remove = cli->argc == 1 && strcmp(cli->argv[0], "remove") == 0;
	char *path = conf_path(cli->config);
	struct conf *conf = NULL;

	if (cli->argc > 1 || (cli->argc == 1 && !remove)) {
		err_set(err, ERR_USAGE, "unknown word \"%s\" after config "
					"passphrase",
			cli->argv[0]);
		err_hint(err, "Give remove, or nothing to choose another.");
	} else {
		conf = conf_load(path, err);
	}
	if (conf && is_at_rest(conf, err) && cli_unlock(cli, conf, err) &&
	    change(cli, conf, remove, err) && config_save(cli, conf, err))
		say_changed(cli, conf);
	conf_free(conf);
	free(path);
	return err_exit_status(err->kind);
}

/* --- confirm -------------------------------------------------------------- */

static void
say_confirmed(const struct cli *cli, const struct conf *conf, bool changed)
{
	struct err none = ERR_INIT;
	struct record *report;

	if (cli->json) {
		report = report_new("config");
		record_text(report, "file", conf->path);
		record_bool(report, "confirmed", changed);
		report_print(report, 0, &none);
		return;
	}
	printf("%s\n", !changed	? "Nothing to confirm."
		       : cli->dry_run ? "Not saved (--dry-run)."
				      : "Saved: the passwords are sent where "
					"the file says.");
}

int
config_confirm(struct cli *cli, struct err *err)
{
	char *path = conf_path(cli->config);
	struct conf *conf = NULL;
	bool changed = false, ok;

	if (cli->argc > 0)
		err_set(err, ERR_USAGE, "config confirm takes no words");
	else
		conf = conf_load(path, err);
	if (conf) {
		conf->confirmed = cli->yes;
		ok = cli_unlock(cli, conf, err);
		changed = ok && conf->moved;
		if (ok && (!changed || config_save(cli, conf, err)))
			say_confirmed(cli, conf, changed);
	}
	conf_free(conf);
	free(path);
	return err_exit_status(err->kind);
}
