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

#include "journal_record.h"
#include "mem.h"
#include "strbuf.h"

#define PIECE 65536 /* bytes read at once */
#define ROOM 65536  /* bytes set aside for what a run says */

#define FAR (4 << 20) /* to look for a record of some type */

struct journal {
	int fd;
	char *path;
	char *run;
	bool torn; /* the last line has no end: it is no record */
	int error; /* errno of the first record that was lost, 0: none */
	pthread_mutex_t lock;
};

struct journal_reader {
	int fd;
	off_t at;	    /* of the first byte not yet given out */
	struct strbuf text; /* what was read */
	size_t done;	    /* bytes of it that were given out */
	const char *const *only; /* types; NULL: all */
};

/* A disk that was full, or a crash, may have left half a line. */
static bool
is_torn(int fd)
{
	off_t end = lseek(fd, 0, SEEK_END);
	char last;

	return end > 0 && pread(fd, &last, 1, end - 1) == 1 && last != '\n';
}

#define TO_WRITE (O_RDWR | O_APPEND | O_CREAT)

struct journal *
journal_open(const struct state_dir *dir, const char *run, struct err *err)
{
	int fd = state_dir_file(dir, "journal", TO_WRITE, err);
	struct journal *j;

	if (fd < 0)
		return NULL;
	j = MEM_NEW(struct journal);
	j->fd = fd;
	j->path = mem_printf("%s/journal", dir->path);
	j->run = mem_strdup(run);
	j->torn = is_torn(fd);
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
	free(j->path);
	free(j->run);
	free(j);
}

static void
set_full(struct err *err, const char *path, int error)
{
	err_set(err, ERR_SYSTEM, "could not write journal \"%s\": %s", path,
		strerror(error));
	err_hint(err, "Make room on that disk. Then run the same command "
		      "again to go on from here.");
}

bool
journal_is_whole(struct journal *j, struct err *err)
{
	int error;

	if (!j)
		return true;
	pthread_mutex_lock(&j->lock);
	error = j->error;
	pthread_mutex_unlock(&j->lock);
	if (error)
		set_full(err, j->path, error);
	return !error;
}

