/* SPDX-License-Identifier: PostgreSQL */
/* Records as JSON objects, by jansson. */
#include "record.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"
#include "strbuf.h"

struct record {
	json_t *json; /* NULL: nothing but texts */
	char *texts;  /* of a lean one: keys and values in turn, each ended by
		       * a zero, an empty key ends them; NULL: none */
};

static void *
checked(void *p)
{
	if (!p)
		abort();
	return p;
}

static struct record *
wrap(json_t *json)
{
	struct record *r = MEM_NEW(struct record);

	r->json = checked(json);
	return r;
}

struct record *
record_new(const char *type)
{
	struct record *r = wrap(json_object());

	if (type)
		record_text(r, "type", type);
	return r;
}

struct record *
record_parse(const char *line)
{
	json_t *json = json_loads(line, 0, NULL);

	if (json_is_object(json))
		return wrap(json);
	json_decref(json);
	return NULL;
}

void
record_free(struct record *r)
{
	if (!r)
		return;
	json_decref(r->json);
	free(r->texts);
	free(r);
}

static void
add_texts(json_t *json, const char *texts)
{
	const char *at = texts, *value;

	for (; at && *at; at = value + strlen(value) + 1) {
		value = at + strlen(at) + 1;
		json_object_set_new(json, at, checked(json_string(value)));
	}
}

/* A new object of all members. */
static json_t *
copy_of(const struct record *r)
{
	json_t *json = r->json ? json_deep_copy(r->json) : json_object();

	add_texts(checked(json), r->texts);
	return json;
}

/* A lean one that is to be changed is lean no more. */
static void
unpack(struct record *r)
{
	if (!r->json)
		r->json = checked(json_object());
	add_texts(r->json, r->texts);
	free(r->texts);
	r->texts = NULL;
}

struct record *
record_copy(const struct record *r)
{
	return wrap(copy_of(r));
}

struct record *
record_share(const struct record *r)
{
	return wrap(json_incref(r->json));
}

bool
record_is_shared(const struct record *a, const struct record *b)
{
	return a->json == b->json;
}

static void
set_new(struct record *r, const char *key, json_t *value)
{
	unpack(r);
	json_object_set_new(r->json, key, checked(value));
}

/* Text from servers and programs need not be valid UTF-8; JSON must be. */
static json_t *
text_value(const char *value)
{
	json_t *json = value ? json_string(value) : json_null();
	const char *in;
	char *out, *o;

	if (json)
		return json;
	out = o = MEM_ARRAY(char, strlen(value) * 3 + 1);
	for (in = value; *in; in++) {
		if ((unsigned char)*in < 0x80) {
			*o++ = *in;
		} else {
			memcpy(o, "\xef\xbf\xbd", 3);
			o += 3;
		}
	}
	json = json_string(out);
	free(out);
	return json;
}

void
record_text(struct record *r, const char *key, const char *value)
{
	set_new(r, key, text_value(value));
}

void
record_int(struct record *r, const char *key, long long value)
{
	set_new(r, key, json_integer(value));
}

void
record_real(struct record *r, const char *key, double value)
{
	set_new(r, key, isfinite(value) ? json_real(value) : json_null());
}

void
record_bool(struct record *r, const char *key, bool value)
{
	set_new(r, key, json_boolean(value));
}

void
record_null(struct record *r, const char *key)
{
	set_new(r, key, json_null());
}

void
record_drop(struct record *r, const char *key)
{
	unpack(r);
	json_object_del(r->json, key);
}

void
record_take(struct record *r, const char *key, struct record *from)
{
	json_t *member;

	unpack(r);
	unpack(from);
	member = json_object_get(from->json, key);
	if (!member)
		return;
	json_object_set(r->json, key, member);
	json_object_del(from->json, key);
}

void
record_array(struct record *r, const char *key)
{
	if (!json_is_array(json_object_get(r->json, key)))
		set_new(r, key, json_array());
}

void
record_append(struct record *r, const char *key, const struct record *item)
{
	record_array(r, key);
	json_array_append_new(json_object_get(r->json, key),
			      copy_of(item));
}

void
record_object(struct record *r, const char *key, const struct record *value)
{
	set_new(r, key, copy_of(value));
}

void
record_append_text(struct record *r, const char *key, const char *item)
{
	record_array(r, key);
	json_array_append_new(json_object_get(r->json, key),
			      checked(text_value(item)));
}

