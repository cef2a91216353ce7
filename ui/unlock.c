/* SPDX-License-Identifier: PostgreSQL */
/* The passphrase: asked for, or read from a file. */
#include "unlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask.h"
#include "mem.h"
#include "plain.h"

#define TRIES 3

/* A regular file that others can read is no place for a passphrase. */
static bool
file_is_private(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0) {
		err_set(err, ERR_CONFIG, "could not examine \"%s\": %s", path,
			strerror(errno));
		return false;
	}
	if (!S_ISREG(st.st_mode) || !(st.st_mode & (S_IRWXG | S_IRWXO)))
		return true;
	err_set(err, ERR_CONFIG, "passphrase file \"%s\" has group or world access",
		path);
	err_hint(err, "Run: chmod 600 \"%s\"", path);
	return false;
}

static struct secret *
passphrase_of_file(const char *path, struct err *err)
{
	struct secret *secret = NULL;
	int fd;

	if (strcmp(path, "-") == 0)
		return ask_read_secret(STDIN_FILENO, "the passphrase", err);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		err_set(err, ERR_CONFIG, "could not open passphrase file \"%s\": %s",
			path, strerror(errno));
		return NULL;
	}
	if (file_is_private(fd, path, err))
		secret = ask_read_secret(fd, "the passphrase", err);
	close(fd);
	return secret;
}

static bool
can_ask(const struct cli *cli, const char *what, struct err *err)
{
	if (!cli->no_input && ask_is_possible())
		return true;
	err_set(err, ERR_CONFIG, "%s", what);
	err_hint(err, "Run pgrepup on a terminal, or give --passphrase-file=FILE.");
	return false;
}

/* The file names another place for its passwords than it did: a person says
 * whether they go there, once. Without one the error stays. */
static bool
confirm(const struct cli *cli, struct conf *conf, struct err *err)
{
	if (cli->no_input || !ask_is_possible())
		return false;
	plain_error(stderr, err);
	if (!ask_yes_no("Send the passwords there", false))
		return false;
	err_release(err);
	return conf->confirmed = true;
}

static bool
open_with(const struct cli *cli, struct conf *conf,
	  const struct secret *passphrase, struct err *err)
{
	if (conf_unlock(conf, passphrase, err))
		return true;
	return conf->moved && confirm(cli, conf, err) &&
	       conf_unlock(conf, passphrase, err);
}

static bool
unlock_by_file(const struct cli *cli, struct conf *conf, struct err *err)
{
	struct secret *secret = passphrase_of_file(cli->passphrase_file, err);
	bool ok = secret && open_with(cli, conf, secret, err);

	secret_free(secret);
	return ok;
}

static bool
unlock_by_person(const struct cli *cli, struct conf *conf, struct err *err)
{
	char *question = mem_printf("Passphrase of %s", conf->path);
	struct secret *secret;
	bool ok = false;
	int try;

	for (try = 1; !ok; try++) {
		secret = ask_secret(question, err);
		ok = secret && open_with(cli, conf, secret, err);
		secret_free(secret);
		if (ok || !conf->wrong_passphrase || try == TRIES)
			break;
		err_release(err);
		fprintf(stderr, "Wrong passphrase, try again.\n");
	}
	free(question);
	return ok;
}

bool
cli_unlock(const struct cli *cli, struct conf *conf, struct err *err)
{
	if (!conf->locked)
		return true;
	if (cli->passphrase_file)
		return unlock_by_file(cli, conf, err);
	return can_ask(cli, "configuration is locked with a passphrase", err) &&
	       unlock_by_person(cli, conf, err);
}

/* Asked twice until both are the same. */
static struct secret *
new_passphrase(struct err *err)
{
	struct secret *one, *two;
	bool empty, same;

	for (;;) {
		one = ask_secret("New passphrase", err);
		empty = secret_length(one) == 0;
		two = empty ? NULL : ask_secret("The same again", err);
		same = two && strcmp(secret_text(one), secret_text(two)) == 0;
		secret_free(two);
		if (same)
			return one;
		secret_free(one);
		if (err_is_set(err))
			return NULL;
		fprintf(stderr, "%s, try again.\n",
			empty ? "It is empty" : "They differ");
	}
}

bool
cli_seal(const struct cli *cli, struct conf *conf, const char *file,
	 struct err *err)
{
	struct secret *secret = NULL;
	bool ok = false;

	if (file)
		secret = passphrase_of_file(file, err);
	else if (can_ask(cli, "a new passphrase is needed", err))
		secret = new_passphrase(err);
	if (secret && secret_length(secret) == 0)
		err_set(err, ERR_CONFIG, "passphrase is empty");
	else if (secret)
		ok = conf_seal(conf, secret, err);
	secret_free(secret);
	return ok;
}

/* A password that is kept nowhere. */
static bool
ask_password(const struct cli *cli, struct conf *conf, enum side side,
	     struct err *err)
{
	const struct endpoint *ep = conf_endpoint(conf, side);
	const char *user = endpoint_get(ep, "user");
	struct secret *password;
	char *label, *question;

	if (!ep->ask_password || ep->password)
		return true;
	if (cli->no_input || !ask_is_possible()) {
		err_set(err, ERR_CONFIG, "the password of the %s is asked for",
			side_name(side));
		err_hint(err, "Run pgrepup on a terminal, or set %s.ask_password=no and add the password to the pgpass file.",
			 side_name(side));
		return false;
	}
	label = endpoint_label(ep);
	question = mem_printf("Password of the %s, %s%s%s", side_name(side),
			      user ? user : "", user ? " at " : "", label);
	password = ask_secret(question, err);
	if (password)
		conf_lend_password(conf, side, password);
	secret_free(password);
	free(question);
	free(label);
	return password != NULL;
}

static bool
ask_passwords(const struct cli *cli, struct conf *conf, struct err *err)
{
	return ask_password(cli, conf, SIDE_SOURCE, err) &&
	       ask_password(cli, conf, SIDE_DESTINATION, err);
}

struct conf *
cli_conf(const struct cli *cli, struct err *err)
{
	char *path = conf_path(cli->config);
	struct conf *conf = conf_load(path, err);

	free(path);
	if (conf && conf->encrypt && !conf_is_sealed(conf)) {
		err_set(err, ERR_CONFIG, "security.encrypt is on, but no passphrase was chosen yet");
		err_hint(err, "Run `pgrepup config set security.encrypt=yes`.");
	}
	if (conf && !err_is_set(err) && cli_unlock(cli, conf, err) &&
	    (!conf->moved || cli->dry_run || conf_save(conf, err)) &&
	    ask_passwords(cli, conf, err))
		return conf;
	conf_free(conf);
	return NULL;
}
