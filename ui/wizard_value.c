/* SPDX-License-Identifier: PostgreSQL */
/* Between the fields of the wizard and its configuration. */
#include <stdlib.h>
#include <string.h>

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
	return &w->values[w->page][w->field];
}

const struct field_row *
wizard_row(const struct wizard *w)
{
	return wizard_pages[w->page].n > 0
		       ? &wizard_pages[w->page].fields[w->field]
		       : NULL;
}

static bool
is_secret(const struct field_row *row)
{
	return row->kind == FIELD_SECRET || row->kind == FIELD_PASSPHRASE;
}

static void
read_field(struct wizard *w, int page, int field)
{
	const struct field_row *row = &wizard_pages[page].fields[field];
	struct value *v = &w->values[page][field];
	char *key = wizard_key(page, field);
	char *now = key ? conf_get(w->conf, key) : NULL;
	bool take = row->preset && w->is_new && !conf_is_set(w->conf, key);

	v->entry.secret = is_secret(row);
	v->stored = now && v->entry.secret;
	v->touched = false;
	entry_set(&v->entry, v->entry.secret ? ""
			     : take	     ? row->preset
			     : now	     ? now
					     : "");
	free(now);
	free(key);
}

void
wizard_read_page(struct wizard *w, int page)
{
	int i;

	for (i = 0; i < wizard_pages[page].n; i++)
		if (!w->values[page][i].problem)
			read_field(w, page, i);
}

static bool
apply_secret(struct wizard *w, const char *key, struct value *v,
	     struct err *err)
{
	const char *text = entry_text(&v->entry);
	struct secret *secret;
	bool ok;

	if (!v->touched)
		return true;
	if (!*text)
		return conf_set(w->conf, key, "", err);
	secret = secret_new(text, strlen(text));
	ok = conf_set_secret(w->conf, key, secret, err);
	secret_free(secret);
	return ok;
}

/* What a service file says is not to be outdone by what nobody typed. */
static bool
is_left_to_service(const struct wizard *w, int page, const struct value *v,
		   const char *key)
{
	const struct page_row *row = &wizard_pages[page];
	int i;

	if (row->side == SIDE_NONE || v->touched || conf_is_set(w->conf, key))
		return false;
	for (i = 0; i < row->n; i++)
		if (strcmp(row->fields[i].key, "service") == 0)
			return w->values[page][i].entry.n > 0;
	return false;
}

static bool
apply_text(struct wizard *w, int page, const char *key, struct value *v,
	   struct err *err)
{
	const char *text = entry_text(&v->entry);
	char *now = conf_get(w->conf, key);
	bool same = strcmp(now ? now : "", text) == 0, ok;

	free(now);
	if (same || is_left_to_service(w, page, v, key))
		return true;
	ok = conf_set(w->conf, key, text, err);
	if (!ok)
		return false;
	v->touched = false;
	now = conf_get(w->conf, key);
	/* A connection string has filled other fields too. */
	if (wizard_pages[page].side != SIDE_NONE &&
	    strcmp(now ? now : "", text) != 0)
		wizard_read_page(w, page);
	free(now);
	return true;
}

bool
wizard_apply(struct wizard *w, int page, int field)
{
	const struct field_row *row = &wizard_pages[page].fields[field];
	struct value *v = &w->values[page][field];
	struct err err = ERR_INIT;
	char *key = wizard_key(page, field);
	bool ok = true;

	free(v->problem);
	v->problem = NULL;
	if (row->kind == FIELD_SECRET)
		ok = apply_secret(w, key, v, &err);
	else if (row->kind == FIELD_TEXT || row->kind == FIELD_CHOICE)
		ok = apply_text(w, page, key, v, &err);
	if (!ok)
		v->problem = mem_printf("%s%s%s", err.message,
					err.hint ? "; " : "",
					err.hint ? err.hint : "");
	err_release(&err);
	free(key);
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
}
