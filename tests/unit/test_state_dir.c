/* SPDX-License-Identifier: PostgreSQL */
/* Which folder is taken for the state of an upgrade, and what files in it. */
#include "state_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

#include "io.h"

#define OTHER 65534 /* a user that is not who runs this */

static unsigned
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
assert_opens(const char *path)
{
	struct err err = ERR_INIT;
	struct state_dir *found = state_dir_open(path, &err);

	if (!found)
		fail_msg("%s", err.message);
	state_dir_close(found);
}

static void
assert_refused(const char *path, const char *detail, const char *hint)
{
	struct err err = ERR_INIT;

	assert_null(state_dir_open(path, &err));
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.message, path));
	if (detail)
		assert_non_null(strstr(err.detail, detail));
	assert_non_null(strstr(err.hint, hint));
	err_release(&err);
}

static void
what_is_made_is_for_us_alone(void **state)
{
	char *above = path_in("above"), *place = path_in("above/upgrade");

	(void)state;
	assert_opens(place);
	assert_int_equal(mode_of(above), 0700);
	assert_int_equal(mode_of(place), 0700);
	/* Others could only read there: it is ours, and closed. */
	assert_int_equal(chmod(place, 0755), 0);
	assert_opens(place);
	assert_int_equal(mode_of(place), 0700);
	rmdir(place);
	rmdir(above);
	free(place);
	free(above);
}

/* The link stays as it is, and so does what it leads to. */
static void
a_link_is_refused(void **state)
{
	char *place = path_in("place"), *elsewhere = path_in("elsewhere");

	(void)state;
	assert_int_equal(mkdir(elsewhere, 0700), 0);
	assert_int_equal(chmod(elsewhere, 0755), 0);
	assert_int_equal(symlink(elsewhere, place), 0);
	assert_refused(place, "a link", "Move it away");
	assert_int_equal(mode_of(elsewhere), 0755);
	unlink(place);
	rmdir(elsewhere);
	put_file("place", "");
	assert_refused(place, "no folder", "Move it away");
	free(elsewhere);
	free(place);
}

static void
what_others_may_write_is_refused(void **state)
{
	static const mode_t modes[] = {0770, 0720, 0707, 0702, 01777};
	char *place = path_in("place"), *hint = mem_printf("chmod 700 \"%s\"",
							   place);
	size_t i;

	(void)state;
	assert_int_equal(mkdir(place, 0700), 0);
	for (i = 0; i < LENGTH_OF(modes); i++) {
		assert_int_equal(chmod(place, modes[i]), 0);
		assert_refused(place, "mode", hint);
		assert_int_equal(mode_of(place), modes[i]);
	}
	/* the hint, to the letter */
	assert_int_equal(chmod(place, 0700), 0);
	assert_opens(place);
	rmdir(place);
	free(hint);
	free(place);
}

static void
a_folder_of_another_user_is_refused(void **state)
{
	char *place = path_in("place");

	(void)state;
	/* Nobody but root can give a folder away; CI runs as root. */
	if (geteuid() != 0) {
		free(place);
		skip();
	}
	assert_int_equal(mkdir(place, 0755), 0);
	assert_int_equal(chown(place, OTHER, OTHER), 0);
	assert_refused(place, "belongs to user 65534", "XDG_STATE_HOME");
	assert_int_equal(mode_of(place), 0755);
	rmdir(place);
	free(place);
}

static void
a_place_where_everybody_may_rename_is_refused(void **state)
{
	char *above = path_in("above"), *place = path_in("above/upgrade");

	(void)state;
	assert_int_equal(mkdir(above, 0700), 0);
	assert_int_equal(chmod(above, 0777), 0);
	assert_refused(place, NULL, "chmod o-w");
	assert_int_equal(chmod(above, 01777), 0);
	assert_opens(place);
	rmdir(place);
	rmdir(above);
	free(place);
	free(above);
}

