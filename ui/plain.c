/* SPDX-License-Identifier: PostgreSQL */
/* Records and errors as plain text: the dotted line report. */
#include "plain.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "plain_records.h"
#include "strbuf.h"

#define WIDTH 80 /* columns, with the state word at the end */

/* Badges set both colours: they can be read on any background. */
static const struct {
	const char *name;
	const char *word;
	const char *color;
} states[] = {
	[PLAIN_OK] = {"ok", "OK", "\033[30;42m"},
	[PLAIN_KO] = {"ko", "KO", "\033[1;37;41m"},
	[PLAIN_WARN] = {"warn", "WARN", "\033[30;43m"},
	[PLAIN_SKIP] = {"skip", "SKIP", "\033[30;46m"},
	[PLAIN_IGNORED] = {"ignored", "IGN", "\033[30;46m"},
	[PLAIN_RUN] = {"run", "RUN", "\033[30;46m"},
	[PLAIN_PLAN] = {"plan", "PLAN", "\033[30;46m"},
	[PLAIN_WAIT] = {"wait", "WAIT", "\033[30;46m"},
};

enum plain_state
plain_state(const char *name)
{
	size_t i;

	for (i = 0; name && i < LENGTH_OF(states); i++)
		if (strcmp(states[i].name, name) == 0)
			return (enum plain_state)i;
	return PLAIN_SKIP;
}

const char *
plain_state_word(enum plain_state state)
{
	return states[state].word;
}

/* Columns of the text: characters, which is near enough for dots. */
static int
columns(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

void
plain_clear(struct plain *plain)
{
	if (plain->live_shown)
		fputs("\r\033[K", plain->out);
	plain->live_shown = false;
}

void
plain_live(struct plain *plain, const char *text)
{
	struct strbuf line = STRBUF_INIT;

	if (!plain->live)
		return;
	plain_clear(plain);
	strbuf_scrub(&line, text);
	/* Short of the last column, so that no terminal wraps it. */
	fprintf(plain->out, "   ... %.*s", WIDTH - 8, line.text);
	fflush(plain->out);
	plain->live_shown = true;
	strbuf_release(&line);
}

void
plain_line(struct plain *plain, int depth, const char *text,
	   enum plain_state state)
{
	struct strbuf line = STRBUF_INIT;
	int n;

	plain_clear(plain);
	strbuf_addf(&line, "%*s > ", depth * 2, "");
	strbuf_scrub(&line, text);
	strbuf_addc(&line, ' ');
	n = WIDTH - columns(line.text) - columns(states[state].word);
	do
		strbuf_addc(&line, '.');
	while (--n > 0);
	if (plain->color)
		fprintf(plain->out, "%s%s%s\033[0m\n", line.text,
			states[state].color, states[state].word);
	else
		fprintf(plain->out, "%s%s\n", line.text, states[state].word);
	fflush(plain->out);
	strbuf_release(&line);
}

/* Each line of a text of several, scrubbed by itself. */
static void
scrubbed_lines(FILE *out, const char *indent, const char *label,
	       const char *text)
{
	struct strbuf line = STRBUF_INIT;
	char *copy = mem_strdup(text), *rest = copy, *one, *c;

	/* libpq indents by tabs, which scrubbing would show as "?". */
	for (c = copy; *c; c++)
		if (*c == '\t')
			*c = ' ';
	while ((one = strsep(&rest, "\n"))) {
		strbuf_reset(&line);
		strbuf_scrub(&line, one);
		fprintf(out, "%s%s%s\n", indent, label, line.text);
		label = "  ";
	}
	strbuf_release(&line);
	free(copy);
}

void
plain_note(struct plain *plain, int depth, const char *label,
	   const char *text)
{
	char indent[32];
	size_t i, n = (size_t)depth * 2 + 3;

	for (i = 0; i < n && i < sizeof(indent) - 1; i++)
		indent[i] = ' ';
	indent[i] = '\0';
	plain_clear(plain);
	scrubbed_lines(plain->out, indent, label, text);
	fflush(plain->out);
}

void
plain_error(FILE *out, const struct err *err)
{
	struct strbuf head = STRBUF_INIT;

	strbuf_add(&head, "pgrepup: ");
	if (err->where)
		strbuf_addf(&head, "%s: ", err->where);
	scrubbed_lines(out, "", head.text,
		       err->message ? err->message : "unknown error");
	if (*err->sqlstate)
		scrubbed_lines(out, "", "SQLSTATE: ", err->sqlstate);
	if (err->detail)
		scrubbed_lines(out, "", "Detail: ", err->detail);
	if (err->hint)
		scrubbed_lines(out, "", "Hint: ", err->hint);
	fflush(out);
	strbuf_release(&head);
}

static void
settle_skipped(struct plain *plain)
{
	char *text;

	if (plain->n_skipped == 0)
		return;
	text = plain->n_skipped == 1
		       ? mem_strdup(plain->skip_title)
		       : mem_printf("%s%d checks", plain->skip_group,
				    plain->n_skipped);
	plain->n_skipped = 0;
	plain_line(plain, 0, text, PLAIN_SKIP);
	plain_note(plain, 0, "Found: ", plain->skip_why);
	free(text);
}

void
plain_skip(struct plain *plain, const char *group, const char *title,
	   const char *why)
{
	if (plain->skip_why && (strcmp(plain->skip_why, why) != 0 ||
				strcmp(plain->skip_group, group) != 0))
		settle_skipped(plain);
	if (plain->n_skipped++ > 0)
		return;
	free(plain->skip_group);
	free(plain->skip_title);
	free(plain->skip_why);
	plain->skip_group = mem_strdup(group);
	plain->skip_title = mem_strdup(title);
	plain->skip_why = mem_strdup(why);
}

void
plain_settle(struct plain *plain)
{
	char *text;

	settle_skipped(plain);
	if (plain->n_ok == 0)
		return;
	text = mem_printf("%s: %d check%s", plain->ok_database, plain->n_ok,
			  plain->n_ok == 1 ? "" : "s");
	plain->n_ok = 0;
	plain_line(plain, 0, text, PLAIN_OK);
	free(text);
}

void
plain_record(struct plain *plain, const struct record *record)
{
	size_t i;

	for (i = 0; i < plain_n_record_kinds; i++)
		if (record_is(record, plain_record_kinds[i].type))
			plain_record_kinds[i].show(plain, record);
}

void
plain_release(struct plain *plain)
{
	plain_settle(plain);
	plain_clear(plain);
	fflush(plain->out);
	free(plain->ok_database);
	free(plain->skip_group);
	free(plain->skip_title);
	free(plain->skip_why);
	free(plain->side);
	free(plain->open_step);
	free(plain->step_title);
	text_list_release(&plain->plan);
}
