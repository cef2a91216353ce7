/* SPDX-License-Identifier: PostgreSQL */
/* Fields of a side that are no single setting: how it is named, where its
 * password comes from, keywords without a field of their own. */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "pg.h"
#include "pgpass.h"
#include "reach.h"
#include "wizard.h"

static const struct endpoint *
endpoint_of(const struct wizard *w, int page)
{
	return conf_endpoint(w->conf, wizard_pages[page].side);
}

static bool
set(struct wizard *w, int page, const char *keyword, const char *value,
    struct err *err)
{
	char *key = mem_printf("%s.%s", side_name(wizard_pages[page].side),
			       keyword);
	bool ok = (!*value && !conf_is_set(w->conf, key)) ||
		  conf_set(w->conf, key, value, err);

	free(key);
	return ok;
}

static const char *
text_of(const struct wizard *w, int page, int field)
{
	return entry_text(&w->values[page][field].entry);
}

/* --- how it is named ------------------------------------------------------ */

bool
wizard_is_way(const struct wizard *w, int page, unsigned ways)
{
	const struct field_row *field = &wizard_pages[page].fields[SIDE_WAY];
	const char *const *choices = field->choices;
	int i;

	for (i = 0; choices[i]; i++)
		if (strcmp(choices[i], text_of(w, page, SIDE_WAY)) == 0)
			return (ways & (1u << i)) != 0;
	return (ways & WAY_FIELDS) != 0;
}

static void
add_encoded(struct strbuf *uri, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

	for (; text && *text; text++) {
		if (strchr(plain, *text))
			strbuf_addc(uri, *text);
		else
			strbuf_addf(uri, "%%%02X", (unsigned char)*text);
	}
}

static bool
is_in_front(const char *keyword)
{
	return strcmp(keyword, "host") == 0 || strcmp(keyword, "port") == 0 ||
	       strcmp(keyword, "user") == 0 || strcmp(keyword, "dbname") == 0;
}

/* The connection as a URI, without its password. The caller frees it. */
static char *
make_uri(const struct endpoint *ep)
{
	struct strbuf uri = STRBUF_INIT;
	const char *mark = "?";
	size_t i;

	if (ep->n == 0)
		return mem_strdup("");
	strbuf_add(&uri, "postgresql://");
	add_encoded(&uri, endpoint_get(ep, "user"));
	strbuf_add(&uri, endpoint_get(ep, "user") ? "@" : "");
	add_encoded(&uri, endpoint_get(ep, "host"));
	if (endpoint_get(ep, "port"))
		strbuf_addf(&uri, ":%s", endpoint_get(ep, "port"));
	if (endpoint_get(ep, "dbname"))
		strbuf_add(&uri, "/");
	add_encoded(&uri, endpoint_get(ep, "dbname"));
	for (i = 0; i < ep->n; i++) {
		if (is_in_front(ep->keywords[i]))
			continue;
		strbuf_addf(&uri, "%s%s=", mark, ep->keywords[i]);
		add_encoded(&uri, ep->values[i]);
		mark = "&";
	}
	return strbuf_detach(&uri);
}

static bool
apply_uri(struct wizard *w, int page, struct err *err)
{
	const char *text = text_of(w, page, SIDE_URI);
	char *now = make_uri(endpoint_of(w, page));
	bool same = strcmp(now, text) == 0;

	free(now);
	if (!wizard_shows(w, page, SIDE_URI) || same || !*text)
		return true;
	if (!conf_set(w->conf, side_name(wizard_pages[page].side), text, err))
		return false;
	w->values[page][SIDE_URI].touched = false;
	wizard_read_page(w, page);
	return true;
}

static const char *
first_way(const struct endpoint *ep)
{
	return endpoint_get(ep, "service") && !endpoint_get(ep, "host")
		       ? "service"
		       : "fields";
}

/* What nobody has typed is a preset of fields, and of a service's none. */
static void
change_user(struct wizard *w, int page)
{
	const struct field_row *row = &wizard_pages[page].fields[SIDE_USER];
	struct value *v = &w->values[page][SIDE_USER];
	bool service = wizard_is_way(w, page, WAY_SERVICE);

	if (w->is_new && !v->touched &&
	    strcmp(entry_text(&v->entry), service ? row->preset : "") == 0)
		entry_set(&v->entry, service ? "" : row->preset);
}

