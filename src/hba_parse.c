/* SPDX-License-Identifier: PostgreSQL */
/* The text of pg_hba.conf, and rows of pg_hba_file_rules, as rules. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hba.h"
#include "mem.h"

/* @file in an @file in an @file ...: as deep as the server goes. */
#define MAX_DEPTH 10

static const char *const type_names[] = {
	[HBA_LOCAL] = "local",
	[HBA_HOST] = "host",
	[HBA_HOSTSSL] = "hostssl",
	[HBA_HOSTNOSSL] = "hostnossl",
	[HBA_HOSTGSSENC] = "hostgssenc",
	[HBA_HOSTNOGSSENC] = "hostnogssenc",
};

static const char *const methods[] = {
	"trust", "reject", "md5", "password", "scram-sha-256", "gss", "sspi",
	"krb5", "ident", "peer", "pam", "bsd", "ldap", "cert", "radius",
};

struct reader {
	hba_read_fn read;
	void *arg;
	int depth;
};

static void
words_add(struct hba_words *words, const char *text, size_t n, bool quoted)
{
	MEM_GROW(words->items, words->n, words->alloc);
	words->items[words->n++] = (struct hba_word){
		.text = mem_strndup(text, n),
		.quoted = quoted,
	};
}

static void
words_release(struct hba_words *words)
{
	size_t i;

	for (i = 0; i < words->n; i++)
		free(words->items[i].text);
	free(words->items);
	*words = (struct hba_words){0};
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == ',';
}

/*
 * The next word of a line, at most up to its end; *comma says that the list
 * goes on. False at the end of the line.
 */
static bool
next_word(const char **at, struct strbuf *word, bool *quoted, bool *comma)
{
	const char *p = *at;
	bool inside = false;

	strbuf_reset(word);
	*quoted = *comma = false;
	while (is_blank(*p))
		p++;
	if (*p == '\0' || *p == '#') {
		*at = p + strlen(p);
		return false;
	}
	*quoted = *p == '"';
	for (; *p && (inside || (!is_blank(*p) && *p != '#')); p++) {
		if (*p != '"') {
			strbuf_addc(word, *p);
		} else if (inside && p[1] == '"') {
			strbuf_addc(word, *p++);
		} else {
			inside = !inside;
		}
	}
	/* Only a comma right behind a word joins the next one to it. */
	*comma = *p == ',';
	*at = p;
	return true;
}

static char *
take_line(const char **text, int *line)
{
	struct strbuf sb = STRBUF_INIT;
	size_t n;

	/* A backslash at its end continues a line (14 and later). */
	do {
		n = strcspn(*text, "\n");
		if (sb.len > 0)
			sb.text[--sb.len] = '\0';
		strbuf_addn(&sb, *text, n);
		if (sb.len > 0 && sb.text[sb.len - 1] == '\r')
			sb.text[--sb.len] = '\0';
		*text += n + ((*text)[n] == '\n');
		(*line)++;
	} while (sb.len > 0 && sb.text[sb.len - 1] == '\\' && **text);
	return strbuf_detach(&sb);
}

static void add_word(struct reader *reader, struct hba_words *words,
		     const char *text, size_t n, bool quoted);

/* All words of the file that @name names; one that is missing has none. */
static void
add_file(struct reader *reader, struct hba_words *words, const char *name)
{
	char *content = NULL, *line;
	const char *text, *at;
	struct strbuf word = STRBUF_INIT;
	bool quoted, comma;
	int n = 0;

	if (reader->read && reader->depth < MAX_DEPTH)
		content = reader->read(reader->arg, name);
	reader->depth++;
	for (text = content; text && *text;) {
		at = line = take_line(&text, &n);
		while (next_word(&at, &word, &quoted, &comma))
			add_word(reader, words, word.text, word.len, quoted);
		free(line);
	}
	reader->depth--;
	strbuf_release(&word);
	free(content);
}

static void
add_word(struct reader *reader, struct hba_words *words, const char *text,
	 size_t n, bool quoted)
{
	if (!quoted && text[0] == '@' && n > 1)
		add_file(reader, words, text + 1);
	else
		words_add(words, text, n, quoted);
}

/* One field: words joined by commas. */
static bool
next_field(struct reader *reader, const char **at, struct hba_words *words)
{
	struct strbuf word = STRBUF_INIT;
	bool quoted, comma, any = false;

	while (next_word(at, &word, &quoted, &comma)) {
		any = true;
		add_word(reader, words, word.text, word.len, quoted);
		if (!comma)
			break;
	}
	strbuf_release(&word);
	return any;
}

static char *
next_single(struct reader *reader, const char **at)
{
	struct hba_words words = {0};
	char *text = NULL;

	if (next_field(reader, at, &words) && words.n > 0)
		text = mem_strdup(words.items[0].text);
	words_release(&words);
	return text;
}

static bool
type_parse(const char *name, enum hba_type *type)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(type_names); i++) {
		if (strcmp(type_names[i], name) == 0) {
			*type = (enum hba_type)i;
			return true;
		}
	}
	return false;
}

static struct hba_rule *
rule_new(struct hba *hba, int line)
{
	MEM_GROW(hba->rules, hba->n, hba->alloc);
	hba->rules[hba->n] = (struct hba_rule){.line = line};
	return &hba->rules[hba->n++];
}

