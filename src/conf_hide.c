/* SPDX-License-Identifier: PostgreSQL */
/*
 * The text of a configuration without its secrets, for copies of it. Text and
 * no tree, so that comments stay where they were, and that a file which does
 * not parse is not kept with its passwords either.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf_hide.h"
#include "mem.h"

#define SPACES " \t\r\n"
#define TAKEN_OUT "taken out of this copy"

/* A name, a comment or a value that has one of these may be of a secret. */
static const char *const words[] = {"password", "passwd", "passphrase",
				    "secret", "scram_"};

/* A comment is free text: one with these in it may be of one, too. */
static const char *const comment_words[] = {"pass", "pw", "secret", "cred",
					    "scram"};

struct walk {
	struct strbuf *out;
	struct strbuf group; /* "source.", or "" */
	conf_value_fn *hide;
	void *arg;
	bool comments; /* they may not speak of secrets either */
	bool beside;   /* a secret has been left out of this line */
};

static const char *
skip_spaces(const char *c)
{
	return c + strspn(c, SPACES);
}

/* --- does it speak of a secret? ------------------------------------------- */

/* The end of the first such word in n bytes, or NULL. */
static const char *
find_word(const char *text, size_t n)
{
	size_t i, at, len;

	for (at = 0; at < n; at++) {
		for (i = 0; i < LENGTH_OF(words); i++) {
			len = strlen(words[i]);
			if (len <= n - at &&
			    strncasecmp(text + at, words[i], len) == 0)
				return text + at + len;
		}
	}
	return NULL;
}

/* "://USER:PASSWORD@" */
bool
conf_has_userinfo(const char *text, size_t n)
{
	const char *end = text + n, *c;

	for (c = text; c + 3 < end; c++) {
		if (strncmp(c, "://", 3) != 0)
			continue;
		for (c += 3; c < end && !strchr("/@:\" \t\n", *c); c++)
			;
		if (c < end && *c == ':' &&
		    memchr(c, '@', (size_t)(end - c)))
			return true;
	}
	return false;
}

/* "password=...", as in a connection string or in options. */
static bool
has_assignment(const char *text, size_t n)
{
	const char *end = text + n, *c = find_word(text, n);

	for (; c; c = find_word(c, (size_t)(end - c))) {
		while (c < end && (isalnum((unsigned char)*c) || *c == '_'))
			c++;
		while (c < end && strchr(SPACES, *c))
			c++;
		if (c < end && *c == '=')
			return true;
	}
	return false;
}

static bool
name_is_secret(const char *name)
{
	struct conf_key made;
	const struct conf_key *key = conf_key_find(name, &made);

	if (key && key->type != CONF_ANY)
		return key->type == CONF_SECRET;
	return find_word(name, strlen(name)) != NULL;
}

static bool
is_secret(const char *name, const char *value, size_t n)
{
	return name_is_secret(name) || conf_has_userinfo(value, n) ||
	       has_assignment(value, n);
}

/* --- libconfig's tokens --------------------------------------------------- */

/* The bytes of the comment at c; 0: there is none. */
static size_t
comment_length(const char *c)
{
	const char *end;

	if (*c == '#' || (*c == '/' && c[1] == '/'))
		return strcspn(c, "\n");
	if (*c != '/' || c[1] != '*')
		return 0;
	end = strstr(c + 2, "*/");
	return end ? (size_t)(end + 2 - c) : strlen(c);
}

static size_t
string_length(const char *text)
{
	const char *c = text + 1;

	for (; *c && *c != '"'; c++)
		c += *c == '\\' && c[1];
	return (size_t)(c - text) + (*c == '"');
}

/* What goes before the next token of a value. */
static const char *
skip_blanks(const char *c)
{
	size_t n;

	for (c = skip_spaces(c); (n = comment_length(c)) > 0;)
		c = skip_spaces(c + n);
	return c;
}

/* Texts that follow each other are one. */
static size_t
strings_length(const char *text)
{
	const char *end = text, *c = text;

	while (*c == '"') {
		end = c + string_length(c);
		c = skip_blanks(end);
	}
	return (size_t)(end - text);
}

/* What closes a group, an array or a list; 0 for what is none. */
static char
closing(char c)
{
	return c == '{' ? '}' : c == '[' ? ']' : c == '(' ? ')' : 0;
}

/* All of what that bracket opens. */
static size_t
bracket_length(const char *text)
{
	char open = *text, close = closing(open);
	const char *c = text;
	int depth = 0;
	size_t n;

	while (*c) {
		n = *c == '"' ? string_length(c) : comment_length(c);
		depth += (*c == open) - (*c == close);
		c += n > 0 ? n : 1;
		if (depth == 0)
			break;
	}
	return (size_t)(c - text);
}

static size_t
value_length(const char *value)
{
	if (*value == '"')
		return strings_length(value);
	if (closing(*value))
		return bracket_length(value);
	return strcspn(value, ";,}])" SPACES);
}

/* --- walking -------------------------------------------------------------- */

static bool
speaks_of_secret(const char *c, size_t n)
{
	size_t at, i;

	for (at = 0; at < n; at++)
		for (i = 0; i < LENGTH_OF(comment_words); i++)
			if (strlen(comment_words[i]) <= n - at &&
			    strncasecmp(c + at, comment_words[i],
					strlen(comment_words[i])) == 0)
				return true;
	return false;
}