static void
change_way(struct wizard *w, int page)
{
	int i;

	change_user(w, page);
	for (i = SIDE_WAY + 1; i < wizard_pages[page].n; i++)
		if (!wizard_shows(w, page, i))
			wizard_apply(w, page, i);
	wizard_read_side(w, page, SIDE_OTHER);
	wizard_read_side(w, page, SIDE_URI);
}

/* --- keywords without a field --------------------------------------------- */

static bool
has_field(const struct wizard *w, int page, const char *keyword)
{
	const struct page_row *row = &wizard_pages[page];
	int i;

	for (i = 0; i < row->n; i++)
		if (row->fields[i].key &&
		    strcmp(row->fields[i].key, keyword) == 0)
			return wizard_shows(w, page, i);
	return false;
}

static char *
make_other(const struct wizard *w, int page)
{
	const struct endpoint *ep = endpoint_of(w, page);
	struct strbuf text = STRBUF_INIT;
	size_t i;

	for (i = 0; i < ep->n; i++) {
		if (has_field(w, page, ep->keywords[i]))
			continue;
		if (ep->values[i][strcspn(ep->values[i], " '\\")]) {
			strbuf_conninfo(&text, ep->keywords[i], ep->values[i]);
			continue;
		}
		strbuf_sep(&text, " ");
		strbuf_addf(&text, "%s=%s", ep->keywords[i], ep->values[i]);
	}
	return strbuf_detach(&text);
}

static bool
has_own_field(const struct wizard *w, int page, const struct endpoint *other,
	      struct err *err)
{
	size_t i;

	for (i = 0; i < other->n; i++) {
		if (!has_field(w, page, other->keywords[i]))
			continue;
		err_set(err, ERR_CONFIG, "\"%s\" has a field of its own",
			other->keywords[i]);
		return true;
	}
	if (other->password)
		err_set(err, ERR_CONFIG, "a password goes into its own field");
	return other->password != NULL;
}

/* Takes those away that are no longer named, then sets the others. */
static bool
put_other(struct wizard *w, int page, const struct endpoint *other,
	  struct err *err)
{
	const struct endpoint *ep = endpoint_of(w, page);
	size_t i = 0;
	bool ok = true;

	while (i < ep->n && ok) {
		if (has_field(w, page, ep->keywords[i]) ||
		    endpoint_get(other, ep->keywords[i]))
			i++;
		else
			ok = set(w, page, ep->keywords[i], "", err);
	}
	for (i = 0; i < other->n && ok; i++)
		ok = set(w, page, other->keywords[i], other->values[i], err);
	return ok;
}

static bool
apply_other(struct wizard *w, int page, struct err *err)
{
	struct endpoint other = {.side = wizard_pages[page].side};
	const char *text = text_of(w, page, SIDE_OTHER);
	bool ok;

	if (!wizard_shows(w, page, SIDE_OTHER) ||
	    !w->values[page][SIDE_OTHER].touched)
		return true;
	ok = pg_parse_conninfo(text, &other, err) &&
	     !has_own_field(w, page, &other, err) &&
	     put_other(w, page, &other, err);
	endpoint_release(&other);
	return ok;
}

/* --- the password --------------------------------------------------------- */

const char *
wizard_password_way(const struct wizard *w, int page)
{
	return text_of(w, page, SIDE_PASSWORD_WAY);
}

static const char *
first_password_way(const struct endpoint *ep)
{
	if (ep->ask_password)
		return "ask";
	return ep->password ? "stored" : "pgpass";
}

/* A stored one that is not wanted now comes back when it is wanted again. */
static bool
forget_password(struct wizard *w, int page, struct err *err)
{
	const struct endpoint *ep = endpoint_of(w, page);
	struct secret **kept = &w->kept[page == PAGE_SOURCE ? 0 : 1];

	if (ep->password && !ep->lent) {
		secret_free(*kept);
		*kept = secret_copy(ep->password);
	}
	return !ep->password || set(w, page, "password", "", err);
}

static bool
remember_password(struct wizard *w, int page, struct err *err)
{
	struct secret **kept = &w->kept[page == PAGE_SOURCE ? 0 : 1];
	struct value *v = &w->values[page][SIDE_PASSWORD];
	char *key;
	bool ok;

	if (endpoint_of(w, page)->lent && !forget_password(w, page, err))
		return false;
	if (!*kept || endpoint_of(w, page)->password)
		return true;
	key = mem_printf("%s.password", side_name(wizard_pages[page].side));
	ok = conf_set_secret(w->conf, key, *kept, err);
	v->stored = ok;
	free(key);
	return ok;
}

