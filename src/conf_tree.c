/* SPDX-License-Identifier: PostgreSQL */
/* The settings of the file: libconfig's tree, asked and changed by name. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "conf_internal.h"
#include "mem.h"
#include "strbuf.h"

static const config_t *
tree_of(const struct conf *conf)
{
	const struct conf_file *file = conf->file;

	return &file->tree;
}

config_setting_t *
conf_tree_find(const struct conf *conf, const char *name)
{
	return config_lookup(tree_of(conf), name);
}

void
conf_tree_at(const struct conf *conf, const config_setting_t *setting,
	     struct err *err)
{
	int line = setting ? config_setting_source_line(setting) : 0;

	if (line > 0)
		err_at(err, "file \"%s\", line %d", conf->path, line);
	else
		err_at(err, "file \"%s\"", conf->path);
}

const char *
conf_tree_string(const struct conf *conf, const char *name)
{
	const config_setting_t *setting = conf_tree_find(conf, name);

	return setting ? config_setting_get_string(setting) : NULL;
}

const char *
conf_tree_sealed(const struct conf *conf, const char *name)
{
	const config_setting_t *setting = conf_tree_find(conf, name);
	const char *sealed = NULL;

	if (setting && config_setting_is_group(setting))
		config_setting_lookup_string(setting, "sealed", &sealed);
	return sealed;
}

/* --- reading -------------------------------------------------------------- */

static const char *
wanted_form(enum conf_type type)
{
	switch (type) {
	case CONF_PORT:
	case CONF_INT:
		return "a whole number";
	case CONF_BYTES:
		return "a number, or text in double quotes";
	case CONF_BOOL:
		return "true or false";
	case CONF_LIST:
		return "a list of texts: [\"a\", \"b\"]";
	default:
		return "text in double quotes";
	}
}

static char *
list_text(const config_setting_t *setting)
{
	struct text_list list = {.n = 0};
	int i, n = config_setting_length(setting);
	const char *item;
	char *text = NULL;

	for (i = 0; i < n; i++) {
		item = config_setting_get_string_elem(setting, i);
		if (!item || !*item)
			break;
		text_list_add(&list, item);
	}
	if (i == n)
		text = conf_format_list(&list);
	text_list_release(&list);
	return text;
}

/* The text of a setting of any type that the key allows, else NULL. */
static char *
any_text(const config_setting_t *setting, enum conf_type type)
{
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_STRING:
		return mem_strdup(config_setting_get_string(setting));
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		if (type != CONF_PORT && type != CONF_INT &&
		    type != CONF_BYTES && type != CONF_ANY)
			return NULL;
		return mem_printf("%lld", config_setting_get_int64(setting));
	case CONFIG_TYPE_BOOL:
		if (type != CONF_BOOL)
			return NULL;
		return mem_strdup(config_setting_get_bool(setting) ? "yes"
								   : "no");
	case CONFIG_TYPE_ARRAY:
	case CONFIG_TYPE_LIST:
		return type == CONF_LIST ? list_text(setting) : NULL;
	default:
		return NULL;
	}
}

char *
conf_tree_text(const config_setting_t *setting, const struct conf_key *key,
	       struct err *err)
{
	char *text = any_text(setting, key->type);

	if (!text) {
		err_set(err, ERR_CONFIG, "wrong type of value for \"%s\"",
			key->name);
		err_hint(err, "Give %s.", wanted_form(key->type));
	}
	return text;
}

/* --- wiping --------------------------------------------------------------- */

/* libconfig lets one only look at its strings, and frees them as they are. */
static void
wipe_string(const char *text)
{
	if (text)
		secret_wipe((void *)(uintptr_t)text, strlen(text));
}

static void
wipe(const config_setting_t *setting)
{
	unsigned int i, n = (unsigned int)config_setting_length(setting);

	if (config_setting_type(setting) == CONFIG_TYPE_STRING)
		wipe_string(config_setting_get_string(setting));
	for (i = 0; i < n; i++)
		wipe(config_setting_get_elem(setting, i));
}

void
conf_tree_wipe(const config_t *tree)
{
	wipe(config_root_setting(tree));
}

void
conf_tree_destroy(config_t *tree)
{
	conf_tree_wipe(tree);
	config_destroy(tree);
}

/* --- changing ------------------------------------------------------------- */

/* The group that holds the setting, made when missing; *last is its name. */
static config_setting_t *
parent_of(const struct conf *conf, const char *name, const char **last)
{
	config_setting_t *at = config_root_setting(tree_of(conf)), *next;
	const char *dot;
	char *part;

	while ((dot = strchr(name, '.'))) {
		part = mem_strndup(name, (size_t)(dot - name));
		next = config_setting_get_member(at, part);
		if (!next)
			next = config_setting_add(at, part, CONFIG_TYPE_GROUP);
		free(part);
		at = next;
		name = dot + 1;
	}
	*last = name;
	return at;
}

/* The setting with that type, kept in its place when it has it already. */
static config_setting_t *
place(const struct conf *conf, const char *name, int type)
{
	const char *last;
	config_setting_t *parent = parent_of(conf, name, &last);
	config_setting_t *setting = config_setting_get_member(parent, last);

	if (setting && config_setting_type(setting) == type)
		return setting;
	if (setting) {
		wipe(setting);
		config_setting_remove(parent, last);
	}
	return config_setting_add(parent, last, type);
}

static void
put_string(const struct conf *conf, const char *name, const char *text)
{
	config_setting_t *setting = place(conf, name, CONFIG_TYPE_STRING);

	wipe(setting);
	config_setting_set_string(setting, text);
}

static void
put_list(const struct conf *conf, const char *name, const char *text)
{
	config_setting_t *setting = place(conf, name, CONFIG_TYPE_ARRAY);
	struct text_list list = {.n = 0};
	size_t i;

	while (config_setting_length(setting) > 0)
		config_setting_remove_elem(setting, 0);
	conf_parse_list(text, &list);
	for (i = 0; i < list.n; i++)
		config_setting_set_string_elem(setting, -1, list.items[i]);
	text_list_release(&list);
}

static void
tree_remove(const struct conf *conf, const char *name)
{
	config_setting_t *setting = conf_tree_find(conf, name);

	if (!setting)
		return;
	wipe(setting);
	config_setting_remove(config_setting_parent(setting),
			      config_setting_name(setting));
}

void
conf_tree_put(struct conf *conf, const struct conf_key *key, const char *text)
{
	bool yes = false;

	if (!text) {
		tree_remove(conf, key->name);
		return;
	}
	switch (key->type) {
	case CONF_PORT:
	case CONF_INT:
		config_setting_set_int(place(conf, key->name, CONFIG_TYPE_INT),
				       (int)strtol(text, NULL, 10));
		break;
	case CONF_BOOL:
		conf_parse_bool(text, &yes);
		config_setting_set_bool(
		    place(conf, key->name, CONFIG_TYPE_BOOL), yes);
		break;
	case CONF_LIST:
		put_list(conf, key->name, text);
		break;
	default:
		put_string(conf, key->name, text);
		break;
	}
}

void
conf_tree_put_secret(struct conf *conf, const char *name, const char *text)
{
	if (text)
		put_string(conf, name, text);
	else
		tree_remove(conf, name);
}

void
conf_tree_put_sealed(struct conf *conf, const char *name, const char *sealed)
{
	config_setting_t *group = place(conf, name, CONFIG_TYPE_GROUP);
	config_setting_t *text = config_setting_get_member(group, "sealed");

	if (!text)
		text = config_setting_add(group, "sealed", CONFIG_TYPE_STRING);
	config_setting_set_string(text, sealed);
}
