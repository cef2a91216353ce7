/* SPDX-License-Identifier: PostgreSQL */
/* From the parsed file to struct conf; every complaint names its line. */
#include <stdlib.h>
#include <string.h>

#include "conf_internal.h"
#include "mem.h"

static bool
load_secret(struct conf *conf, const struct conf_key *key,
	    const config_setting_t *setting, struct err *err)
{
	const char *text = config_setting_get_string(setting);

	if (text && *text) {
		secret_free(*conf_secret_at(conf, key));
		*conf_secret_at(conf, key) = secret_new(text, strlen(text));
	} else if (!text && (!conf_tree_sealed(conf, key->name) ||
			     config_setting_length(setting) != 1)) {
		err_set(err, ERR_CONFIG, "wrong type of value for \"%s\"",
			key->name);
		err_hint(err, "Run `pgrepup config set %s=-` to set it.",
			 key->name);
		return false;
	} else if (!text && !conf_is_sealed(conf)) {
		err_set(err, ERR_CONFIG,
			"\"%s\" is sealed, but security.salt is missing",
			key->name);
		conf_hint_former(conf, "security.salt", key->name,
				 ", or remove the setting and set it again",
				 err);
		return false;
	}
	return true;
}

static bool
load_value(struct conf *conf, const char *name, const config_setting_t *setting,
	   struct err *err)
{
	struct conf_key made;
	const struct conf_key *key = conf_find_key(name, &made, err);
	char *text;
	bool ok;

	if (!key)
		return false;
	if (key->type == CONF_SECRET)
		return load_secret(conf, key, setting, err);
	text = conf_tree_text(setting, key, err);
	ok = text && (key->type == CONF_INTERNAL ||
		      conf_apply(conf, key, *text ? text : NULL, err));
	free(text);
	return ok;
}

static bool
load_group(struct conf *conf, const char *prefix, const config_setting_t *group,
	   struct err *err)
{
	int i, n = config_setting_length(group);
	const config_setting_t *setting;
	bool ok = true;
	char *name;

	for (i = 0; i < n && ok; i++) {
		setting = config_setting_get_elem(group, (unsigned int)i);
		name = mem_printf("%s%s%s", prefix, *prefix ? "." : "",
				  config_setting_name(setting));
		if (config_setting_is_group(setting) && conf_key_is_group(name))
			ok = load_group(conf, name, setting, err);
		else
			ok = load_value(conf, name, setting, err);
		if (!ok)
			conf_tree_at(conf, setting, err);
		free(name);
	}
	return ok;
}

/* Splits a connection string that stands for a side or for its host. */
static bool
load_conninfo(struct conf *conf, const char *name, struct err *err)
{
	config_setting_t *setting = conf_tree_find(conf, name);
	const char *text = setting ? config_setting_get_string(setting) : NULL;
	int line;
	char *copy;
	bool ok;

	if (!text || conf_conninfo_side(name, text) == SIDE_NONE)
		return true;
	copy = mem_strdup(text);
	line = config_setting_source_line(setting);
	config_setting_remove(config_setting_parent(setting),
			      config_setting_name(setting));
	ok = conf_set(conf, name, copy, err);
	if (!ok)
		err_at(err, "file \"%s\", line %d", conf->path, line);
	secret_wipe(copy, strlen(copy));
	free(copy);
	return ok;
}

static bool
load_security(struct conf *conf, struct err *err)
{
	bool has_check = conf_tree_string(conf, "security.check") != NULL;
	const char *there = has_check ? "security.check" : "security.salt";
	const char *lost = has_check ? "security.salt" : "security.check";

	if (conf_is_sealed(conf) != has_check) {
		err_set(
		    err, ERR_CONFIG,
		    "security.salt and security.check go together, but one is missing");
		conf_hint_former(conf, lost, there, "", err);
	} else if (conf_is_sealed(conf) && !conf->encrypt) {
		err_set(err, ERR_CONFIG,
			"security.encrypt is off, but passwords are sealed");
		err_hint(
		    err,
		    "Set it back to true, then run `pgrepup config set security.encrypt=no`.");
	} else {
		conf->locked = conf_is_sealed(conf);
		return true;
	}
	conf_tree_at(conf, conf_tree_find(conf, "security"), err);
	return false;
}

static bool
load(struct conf *conf, struct err *err)
{
	static const char *const strings[] = {
	    "source", "source.host", "destination", "destination.host"};
	struct conf_file *file = conf->file;
	size_t i;

	if (!conf_file_read(conf, err) || !conf_file_parse(conf, err))
		return false;
	for (i = 0; i < LENGTH_OF(strings); i++)
		if (!load_conninfo(conf, strings[i], err))
			return false;
	if (!load_group(conf, "", config_root_setting(&file->tree), err) ||
	    !load_security(conf, err))
		return false;
	conf->target = conf_target(conf);
	conf_derive(conf);
	return true;
}

struct conf *
conf_load(const char *path, struct err *err)
{
	struct conf *conf = conf_new(path);

	if (load(conf, err))
		return conf;
	conf_free(conf);
	return NULL;
}
