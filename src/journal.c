/* SPDX-License-Identifier: PostgreSQL */
/*
 * The journal: one JSON object a line, each written by one write() in append
 * mode, so that threads and processes never mix their lines.
 */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"
#include "strbuf.h"

struct journal {
	int fd;
	char *run;
	char *error;
	pthread_mutex_t lock;
};

struct journal_reader {
	int fd;
	off_t at; /* of the first byte of line */
	struct strbuf line;
};

struct journal *
journal_open(const char *dir, const char *run, struct err *err)
{
	struct journal *j;
	char *path = mem_printf("%s/journal", dir);
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		err_set(err, ERR_SYSTEM, "could not open journal \"%s\": %s",
			path, strerror(errno));
	free(path);
	if (fd < 0)
		return NULL;
	j = MEM_NEW(struct journal);
	j->fd = fd;
	j->run = mem_strdup(run);
	pthread_mutex_init(&j->lock, NULL);
	return j;
}

void
journal_close(struct journal *j)
{
	if (!j)
		return;
	close(j->fd);
	pthread_mutex_destroy(&j->lock);
	free(j->run);
	free(j->error);
	free(j);
}

static void
stamp(struct record *r)
{
	struct timespec now;
	struct tm tm;
	char day[32], text[48];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, sizeof(text), "%s.%03ldZ", day, now.tv_nsec / 1000000);
	record_text(r, "time", text);
}

void
journal_write(struct journal *j, struct record *r)
{
	char *line, *text;
	size_t n;
	ssize_t written;

	if (!j) {
		record_free(r);
		return;
	}
	stamp(r);
	record_text(r, "run", j->run);
	text = record_line(r);
	line = mem_printf("%s\n", text);
	n = strlen(line);
	pthread_mutex_lock(&j->lock);
	written = write(j->fd, line, n);
	if (written != (ssize_t)n && !j->error)
		j->error = mem_strdup(written < 0 ? strerror(errno)
						  : "disk full");
	pthread_mutex_unlock(&j->lock);
	free(line);
	free(text);
	record_free(r);
}

const char *
journal_error(const struct journal *j)
{
	return j->error;
}

void
journal_log(struct journal *j, const char *level, const char *database,
	    const char *fmt, ...)
{
	struct record *r = record_new("log");
	va_list ap;
	char *message;

	va_start(ap, fmt);
	message = mem_vprintf(fmt, ap);
	va_end(ap);
	record_text(r, "level", level);
	if (database)
		record_text(r, "database", database);
	record_text(r, "message", message);
	free(message);
	journal_write(j, r);
}

struct journal_reader *
journal_reader_open(const char *dir, struct err *err)
{
	struct journal_reader *reader;
	char *path = mem_printf("%s/journal", dir);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err_set(err, errno == ENOENT ? ERR_STATE : ERR_SYSTEM,
			"could not open journal \"%s\": %s", path,
			strerror(errno));
	free(path);
	if (fd < 0)
		return NULL;
	reader = MEM_NEW(struct journal_reader);
	reader->fd = fd;
	reader->line = (struct strbuf)STRBUF_INIT;
	return reader;
}

void
journal_reader_close(struct journal_reader *r)
{
	if (!r)
		return;
	close(r->fd);
	strbuf_release(&r->line);
	free(r);
}

/* Cuts the first whole line off what has been read; NULL: there is none. */
static char *
cut_line(struct journal_reader *r)
{
	char *end = memchr(r->line.text, '\n', r->line.len);
	char *line;
	size_t n;

	if (!end)
		return NULL;
	n = (size_t)(end - r->line.text);
	line = mem_strndup(r->line.text, n);
	r->at += (off_t)n + 1;
	memmove(r->line.text, end + 1, r->line.len - n);
	r->line.len -= n + 1;
	return line;
}

static char *
next_line(struct journal_reader *r)
{
	char piece[8192];
	char *line;
	ssize_t n;

	while (!(line = cut_line(r))) {
		n = read(r->fd, piece, sizeof(piece));
		if (n <= 0)
			return NULL;
		strbuf_addn(&r->line, piece, (size_t)n);
	}
	return line;
}

struct record *
journal_reader_next(struct journal_reader *r)
{
	struct record *record = NULL;
	char *line;

	/* A line cut short by a crash is no record: skip it. */
	while (!record && (line = next_line(r))) {
		record = record_parse(line);
		free(line);
	}
	return record;
}

static void
go_to(struct journal_reader *r, off_t at)
{
	lseek(r->fd, at, SEEK_SET);
	strbuf_reset(&r->line);
	r->at = at;
}

bool
journal_reader_seek_run(struct journal_reader *r, const char *run)
{
	off_t before, found = -1;
	struct record *record;
	const char *is;

	go_to(r, 0);
	for (;;) {
		before = r->at;
		record = journal_reader_next(r);
		if (!record)
			break;
		is = record_get(record, "run");
		if (record_is(record, "begin") &&
		    (!run || (is && strcmp(is, run) == 0)))
			found = before;
		record_free(record);
	}
	go_to(r, found < 0 ? r->at : found);
	return found >= 0;
}
