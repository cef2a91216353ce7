/* SPDX-License-Identifier: PostgreSQL */
/*
 * The configuration: any text read, written and read again, and its copy
 * without secrets. MARK stands for a password in the inputs: it must be gone
 * wherever it is (in) the value of a setting that is a secret, and everything
 * else must stay.
 */
#include <stdlib.h>
#include <string.h>

#include "conf_hide.h"
#include "fuzz.h"
#include "mem.h"

#define MARK "s3cr"

/* --- of which settings is it? --------------------------------------------- */

static bool
is_secret(const char *name)
{
	struct conf_key made;
	const struct conf_key *key = conf_key_find(name, &made);

	if (key && key->type != CONF_ANY)
		return key->type == CONF_SECRET;
	return conf_word_is_secret(name, strlen(name));
}

static size_t
count_marks(const char *text, size_t n)
{
	const char *c, *end = text + n;
	size_t count = 0;

	for (c = text; (c = strstr(c, MARK)) && c < end; c += strlen(MARK))
		count++;
	return count;
}

static size_t
count_all(const char *text)
{
	return text ? count_marks(text, strlen(text)) : 0;
}

/* Marks that may stay: of names, and of values that are no secrets. */
static size_t
count_open(const config_setting_t *setting, const char *prefix)
{
	const char *name = config_setting_name(setting);
	char *full = mem_printf("%s%s%s", prefix, *prefix && name ? "." : "",
				name ? name : "");
	bool secret = name && is_secret(full);
	size_t n = count_all(name);
	int i;

	if (!secret && config_setting_type(setting) == CONFIG_TYPE_STRING)
		n += count_all(config_setting_get_string(setting));
	for (i = 0; !secret && i < config_setting_length(setting); i++)
		n += count_open(config_setting_get_elem(setting, (unsigned)i),
				full);
	free(full);
	return n;
}

/* Every secret is empty, or gone. */
static void
expect_empty(const config_setting_t *setting, const char *prefix)
{
	const char *name = config_setting_name(setting), *text;
	char *full = mem_printf("%s%s%s", prefix, *prefix && name ? "." : "",
				name ? name : "");
	int i;

	text = config_setting_type(setting) == CONFIG_TYPE_STRING
		       ? config_setting_get_string(setting)
		       : NULL;
	if (name && is_secret(full) && text && *text)
		fuzz_fail("%s is still \"%s\"", full, text);
	for (i = 0; i < config_setting_length(setting); i++)
		expect_empty(config_setting_get_elem(setting, (unsigned)i),
			     full);
	free(full);
}

/* The bytes of a comment or text that begins there, as libconfig reads it. */
static size_t
length_of_token(const char *c, bool *comment)
{
	const char *end = NULL;
	size_t n = 1;

	*comment = *c == '#' || (*c == '/' && (c[1] == '/' || c[1] == '*'));
	if (*comment && c[1] == '*' && *c == '/') {
		end = strstr(c + 2, "*/");
		return end ? (size_t)(end + 2 - c) : strlen(c);
	}
	if (*comment)
		return strcspn(c, "\n");
	if (*c != '"')
		return 1;
	while (c[n] && c[n] != '"')
		n += c[n] == '\\' && c[n + 1] ? 2 : 1;
	return n + (c[n] == '"');
}

static size_t
count_in_comments(const char *text)
{
	size_t n, count = 0;
	bool comment;

	for (; *text; text += n) {
		n = length_of_token(text, &comment);
		count += comment ? count_marks(text, n) : 0;
	}
	return count;
}

/* --- the copy ------------------------------------------------------------- */

static char *
copy_without_secrets(const char *text)
{
	struct secret *former = secret_new(text, strlen(text)), *left;
	config_t now;
	char *copy;

	config_init(&now);
	left = conf_former_text(former, &now);
	copy = mem_strdup(secret_text(left));
	config_destroy(&now);
	secret_free(former);
	secret_free(left);
	return copy;
}

