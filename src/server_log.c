/* SPDX-License-Identifier: PostgreSQL */
/*
 * Reading the server's log: the last error of a process that ended. Both forms
 * are understood, plain lines with whatever log_line_prefix, and CSV. Only the
 * message itself is taken, never a detail: pglogical puts connection strings
 * there.
 */
#include "server_log.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "strbuf.h"

static const char *const levels[] = {"ERROR", "FATAL", "PANIC"};

/* Where the number stands alone in the line; NULL when it does not. */
static const char *
find_number(const char *line, const char *number)
{
	size_t n = strlen(number);
	const char *p;

	for (p = strstr(line, number); p; p = strstr(p + 1, number))
		if ((p == line || !isalnum((unsigned char)p[-1])) &&
		    !isalnum((unsigned char)p[n]))
			return p;
	return NULL;
}

/* A quoted field of a CSV line, from after its first quote. */
static char *
csv_field(const char *p)
{
	struct strbuf text = STRBUF_INIT;

	for (; *p; p++) {
		if (*p == '"' && *++p != '"')
			break;
		strbuf_addc(&text, *p);
	}
	return strbuf_detach(&text);
}

/* "...,ERROR,42P01,"message",..." */
static char *
csv_message(const char *line, const char *level)
{
	char *mark = mem_printf(",%s,", level);
	const char *p = strstr(line, mark);

	if (p)
		p = strchr(p + strlen(mark), ',');
	free(mark);
	return p && p[1] == '"' ? csv_field(p + 2) : NULL;
}

/* "prefix ERROR:  message" */
static char *
plain_message(const char *line, const char *level)
{
	char *mark = mem_printf("%s:  ", level);
	const char *p = strstr(line, mark);
	char *message = p ? mem_strdup(p + strlen(mark)) : NULL;

	free(mark);
	return message;
}

static char *
message_of(const char *line)
{
	char *message;
	size_t i;

	for (i = 0; i < LENGTH_OF(levels); i++) {
		message = plain_message(line, levels[i]);
		if (!message)
			message = csv_message(line, levels[i]);
		if (message)
			return message;
	}
	return NULL;
}

/* Number of the process in "... worker "NAME" (PID 123) exited ..."; the words
 * may be of any language. */
static char *
pid_of(const char *line, const char *worker)
{
	const char *p = strstr(line, worker);
	size_t n = 0;

	if (!p)
		return NULL;
	p += strlen(worker);
	while (*p && !isdigit((unsigned char)*p))
		p++;
	while (isdigit((unsigned char)p[n]))
		n++;
	return n > 0 ? mem_strndup(p, n) : NULL;
}

/* Goes backwards, line by line; text is cut into lines on the way. */
static char *
previous_line(char *text, size_t *end)
{
	while (*end > 0 && text[*end - 1] == '\n')
		text[--*end] = '\0';
	if (*end == 0)
		return NULL;
	while (*end > 0 && text[*end - 1] != '\n')
		--*end;
	return text + *end;
}

char *
server_log_find(const char *log, const char *worker)
{
	char *text = mem_strdup(log);
	size_t end = strlen(text);
	char *line, *pid = NULL, *message = NULL;

	while (!message && (line = previous_line(text, &end))) {
		if (!pid)
			pid = pid_of(line, worker);
		else if (find_number(line, pid))
			message = message_of(line);
	}
	free(pid);
	free(text);
	return message;
}

/* Number of the process that wrote a line: "... [123] ...", or the fourth field
 * of a CSV line. */
static char *
writer_of(const char *line)
{
	const char *p = strchr(line, '[');
	size_t n, i;

	if (p) {
		p++;
	} else {
		for (p = line, i = 0; p && i < 3; i++)
			p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL;
	}
	n = p ? strspn(p, "0123456789") : 0;
	return n > 0 ? mem_strndup(p, n) : NULL;
}

char *
server_log_find_subscription(const char *log, const char *name)
{
	char *text = mem_strdup(log), *rest = text, *line;
	char *pid = NULL, *last = NULL, *message;
	bool named;

	while ((line = strsep(&rest, "\n"))) {
		named = strstr(line, name) != NULL;
		message = named || (pid && find_number(line, pid))
				  ? message_of(line)
				  : NULL;
		if (message) {
			free(last);
			last = message;
		} else if (named) {
			free(pid);
			pid = writer_of(line);
		}
	}
	free(pid);
	free(text);
	return last;
}

static int
hex_digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower(c) - 'a' + 10;
}

static char *
from_hex(const char *hex)
{
	size_t i, n = strlen(hex) / 2;
	char *text = MEM_ARRAY(char, n + 1);

	for (i = 0; i < n; i++)
		text[i] = (char)(hex_digit(hex[2 * i]) * 16 +
				 hex_digit(hex[2 * i + 1]));
	return text;
}

/* What find says of the end of the server's log. */
static char *
ask_log(struct pg *pg, char *(*find)(const char *log, const char *name),
	const char *name)
{
	struct err ignored = ERR_INIT;
	char *reason = NULL, *hex = NULL, *log;
	char *path = pg_ask_value(pg, "server_log", PG_NONE, &ignored);

	if (path)
		hex = pg_ask_value(pg, "server_log_tail", PG_BIND(path),
				   &ignored);
	if (hex) {
		log = from_hex(hex);
		reason = find(log, name);
		free(log);
	}
	free(hex);
	free(path);
	err_release(&ignored);
	return reason;
}

char *
server_log_reason(struct pg *pg, const char *worker)
{
	return ask_log(pg, server_log_find, worker);
}

char *
server_log_subscription(struct pg *pg, const char *name)
{
	return ask_log(pg, server_log_find_subscription, name);
}