/* ADDRESS/BITS is taken apart; ADDRESS alone is followed by its mask. */
static void
parse_address(struct reader *reader, const char **at, struct hba_rule *rule)
{
	char *slash;

	rule->address = next_single(reader, at);
	if (!rule->address)
		return;
	slash = strchr(rule->address, '/');
	if (slash) {
		*slash = '\0';
		rule->mask = mem_strdup(slash + 1);
	} else if (hba_is_address(rule->address)) {
		rule->mask = next_single(reader, at);
	}
}

/* "24", or "255.255.255.0" for an address without it. */
static bool
is_mask(const struct hba_rule *rule)
{
	long most = strchr(rule->address, ':') ? 128 : 32, bits;
	char *end;

	if (!rule->mask || !hba_is_address(rule->address))
		return !rule->mask;
	if (hba_is_address(rule->mask))
		return true;
	bits = strtol(rule->mask, &end, 10);
	return end != rule->mask && *end == '\0' && bits >= 0 && bits <= most;
}

static bool
is_method(const char *name)
{
	size_t i;

	for (i = 0; i < LENGTH_OF(methods); i++)
		if (strcmp(methods[i], name) == 0)
			return true;
	return false;
}

static void
rule_check(struct hba_rule *rule)
{
	if (!rule->method)
		rule->error = mem_strdup("end-of-line before authentication "
					 "method");
	else if (rule->address && !is_mask(rule))
		rule->error = mem_printf("invalid mask \"%s\"", rule->mask);
	else if (!is_method(rule->method))
		rule->error = mem_printf("invalid authentication method "
					 "\"%s\"",
					 rule->method);
}

static void
rule_parse(struct reader *reader, struct hba_rule *rule, const char *line)
{
	const char *at = line;
	char *type = next_single(reader, &at);

	if (!type || !type_parse(type, &rule->type)) {
		rule->error = mem_printf("invalid connection type \"%s\"",
					 type ? type : "");
		free(type);
		return;
	}
	free(type);
	if (!next_field(reader, &at, &rule->databases) ||
	    !next_field(reader, &at, &rule->users)) {
		rule->error = mem_strdup("end-of-line before role");
		return;
	}
	if (rule->type != HBA_LOCAL)
		parse_address(reader, &at, rule);
	rule->method = next_single(reader, &at);
	rule_check(rule);
}

void
hba_parse(struct hba *hba, const char *text, hba_read_fn read, void *arg)
{
	struct reader reader = {.read = read, .arg = arg};
	int line = 0, first;
	char *one;

	while (*text) {
		first = line + 1;
		one = take_line(&text, &line);
		if (one[strspn(one, " \t,")] != '\0' &&
		    one[strspn(one, " \t,")] != '#')
			rule_parse(&reader, rule_new(hba, first), one);
		free(one);
	}
}

static void
words_split(struct hba_words *words, const char *text)
{
	size_t n;

	for (; text; text = text[n] ? text + n + 1 : NULL) {
		n = strcspn(text, "\001");
		words_add(words, text, n, false);
	}
}

void
hba_add(struct hba *hba, int line, const char *type, const char *databases,
	const char *users, const char *address, const char *mask,
	const char *method, const char *error)
{
	struct hba_rule *rule = rule_new(hba, line);

	/* One that only can not match (hostssl without SSL) is shown whole. */
	if (!type || !method || !type_parse(type, &rule->type)) {
		rule->error = mem_strdup(error ? error : "not understood");
		return;
	}
	words_split(&rule->databases, databases);
	words_split(&rule->users, users);
	rule->address = mem_strdup(address);
	rule->mask = mem_strdup(mask);
	rule->method = mem_strdup(method);
}

void
hba_release(struct hba *hba)
{
	struct hba_rule *rule;
	size_t i;

	for (i = 0; i < hba->n; i++) {
		rule = &hba->rules[i];
		words_release(&rule->databases);
		words_release(&rule->users);
		free(rule->address);
		free(rule->mask);
		free(rule->method);
		free(rule->error);
	}
	free(hba->rules);
	*hba = (struct hba)HBA_INIT;
}

static void
words_text(struct strbuf *sb, const struct hba_words *words)
{
	size_t i;

	for (i = 0; i < words->n; i++) {
		if (i > 0)
			strbuf_addc(sb, ',');
		if (words->items[i].quoted)
			strbuf_ident(sb, words->items[i].text);
		else
			strbuf_add(sb, words->items[i].text);
	}
}

void
hba_rule_text(struct strbuf *sb, const struct hba_rule *rule)
{
	strbuf_addf(sb, "%s ", type_names[rule->type]);
	words_text(sb, &rule->databases);
	strbuf_addc(sb, ' ');
	words_text(sb, &rule->users);
	if (rule->address)
		strbuf_addf(sb, " %s", rule->address);
	if (rule->mask && hba_is_address(rule->mask))
		strbuf_addf(sb, " %s", rule->mask);
	else if (rule->mask)
		strbuf_addf(sb, "/%s", rule->mask);
	strbuf_addf(sb, " %s", rule->method ? rule->method : "");
}