static void
assert_not_opened(const char *name, int flags)
{
	struct err err = ERR_INIT;

	assert_int_equal(state_dir_file(dir, name, flags, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.message, "it is a link, or no file"));
	assert_string_equal(err.hint, "Move it away.");
	err_release(&err);
}

static void
only_plain_files_are_opened(void **state)
{
	char *link = path_in("link"), *pipe_path = path_in("pipe");

	(void)state;
	put_file("file", "text");
	assert_int_equal(symlink("file", link), 0);
	assert_int_equal(mkfifo(pipe_path, 0600), 0);
	assert_not_opened("link", O_RDONLY);
	assert_not_opened("link", O_WRONLY | O_CREAT | O_TRUNC);
	assert_not_opened("pipe", O_RDONLY);
	assert_not_opened("pipe", O_WRONLY | O_CREAT);
	assert_not_opened("/dev/null", O_RDONLY);
	free(link);
	free(pipe_path);
}

static void
assert_text(const struct state_dir *in, const char *name, const char *text)
{
	struct err err = ERR_INIT;
	char found[64] = "";
	int fd = state_dir_file(in, name, O_RDONLY, &err);

	assert_true(fd >= 0);
	assert_true(read(fd, found, sizeof(found) - 1) >= 0);
	assert_string_equal(found, text);
	close(fd);
}

/* A link in the place of a file, or of the file beside it, is replaced and
 * what it leads to stays. */
static void
a_file_is_written_as_a_whole_and_through_no_link(void **state)
{
	struct err err = ERR_INIT;
	char *name = path_in("name");
	char *beside = mem_printf("%s.%ld", name, (long)getpid());

	(void)state;
	put_file("other", "of another");
	assert_int_equal(symlink("other", name), 0);
	assert_int_equal(symlink("other", beside), 0);
	assert_true(state_dir_write(dir, "name", "first", &err));
	assert_text(dir, "name", "first");
	assert_int_equal(mode_of(name), 0600);
	assert_int_not_equal(access(beside, F_OK), 0);
	assert_true(state_dir_write(dir, "name", "", &err));
	assert_text(dir, "name", "");
	assert_text(dir, "other", "of another");
	assert_true(state_dir_remove(dir, "name", &err));
	assert_true(state_dir_remove(dir, "name", &err));
	assert_int_equal(state_dir_file(dir, "name", O_RDONLY, &err), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(err.kind, ERR_STATE);
	err_release(&err);
	free(beside);
	free(name);
}

/* What was opened is worked in, wherever it lies by now. */
static void
what_comes_in_its_place_later_is_not_met(void **state)
{
	struct err err = ERR_INIT;
	char *place = path_in("place"), *moved = path_in("moved");
	char *file = path_in("moved/name");
	struct state_dir *opened = state_dir_open(place, &err);

	(void)state;
	assert_non_null(opened);
	assert_true(state_dir_write(opened, "name", "ours", &err));
	assert_int_equal(rename(place, moved), 0);
	assert_int_equal(mkdir(place, 0700), 0);
	assert_text(opened, "name", "ours");
	assert_true(state_dir_write(opened, "name", "ours too", &err));
	assert_int_equal(access(file, F_OK), 0);
	assert_int_equal(rmdir(place), 0);
	unlink(file);
	rmdir(moved);
	state_dir_close(opened);
	free(file);
	free(moved);
	free(place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIR(what_is_made_is_for_us_alone),
		IN_DIR(a_link_is_refused),
		IN_DIR(what_others_may_write_is_refused),
		IN_DIR(a_folder_of_another_user_is_refused),
		IN_DIR(a_place_where_everybody_may_rename_is_refused),
		IN_DIR(only_plain_files_are_opened),
		IN_DIR(a_file_is_written_as_a_whole_and_through_no_link),
		IN_DIR(what_comes_in_its_place_later_is_not_met),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