static const char *
add_comment(struct walk *w, const char *c, size_t n)
{
	bool hidden = w->comments && (w->beside || speaks_of_secret(c, n) ||
				      conf_has_userinfo(c, n));

	if (!hidden)
		strbuf_addn(w->out, c, n);
	else
		strbuf_add(w->out, c[1] == '*' ? "/* " TAKEN_OUT " */"
					       : "# " TAKEN_OUT);
	return c + n;
}

static const char *
add_blanks(struct walk *w, const char *c)
{
	size_t n;

	for (;;) {
		n = strspn(c, SPACES);
		w->beside = w->beside && !memchr(c, '\n', n);
		strbuf_addn(w->out, c, n);
		c += n;
		n = comment_length(c);
		if (n == 0)
			return c;
		c = add_comment(w, c, n);
	}
}

/* What is no assigned value: an item of a list, or of a broken text. */
static const char *
add_string(struct walk *w, const char *c)
{
	size_t n = string_length(c);

	if (is_secret("", c, n))
		strbuf_add(w->out, "\"\"");
	else
		strbuf_addn(w->out, c, n);
	return c + n;
}

static void
enter_group(struct walk *w, const char *name)
{
	strbuf_add(&w->group, name);
	strbuf_addc(&w->group, '.');
}

static void
leave_group(struct walk *w)
{
	struct strbuf *group = &w->group;

	if (group->len > 0)
		group->text[--group->len] = '\0';
	while (group->len > 0 && group->text[group->len - 1] != '.')
		group->text[--group->len] = '\0';
}

static const char *
add_value(struct walk *w, const char *name, const char *value)
{
	char *key = mem_printf("%s%s", w->group.text, name);
	size_t n = value_length(value);

	/* What stands in brackets is looked at by itself. */
	if (is_secret(key, value, closing(*value) ? 0 : n)) {
		n = w->hide(w->out, key, value, n, w->arg);
		w->beside = true;
	} else if (*value == '{') {
		enter_group(w, name);
		strbuf_addc(w->out, '{');
		n = 1;
	} else if (closing(*value)) {
		n = 0;
	} else {
		strbuf_addn(w->out, value, n);
	}
	free(key);
	return value + n;
}

static bool
is_name_char(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("*-_", c));
}

static const char *
add_name(struct walk *w, const char *c)
{
	size_t n = 0;
	char *name;

	while (is_name_char(c[n]))
		n++;
	name = mem_strndup(c, n);
	strbuf_addn(w->out, c, n);
	c = add_blanks(w, c + n);
	if (*c == '=' || *c == ':') {
		strbuf_addc(w->out, *c);
		c = add_blanks(w, c + 1);
		c = add_value(w, name, c);
	}
	free(name);
	return c;
}

static const char *
add_sign(struct walk *w, const char *c)
{
	if (*c == '{')
		enter_group(w, "");
	else if (*c == '}')
		leave_group(w);
	strbuf_addc(w->out, *c);
	return c + 1;
}

static const char *
add_token(struct walk *w, const char *c)
{
	if (*c == '"')
		return add_string(w, c);
	if (is_name_char(*c))
		return add_name(w, c);
	return add_sign(w, c);
}

void
conf_text_hide(struct strbuf *out, const char *text, bool comments,
	       conf_value_fn *hide, void *arg)
{
	struct walk w = {
		.out = out,
		.group = STRBUF_INIT,
		.hide = hide,
		.arg = arg,
		.comments = comments,
	};
	const char *c = add_blanks(&w, text);

	while (*c)
		c = add_blanks(&w, add_token(&w, c));
	strbuf_release(&w.group);
}

/* --- the former file ------------------------------------------------------ */

struct trees {
	const config_t *former, *now;
};

static const char *
string_at(const config_t *tree, const char *name, const char *last)
{
	const config_setting_t *setting = config_lookup(tree, name);
	const char *text = NULL;

	if (setting && last && config_setting_is_group(setting))
		config_setting_lookup_string(setting, last, &text);
	else if (setting && !last)
		text = config_setting_get_string(setting);
	return text;
}

static bool
is_same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* A password stays only as the configuration has it: sealed, by that key. */
static size_t
hide_former(struct strbuf *out, const char *key, const char *value, size_t n,
	    void *arg)
{
	const struct trees *t = arg;
	const char *sealed = string_at(t->former, key, "sealed");

	if (is_same(sealed, string_at(t->now, key, "sealed")) &&
	    is_same(string_at(t->former, "security.salt", NULL),
		    string_at(t->now, "security.salt", NULL)))
		strbuf_addf(out, "{ sealed = \"%s\"; }", sealed);
	else if (strncmp(value, "\"\"", n) == 0)
		strbuf_addn(out, value, n);
	else
		strbuf_add(out, "\"\" /* " TAKEN_OUT " */");
	return n;
}

struct secret *
conf_former_text(const struct secret *text, const config_t *now)
{
	struct strbuf out = STRBUF_INIT;
	struct secret *copy;
	config_t former;

	config_init(&former);
	if (conf_text_is_ini(text)) {
		conf_ini_hide(&out, secret_text(text));
	} else {
		config_read_string(&former, secret_text(text));
		conf_text_hide(&out, secret_text(text), true, hide_former,
			       &(struct trees){&former, now});
	}
	conf_tree_destroy(&former);
	copy = secret_new(out.text, out.len);
	strbuf_release(&out);
	return copy;
}

bool
conf_word_is_secret(const char *text, size_t n)
{
	return find_word(text, n) || conf_has_userinfo(text, n);
}
