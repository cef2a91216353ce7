/* SPDX-License-Identifier: PostgreSQL */
/*
 * Reading the server's log: the last error of a process that ended. Both forms
 * are understood, plain lines with whatever log_line_prefix, and CSV. Only the
 * message itself is taken, never a detail: pglogical puts connection strings
 * there. Every session may write into it what it likes: who wrote a line is
 * told by its prefix alone, and which process is a worker by the postmaster.
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

/* Number of the process in "background worker "NAME" (PID 123) exited ...", from
 * somewhere in the name on; the words may be of any language. */
static char *
pid_after(const char *name)
{
	const char *p = strchr(name, '"');
	size_t n;

	if (!p)
		return NULL;
	p += strcspn(p, "0123456789");
	n = strspn(p, "0123456789");
	return n > 0 ? mem_strndup(p, n) : NULL;
}

/* --- who wrote a line --------------------------------------------------- */

static bool
is_csv(const char *line)
{
	size_t comma = strcspn(line, ",");
	const char *mark = strstr(line, ":  ");

	return line[comma] == ',' && strcspn(line, "[") > comma &&
	       (!mark || mark > line + comma);
}

/* After that many fields of a CSV line; NULL when there are fewer. */
static const char *
csv_skip(const char *p, int fields)
{
	bool quoted = false;

	for (; *p && fields > 0; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == ',' && !quoted)
			fields--;
	}
	return fields > 0 ? NULL : p;
}

static bool
begins_with_number(const char *text, const char *number)
{
	size_t n = strlen(number);

	return strncmp(text, number, n) == 0 &&
	       !isdigit((unsigned char)text[n]);
}

/* By its prefix, up to "LOG:  ": [123] in it, or else the number alone. What
 * follows may be anybody's words. */
static bool
prefix_has(const char *line, const char *pid)
{
	const char *end = strstr(line, ":  "), *p;
	char *prefix;
	bool has;

	if (!end)
		return false;
	prefix = mem_strndup(line, (size_t)(end - line));
	for (p = strchr(prefix, '['); p; p = strchr(p + 1, '['))
		if (p[1 + strspn(p + 1, "0123456789")] == ']' && p[1] != ']')
			break;
	has = p ? begins_with_number(p + 1, pid)
		: find_number(prefix, pid) != NULL;
	free(prefix);
	return has;
}

static bool
is_written_by(const char *line, const char *pid)
{
	const char *field;

	if (!is_csv(line))
		return prefix_has(line, pid);
	field = csv_skip(line, 3);
	return field && begins_with_number(field, pid);
}

/* --- what a log says ---------------------------------------------------- */

/*
 * The next message of a log, all its lines; cuts the text. Further lines of a
 * plain message begin with a tab, those of CSV are within quotes: nobody can
 * make a line of his message look like one of another process.
 */
static char *
next_message(char **rest)
{
	char *line = *rest, *p;
	bool quoted = false, csv;

	if (!line || !*line)
		return NULL;
	csv = is_csv(line);
	for (p = line; *p; p++) {
		if (csv && *p == '"')
			quoted = !quoted;
		if (*p == '\n' && !quoted && (csv || p[1] != '\t'))
			break;
	}
	*rest = *p ? p + 1 : p;
	*p = '\0';
	return line;
}

/* The last error that a process wrote. */
static char *
last_error(const char *log, const char *pid)
{
	char *text = mem_strdup(log), *rest = text, *line;
	char *last = NULL, *message;

	while ((line = next_message(&rest))) {
		message = is_written_by(line, pid) ? message_of(line) : NULL;
		if (message) {
			free(last);
			last = message;
		}
	}
	free(text);
	return last;
}

/* Did that process say that it is the one of that subscription? */
static bool
names(const char *log, const char *pid, const char *subscription)
{
	char *text = mem_strdup(log), *rest = text, *line;
	char *quoted = mem_printf("\"%s\"", subscription);
	bool found = false;

	while (!found && (line = next_message(&rest)))
		found = is_written_by(line, pid) && strstr(line, quoted);
	free(quoted);
	free(text);
	return found;
}

/*
 * The last worker of that name of whose end the postmaster tells, which nobody
 * else can: sessions write into the same log. subscription: only when the
 * worker named that; or NULL.
 */
static char *
last_worker(const char *log, const char *postmaster, const char *worker,
	    const char *subscription)
{
	char *text = mem_strdup(log), *rest = text, *line;
	char *last = NULL, *pid;
	const char *at;

	while ((line = next_message(&rest))) {
		at = is_written_by(line, postmaster) ? strstr(line, worker)
						     : NULL;
		pid = at ? pid_after(at) : NULL;
		if (pid && (!subscription || names(log, pid, subscription))) {
			free(last);
			last = pid;
		} else {
			free(pid);
		}
	}
	free(text);
	return last;
}

static char *
error_of(const char *log, const char *postmaster, const char *worker,
	 const char *subscription)
{
	char *pid = last_worker(log, postmaster, worker, subscription);
	char *message = pid ? last_error(log, pid) : NULL;

	free(pid);
	return message;
}

char *
server_log_find(const char *log, const char *postmaster, const char *worker)
{
	char *whole = mem_printf("%s\"", worker);
	char *found = error_of(log, postmaster, whole, NULL);

	free(whole);
	return found;
}

char *
server_log_find_subscription(const char *log, const char *postmaster,
			     const char *name)
{
	return error_of(log, postmaster, "logical replication", name);
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

/* What find says of the end of the server's log, as the log's words. */
static char *
ask_log(struct pg *pg,
	char *(*find)(const char *log, const char *postmaster,
		      const char *name),
	const char *name)
{
	struct err ignored = ERR_INIT;
	char *found = NULL, *hex = NULL, *log, *reason;
	char *path = pg_ask_value(pg, "server_log", PG_NONE, &ignored);
	char *postmaster = path ? pg_ask_value(pg, "postmaster_pid", PG_NONE,
					       &ignored)
				: NULL;

	if (postmaster)
		hex = pg_ask_value(pg, "server_log_tail", PG_BIND(path),
				   &ignored);
	if (hex) {
		log = from_hex(hex);
		found = find(log, postmaster, name);
		free(log);
	}
	reason = found ? mem_printf("the server's log: %s", found) : NULL;
	free(found);
	free(hex);
	free(postmaster);
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
