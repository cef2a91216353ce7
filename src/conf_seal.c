/* SPDX-License-Identifier: PostgreSQL */
/*
 * Sealed passwords in the file:
 *
 *	security: { encrypt = true; salt = "..."; check = "..."; };
 *	source: { password: { sealed = "..."; }; };
 *
 * "check" is a sealed word that is known: it tells a wrong passphrase (nothing
 * opens) from a value that somebody has changed (only that does not open).
 */
#include <stdlib.h>
#include <string.h>

#include "conf_internal.h"
#include "mem.h"

#define SALT "security.salt"
#define CHECK "security.check"
#define CHECK_WORD "pgrepup"

bool
conf_is_sealed(const struct conf *conf)
{
	return conf_tree_string(conf, SALT) != NULL;
}

/* The secret of row i: NULL when the row is none that is kept. */
static struct secret **
secret_row(struct conf *conf, size_t i)
{
	const struct conf_key *key = &conf_key_rows[i];

	if (key->type != CONF_SECRET ||
	    (key->side != SIDE_NONE && conf_side(conf, key->side)->lent))
		return NULL;
	return conf_secret_at(conf, key);
}

static void
tampered(const struct conf *conf, const char *name, const char *rest,
	 struct err *err)
{
	err_release(err);
	err_set(err, ERR_CONFIG, "the sealed value of \"%s\" was tampered with",
		name);
	err_detail(
	    err,
	    "The passphrase is right, but the value was not sealed with it for this setting.");
	conf_hint_former(conf, name, SALT, rest, err);
	conf_tree_at(conf, conf_tree_find(conf, name), err);
}

static void
tampered_password(const struct conf *conf, const char *name, struct err *err)
{
	char *rest = mem_printf(", or empty the setting (pgrepup config set "
				"%s=) and set it again",
				name);

	tampered(conf, name, rest, err);
	free(rest);
}

/* Does any sealed password open with the key? */
static bool
any_opens(const struct conf *conf, const struct secret_key *key)
{
	struct err ignored = ERR_INIT;
	struct secret *opened = NULL;
	const char *name, *sealed;
	size_t i;

	for (i = 0; i < conf_n_key_rows && !opened; i++) {
		name = conf_key_rows[i].name;
		sealed = conf_tree_sealed(conf, name);
		if (sealed)
			opened = secret_open(key, name, sealed, &ignored);
		err_release(&ignored);
	}
	secret_free(opened);
	return opened != NULL;
}

static bool
check_key(struct conf *conf, const struct secret_key *key, struct err *err)
{
	struct secret *word =
	    secret_open(key, CHECK, conf_tree_string(conf, CHECK), err);
	bool right = word && strcmp(secret_text(word), CHECK_WORD) == 0;

	secret_free(word);
	conf->wrong_passphrase = false;
	if (right)
		return true;
	if (any_opens(conf, key)) {
		tampered(conf, CHECK, "", err);
		return false;
	}
	conf->wrong_passphrase = true;
	err_release(err);
	err_set(err, ERR_CONFIG, "wrong passphrase");
	err_hint(
	    err,
	    "Nothing was changed. Give the passphrase that was chosen when the passwords were sealed.");
	conf_tree_at(conf, NULL, err);
	return false;
}

/* Opens all or nothing. */
static bool
open_all(struct conf *conf, const struct secret_key *key, struct err *err)
{
	struct secret **opened = MEM_ARRAY(struct secret *, conf_n_key_rows);
	const char *sealed;
	bool ok = true;
	size_t i;

	for (i = 0; i < conf_n_key_rows && ok; i++) {
		sealed = conf_tree_sealed(conf, conf_key_rows[i].name);
		if (!sealed)
			continue;
		opened[i] =
		    secret_open(key, conf_key_rows[i].name, sealed, err);
		ok = opened[i] != NULL;
		if (!ok)
			tampered_password(conf, conf_key_rows[i].name, err);
	}
	for (i = 0; i < conf_n_key_rows; i++) {
		if (ok && opened[i]) {
			secret_free(*secret_row(conf, i));
			*secret_row(conf, i) = opened[i];
		} else {
			secret_free(opened[i]);
		}
	}
	free(opened);
	return ok;
}

bool
conf_unlock_key(struct conf *conf, struct secret_key *key, struct err *err)
{
	conf->moved = false;
	if (!check_key(conf, key, err) ||
	    !conf_target_check(conf, key, err) || !open_all(conf, key, err))
		return false;
	secret_key_free(conf->key);
	conf->key = key;
	conf->locked = false;
	return true;
}

bool
conf_unlock(struct conf *conf, const struct secret *passphrase, struct err *err)
{
	struct secret_key *key;

	if (!conf_is_sealed(conf))
		return true;
	key = secret_key_derive(passphrase, conf_tree_string(conf, SALT), err);
	if (key && conf_unlock_key(conf, key, err))
		return true;
	if (key)
		secret_key_free(key);
	else
		conf_tree_at(conf, conf_tree_find(conf, SALT), err);
	return false;
}

static void
put_sealed(struct conf *conf, size_t i)
{
	const char *name = conf_key_rows[i].name;
	char *sealed = secret_seal(conf->key, name, *secret_row(conf, i));

	conf_tree_put_sealed(conf, name, sealed);
	free(sealed);
}

void
conf_seal_clear(struct conf *conf)
{
	size_t i;

	for (i = 0; i < conf_n_key_rows && conf->key; i++)
		if (secret_row(conf, i) && *secret_row(conf, i) &&
		    !conf_tree_sealed(conf, conf_key_rows[i].name))
			put_sealed(conf, i);
}

static void
put_text(struct conf *conf, const char *name, const char *text)
{
	struct conf_key made;
	const struct conf_key *key = conf_key_find(name, &made);

	conf_tree_put(conf, key, text);
}

static void
put_check(struct conf *conf)
{
	struct secret *word = secret_new(CHECK_WORD, strlen(CHECK_WORD));
	char *check = secret_seal(conf->key, CHECK, word);

	put_text(conf, CHECK, check);
	free(check);
	secret_free(word);
}

bool
conf_seal(struct conf *conf, const struct secret *passphrase, struct err *err)
{
	char *salt;
	struct secret_key *key;
	size_t i;

	if (conf->locked) {
		err_set(err, ERR_CONFIG, "configuration is locked");
		return false;
	}
	salt = secret_salt_new();
	key = secret_key_derive(passphrase, salt, err);
	if (key) {
		secret_key_free(conf->key);
		conf->key = key;
		conf->encrypt = true;
		put_text(conf, "security.encrypt", "yes");
		put_text(conf, SALT, salt);
		put_check(conf);
		put_text(conf, "security.target", NULL);
		for (i = 0; i < conf_n_key_rows; i++)
			if (secret_row(conf, i) && *secret_row(conf, i))
				put_sealed(conf, i);
	}
	free(salt);
	return key != NULL;
}

bool
conf_unseal(struct conf *conf, struct err *err)
{
	size_t i;

	if (conf->locked) {
		err_set(err, ERR_CONFIG, "configuration is locked");
		return false;
	}
	for (i = 0; i < conf_n_key_rows; i++)
		if (secret_row(conf, i))
			conf_tree_put_secret(conf, conf_key_rows[i].name,
					     secret_text(*secret_row(conf, i)));
	put_text(conf, SALT, NULL);
	put_text(conf, CHECK, NULL);
	put_text(conf, "security.target", NULL);
	secret_key_free(conf->key);
	conf->key = NULL;
	return true;
}
