/* SPDX-License-Identifier: PostgreSQL */
/* Between the fields of the wizard and its configuration. */
#include <stdlib.h>
#include <string.h>

#include "environment.h"
#include "mem.h"
#include "wizard.h"

char *
wizard_key(int page, int field)
{
	const struct page_row *row = &wizard_pages[page];
	const char *key = row->fields[field].key;

	if (!key || row->side == SIDE_NONE)
		return mem_strdup(key);
	return mem_printf("%s.%s", side_name(row->side), key);
}

struct value *
wizard_value(struct wizard *w)
{
	return wizard_row(w) ? &w->values[w->page][w->field] : NULL;
}

const struct field_row *
wizard_row(const struct wizard *w)
{
	return w->field < wizard_pages[w->page].n
		       ? &wizard_pages[w->page].fields[w->field]
		       : NULL;
}

bool
wizard_shows(const struct wizard *w, int page, int field)
{
	const struct field_row *row = &wizard_pages[page].fields[field];

	if (row->kind == FIELD_SECRET)
		return strcmp(wizard_password_way(w, page), "pgpass") != 0;
	return row->ways == 0 || wizard_is_way(w, page, row->ways);
}

/* --- reading -------------------------------------------------------------- */

static bool
is_secret(const struct field_row *row)
{
	return row->kind == FIELD_SECRET || row->kind == FIELD_PASSPHRASE;
}

/*
 * The environment names one server, and there are two: host and port fill the
 * first page only.
 */
static const char *
variable_value(const struct field_row *row, int page)
{
	const char *value = row->variable ? environment_was(row->variable)
					  : NULL;
	bool where = row->variable && (strcmp(row->variable, "PGHOST") == 0 ||
				       strcmp(row->variable, "PGPORT") == 0);

	if (!value || !*value || (where && page != PAGE_SOURCE))
		return NULL;
	return value;
}

/* What a new configuration has in a field that nobody has filled yet. */
static const char *
first_value(struct wizard *w, int page, int field)
{
	const struct field_row *row = &wizard_pages[page].fields[field];
	struct value *v = &w->values[page][field];
	const char *value;

	v->from = NULL;
	if (!w->is_new ||
	    (row->ways != 0 && !wizard_is_way(w, page, WAY_FIELDS)))
		return "";
	value = variable_value(row, page);
	if (value)
		v->from = row->variable;
	return value ? value : row->preset ? row->preset : "";
}

static void
read_setting(struct wizard *w, int page, int field)
{
	const struct field_row *row = &wizard_pages[page].fields[field];
	struct value *v = &w->values[page][field];
	char *key = wizard_key(page, field);
	bool set = key && conf_is_set(w->conf, key);
	const char *first = set ? "" : first_value(w, page, field);
	char *now = key ? conf_get(w->conf, key) : NULL;

	v->stored = now && is_secret(row);
	v->proposed = !set && w->is_new;
	entry_set(&v->entry, is_secret(row)	? ""
			     : *first		? first
			     : now		? now
						: "");
	free(now);
	free(key);
}

static void
read_field(struct wizard *w, int page, int field)
{
	const struct field_row *row = &wizard_pages[page].fields[field];
	struct value *v = &w->values[page][field];

	v->entry.secret = is_secret(row);
	v->touched = v->half = false;
	switch (row->kind) {
	case FIELD_WAY:
	case FIELD_URI:
	case FIELD_PASSWORD_WAY:
	case FIELD_OTHER:
		wizard_read_side(w, page, field);
		break;
	default:
		read_setting(w, page, field);
	}
}

void
wizard_read_page(struct wizard *w, int page)
{
	int i;

	for (i = 0; i < wizard_pages[page].n; i++)
		if (!w->values[page][i].problem)
			read_field(w, page, i);
	if (wizard_pages[page].side != SIDE_NONE)
		wizard_propose_ssl(w, page);
}

/* --- applying ------------------------------------------------------------- */

/* What a service file says is not to be outdone by what nobody typed. */
static bool
is_left_to_service(const struct wizard *w, int page, const struct value *v,
		   const char *key)
{
	enum side side = wizard_pages[page].side;

	return side != SIDE_NONE && !v->touched &&
	       !conf_is_set(w->conf, key) &&
	       endpoint_get(conf_endpoint(w->conf, side), "service");
}

static bool
apply_text(struct wizard *w, int page, const char *key, struct value *v,
	   struct err *err)
{
	const char *text = entry_text(&v->entry);
	char *now = conf_get(w->conf, key);
	bool same = strcmp(now ? now : "", text) == 0;
	bool split;

	free(now);
	if (same || is_left_to_service(w, page, v, key))
		return true;
	if (!conf_set(w->conf, key, text, err))
		return false;
	v->touched = false;
	now = conf_get(w->conf, key);
	split = strcmp(now ? now : "", text) != 0;
	free(now);
	/* A connection string has filled other fields too. */
	if (split && wizard_pages[page].side != SIDE_NONE)
		wizard_read_page(w, page);
	return true;
}

/* Another way to connect was chosen: what it does not show is not meant. */
static bool
drop(struct wizard *w, int page, const char *key, struct err *err)
{
	if (!w->values[page][SIDE_WAY].touched ||
	    wizard_is_way(w, page, WAY_URI) || !conf_is_set(w->conf, key))
		return true;
	return conf_set(w->conf, key, "", err);
}

static bool
apply_field(struct wizard *w, int page, int field, struct err *err)
{
	const struct field_row *row = &wizard_pages[page].fields[field];
	struct value *v = &w->values[page][field];
	char *key = wizard_key(page, field);
	bool ok = true;

	switch (row->kind) {
	case FIELD_TEXT:
	case FIELD_CHOICE:
		ok = wizard_shows(w, page, field)
			     ? apply_text(w, page, key, v, err)
			     : drop(w, page, key, err);
		break;
	case FIELD_ENCRYPT:
	case FIELD_PASSPHRASE:
		break;
	default:
		ok = wizard_apply_side(w, page, field, err);
	}
	free(key);
	return ok;
}

bool
wizard_apply(struct wizard *w, int page, int field)
{
	struct value *v = &w->values[page][field];
	struct err err = ERR_INIT;
	bool ok;

	free(v->problem);
	v->problem = NULL;
	ok = apply_field(w, page, field, &err);
	if (!ok)
		v->problem = mem_printf("%s%s%s", err.message,
					err.hint ? "; " : "",
					err.hint ? err.hint : "");
	err_release(&err);
	if (ok && wizard_pages[page].side != SIDE_NONE && field == SIDE_HOST)
		wizard_propose_ssl(w, page);
	return ok;
}

bool
wizard_apply_page(struct wizard *w, int page)
{
	bool ok = true;
	int i;

	for (i = 0; i < wizard_pages[page].n; i++)
		ok = wizard_apply(w, page, i) && ok;
	return ok;
}

void
wizard_say_problem(struct app *app, const struct wizard *w, int page)
{
	int i;

	for (i = 0; i < wizard_pages[page].n; i++) {
		if (!w->values[page][i].problem)
			continue;
		app_say(app, "%s: %s", wizard_pages[page].fields[i].label,
			w->values[page][i].problem);
		return;
	}
}

void
wizard_choose(struct wizard *w, int step)
{
	const char *const *choices = wizard_row(w)->choices;
	struct value *v = wizard_value(w);
	int n = 0, at = 0;

	for (n = 0; choices[n]; n++)
		if (strcmp(choices[n], entry_text(&v->entry)) == 0)
			at = n;
	entry_set(&v->entry, choices[(at + step + n) % n]);
	v->proposed = false;
}
