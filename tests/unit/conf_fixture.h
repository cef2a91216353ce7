/* SPDX-License-Identifier: PostgreSQL */
/* A configuration file in a folder of its own, for the tests of conf.h. */
#ifndef PGREPUP_CONF_FIXTURE_H
#define PGREPUP_CONF_FIXTURE_H

#include <fcntl.h>
#include <limits.h>
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

#include "conf.h"
#include "mem.h"

static char folder[PATH_MAX];
static char path[PATH_MAX + 16];

static inline int
make_folder(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(folder, sizeof(folder), "%s/test_conf.XXXXXX",
		 tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/.pgrepup", folder);
	return 0;
}

static inline char *
sibling(const char *name)
{
	return mem_printf("%s/%s", folder, name);
}

static inline void
drop(const char *name)
{
	char *file = sibling(name);

	if (unlink(file) != 0)
		rmdir(file);
	free(file);
}

static inline int
drop_folder(void **state)
{
	(void)state;
	drop(".pgrepup");
	drop(".pgrepup~");
	drop("real");
	drop("real~");
	return rmdir(folder);
}

static inline void
write_file(const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static inline char *
read_file(const char *name)
{
	char *text = mem_zalloc(65536, 1);
	FILE *f = fopen(name, "re");

	assert_non_null(f);
	assert_true(fread(text, 1, 65535, f) < 65535);
	fclose(f);
	return text;
}

static inline struct conf *
load(void)
{
	struct err err = ERR_INIT;
	struct conf *conf = conf_load(path, &err);

	if (!conf)
		print_message("# %s, %s\n", err.message, err.where);
	assert_non_null(conf);
	return conf;
}

static inline void
save(struct conf *conf)
{
	struct err err = ERR_INIT;

	if (!conf_save(conf, &err))
		fail_msg("%s", err.message);
}

static inline void
set(struct conf *conf, const char *key, const char *value)
{
	struct err err = ERR_INIT;

	if (!conf_set(conf, key, value, &err))
		fail_msg("%s: %s", key, err.message);
}

static inline void
set_secret(struct conf *conf, const char *key, const char *value)
{
	struct err err = ERR_INIT;
	struct secret *secret = secret_new(value, strlen(value));

	if (!conf_set_secret(conf, key, secret, &err))
		fail_msg("%s: %s", key, err.message);
	secret_free(secret);
}

static inline bool
passphrase(bool (*use)(struct conf *conf, const struct secret *secret,
		       struct err *err),
	   struct conf *conf, const char *text, struct err *err)
{
	struct secret *secret = secret_new(text, strlen(text));
	bool ok = use(conf, secret, err);

	secret_free(secret);
	return ok;
}

static inline void
assert_value(const struct conf *conf, const char *key, const char *expected)
{
	char *value = conf_get(conf, key);

	if (expected) {
		assert_non_null(value);
		assert_string_equal(value, expected);
	} else {
		assert_null(value);
	}
	free(value);
}

#define IN_FOLDER(test)                                                        \
	cmocka_unit_test_setup_teardown(test, make_folder, drop_folder)

#endif
