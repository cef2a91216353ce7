/* SPDX-License-Identifier: PostgreSQL */
/* A state folder of a test's own, for the tests of what lies in one. */
#ifndef PGREPUP_STATE_FIXTURE_H
#define PGREPUP_STATE_FIXTURE_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "mem.h"
#include "state_dir.h"

static struct state_dir *dir;

static inline int
make_dir(void **state)
{
	struct err err = ERR_INIT;
	char path[] = "/tmp/pgrepup-unit-XXXXXX";

	(void)state;
	dir = mkdtemp(path) ? state_dir_open(path, &err) : NULL;
	err_release(&err);
	return dir ? 0 : -1;
}

static inline int
remove_dir(void **state)
{
	DIR *d = opendir(dir->path);
	struct dirent *entry;
	int rc;

	(void)state;
	while (d && (entry = readdir(d)))
		unlinkat(dir->fd, entry->d_name, 0);
	closedir(d);
	rc = rmdir(dir->path);
	state_dir_close(dir);
	return rc;
}

static inline char *
path_in(const char *name)
{
	return mem_printf("%s/%s", dir->path, name);
}

/* As another program would. */
static inline void
put_file(const char *name, const char *text)
{
	char *path = path_in(name);
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	free(path);
}

#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)

#endif
