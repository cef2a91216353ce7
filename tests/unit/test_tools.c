/* SPDX-License-Identifier: PostgreSQL */
/* Client programs: the one that fits, and passwords that nobody else sees. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "mem.h"
#include "tools.h"
#include "tools_version.h"

/* A folder for a test, with bin/VERSION/pg_dump for some versions. */
struct place {
	char dir[64];
	char *path; /* PATH of before */
	struct conf conf;
	struct op op;
};

static void
shell(const char *line)
{
	assert_int_equal(system(line), 0);
}

static void
make_program(struct place *p, const char *folder, const char *script)
{
	char *dir = mem_printf("%s/%s", p->dir, folder);
	char *file = mem_printf("%s/pg_dump", dir);
	FILE *f;

	assert_int_equal(mkdir(dir, 0700), 0);
	f = fopen(file, "w");
	assert_non_null(f);
	fprintf(f, "#!/bin/sh\n%s\n", script);
	fclose(f);
	assert_int_equal(chmod(file, 0700), 0);
	free(file);
	free(dir);
}

static int
set_up(void **state)
{
	struct place *p = MEM_NEW(struct place);
	char *path;

	strcpy(p->dir, "/tmp/test_tools-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	make_program(p, "old", "echo 'pg_dump (PostgreSQL) 13.4'");
	make_program(p, "fits", "echo 'pg_dump (PostgreSQL) 47.2 (Debian)'");
	make_program(p, "minor", "echo 'pg_dump (PostgreSQL) 47.11'");
	make_program(p, "newer", "echo 'pg_dump (PostgreSQL) 48.1'");
	make_program(p, "broken", "exit 1");
	p->path = mem_strdup(getenv("PATH"));
	path = mem_printf("%s/old:%s/newer:%s/fits:%s/broken:%s/minor:%s",
			  p->dir, p->dir, p->dir, p->dir, p->dir, p->path);
	setenv("PATH", path, 1);
	free(path);
	p->conf.tmp_dir = p->dir;
	p->op.conf = &p->conf;
	*state = p;
	return 0;
}

static int
tear_down(void **state)
{
	struct place *p = *state;
	char *line = mem_printf("rm -r '%s'", p->dir);

	setenv("PATH", p->path, 1);
	shell(line);
	free(line);
	free(p->path);
	free(p);
	return 0;
}

static void
finds_the_newest_minor_of_the_nearest_major(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	int version;
	char *path = tools_find(&p->conf, "pg_dump", 46, &version, &err);

	assert_non_null(path);
	assert_non_null(strstr(path, "/minor/pg_dump"));
	assert_int_equal(version, 470011);
	free(path);
}

static void
a_configured_folder_is_the_only_one(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;

	p->conf.bin_dir = mem_printf("%s/old", p->dir);
	assert_null(tools_find(&p->conf, "pg_dump", 47, NULL, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.detail, "/old/pg_dump is version 13"));
	err_release(&err);
	free(p->conf.bin_dir);
}

/* What they write is restored under a path that a tenant chose. */
static void
releases_of_before_march_2018_are_not_taken(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	int version;
	char *path;

	make_program(p, "bad10", "echo 'pg_dump (PostgreSQL) 10.2'");
	make_program(p, "good10", "echo 'pg_dump (PostgreSQL) 10.3'");
	p->conf.bin_dir = mem_printf("%s/bad10", p->dir);
	assert_null(tools_find(&p->conf, "pg_dump", 10, NULL, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.detail, "/bad10/pg_dump is version 10.2, "
					   "too old: CVE-2018-1058"));
	err_release(&err);
	free(p->conf.bin_dir);
	p->conf.bin_dir = mem_printf("%s/good10", p->dir);
	path = tools_find(&p->conf, "pg_dump", 10, &version, &err);
	assert_non_null(path);
	assert_int_equal(version, 100003);
	free(path);
	free(p->conf.bin_dir);
	p->conf.bin_dir = NULL;
}

/* One that hangs or lacks a library is there all the same, and in the way. */
static void
one_that_cannot_be_run_is_named(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;

	make_program(p, "mute", "exit 0");
	make_program(p, "sick", "echo 'no libpq.so.5' >&2; exit 127");
	p->conf.bin_dir = mem_printf("%s/sick", p->dir);
	assert_null(tools_find(&p->conf, "pg_dump", 47, NULL, &err));
	assert_non_null(strstr(err.detail, "/sick/pg_dump cannot be run: "
					   "no libpq.so.5"));
	err_release(&err);
	free(p->conf.bin_dir);
	p->conf.bin_dir = mem_printf("%s/mute", p->dir);
	assert_null(tools_find(&p->conf, "pg_dump", 47, NULL, &err));
	assert_non_null(strstr(err.detail, "/mute/pg_dump cannot be run: "));
	err_release(&err);
	free(p->conf.bin_dir);
	p->conf.bin_dir = NULL;
}

static void
a_private_folder_is_gone_afterwards(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct tools_tmp tmp;
	struct stat st;
	char *name;

	assert_true(tools_tmp_new(&p->op, &tmp, &err));
	assert_int_equal(stat(tmp.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	name = mem_strdup(tmp.path);
	tools_tmp_release(&tmp);
	assert_int_not_equal(stat(name, &st), 0);
	free(name);
}

/* A folder as a run of that number leaves it when it is killed. */
static char *
leave_folder(const struct place *p, pid_t pid)
{
	char *left = mem_printf("%s/pgrepup-%ld-abcdef", p->dir, (long)pid);
	char *line = mem_printf("mkdir -p '%s/deep' && "
				"echo x >'%s/deep/pgpass'",
				left, left);

	shell(line);
	free(line);
	return left;
}

/* As if it had been made a while ago. */
static void
make_old(const char *path)
{
	const struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
the_folder_of_a_killed_run_is_removed(void **state)
{
	struct place *p = *state;
	pid_t dead = fork();
	char *left;

	if (dead == 0)
		_exit(0);
	assert_int_equal(waitpid(dead, NULL, 0), dead);
	left = leave_folder(p, dead);
	tools_tmp_sweep(&p->conf);
	assert_int_not_equal(access(left, F_OK), 0);
	free(left);
	/* another process has its number */
	left = leave_folder(p, getppid());
	make_old(left);
	tools_tmp_sweep(&p->conf);
	assert_int_not_equal(access(left, F_OK), 0);
	free(left);
}

static void
the_folder_of_a_living_run_stays(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	struct tools_tmp tmp;
	char *path = leave_folder(p, getppid());

	/* made just now: it has no lock yet */
	tools_tmp_sweep(&p->conf);
	assert_int_equal(access(path, F_OK), 0);
	free(path);
	assert_true(tools_tmp_new(&p->op, &tmp, &err));
	make_old(tmp.path);
	tools_tmp_sweep(&p->conf);
	assert_int_equal(access(tmp.path, F_OK), 0);
	tools_tmp_release(&tmp);
}

static void
a_password_reaches_the_program_by_a_file_only(void **state)
{
	struct place *p = *state;
	const char *const args[] = {"--schema-only", NULL};
	struct strbuf out = STRBUF_INIT;
	struct err err = ERR_INIT;

	make_program(p, "spy",
		     "[ \"$1\" = --version ] && "
		     "echo 'pg_dump (PostgreSQL) 47.1' && exit 0\n"
		     "echo \"argv $*\"; env; "
		     "stat -c 'mode %a' \"$PGPASSFILE\"; cat \"$PGPASSFILE\"");
	p->conf.bin_dir = mem_printf("%s/spy", p->dir);
	p->op.destination.version = 470000;
	p->conf.source.side = SIDE_SOURCE;
	p->conf.source.password = secret_new("a:b\\c", 5);
	endpoint_set(&p->conf.source, "host", "it's here");
	setenv("PGSSLMODE", "verify-full", 1);
	setenv("PGOPTIONS", "-c x=y", 1);
	assert_true(tools_run(&p->op, "pg_dump", SIDE_SOURCE, "my db", args,
			      NULL, &out, NULL, &err));
	assert_non_null(strstr(out.text, "host='it\\'s here'"));
	assert_non_null(strstr(out.text, "dbname='my db'"));
	assert_non_null(strstr(out.text, "--schema-only"));
	assert_non_null(strstr(out.text, "mode 600\n*:*:*:*:a\\:b\\\\c\n"));
	assert_null(strstr(out.text, "a:b"));
	/* What asks for protection stays, what says where to go does not. */
	assert_non_null(strstr(out.text, "PGSSLMODE=verify-full\n"));
	assert_null(strstr(out.text, "PGOPTIONS="));
	unsetenv("PGSSLMODE");
	unsetenv("PGOPTIONS");
	endpoint_release(&p->conf.source);
	free(p->conf.bin_dir);
	strbuf_release(&out);
}

/* How often one was asked: each asking leaves a character. */
static size_t
times_asked(const char *path)
{
	char *name = mem_printf("%s.asked", path);
	struct stat file = {.st_size = 0};

	stat(name, &file);
	free(name);
	return (size_t)file.st_size;
}

static void
one_is_asked_once_until_it_is_another(void **state)
{
	struct place *p = *state;
	struct err err = ERR_INIT;
	char *path = mem_printf("%s/counted/pg_dump", p->dir);
	char *other = mem_printf("%s/counted/psql", p->dir);
	char *line = mem_printf("sed -i s/47.1/47.22/ '%s'", path);

	make_program(p, "counted", "printf x >>\"$0.asked\"; "
				   "echo 'pg_dump (PostgreSQL) 47.1'");
	assert_int_equal(tools_version(path, &err), 470001);
	assert_int_equal(tools_version(path, &err), 470001);
	assert_int_equal(times_asked(path), 1);
	/* Debian's wrapper is one file, and another program by each name. */
	assert_int_equal(symlink("pg_dump", other), 0);
	assert_int_equal(tools_version(other, &err), 470001);
	assert_int_equal(times_asked(other), 1);
	shell(line);
	assert_int_equal(tools_version(path, &err), 470022);
	assert_int_equal(times_asked(path), 2);
	free(line);
	free(other);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(finds_the_newest_minor_of_the_nearest_major),
		TEST(a_configured_folder_is_the_only_one),
		TEST(one_that_cannot_be_run_is_named),
		TEST(releases_of_before_march_2018_are_not_taken),
		TEST(one_is_asked_once_until_it_is_another),
		TEST(a_private_folder_is_gone_afterwards),
		TEST(the_folder_of_a_killed_run_is_removed),
		TEST(the_folder_of_a_living_run_stays),
		TEST(a_password_reaches_the_program_by_a_file_only),
	};
	struct err err = ERR_INIT;

	if (!secret_init(&err))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
