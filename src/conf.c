/* SPDX-License-Identifier: PostgreSQL */
/* The configuration as the rest of pgrepup sees it (see conf.h). */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf_internal.h"
#include "mem.h"

static const char *
home(void)
{
	const char *dir = getenv("HOME");
	const struct passwd *pw;

	if (dir && *dir)
		return dir;
	pw = getpwuid(getuid());
	return pw ? pw->pw_dir : "/";
}

char *
conf_path(const char *given)
{
	const char *variable = getenv("PGREPUP_CONFIG");

	if (given)
		return mem_strdup(given);
	if (variable && *variable)
		return mem_strdup(variable);
	return mem_printf("%s/.pgrepup", home());
}

/* --- defaults ------------------------------------------------------------- */

/* The base name of the file, made fit for the name of a folder. */
static char *
default_name(const char *path)
{
	const char *base = strrchr(path, '/');
	char *name, *c;

	base = base ? base + 1 : path;
	base += strspn(base, ".-");
	name = mem_strndup(*base ? base : "pgrepup", 63);
	for (c = name; *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-",
			    *c))
			*c = '_';
	return name;
}

void
conf_derive(struct conf *conf)
{
	if (!conf->name)
		conf->name = default_name(conf->path);
	if (!conf_tree_find(conf, "databases_at_once"))
		conf->databases_at_once = conf->jobs;
}

struct conf *
conf_new(const char *path)
{
	struct conf *conf = MEM_NEW(struct conf);
	struct conf_file *file = MEM_NEW(struct conf_file);
	struct err never = ERR_INIT;
	size_t i;

	config_init(&file->tree);
	config_set_tab_width(&file->tree, 8);
	config_set_options(&file->tree,
			   CONFIG_OPTION_SEMICOLON_SEPARATORS |
				   CONFIG_OPTION_COLON_ASSIGNMENT_FOR_GROUPS);
	conf->file = file;
	conf->path = mem_strdup(path);
	conf->source.side = SIDE_SOURCE;
	conf->destination.side = SIDE_DESTINATION;
	for (i = 0; i < conf_n_key_rows; i++)
		if (conf_key_rows[i].deflt)
			conf_apply(conf, &conf_key_rows[i], NULL, &never);
	conf_derive(conf);
	return conf;
}

void
conf_free(struct conf *conf)
{
	struct conf_file *file;

	if (!conf)
		return;
	file = conf->file;
	conf_tree_destroy(&file->tree);
	secret_free(file->text);
	free(file);
	endpoint_release(&conf->source);
	endpoint_release(&conf->destination);
	text_list_release(&conf->databases_include);
	text_list_release(&conf->databases_exclude);
	text_list_release(&conf->tables_exclude);
	text_list_release(&conf->target);
	secret_free(conf->replication_password);
	secret_key_free(conf->key);
	free(conf->path);
	free(conf->name);
	free(conf->tmp_dir);
	free(conf->bin_dir);
	free(conf->mechanism);
	free(conf->replication_user);
	free(conf);
}

/* --- asking --------------------------------------------------------------- */

bool
conf_key_is_secret(const char *name)
{
	struct conf_key made;
	const struct conf_key *key = conf_key_find(name, &made);

	return key && key->type == CONF_SECRET;
}

const char *
conf_key_doc(const char *name)
{
	struct conf_key made;
	const struct conf_key *key = conf_key_find(name, &made);

	return key ? key->doc : NULL;
}

/* Defaults that are no constants. */
static char *
derived_text(const struct conf *conf, const struct conf_key *key)
{
	if (strcmp(key->name, "name") == 0)
		return mem_strdup(conf->name);
	if (strcmp(key->name, "databases_at_once") == 0)
		return mem_printf("%d", conf->databases_at_once);
	return mem_strdup(key->deflt);
}

char *
conf_get(const struct conf *conf, const char *name)
{
	struct err ignored = ERR_INIT;
	struct conf_key made;
	const struct conf_key *key = conf_key_find(name, &made);
	const config_setting_t *setting = conf_tree_find(conf, name);
	char *text;

	if (!key || key->type == CONF_INTERNAL)
		return NULL;
	if (!setting)
		return derived_text(conf, key);
	if (key->type == CONF_SECRET)
		return mem_strdup("***");
	text = conf_tree_text(setting, key, &ignored);
	err_release(&ignored);
	return text;
}

bool
conf_is_set(const struct conf *conf, const char *name)
{
	return conf_tree_find(conf, name) != NULL;
}

static void
add_other_keywords(const struct conf *conf, enum side side,
		   struct text_list *list)
{
	const struct endpoint *ep = conf_endpoint(conf, side);
	char *name;
	size_t i;

	for (i = 0; i < ep->n; i++) {
		name = mem_printf("%s.%s", side_name(side), ep->keywords[i]);
		if (!text_list_has(list, name))
			text_list_add(list, name);
		free(name);
	}
}

struct text_list
conf_keys(const struct conf *conf)
{
	struct text_list list = {.n = 0};
	const char *name;
	size_t i;

	for (i = 0; i < conf_n_key_rows; i++) {
		name = conf_key_rows[i].name;
		if (conf_key_rows[i].type != CONF_INTERNAL)
			text_list_add(&list, name);
		if (strcmp(name, "source.server_port") == 0)
			add_other_keywords(conf, SIDE_SOURCE, &list);
		if (strcmp(name, "destination.server_port") == 0)
			add_other_keywords(conf, SIDE_DESTINATION, &list);
	}
	return list;
}

const struct endpoint *
conf_endpoint(const struct conf *conf, enum side side)
{
	return side == SIDE_SOURCE ? &conf->source : &conf->destination;
}

/* --- which upgrade, and where its files are ------------------------------- */

static void
add_place(struct strbuf *text, const struct endpoint *ep)
{
	static const char *const keywords[] = {
		"host", "hostaddr", "port", "service",
	};
	const char *value;
	size_t i;

	for (i = 0; i < LENGTH_OF(keywords); i++) {
		value = endpoint_get(ep, keywords[i]);
		strbuf_addf(text, " %s=%s", keywords[i], value ? value : "");
	}
}

char *
conf_upgrade(const struct conf *conf)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_add(&text, conf->name);
	add_place(&text, &conf->source);
	strbuf_add(&text, " ->");
	add_place(&text, &conf->destination);
	return strbuf_detach(&text);
}

struct state_dir *
conf_state_dir(const struct conf *conf, struct err *err)
{
	const char *xdg = getenv("XDG_STATE_HOME");
	char *path =
	    xdg && *xdg == '/'
		? mem_printf("%s/pgrepup/%s", xdg, conf->name)
		: mem_printf("%s/.local/state/pgrepup/%s", home(), conf->name);
	struct state_dir *dir = state_dir_open(path, err);

	free(path);
	return dir;
}