static bool
apply_password_way(struct wizard *w, int page, struct err *err)
{
	const char *way = wizard_password_way(w, page);
	bool ask = strcmp(way, "ask") == 0;

	if (ask != endpoint_of(w, page)->ask_password &&
	    !set(w, page, "ask_password", ask ? "yes" : "", err))
		return false;
	if (strcmp(way, "stored") == 0)
		return remember_password(w, page, err);
	w->values[page][SIDE_PASSWORD].stored = false;
	if (ask && endpoint_of(w, page)->lent)
		return true;
	return forget_password(w, page, err);
}

static bool
apply_password(struct wizard *w, int page, struct err *err)
{
	enum side side = wizard_pages[page].side;
	struct value *v = &w->values[page][SIDE_PASSWORD];
	const char *text = entry_text(&v->entry);
	bool ask = strcmp(wizard_password_way(w, page), "ask") == 0;
	struct secret *secret;
	char *key;
	bool ok = true;

	if (!v->touched || !wizard_shows(w, page, SIDE_PASSWORD))
		return true;
	if (!*text)
		return set(w, page, "password", "", err);
	key = mem_printf("%s.password", side_name(side));
	secret = secret_new(text, strlen(text));
	if (ask)
		conf_lend_password(w->conf, side, secret);
	else
		ok = conf_set_secret(w->conf, key, secret, err);
	secret_free(secret);
	free(key);
	return ok;
}

/* The path as a person would write it. */
static char *
short_path(const char *path)
{
	const char *home = getenv("HOME");
	size_t n = home ? strlen(home) : 0;

	if (n > 1 && strncmp(path, home, n) == 0 && path[n] == '/')
		return mem_printf("~%s", path + n);
	return mem_strdup(path);
}

char *
wizard_pgpass(const struct wizard *w, int page)
{
	const struct endpoint *ep = endpoint_of(w, page);
	struct pgpass pgpass;
	char *label, *path, *text = NULL;

	if (ep->password || ep->n == 0)
		return NULL;
	label = endpoint_label(ep);
	pgpass_look(ep, &pgpass);
	path = short_path(pgpass.path);
	if (pgpass.found && pgpass.ignored)
		text = mem_printf("%s is ignored, others can read it: chmod "
				  "600",
				  path);
	else if (pgpass.found)
		text = mem_printf("Password for %s found in %s", label, path);
	else if (!ep->ask_password && !endpoint_get(ep, "service"))
		text = mem_printf("No password for %s in %s", label, path);
	free(path);
	pgpass_release(&pgpass);
	free(label);
	return text;
}

/* --- all of them ---------------------------------------------------------- */

void
wizard_propose_ssl(struct wizard *w, int page)
{
	struct value *v = &w->values[page][SIDE_SSLMODE];
	const char *host = endpoint_get(endpoint_of(w, page), "host");
	bool far = host && *host != '/' && *host != '@' &&
		   !reach_is_loopback(host);

	if (v->proposed && wizard_shows(w, page, SIDE_SSLMODE))
		entry_set(&v->entry, far ? "verify-full" : "");
}

void
wizard_read_side(struct wizard *w, int page, int field)
{
	const struct endpoint *ep = endpoint_of(w, page);
	struct value *v = &w->values[page][field];
	char *text = NULL;

	switch (wizard_pages[page].fields[field].kind) {
	case FIELD_WAY:
		if (v->entry.n == 0)
			entry_set(&v->entry, first_way(ep));
		break;
	case FIELD_PASSWORD_WAY:
		entry_set(&v->entry, first_password_way(ep));
		break;
	case FIELD_URI:
		text = make_uri(ep);
		break;
	default:
		text = make_other(w, page);
	}
	if (text)
		entry_set(&v->entry, text);
	free(text);
}

bool
wizard_apply_side(struct wizard *w, int page, int field, struct err *err)
{
	switch (wizard_pages[page].fields[field].kind) {
	case FIELD_WAY:
		if (w->values[page][SIDE_WAY].half)
			change_way(w, page);
		w->values[page][SIDE_WAY].half = false;
		return true;
	case FIELD_URI:
		return apply_uri(w, page, err);
	case FIELD_PASSWORD_WAY:
		return apply_password_way(w, page, err);
	case FIELD_SECRET:
		return apply_password(w, page, err);
	default:
		return apply_other(w, page, err);
	}
}
