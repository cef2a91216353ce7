/* SPDX-License-Identifier: PostgreSQL */
/*
 * The configuration file as bytes: read with care, replaced as a whole.
 * A symbolic link is followed, so that the file it names is replaced.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf_internal.h"
#include "io.h"
#include "mem.h"

#define SIZE_LIMIT (1024 * 1024)

static bool
file_error(const char *path, const char *what, struct err *err)
{
	err_set(err, ERR_CONFIG, "could not %s configuration file: %s", what,
		strerror(errno));
	err_at(err, "file \"%s\"", path);
	return false;
}

/* --- reading -------------------------------------------------------------- */

/* The whole of an open file in locked memory; NULL with errno. */
static struct secret *
slurp(int fd, size_t size)
{
	char *buffer = mem_zalloc(size + 1, 1);
	struct secret *text = NULL;
	size_t n = 0;
	ssize_t got = 0;

	while (n < size && (got = read(fd, buffer + n, size - n)) > 0)
		n += (size_t)got;
	if (got >= 0)
		text = secret_new(buffer, n);
	secret_wipe(buffer, size);
	free(buffer);
	return text;
}

struct secret *
conf_file_bytes(const char *path, struct stat *st, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct secret *text = NULL;

	if (fd < 0) {
		if (errno != ENOENT)
			file_error(path, "open", err);
		return NULL;
	}
	if (fstat(fd, st) != 0) {
		file_error(path, "examine", err);
	} else if (!S_ISREG(st->st_mode) || st->st_size > SIZE_LIMIT) {
		err_set(err, ERR_CONFIG, "not a configuration file");
		err_detail(err, S_ISREG(st->st_mode)
				    ? "The file is too large."
				    : "It is not a regular file.");
		err_hint(err, "Name another file by --config or "
			      "PGREPUP_CONFIG.");
		err_at(err, "file \"%s\"", path);
	} else {
		text = slurp(fd, (size_t)st->st_size);
		if (!text)
			file_error(path, "read", err);
	}
	close(fd);
	return text;
}

/* The rest behind a comment or a text that begins at c, else c itself. */
static const char *
skip_token(const char *c, bool *comment)
{
	const char *end;

	*comment = false;
	if (*c == '"') {
		for (c++; *c && *c != '"'; c++)
			c += *c == '\\' && c[1];
		return *c ? c + 1 : c;
	}
	if (*c == '#' || (*c == '/' && c[1] == '/')) {
		*comment = true;
		return c + strcspn(c, "\n");
	}
	if (*c == '/' && c[1] == '*') {
		*comment = true;
		end = strstr(c + 2, "*/");
		return end ? end + 2 : c + strlen(c);
	}
	return c;
}

/*
 * Looks for comments, and for "@include", which would be written out flat.
 * The line of the latter, 0 when there is none.
 */
static int
scan(const char *text, bool *has_comments)
{
	const char *c = text, *end;
	bool comment;
	int line = 1;

	while (*c) {
		end = skip_token(c, &comment);
		*has_comments = *has_comments || comment;
		if (end == c && strncmp(c, "@include", 8) == 0)
			return line;
		end += end == c;
		for (; c < end; c++)
			line += *c == '\n';
	}
	return 0;
}

/* " --config=FILE" where a command would take another one without it. */
static void
add_option(struct strbuf *sb, const char *path)
{
	char *usual = conf_path(NULL);

	if (strcmp(path, usual) != 0) {
		strbuf_add(sb, " --config=");
		strbuf_shell(sb, path);
	}
	free(usual);
}

static void
refuse_ini(const char *path, struct err *err)
{
	struct strbuf option = STRBUF_INIT, mv = STRBUF_INIT;
	char *to = mem_printf("%s.ini", path);

	add_option(&option, path);
	strbuf_add(&mv, "mv ");
	strbuf_shell(&mv, path);
	strbuf_addc(&mv, ' ');
	strbuf_shell(&mv, to);
	err_set(err, ERR_CONFIG, "the configuration is an INI file, as the "
				 "Python pgrepup 0.3 wrote it");
	err_hint(err, "Run `pgrepup%s config import` to take its connection "
		      "fields over, or move it away: %s",
		 option.text, mv.text);
	free(to);
	strbuf_release(&option);
	strbuf_release(&mv);
}

static void
refuse_access(const char *path, const struct stat *st, struct err *err)
{
	struct strbuf word = STRBUF_INIT;

	strbuf_shell(&word, path);
	err_set(err, ERR_CONFIG,
		"configuration file has group or world access");
	err_detail(err, "Its permissions are %04o; passwords may stand in it.",
		   (unsigned int)(st->st_mode & 07777));
	err_hint(err, "Run: chmod 600 %s", word.text);
	strbuf_release(&word);
}

static bool
text_is_usable(struct conf *conf, const struct stat *st, struct err *err)
{
	struct conf_file *file = conf->file;
	const char *text = secret_text(file->text);
	int line;

	if (conf_text_is_ini(file->text)) {
		refuse_ini(conf->path, err);
	} else if (st->st_mode & (S_IRWXG | S_IRWXO)) {
		refuse_access(conf->path, st, err);
	} else if (strlen(text) != secret_length(file->text)) {
		err_set(err, ERR_CONFIG,
			"configuration file is not a text file");
		err_detail(err, "It has a byte of value 0.");
	} else if ((line = scan(text, &file->has_comments)) > 0) {
		err_set(err, ERR_CONFIG, "@include is not supported");
		err_hint(err, "Write the settings into the file itself.");
		err_at(err, "file \"%s\", line %d", conf->path, line);
	} else {
		return true;
	}
	err_at(err, "file \"%s\"", conf->path);
	return false;
}

