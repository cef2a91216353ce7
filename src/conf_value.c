/* SPDX-License-Identifier: PostgreSQL */
/* Values of settings: from text, checked, into struct conf. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf_internal.h"
#include "mem.h"
#include "strbuf.h"

#define ROLE_MAX 63

bool
text_list_has(const struct text_list *list, const char *item)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->items[i], item) == 0)
			return true;
	return false;
}

void
text_list_add(struct text_list *list, const char *item)
{
	list->items = mem_resize(list->items, list->n + 2, sizeof(char *));
	list->items[list->n++] = mem_strdup(item);
	list->items[list->n] = NULL;
}

void
text_list_release(struct text_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct text_list){.n = 0};
}

struct endpoint *
conf_side(struct conf *conf, enum side side)
{
	return side == SIDE_SOURCE ? &conf->source : &conf->destination;
}

static void *
member_at(struct conf *conf, const struct conf_key *key)
{
	return (char *)conf + key->offset;
}

struct secret **
conf_secret_at(struct conf *conf, const struct conf_key *key)
{
	return member_at(conf, key);
}

bool
conf_parse_bool(const char *text, bool *value)
{
	static const char *const yes[] = {"yes", "true", "on", "1"};
	static const char *const no[] = {"no", "false", "off", "0"};
	size_t i;

	for (i = 0; i < LENGTH_OF(yes); i++) {
		if (strcasecmp(text, yes[i]) == 0 ||
		    strcasecmp(text, no[i]) == 0) {
			*value = strcasecmp(text, yes[i]) == 0;
			return true;
		}
	}
	return false;
}

static bool
parse_int(const char *text, long long min, long long max, long long *value)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*value = strtoll(text, &end, 10);
	return errno == 0 && *end == '\0' && *value >= min && *value <= max;
}

static bool
parse_bytes(const char *text, long long *value)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
	long long n, factor = 1;
	char *end;
	size_t i;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	n = strtoll(text, &end, 10);
	while (*end == ' ')
		end++;
	for (i = 0; i < LENGTH_OF(units); i++, factor *= 1024) {
		if (*end && strcasecmp(end, units[i]) != 0)
			continue;
		if (errno != 0 || n > LLONG_MAX / factor)
			return false;
		*value = n * factor;
		return true;
	}
	return false;
}

/* One item, up to a comma or the end; *text is moved behind it. */
static bool
parse_item(const char **text, struct strbuf *item)
{
	const char *c = *text + strspn(*text, " \t");
	size_t n;

	if (*c == '"') {
		for (c++; *c && (*c != '"' || c[1] == '"'); c++) {
			c += *c == '"';
			strbuf_addc(item, *c);
		}
		if (*c++ != '"')
			return false;
	} else {
		n = strcspn(c, ",");
		strbuf_addn(item, c, n);
		c += n;
		while (item->len > 0 &&
		       strchr(" \t", item->text[item->len - 1]))
			item->text[--item->len] = '\0';
	}
	c += strspn(c, " \t");
	*text = c;
	return item->len > 0 && (*c == '\0' || *c == ',');
}

bool
conf_parse_list(const char *text, struct text_list *list)
{
	struct strbuf item = STRBUF_INIT;
	bool ok;

	do {
		strbuf_reset(&item);
		ok = parse_item(&text, &item);
		if (ok)
			text_list_add(list, item.text);
	} while (ok && *text++ == ',');
	strbuf_release(&item);
	return ok;
}

char *
conf_format_list(const struct text_list *list)
{
	struct strbuf sb = STRBUF_INIT;
	const char *item;
	size_t i;

	for (i = 0; i < list->n; i++) {
		item = list->items[i];
		strbuf_sep(&sb, ",");
		if (strpbrk(item, ",\" \t"))
			strbuf_ident(&sb, item);
		else
			strbuf_add(&sb, item);
	}
	return strbuf_detach(&sb);
}

/* --- is a value right? ---------------------------------------------------- */

static bool
text_is_valid(const struct conf_key *key, const char *text)
{
	(void)key;
	return *text != '\0';
}

static bool
name_is_valid(const struct conf_key *key, const char *text)
{
	(void)key;
	return *text != '.' && *text != '-' && strlen(text) <= 63 &&
	       *text != '\0' &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789._-")] == '\0';
}

static bool
role_is_valid(const struct conf_key *key, const char *text)
{
	(void)key;
	return *text != '\0' && strlen(text) <= ROLE_MAX &&
	       strncmp(text, "pg_", 3) != 0;
}

static bool
host_is_valid(const struct conf_key *key, const char *text)
{
	(void)key;
	return *text != '\0' && !strchr(text, ',');
}

static bool
path_is_valid(const struct conf_key *key, const char *text)
{
	(void)key;
	return *text == '/';
}

