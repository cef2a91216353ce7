/* SPDX-License-Identifier: PostgreSQL */
/* Settings from text, by name: into the tree of the file and struct conf. */
#include <stdlib.h>
#include <string.h>

#include "conf_internal.h"
#include "mem.h"
#include "pg.h"

const struct conf_key *
conf_find_key(const char *name, struct conf_key *made, struct err *err)
{
	const struct conf_key *key = conf_key_find(name, made);

	if (key)
		return key;
	err_set(err, ERR_CONFIG, "unknown setting \"%s\"", name);
	err_hint(
	    err,
	    "`pgrepup config get` lists the settings that exist; source and destination take every keyword of libpq too.");
	return NULL;
}

static bool
is_conninfo(const char *text)
{
	return *text != '/' && (strstr(text, "://") || strchr(text, '='));
}

enum side
conf_conninfo_side(const char *name, const char *value)
{
	static const enum side sides[] = {SIDE_SOURCE, SIDE_DESTINATION};
	const char *rest;
	size_t i;

	for (i = 0; i < LENGTH_OF(sides); i++) {
		if (strncmp(name, side_name(sides[i]),
			    strlen(side_name(sides[i]))) != 0)
			continue;
		rest = name + strlen(side_name(sides[i]));
		if (*rest == '\0' ||
		    (strcmp(rest, ".host") == 0 && is_conninfo(value)))
			return sides[i];
	}
	return SIDE_NONE;
}

static bool
set_keyword(struct conf *conf, enum side side, const char *keyword,
	    const char *value, struct err *err)
{
	char *name = mem_printf("%s.%s", side_name(side), keyword);
	bool ok = conf_set(conf, name, value, err);

	free(name);
	return ok;
}

static bool
put_password(struct conf *conf, enum side side, const struct secret *password,
	     struct err *err)
{
	char *name = mem_printf("%s.password", side_name(side));
	bool ok = conf_set_secret(conf, name, password, err);

	free(name);
	return ok;
}

/* A whole side: what the string does not name goes back to its default. */
static void
forget_keywords(struct conf *conf, enum side side)
{
	struct endpoint *ep = conf_side(conf, side);
	struct err never = ERR_INIT;

	while (ep->n > 0)
		set_keyword(conf, side, ep->keywords[ep->n - 1], "", &never);
}

static bool
set_conninfo(struct conf *conf, enum side side, const char *text, bool whole,
	     struct err *err)
{
	struct endpoint ep = {.side = side};
	bool ok = pg_parse_conninfo(text, &ep, err);
	size_t i;

	if (ok && whole)
		forget_keywords(conf, side);
	for (i = 0; i < ep.n && ok; i++)
		ok = set_keyword(conf, side, ep.keywords[i], ep.values[i], err);
	if (ok && ep.password)
		ok = put_password(conf, side, ep.password, err);
	endpoint_release(&ep);
	if (!ok)
		err_hint(
		    err,
		    "Give postgresql://USER@HOST:PORT/DATABASE or \"host=HOST port=PORT\".");
	return ok;
}

bool
conf_value_has_password(const char *key, const char *value)
{
	struct err ignored = ERR_INIT;
	struct endpoint ep = {.side = conf_conninfo_side(key, value)};
	bool has;

	if (conf_key_is_secret(key))
		return true;
	if (ep.side == SIDE_NONE)
		return false;
	has = pg_parse_conninfo(value, &ep, &ignored) && ep.password;
	endpoint_release(&ep);
	err_release(&ignored);
	return has;
}

/* Switching sealing off opens what is sealed. */
static bool
unseal_for(struct conf *conf, const struct conf_key *key, const char *value,
	   struct err *err)
{
	bool yes = false;

	if (strcmp(key->name, "security.encrypt") != 0 ||
	    !conf_is_sealed(conf) || (value && !conf_parse_bool(value, &yes)) ||
	    yes)
		return true;
	return conf_unseal(conf, err);
}

