/* SPDX-License-Identifier: PostgreSQL */
/* The file as conf_save would write it, to be shown: without its secrets. */
#include <stdlib.h>
#include <string.h>

#include "conf_internal.h"
#include "mem.h"

#define HIDDEN "***"

/* "source.password" in a tree that is not that of a conf. */
static void
hide(config_t *tree, const char *name, bool sealed)
{
	config_setting_t *setting = config_lookup(tree, name), *parent;
	char *last;

	if (!setting)
		return;
	parent = config_setting_parent(setting);
	last = mem_strdup(config_setting_name(setting));
	config_setting_remove(parent, last);
	if (sealed) {
		parent = config_setting_add(parent, last, CONFIG_TYPE_GROUP);
		setting = config_setting_add(parent, "sealed",
					     CONFIG_TYPE_STRING);
	} else {
		setting = config_setting_add(parent, last, CONFIG_TYPE_STRING);
	}
	config_setting_set_string(setting, HIDDEN);
	free(last);
}

char *
conf_preview(const struct conf *conf, bool sealed)
{
	const struct conf_file *file = conf->file;
	struct secret *text = conf_file_text(&file->tree);
	config_t tree;
	char *shown;
	size_t i;

	config_init(&tree);
	config_set_tab_width(&tree, 8);
	config_set_options(&tree, config_get_options(&file->tree));
	if (config_read_string(&tree, secret_text(text)))
		for (i = 0; i < conf_n_key_rows; i++)
			if (conf_key_rows[i].type == CONF_SECRET)
				hide(&tree, conf_key_rows[i].name, sealed);
	secret_free(text);
	text = conf_file_text(&tree);
	conf_tree_destroy(&tree);
	shown = mem_strdup(secret_text(text));
	secret_free(text);
	return shown;
}
