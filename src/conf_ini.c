/* SPDX-License-Identifier: PostgreSQL */
/*
 * The configuration of the Python pgrepup 0.3, an INI file:
 *
 *	[Security]
 *	encrypted_credentials = y
 *	tmp_folder = /tmp
 *	[Source]
 *	host = db1
 *	...
 *
 * Encrypted are the passwords alone, by Fernet with a key of their own: they
 * cannot be taken over.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "conf_hide.h"
#include "mem.h"

static const struct {
	const char *section;
	const char *name;
	const char *key;
} settings[] = {
	{"Security", "tmp_folder", "tmp_dir"},
	{"Source", "host", "source.host"},
	{"Source", "port", "source.port"},
	{"Source", "connect_database", "source.dbname"},
	{"Source", "user", "source.user"},
	{"Source", "password", "source.password"},
	{"Destination", "host", "destination.host"},
	{"Destination", "port", "destination.port"},
	{"Destination", "connect_database", "destination.dbname"},
	{"Destination", "user", "destination.user"},
	{"Destination", "password", "destination.password"},
};

/* Sections in brackets: libconfig has none. */
static bool
is_ini(const char *text)
{
	for (;;) {
		text += strspn(text, " \t\r\n");
		if (*text != '#' && *text != ';')
			return *text == '[';
		text += strcspn(text, "\n");
	}
}

bool
conf_text_is_ini(const struct secret *text)
{
	return is_ini(secret_text(text));
}

bool
conf_is_ini(const char *path)
{
	struct err ignored = ERR_INIT;
	struct stat st;
	struct secret *text = conf_file_bytes(path, &st, &ignored);
	bool is = text && conf_text_is_ini(text);

	secret_free(text);
	err_release(&ignored);
	return is;
}

/* "[Source]" */
static bool
is_section(const char *line, size_t n, const char *section)
{
	return *line == '[' && n > strlen(section) + 1 &&
	       strncmp(line + 1, section, strlen(section)) == 0 &&
	       line[strlen(section) + 1] == ']';
}

/* "name = value": the value, with "%%" as "%"; NULL when it is not that. */
static char *
value_of(const char *line, size_t n, const char *name)
{
	size_t len = strlen(name), at;
	struct strbuf value = STRBUF_INIT;

	if (n <= len || strncasecmp(line, name, len) != 0)
		return NULL;
	at = len + strspn(line + len, " \t");
	if (at >= n || (line[at] != '=' && line[at] != ':'))
		return NULL;
	at++;
	at += strspn(line + at, " \t");
	while (n > at && strchr(" \t\r", line[n - 1]))
		n--;
	for (; at < n; at++) {
		strbuf_addc(&value, line[at]);
		at += line[at] == '%' && at + 1 < n && line[at + 1] == '%';
	}
	return strbuf_detach(&value);
}

static char *
find(const char *text, const char *section, const char *name)
{
	bool inside = false;
	char *value = NULL;
	size_t n;

	for (; *text && !value; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		if (*text == '[')
			inside = is_section(text, n, section);
		else if (inside)
			value = value_of(text, n, name);
	}
	return value;
}

static void
add_note(struct text_list *notes, char *note)
{
	text_list_add(notes, note);
	free(note);
}

static bool
put_password(struct conf *conf, const char *key, const char *value,
	     struct err *err)
{
	struct secret *secret = secret_new(value, strlen(value));
	bool ok = conf_set_secret(conf, key, secret, err);

	secret_free(secret);
	return ok;
}

/* A value that is not taken is told, and the rest goes on. */
static void
import(struct conf *conf, const char *key, const char *value, bool encrypted,
       struct text_list *notes)
{
	const char *home = getenv("HOME");
	struct err err = ERR_INIT;
	char *path = NULL;

	if (conf_key_is_secret(key) && encrypted) {
		add_note(notes,
			 mem_printf("%s is encrypted by the Python pgrepup and "
				    "cannot be taken over: enter it again",
				    key));
		return;
	}
	if (strncmp(value, "~/", 2) == 0 && home)
		value = path = mem_printf("%s%s", home, value + 1);
	if (conf_key_is_secret(key) ? !put_password(conf, key, value, &err)
				    : !conf_set(conf, key, value, &err))
		add_note(notes, mem_printf("%s: %s", key, err.message));
	err_release(&err);
	free(path);
}

static bool
is_encrypted(const char *text)
{
	char *yes = find(text, "Security", "encrypted_credentials");
	bool encrypted = yes && strcmp(yes, "y") == 0;

	free(yes);
	return encrypted;
}

static void
import_all(struct conf *conf, const char *text, struct text_list *notes)
{
	bool encrypted = is_encrypted(text);
	char *value;
	size_t i;

	for (i = 0; i < LENGTH_OF(settings); i++) {
		value = find(text, settings[i].section, settings[i].name);
		if (value && *value)
			import(conf, settings[i].key, value, encrypted, notes);
		if (value)
			secret_wipe(value, strlen(value));
		free(value);
	}
}

/* --- the former file ------------------------------------------------------ */

/* What stays of a line that is about a password: "password = ", or nothing. */
static size_t
harmless_length(const char *line, size_t n, bool encrypted)
{
	size_t at = strcspn(line, "=:");

	if (*line == '#' || *line == ';')
		return conf_word_is_secret(line, n) ? 0 : n;
	if (encrypted || at >= n || !conf_word_is_secret(line, at))
		return conf_has_userinfo(line, n) ? 0 : n;
	return at + 1;
}

void
conf_ini_hide(struct strbuf *out, const char *text)
{
	bool encrypted = is_encrypted(text), hidden = false;
	size_t n, keep;

	for (; *text; text += n) {
		n = strcspn(text, "\n");
		/* an indented line belongs to the one before */
		keep = hidden && (*text == ' ' || *text == '\t')
			       ? 0
			       : harmless_length(text, n, encrypted);
		hidden = keep < n;
		n += text[n] == '\n';
		if (hidden && keep > 0)
			strbuf_addf(out, "%.*s\n", (int)keep, text);
		else if (!hidden)
			strbuf_addn(out, text, n);
	}
}

/* Passwords in clear that stay where they were. */
static void
note_former(const struct conf *conf, const char *from,
	    struct text_list *notes)
{
	if (conf->source.password || conf->destination.password)
		add_note(notes,
			 mem_printf("\"%s\" has its passwords in clear: "
				    "remove it when it serves no more",
				    from));
}

struct conf *
conf_import(const char *from, const char *path, struct text_list *notes,
	    struct err *err)
{
	struct stat st;
	struct secret *text = conf_file_bytes(from, &st, err);
	struct conf *conf;
	struct conf_file *file;

	if (text && !conf_text_is_ini(text)) {
		err_set(err, ERR_CONFIG,
			"\"%s\" is not an INI file of the Python pgrepup",
			from);
		secret_free(text);
		return NULL;
	}
	if (!text) {
		err_set(err, ERR_CONFIG, "\"%s\" does not exist", from);
		return NULL;
	}
	conf = conf_new(path);
	file = conf->file;
	import_all(conf, secret_text(text), notes);
	if (strcmp(from, path) == 0) {
		/* What is replaced, and kept as FILE~. */
		file->text = text;
	} else {
		note_former(conf, from, notes);
		secret_free(text);
	}
	return conf;
}