static void
compare(const config_t *tree, const char *text, const char *copy)
{
	size_t most = count_open(config_root_setting(tree), "") +
		      count_in_comments(text);
	config_t again;

	if (count_all(copy) > most)
		fuzz_fail("a secret is in\n%s\nof\n%s", copy, text);
	config_init(&again);
	if (!config_read_string(&again, copy))
		fuzz_fail("no configuration any more (line %d): %s\nof\n%s",
			  config_error_line(&again), copy, text);
	expect_empty(config_root_setting(&again), "");
	config_destroy(&again);
}

static void
hide(const char *text)
{
	struct secret *former = secret_new(text, strlen(text));
	char *copy = copy_without_secrets(text);
	config_t tree;

	config_init(&tree);
	if (!conf_text_is_ini(former) && config_read_string(&tree, text))
		compare(&tree, text, copy);
	config_destroy(&tree);
	free(copy);
	secret_free(former);
}

/* --- the file ------------------------------------------------------------- */

/* What was taken is taken again, and means the same. */
static void
read_again(const char *path, const struct conf *conf)
{
	const struct conf_file *file = conf->file;
	struct secret *text = conf_file_text(&file->tree);
	struct text_list keys = conf_keys(conf);
	struct err err = ERR_INIT;
	struct conf *again;
	char *a, *b;
	size_t i;

	fuzz_write(path, secret_text(text), secret_length(text));
	again = conf_load(path, &err);
	if (!again)
		fuzz_fail("not read again: %s\n%s", err.message,
			  secret_text(text));
	for (i = 0; i < keys.n; i++) {
		a = conf_get(conf, keys.items[i]);
		b = conf_get(again, keys.items[i]);
		if (!a != !b || (a && strcmp(a, b) != 0))
			fuzz_fail("%s was \"%s\" and is \"%s\"", keys.items[i],
				  a ? a : "-", b ? b : "-");
		free(a);
		free(b);
	}
	conf_free(again);
	text_list_release(&keys);
	secret_free(text);
}

static void
expect_shown_without(const struct conf *conf)
{
	static const char *const secrets[] = {
		"source.password", "destination.password",
		"replication.password"};
	char *shown = conf_preview(conf, false);
	config_t tree;
	const char *text;
	size_t i;

	config_init(&tree);
	if (!config_read_string(&tree, shown))
		fuzz_fail("shown as %s", shown);
	for (i = 0; i < LENGTH_OF(secrets); i++)
		if (config_lookup_string(&tree, secrets[i], &text) &&
		    strcmp(text, "***") != 0)
			fuzz_fail("%s is shown as %s", secrets[i], text);
	config_destroy(&tree);
	free(shown);
}

static void
load(const char *text)
{
	char *path = mem_printf("%s/conf", fuzz_folder());
	struct err err = ERR_INIT;
	struct text_list notes = {.n = 0};
	struct conf *conf;

	fuzz_write(path, text, strlen(text));
	conf = conf_load(path, &err);
	if (conf) {
		expect_shown_without(conf);
		read_again(path, conf);
		conf_free(conf);
	} else if (!err_is_set(&err)) {
		fuzz_fail("refused without a reason");
	}
	err_release(&err);
	if (conf_is_ini(path)) {
		conf = conf_import(path, path, &notes, &err);
		conf_free(conf);
		text_list_release(&notes);
	}
	err_release(&err);
	free(path);
}

/* A line, as a person gives it for a setting of each type. */
static void
set(const char *value)
{
	struct conf *conf = conf_new("/nowhere");
	struct err err = ERR_INIT;
	char *again;
	size_t i;

	for (i = 0; i < conf_n_key_rows; i++) {
		conf_set(conf, conf_key_rows[i].name, value, &err);
		err_release(&err);
	}
	conf_set(conf, "source", value, &err);
	again = conf_preview(conf, false);
	free(again);
	err_release(&err);
	conf_free(conf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct err err = ERR_INIT;

	if (!secret_init(&err))
		fuzz_fail("%s", err.message);
	/* libconfig would read other files; pgrepup refuses it before. */
	if (!strstr(text, "@include")) {
		hide(text);
		load(text);
		if (!strchr(text, '\n'))
			set(text);
	}
	free(text);
	return 0;
}