void
record_append_int(struct record *r, const char *key, long long item)
{
	record_array(r, key);
	json_array_append_new(json_object_get(r->json, key),
			      checked(json_integer(item)));
}

void
record_err(struct record *r, const struct err *err)
{
	record_text(r, "kind", err_kind_name(err->kind));
	record_text(r, "sqlstate", *err->sqlstate ? err->sqlstate : NULL);
	record_text(r, "message", err->message);
	record_text(r, "detail", err->detail);
	record_text(r, "hint", err->hint);
	record_text(r, "where", err->where);
}

void
record_get_err(const struct record *r, struct err *err)
{
	const char *kind = record_get(r, "kind");
	const char *message = record_get(r, "message");

	err_set(err, kind ? err_kind_from_name(kind) : ERR_SYSTEM, "%s",
		message ? message : "unknown error");
	err_sqlstate(err, record_get(r, "sqlstate"));
	if (record_get(r, "detail"))
		err_detail(err, "%s", record_get(r, "detail"));
	if (record_get(r, "hint"))
		err_hint(err, "%s", record_get(r, "hint"));
	if (record_get(r, "where"))
		err_at(err, "%s", record_get(r, "where"));
}

static const char *
find_text(const struct record *r, const char *key)
{
	const char *at = r->texts, *value;

	for (; at && *at; at = value + strlen(value) + 1) {
		value = at + strlen(at) + 1;
		if (strcmp(at, key) == 0)
			return value;
	}
	return NULL;
}

const char *
record_get(const struct record *r, const char *key)
{
	const char *text = find_text(r, key);

	return text ? text : json_string_value(json_object_get(r->json, key));
}

long long
record_get_int(const struct record *r, const char *key)
{
	return json_integer_value(json_object_get(r->json, key));
}

double
record_get_real(const struct record *r, const char *key)
{
	return json_number_value(json_object_get(r->json, key));
}

bool
record_get_bool(const struct record *r, const char *key)
{
	return json_is_true(json_object_get(r->json, key));
}

bool
record_has(const struct record *r, const char *key)
{
	json_t *value = json_object_get(r->json, key);

	return find_text(r, key) || (value && !json_is_null(value));
}

double
record_time(const struct record *r)
{
	const char *text = r ? record_get(r, "time") : NULL;
	struct tm tm = {0};
	const char *rest = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &tm)
				: NULL;

	return rest ? (double)timegm(&tm) + strtod(rest, NULL) : 0;
}

bool
record_is(const struct record *r, const char *type)
{
	const char *is = record_get(r, "type");

	return is && strcmp(is, type) == 0;
}

size_t
record_count(const struct record *r, const char *key)
{
	return json_array_size(json_object_get(r->json, key));
}

static bool
is_kept(const char *key, const json_t *value)
{
	return !json_is_null(value) && !json_is_false(value) &&
	       strcmp(key, "time") != 0 && strcmp(key, "run") != 0;
}

struct record *
record_lean(const struct record *r)
{
	struct record *lean = MEM_NEW(struct record);
	struct strbuf texts = STRBUF_INIT;
	json_t *value;
	const char *key;

	json_object_foreach(r->json, key, value) {
		if (!is_kept(key, value))
			continue;
		if (json_is_string(value)) {
			strbuf_addn(&texts, key, strlen(key) + 1);
			strbuf_addn(&texts, json_string_value(value),
				    json_string_length(value) + 1);
			continue;
		}
		if (!lean->json)
			lean->json = checked(json_object());
		json_object_set(lean->json, key, value);
	}
	if (texts.len > 0) {
		lean->texts = MEM_ARRAY(char, texts.len + 1);
		memcpy(lean->texts, texts.text, texts.len + 1);
	}
	strbuf_release(&texts);
	return lean;
}

struct record *
record_item(const struct record *r, const char *key, size_t i)
{
	json_t *item = json_array_get(json_object_get(r->json, key), i);

	return json_is_object(item) ? wrap(json_incref(item)) : NULL;
}

const char *
record_item_text(const struct record *r, const char *key, size_t i)
{
	return json_string_value(
		json_array_get(json_object_get(r->json, key), i));
}

long long
record_item_int(const struct record *r, const char *key, size_t i)
{
	return json_integer_value(
		json_array_get(json_object_get(r->json, key), i));
}

char *
record_line(const struct record *r)
{
	json_t *json = r->texts ? copy_of(r) : json_incref(r->json);
	char *line = checked(json_dumps(json, JSON_COMPACT));

	json_decref(json);
	return line;
}