/* The command that would make this file and no other. */
static void
say_missing(const char *path, struct err *err)
{
	struct strbuf option = STRBUF_INIT;

	add_option(&option, path);
	err_set(err, ERR_CONFIG, "configuration file does not exist");
	if (*path)
		err_hint(err,
			 "Run `pgrepup%s config` or `pgrepup%s config set` to "
			 "create it.",
			 option.text, option.text);
	else
		err_hint(err, "Name a file.");
	err_at(err, "file \"%s\"", path);
	strbuf_release(&option);
}

bool
conf_file_read(struct conf *conf, struct err *err)
{
	struct conf_file *file = conf->file;
	struct stat st;

	file->text = conf_file_bytes(conf->path, &st, err);
	if (file->text)
		return text_is_usable(conf, &st, err);
	if (!err_is_set(err))
		say_missing(conf->path, err);
	return false;
}

bool
conf_file_parse(struct conf *conf, struct err *err)
{
	struct conf_file *file = conf->file;

	if (config_read_string(&file->tree, secret_text(file->text)))
		return true;
	err_set(err, ERR_CONFIG, "could not parse configuration file: %s",
		config_error_text(&file->tree));
	err_hint(
	    err,
	    "Correct that line or the one before it. Settings look like: source: { host = \"db1\"; port = 5432; };");
	err_at(err, "file \"%s\", line %d", conf->path,
	       config_error_line(&file->tree));
	return false;
}

bool
conf_has_comments(const struct conf *conf)
{
	const struct conf_file *file = conf->file;

	return file->has_comments;
}

/* --- writing -------------------------------------------------------------- */

/* Makes a rename last through a crash. */
static void
sync_folder(const char *path)
{
	char *copy = mem_strdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(copy);
}

/* Private: mkostemp makes it 0600. Locked: it is not swept meanwhile. */
bool
conf_replace(const char *path, const struct secret *text, struct err *err)
{
	char *temporary = mem_printf("%s" CONF_UNFINISHED "XXXXXX", path);
	int fd = mkostemp(temporary, O_CLOEXEC);
	struct stat st;
	bool ok;

	if (fd < 0) {
		free(temporary);
		return file_error(path, "create", err);
	}
	flock(fd, LOCK_EX);
	/* root, at work on the file of somebody else, leaves it theirs */
	if (stat(path, &st) == 0 && fchown(fd, st.st_uid, st.st_gid) != 0)
		errno = 0;
	ok = io_write_all(fd, secret_text(text), secret_length(text)) &&
	     fsync(fd) == 0;
	ok = ok && rename(temporary, path) == 0;
	if (ok)
		sync_folder(path);
	else
		file_error(path, "write", err);
	if (!ok)
		unlink(temporary);
	close(fd);
	free(temporary);
	return ok;
}

struct secret *
conf_file_text(const config_t *tree)
{
	char *buffer = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&buffer, &size);
	struct secret *text;

	if (!stream)
		abort();
	config_write(tree, stream);
	fclose(stream);
	text = secret_new(buffer, size);
	secret_wipe(buffer, size);
	free(buffer);
	return text;
}

char *
conf_real_path(const char *path, struct err *err)
{
	char *real = realpath(path, NULL);
	struct stat st;

	if (real)
		return real;
	if (errno == ENOENT && lstat(path, &st) != 0)
		return mem_strdup(path);
	file_error(path, "follow", err);
	return NULL;
}

bool
conf_same_text(const struct secret *a, const struct secret *b)
{
	if (!a || !b)
		return a == b;
	return secret_length(a) == secret_length(b) &&
	       memcmp(secret_text(a), secret_text(b), secret_length(a)) == 0;
}

/* Nothing that somebody else wrote meanwhile is lost. */
static bool
file_is_unchanged(const struct conf *conf, struct err *err)
{
	const struct conf_file *file = conf->file;
	struct stat st;
	struct secret *now = conf_file_bytes(conf->path, &st, err);
	bool same = !err_is_set(err) && conf_same_text(now, file->text);

	secret_free(now);
	if (same)
		return true;
	err_set(
	    err, ERR_CONFIG,
	    file->text
		? "configuration file was changed by someone else meanwhile"
		: "configuration file was created by someone else meanwhile");
	err_hint(err, "Nothing was written. Run the command again.");
	err_at(err, "file \"%s\"", conf->path);
	return false;
}

static bool
can_save(const struct conf *conf, struct err *err)
{
	if (conf->encrypt && !conf_is_sealed(conf)) {
		err_set(err, ERR_CONFIG, "no passphrase was chosen yet");
		err_hint(err, "Run `pgrepup config set security.encrypt=yes`.");
		return false;
	}
	return file_is_unchanged(conf, err);
}

/* What was there before is kept first, so that it is never lost. */
static bool
write_text(const struct conf *conf, const char *path,
	   const struct secret *text, struct err *err)
{
	const struct conf_file *file = conf->file;
	bool same = conf_same_text(text, file->text);

	return conf_keep_former(path, same ? NULL : file->text, &file->tree,
				err) &&
	       (same || conf_replace(path, text, err));
}

bool
conf_save(struct conf *conf, struct err *err)
{
	struct conf_file *file = conf->file;
	struct secret *text;
	char *path;
	bool ok;

	if (!can_save(conf, err))
		return false;
	path = conf_real_path(conf->path, err);
	if (!path)
		return false;
	conf_seal_clear(conf);
	if (conf->key)
		conf_target_put(conf);
	text = conf_file_text(&file->tree);
	ok = write_text(conf, path, text, err);
	free(path);
	if (!ok) {
		secret_free(text);
		return false;
	}
	secret_free(file->text);
	file->text = text;
	file->has_comments = false;
	return true;
}
