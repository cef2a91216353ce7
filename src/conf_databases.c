/* SPDX-License-Identifier: PostgreSQL */
/* Which databases are upgraded: databases.include and its like. */
#include <stdlib.h>
#include <string.h>

#include "conf_internal.h"

bool
conf_takes_database(const struct conf *conf, const char *name,
		    bool is_template)
{
	if (strcmp(name, "template0") == 0 ||
	    text_list_has(&conf->databases_exclude, name))
		return false;
	if (conf->databases_include.n > 0)
		return text_list_has(&conf->databases_include, name);
	return !is_template || conf->databases_templates;
}

/* The list of a setting with a name more or less. */
static bool
change_list(struct conf *conf, const char *key, const struct text_list *list,
	    const char *name, bool add, struct err *err)
{
	struct text_list new = {.n = 0};
	char *text;
	size_t i;
	bool ok;

	if (text_list_has(list, name) == add)
		return true;
	for (i = 0; i < list->n; i++)
		if (strcmp(list->items[i], name) != 0)
			text_list_add(&new, list->items[i]);
	if (add)
		text_list_add(&new, name);
	text = conf_format_list(&new);
	ok = conf_set(conf, key, text, err);
	free(text);
	text_list_release(&new);
	return ok;
}

bool
conf_take_database(struct conf *conf, const char *name, bool is_template,
		   bool take, struct err *err)
{
	bool listed = conf->databases_include.n > 0;

	if (take && is_template && !listed && !conf->databases_templates) {
		err_set(err, ERR_CONFIG, "\"%s\" is a template", name);
		err_hint(err, "Templates: yes takes all of them.");
		return false;
	}
	/* The last one gone, the list would mean all. */
	if (!take && listed && conf->databases_include.n == 1) {
		err_set(err, ERR_CONFIG, "\"%s\" is the only database", name);
		err_hint(err, "Empty \"Only\" to upgrade all.");
		return false;
	}
	if (listed && !change_list(conf, "databases.include",
				   &conf->databases_include, name, take, err))
		return false;
	return (listed && !take) ||
	       change_list(conf, "databases.exclude", &conf->databases_exclude,
			   name, !take, err);
}
