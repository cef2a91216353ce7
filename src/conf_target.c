/* SPDX-License-Identifier: PostgreSQL */
/*
 * Where sealed passwords are sent: the settings that decide it, sealed beside
 * them as
 *
 *	security: { target = "..."; };
 *
 * Who can write the file, or has put an old one in its place, does not know
 * the passphrase: what he names there gets no password before a person has
 * confirmed it.
 */
#include <stdlib.h>
#include <string.h>

#include "conf_internal.h"
#include "mem.h"

#define TARGET "security.target"

static bool
decides(const struct conf_key *key)
{
	return key->keyword || key->leads;
}

bool
conf_decides_target(const char *name, const char *value)
{
	struct conf_key made;
	const struct conf_key *key = conf_key_find(name, &made);

	return conf_conninfo_side(name, value) != SIDE_NONE ||
	       (key && decides(key));
}

/* "source.host=db1" and so on, in the order of the documentation. */
struct text_list
conf_target(const struct conf *conf)
{
	struct text_list keys = conf_keys(conf), lines = {.n = 0};
	const struct conf_key *key;
	struct conf_key made;
	char *value, *line;
	size_t i;

	for (i = 0; i < keys.n; i++) {
		key = conf_key_find(keys.items[i], &made);
		if (!key || !decides(key) || !conf_is_set(conf, key->name))
			continue;
		value = conf_get(conf, key->name);
		line = mem_printf("%s=%s", key->name, value ? value : "");
		text_list_add(&lines, line);
		free(line);
		free(value);
	}
	text_list_release(&keys);
	return lines;
}

static bool
is_same(const struct text_list *a, const struct text_list *b)
{
	size_t i;

	for (i = 0; i < a->n && i < b->n; i++)
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	return a->n == b->n;
}

void
conf_target_put(struct conf *conf)
{
	struct conf_key made;
	struct text_list lines = conf_target(conf);
	char *text = conf_format_list(&lines), *sealed;
	struct secret *value = secret_new(text, strlen(text));

	/* Sealed anew, the same would be another file. */
	if (conf->confirmed || !is_same(&lines, &conf->target) ||
	    !conf_tree_string(conf, TARGET)) {
		sealed = secret_seal(conf->key, TARGET, value);
		conf_tree_put(conf, conf_key_find(TARGET, &made), sealed);
		free(sealed);
	}
	conf->confirmed = false;
	secret_free(value);
	free(text);
	text_list_release(&conf->target);
	conf->target = lines;
}

/* The value of the line of the same setting; NULL: none there. */
static const char *
value_in(const struct text_list *lines, const char *line)
{
	size_t i, n = strcspn(line, "=") + 1;

	for (i = 0; i < lines->n; i++)
		if (strncmp(lines->items[i], line, n) == 0)
			return lines->items[i] + n;
	return NULL;
}

/* Adds a sentence for each setting that is another one, or no more there. */
static void
tell_moved(const struct text_list *was, const struct text_list *is,
	   struct strbuf *out)
{
	const char *line, *value, *before;
	size_t i;

	for (i = 0; i < is->n; i++) {
		line = is->items[i];
		value = strchr(line, '=') + 1;
		before = value_in(was, line);
		if (before && strcmp(before, value) == 0)
			continue;
		strbuf_addf(out, "%s%.*s is \"%s\"", out->len > 0 ? "; " : "",
			    (int)strcspn(line, "="), line, value);
		if (before)
			strbuf_addf(out, " and was \"%s\"", before);
	}
	for (i = 0; i < was->n; i++) {
		line = was->items[i];
		if (!value_in(is, line))
			strbuf_addf(out, "%s%.*s is not set and was \"%s\"",
				    out->len > 0 ? "; " : "",
				    (int)strcspn(line, "="), line,
				    strchr(line, '=') + 1);
	}
}

/* As it was sealed; false when the text is not what pgrepup has sealed. */
static bool
read_sealed(const char *sealed, const struct secret_key *key,
	    struct text_list *was, struct err *err)
{
	struct secret *text = secret_open(key, TARGET, sealed, err);
	bool ok = text && (secret_length(text) == 0 ||
			   conf_parse_list(secret_text(text), was));
	size_t i;

	for (i = 0; i < was->n; i++)
		ok = ok && strchr(was->items[i], '=');
	secret_free(text);
	return ok;
}

bool
conf_target_check(struct conf *conf, const struct secret_key *key,
		  struct err *err)
{
	const char *sealed = conf_tree_string(conf, TARGET);
	struct strbuf moved = STRBUF_INIT;
	struct text_list was = {.n = 0};
	bool told = sealed && read_sealed(sealed, key, &was, err);

	err_release(err);
	tell_moved(&was, &conf->target, &moved);
	conf->moved = !told || moved.len > 0;
	if (conf->moved && !conf->confirmed) {
		err_set(err, ERR_CONFIG,
			told ? "where the sealed passwords are sent was changed in the file"
			     : "the file does not say where its sealed passwords may be sent");
		if (moved.len > 0)
			err_detail(err, "%s.", moved.text);
		err_hint(err, "If that is right, run `pgrepup config confirm`; if it was not you, somebody else can write this file.");
		conf_tree_at(conf, NULL, err);
	}
	text_list_release(&was);
	strbuf_release(&moved);
	return !conf->moved || conf->confirmed;
}