static bool
choice_is_valid(const struct conf_key *key, const char *text)
{
	size_t i;

	for (i = 0; key->choices[i]; i++)
		if (strcmp(key->choices[i], text) == 0)
			return true;
	return false;
}

static bool
port_is_valid(const struct conf_key *key, const char *text)
{
	long long n;

	(void)key;
	return parse_int(text, 1, 65535, &n);
}

static bool
int_is_valid(const struct conf_key *key, const char *text)
{
	long long n;

	return parse_int(text, key->min, key->max, &n);
}

static bool
bytes_is_valid(const struct conf_key *key, const char *text)
{
	long long n;

	(void)key;
	return parse_bytes(text, &n);
}

static bool
bool_is_valid(const struct conf_key *key, const char *text)
{
	bool value;

	(void)key;
	return conf_parse_bool(text, &value);
}

static bool
list_is_valid(const struct conf_key *key, const char *text)
{
	struct text_list list = {.n = 0};
	bool ok = conf_parse_list(text, &list);

	(void)key;
	text_list_release(&list);
	return ok;
}

/* --- where a value goes --------------------------------------------------- */

static void
store_text(void *at, const char *text)
{
	char **p = at;

	free(*p);
	*p = mem_strdup(text);
}

static void
store_int(void *at, const char *text)
{
	*(int *)at = text ? (int)strtol(text, NULL, 10) : 0;
}

static void
store_bytes(void *at, const char *text)
{
	parse_bytes(text, at);
}

static void
store_bool(void *at, const char *text)
{
	conf_parse_bool(text, at);
}

static void
store_list(void *at, const char *text)
{
	text_list_release(at);
	if (text)
		conf_parse_list(text, at);
}

static const struct {
	bool (*is_valid)(const struct conf_key *key, const char *text);
	void (*store)(void *at, const char *text);
	const char *hint;
} types[] = {
    [CONF_TEXT] = {text_is_valid, store_text, "Give a text."},
    [CONF_NAME] =
	{name_is_valid, store_text,
	 "Give at most 63 letters, digits, dots, hyphens and underscores, beginning with a letter, a digit or an underscore."},
    [CONF_ROLE] = {role_is_valid, store_text,
		   "Give at most 63 bytes that do not begin with \"pg_\"."},
    [CONF_HOST] = {host_is_valid, store_text,
		   "Name one server, not a list of them."},
    [CONF_PATH] = {path_is_valid, store_text,
		   "Give an absolute path, one that begins with \"/\"."},
    [CONF_CHOICE] = {choice_is_valid, store_text, NULL},
    [CONF_PORT] = {port_is_valid, store_text,
		   "Give a whole number from 1 to 65535."},
    [CONF_INT] = {int_is_valid, store_int, NULL},
    [CONF_BYTES] = {bytes_is_valid, store_bytes,
		    "Give a number of bytes, or one with a unit: 500MB, 1GB."},
    [CONF_BOOL] = {bool_is_valid, store_bool, "Give yes or no."},
    [CONF_LIST] =
	{list_is_valid, store_list,
	 "Separate names by commas, and put names with commas, quotes or spaces around them in double quotes: a,\"b,c\"."},
    [CONF_ANY] = {text_is_valid, store_text, "Give a text."},
};

static void
value_error(const struct conf_key *key, const char *text, struct err *err)
{
	struct strbuf list = STRBUF_INIT;
	size_t i;

	err_set(err, ERR_CONFIG, "invalid value for \"%s\": \"%s\"", key->name,
		text);
	for (i = 0; key->choices && key->choices[i]; i++) {
		strbuf_sep(&list, ", ");
		strbuf_add(&list, key->choices[i]);
	}
	if (key->choices)
		err_hint(err, "Give one of %s.", list.text);
	else if (key->type == CONF_INT)
		err_hint(err, "Give a whole number from %lld to %lld.",
			 key->min, key->max);
	else
		err_hint(err, "%s", types[key->type].hint);
	strbuf_release(&list);
}

bool
conf_apply(struct conf *conf, const struct conf_key *key, const char *text,
	   struct err *err)
{
	const char *refusal =
	    key->keyword ? conf_keyword_refusal(key->keyword) : NULL;

	if (text && refusal) {
		err_set(err, ERR_CONFIG, "\"%s\" is not a setting of pgrepup",
			key->name);
		err_hint(err, "%s", refusal);
		return false;
	}
	if (text && !types[key->type].is_valid(key, text)) {
		value_error(key, text, err);
		return false;
	}
	if (!text)
		text = key->deflt;
	if (key->keyword)
		endpoint_set(conf_side(conf, key->side), key->keyword, text);
	else
		types[key->type].store(member_at(conf, key), text);
	return true;
}