bool
journal_has_room(const struct state_dir *dir, struct err *err)
{
	int fd = state_dir_file(dir, "journal", TO_WRITE, err), error;
	char *path;

	if (fd < 0)
		return false;
	error = fallocate(fd, FALLOC_FL_KEEP_SIZE, lseek(fd, 0, SEEK_END),
			  ROOM) == 0 ? 0 : errno;
	close(fd);
	/* Not every file system can tell beforehand. */
	if (error != ENOSPC && error != EDQUOT)
		return true;
	path = mem_printf("%s/journal", dir->path);
	set_full(err, path, error);
	free(path);
	return false;
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

static void
append(struct journal *j, const char *text)
{
	char *line = mem_printf("%s%s\n", j->torn ? "\n" : "", text);
	ssize_t n = (ssize_t)strlen(line), written = write(j->fd, line, n);

	if (written != n && !j->error)
		j->error = written < 0 ? errno : ENOSPC;
	if (written > 0)
		j->torn = written != n;
	free(line);
}

void
journal_write(struct journal *j, struct record *r)
{
	char *text;

	if (!j) {
		record_free(r);
		return;
	}
	stamp(r);
	record_text(r, "run", j->run);
	text = record_line(r);
	pthread_mutex_lock(&j->lock);
	append(j, text);
	pthread_mutex_unlock(&j->lock);
	free(text);
	record_free(r);
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
journal_reader_open(const struct state_dir *dir, struct err *err)
{
	int fd = state_dir_file(dir, "journal", O_RDONLY, err);
	struct journal_reader *reader;

	if (fd < 0)
		return NULL;
	reader = MEM_NEW(struct journal_reader);
	reader->fd = fd;
	reader->text = (struct strbuf)STRBUF_INIT;
	return reader;
}

void
journal_reader_close(struct journal_reader *r)
{
	if (!r)
		return;
	close(r->fd);
	strbuf_release(&r->text);
	free(r);
}

/* The next whole line of what was read, ended in place; NULL: none. */
static char *
cut_line(struct journal_reader *r)
{
	char *line = r->text.len ? r->text.text + r->done : NULL;
	char *end = line ? memchr(line, '\n', r->text.len - r->done) : NULL;

	if (!end)
		return NULL;
	*end = '\0';
	r->at += end + 1 - line;
	r->done += (size_t)(end + 1 - line);
	return line;
}

/* Only what is left of a line is moved, once a piece. */
static bool
read_piece(struct journal_reader *r)
{
	char piece[PIECE];
	size_t left = r->text.len - r->done;
	ssize_t n = read(r->fd, piece, sizeof(piece));

	if (n <= 0)
		return false;
	if (r->done > 0) {
		memmove(r->text.text, r->text.text + r->done, left);
		r->text.len = left;
		r->done = 0;
	}
	strbuf_addn(&r->text, piece, (size_t)n);
	return true;
}

/* Borrowed until the next. */
static char *
next_line(struct journal_reader *r)
{
	char *line;

	while (!(line = cut_line(r)))
		if (!read_piece(r))
			return NULL;
	return line;
}

void
journal_reader_only(struct journal_reader *r, const char *const *types)
{
	r->only = types;
}

/* By its first member alone: few of many lines are worth being parsed. */
static bool
is_wanted(const struct journal_reader *r, const char *line)
{
	static const char begin[] = "{\"type\":\"";
	const char *type = line + sizeof(begin) - 1;
	const char *const *only;
	size_t n;

	if (!r->only || strncmp(line, begin, sizeof(begin) - 1) != 0)
		return true;
	for (only = r->only; *only; only++) {
		n = strlen(*only);
		if (strncmp(type, *only, n) == 0 && type[n] == '"')
			return true;
	}
	return false;
}

struct record *
journal_reader_next(struct journal_reader *r)
{
	struct record *record = NULL;
	off_t end = r->at + FAR;
	char *line;

	/* A line cut short by a crash is no record: skip it. */
	while (!record && (!r->only || r->at < end) && (line = next_line(r)))
		if (is_wanted(r, line))
			record = journal_record(line);
	return record;
}

static void
go_to(struct journal_reader *r, off_t at)
{
	lseek(r->fd, at, SEEK_SET);
	strbuf_reset(&r->text);
	r->done = 0;
	r->at = at;
}

bool
journal_reader_seek_run(struct journal_reader *r, const char *run)
{
	off_t before = 0, found = -1;
	struct record *record;
	const char *is;
	char *line;

	go_to(r, 0);
	for (; (line = next_line(r)); before = r->at) {
		/* Few of many lines are worth the time to parse them. */
		if (!strstr(line, "\"begin\""))
			continue;
		record = journal_record(line);
		is = record ? record_get(record, "run") : NULL;
		if (record && record_is(record, "begin") &&
		    (!run || (is && strcmp(is, run) == 0)))
			found = before;
		record_free(record);
	}
	go_to(r, found < 0 ? r->at : found);
	return found >= 0;
}

long long
journal_reader_at(const struct journal_reader *r)
{
	return r->at;
}

/* Is this line the beginning of a run of that command? */
static bool
is_begin(char *line, const char *command)
{
	char *end = strchr(line, '\n');
	struct record *r;
	const char *of;
	bool is;

	if (end)
		*end = '\0';
	r = journal_record(line);
	of = r ? record_get(r, "command") : NULL;
	is = of && record_is(r, "begin") && !record_get_bool(r, "refused") &&
	     (!command || strcmp(of, command) == 0);
	record_free(r);
	if (end)
		*end = '\n';
	return is;
}

/* The last such line that starts in piece[0, n); -1: none. Within a text the
 * quotes would be escaped. */
static long long
find_in(char *piece, size_t n, const char *command)
{
	static const char mark[] = "{\"type\":\"begin\",";
	long long found = -1;
	char *at;

	for (at = piece; (at = strstr(at, mark)) && at < piece + n; at++)
		if (is_begin(at, command))
			found = at - piece;
	return found;
}

long long
journal_reader_find(const struct journal_reader *r, const char *command)
{
	/* A line may go on in the next piece. */
	char *piece = mem_zalloc(PIECE * 2 + 1, 1);
	long long end = lseek(r->fd, 0, SEEK_END), at, found = -1;
	ssize_t n;

	for (; end > 0 && found < 0; end = at) {
		at = end > PIECE ? end - PIECE : 0;
		n = pread(r->fd, piece, PIECE * 2, (off_t)at);
		piece[n > 0 ? n : 0] = '\0';
		found = find_in(piece, (size_t)(end - at), command);
		if (found >= 0)
			found += at;
	}
	free(piece);
	lseek(r->fd, r->at + (off_t)(r->text.len - r->done), SEEK_SET);
	return found;
}
