/* SPDX-License-Identifier: PostgreSQL */
/* The SET lines between the entries of a dump. */
#include "restore_settings.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

bool
restore_settings_is(const char *p)
{
	return strncmp(p, "SET ", 4) == 0;
}

static void
put(struct restore_settings *s, char *name, char *value)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (strcmp(s->names[i], name) == 0) {
			free(name);
			free(s->values[i]);
			s->values[i] = value;
			return;
		}
	}
	if (s->n == s->alloc) {
		s->alloc = s->alloc ? s->alloc * 2 : 8;
		s->names = mem_resize(s->names, s->alloc, sizeof(char *));
		s->values = mem_resize(s->values, s->alloc, sizeof(char *));
	}
	s->names[s->n] = name;
	s->values[s->n++] = value;
}

void
restore_settings_release(struct restore_settings *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		free(s->names[i]);
		free(s->values[i]);
	}
	free(s->names);
	free(s->values);
	*s = (struct restore_settings){.n = 0};
}

/* An identifier, quoted or not, or a literal, as a literal. */
static char *
as_literal(const char *value, size_t n)
{
	struct strbuf text = STRBUF_INIT, literal = STRBUF_INIT;
	size_t i;

	if (n > 0 && value[0] == '\'')
		return mem_strndup(value, n);
	if (n > 1 && value[0] == '"') {
		for (i = 1; i + 1 < n; i++) {
			strbuf_addc(&text, value[i]);
			if (value[i] == '"')
				i++;
		}
	} else {
		strbuf_addn(&text, value, n);
	}
	strbuf_literal(&literal, text.text);
	strbuf_release(&text);
	return strbuf_detach(&literal);
}

static bool
refuse_search_path(struct err *err)
{
	err_set(err, ERR_CONFIG, "this pg_dump is too old");
	err_detail(err, "It sets the search_path of each schema, as releases "
			"before 10.3 do (CVE-2018-1058).");
	err_hint(err, "Install a newer release of the client programs, or set "
		      "bin_dir to the folder of one.");
	return false;
}

bool
restore_settings_take(struct restore_settings *s, const char *p,
		      const char *end, struct err *err)
{
	const char *from = p + strlen("SET ");
	const char *equal = memchr(from, '=', (size_t)(end - from));
	const char *name_end = equal;
	char *name;

	if (!equal)
		return true;
	while (name_end > from && isspace((unsigned char)name_end[-1]))
		name_end--;
	for (equal++; isspace((unsigned char)*equal); equal++)
		continue;
	while (end > equal &&
	       (end[-1] == ';' || isspace((unsigned char)end[-1])))
		end--;
	name = mem_strndup(from, (size_t)(name_end - from));
	if (strcmp(name, "search_path") == 0) {
		free(name);
		return refuse_search_path(err);
	}
	put(s, name, as_literal(equal, (size_t)(end - equal)));
	return true;
}

void
restore_settings_write(const struct restore_settings *s, struct strbuf *sql)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		strbuf_add(sql, "SELECT pg_catalog.set_config(s.name, ");
		strbuf_add(sql, s->values[i]);
		strbuf_add(sql, ", true) FROM pg_catalog.pg_settings s "
				"WHERE s.name OPERATOR(pg_catalog.=) ");
		strbuf_literal(sql, s->names[i]);
		strbuf_add(sql, ";\n");
	}
}