/* Not from text, but a secret can be taken away, also from a locked file. */
static bool
set_secret_text(struct conf *conf, const struct conf_key *key,
		const char *value, struct err *err)
{
	if (value) {
		err_set(err, ERR_USAGE, "\"%s\" is a secret", key->name);
		err_hint(
		    err,
		    "Give %s=- and enter it when asked, or on standard input.",
		    key->name);
		return false;
	}
	secret_free(*conf_secret_at(conf, key));
	*conf_secret_at(conf, key) = NULL;
	if (key->side != SIDE_NONE)
		conf_side(conf, key->side)->lent = false;
	conf_tree_put_secret(conf, key->name, NULL);
	return true;
}

void
conf_lend_password(struct conf *conf, enum side side,
		   const struct secret *password)
{
	struct endpoint *ep = conf_side(conf, side);

	secret_free(ep->password);
	ep->password = secret_copy(password);
	ep->lent = true;
}

bool
conf_set(struct conf *conf, const char *name, const char *value,
	 struct err *err)
{
	enum side side = conf_conninfo_side(name, value);
	const struct conf_key *key;
	struct conf_key made;

	if (side != SIDE_NONE)
		return set_conninfo(conf, side, value,
				    strcmp(name, side_name(side)) == 0, err);
	key = conf_find_key(name, &made, err);
	if (!key)
		return false;
	if (*value == '\0')
		value = NULL;
	if (key->type == CONF_SECRET)
		return set_secret_text(conf, key, value, err);
	if (key->type == CONF_INTERNAL) {
		err_set(err, ERR_CONFIG, "\"%s\" cannot be set", name);
		return false;
	}
	if (!unseal_for(conf, key, value, err) ||
	    !conf_apply(conf, key, value, err))
		return false;
	conf_tree_put(conf, key, value);
	conf_derive(conf);
	return true;
}

static bool
set_list(struct conf *conf, const struct text_list *list, struct err *err)
{
	char *text = conf_format_list(list);
	bool ok = conf_set(conf, "tables.exclude", text, err);

	free(text);
	return ok;
}

static void
copy_but(struct text_list *to, const struct text_list *from, const char *entry)
{
	size_t i;

	for (i = 0; i < from->n; i++)
		if (strcmp(from->items[i], entry) != 0)
			text_list_add(to, from->items[i]);
}

bool
conf_leave_out(struct conf *conf, const char *entry, struct err *err)
{
	struct text_list list = {.n = 0};
	bool ok;

	copy_but(&list, &conf->tables_exclude, entry);
	text_list_add(&list, entry);
	ok = set_list(conf, &list, err);
	text_list_release(&list);
	return ok;
}

bool
conf_take_in(struct conf *conf, const char *entry, struct err *err)
{
	struct text_list list = {.n = 0};
	bool ok;

	copy_but(&list, &conf->tables_exclude, entry);
	ok = set_list(conf, &list, err);
	text_list_release(&list);
	return ok;
}

bool
conf_set_secret(struct conf *conf, const char *name, const struct secret *value,
		struct err *err)
{
	struct conf_key made;
	const struct conf_key *key = conf_find_key(name, &made, err);
	struct secret **at;

	if (!key)
		return false;
	if (key->type != CONF_SECRET) {
		err_set(err, ERR_USAGE, "\"%s\" is not a secret", name);
		return false;
	}
	if (conf->locked || (conf->encrypt && !conf->key)) {
		err_set(err, ERR_CONFIG, "configuration is locked");
		err_hint(
		    err,
		    "A password can be set after the passphrase was given.");
		return false;
	}
	at = conf_secret_at(conf, key);
	secret_free(*at);
	*at = secret_copy(value);
	if (key->side != SIDE_NONE)
		conf_side(conf, key->side)->lent = false;
	conf_tree_put_secret(conf, name, NULL);
	if (conf->key)
		conf_seal_clear(conf);
	else
		conf_tree_put_secret(conf, name, secret_text(value));
	return true;
}
