/* SPDX-License-Identifier: PostgreSQL */
/* Of which version a client program is, asked of it and believed for a while:
 * in Debian each is asked through a wrapper in Perl, and one check looks for
 * pg_dump a dozen times. */
#include "tools_version.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "child.h"
#include "interrupt.h"
#include "mem.h"
#include "strbuf.h"

/* Seconds: a wrapper stays as it is when another release is installed. */
#define BELIEVED 10

/* One file has several names (Debian's wrapper), and answers by its name. */
struct known {
	char *name;
	struct stat file;
	int version;
	double asked;
};

static struct {
	pthread_mutex_t lock;
	struct known *items;
	size_t n, alloc;
} all = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool
is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* "pg_dump (PostgreSQL) 17.5 (Debian ...)" is 170005. */
static int
ask(const char *path, struct err *err)
{
	const char *const argv[] = {path, "--version", NULL};
	const struct child child = {.argv = argv, .timeout = 10};
	struct strbuf out = STRBUF_INIT;
	int a = 0, b = 0, c = 0, version = 0;
	const char *number;

	if (child_run(&child, &out, NULL, err)) {
		number = strstr(out.text, ") ");
		if (number)
			sscanf(number + 2, "%4d.%4d.%2d", &a, &b, &c);
		version = a >= 10 ? a * 10000 + b : a * 10000 + b * 100 + c;
	}
	strbuf_release(&out);
	return version;
}

/* Of that file by that name, or a new one. */
static struct known *
find(const char *name, const struct stat *file)
{
	size_t i;

	for (i = 0; i < all.n; i++)
		if (strcmp(all.items[i].name, name) == 0 &&
		    is_same_file(&all.items[i].file, file))
			return &all.items[i];
	MEM_GROW(all.items, all.n, all.alloc);
	all.items[all.n] = (struct known){
		.name = mem_strdup(name),
		.file = *file,
	};
	return &all.items[all.n++];
}

int
tools_version(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	struct known *known;
	struct stat file;
	int version;

	if (stat(path, &file) != 0)
		return ask(path, err);
	pthread_mutex_lock(&all.lock);
	known = find(slash ? slash + 1 : path, &file);
	if (known->version == 0 || clock_now() - known->asked > BELIEVED) {
		known->version = ask(path, err);
		known->asked = clock_now();
	}
	version = known->version;
	pthread_mutex_unlock(&all.lock);
	return version;
}
