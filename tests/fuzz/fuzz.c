/* SPDX-License-Identifier: PostgreSQL */
/* What the fuzz targets share. */
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "mem.h"

char *
fuzz_text(const uint8_t *data, size_t size)
{
	return mem_strndup((const char *)data, size);
}

void
fuzz_texts(const uint8_t *data, size_t size, char **texts, size_t n)
{
	char *text = fuzz_text(data, size), *at = text;
	size_t i, length;

	for (i = 0; i < n; i++) {
		length = strcspn(at, (char[]){FUZZ_CUT, '\0'});
		texts[i] = mem_strndup(at, length);
		at += length + (at[length] != '\0');
	}
	free(text);
}

void
fuzz_texts_free(char **texts, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(texts[i]);
}

void
fuzz_fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("fuzz: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	abort();
}

/* What libraries lose by themselves: libconfig the texts of a file that it
 * cannot parse. */
const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"), used)) const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfig.so\n";
}

/* --- a folder ------------------------------------------------------------- */

static char folder[PATH_MAX];

/* At most two deep, as a state folder is. */
static void
remove_folder(const char *path, int depth)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	char *name;

	while (dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		name = mem_printf("%s/%s", path, entry->d_name);
		if (unlink(name) != 0 && depth > 0)
			remove_folder(name, depth - 1);
		free(name);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

static void
remove_all(void)
{
	remove_folder(folder, 3);
}

const char *
fuzz_folder(void)
{
	const char *tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm"
							: getenv("TMPDIR");

	if (folder[0])
		return folder;
	snprintf(folder, sizeof(folder), "%s/pgrepup-fuzz.XXXXXX",
		 tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(folder))
		fuzz_fail("no folder \"%s\"", folder);
	atexit(remove_all);
	return folder;
}

void
fuzz_write(const char *path, const char *text, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || !io_write_all(fd, text, n))
		fuzz_fail("could not write \"%s\"", path);
	close(fd);
}
