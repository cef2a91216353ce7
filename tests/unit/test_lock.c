/* SPDX-License-Identifier: PostgreSQL */
/* The lock of an upgrade: who has it, and who is signalled for it. */
#include "state_fixture.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "lock.h"

/* A process that waits to be killed; with a run, one that holds its lock. */
static pid_t
live(const char *run)
{
	struct err err = ERR_INIT;
	int ready[2];
	char c = 0;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		/* nor does one of a failed test live on */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (run && !lock_take(dir, run, "setup", &err))
			_exit(1);
		if (write(ready[1], &c, 1) == 1)
			for (;;)
				pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

/* The signal that has ended it. */
static int
end_of(pid_t pid)
{
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void
finish(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(end_of(pid), SIGKILL);
}

static void
the_second_is_refused_and_told_who_holds_the_lock(void **state)
{
	struct err err = ERR_INIT;
	pid_t first = live("r1");
	struct lock_holder holder;

	(void)state;
	assert_null(lock_take(dir, "r2", "start", &err));
	assert_int_equal(err.kind, ERR_STATE);
	assert_non_null(strstr(err.detail, "\"setup\""));
	err_release(&err);
	assert_true(lock_peek(dir, &holder));
	assert_string_equal(holder.run, "r1");
	assert_int_equal(holder.pid, first);
	assert_true(holder.proved);
	lock_holder_release(&holder);
	assert_true(lock_is_held(dir, "r1"));
	assert_false(lock_is_held(dir, "r2"));
	finish(first);
	assert_false(lock_is_held(dir, "r1"));
	assert_false(lock_peek(dir, &holder));
}

static void
the_runner_of_a_run_is_signalled(void **state)
{
	pid_t first = live("r1");

	(void)state;
	assert_false(lock_signal(dir, "r2", SIGTERM));
	assert_true(lock_signal(dir, "r1", SIGTERM));
	assert_int_equal(end_of(first), SIGTERM);
	assert_false(lock_signal(dir, "r1", SIGTERM));
}

/* Whatever stands in the file: neither who is named there and has no lock, nor
 * who has it and is not named, gets a signal. (One that is ignored by default,
 * as -1 would be every process there is.) */
static void
assert_nobody_is_signalled(long pid)
{
	char *text = mem_printf(
	    "{\"pid\":%ld,\"run\":\"r1\",\"command\":\"setup\"}", pid);

	put_file("lock", text);
	assert_false(lock_signal(dir, "r1", SIGURG));
	free(text);
}

static void
a_number_in_a_file_is_not_believed(void **state)
{
	pid_t bystander = live(NULL), holder;
	struct lock_holder seen;
	long pids[] = {0, 1, -1, -bystander, bystander, 1L << 32};
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH_OF(pids); i++)
		assert_nobody_is_signalled(pids[i]);
	holder = live("r1");
	for (i = 0; i < LENGTH_OF(pids); i++)
		assert_nobody_is_signalled(pids[i]);
	/* The kernel tells who it is, and nothing tells what he runs. */
	assert_true(lock_peek(dir, &seen));
	assert_int_equal(seen.pid, holder);
	assert_null(seen.run);
	lock_holder_release(&seen);
	finish(holder);
	finish(bystander);
}

static void
a_killed_holder_gives_the_lock_back(void **state)
{
	struct err err = ERR_INIT;
	struct lock *lock;

	(void)state;
	finish(live("r1"));
	lock = lock_take(dir, "r2", "setup", &err);
	assert_non_null(lock);
	lock_release(lock);
}

static pid_t
begin_to_look(void)
{
	struct lock_holder holder;
	pid_t parent = getpid(), pid = fork();

	while (pid == 0)
		if (getppid() != parent)
			_exit(1);
		else if (lock_peek(dir, &holder))
			lock_holder_release(&holder);
	return pid;
}

static void
who_only_looks_keeps_nobody_from_the_lock(void **state)
{
	struct err err = ERR_INIT;
	struct lock *lock = lock_take(dir, "r0", "setup", &err);
	pid_t pid;
	int i;

	(void)state;
	lock_release(lock);
	pid = begin_to_look();
	for (i = 0; i < 1000; i++) {
		lock = lock_take(dir, "r1", "setup", &err);
		assert_non_null(lock);
		lock_release(lock);
	}
	finish(pid);
}

static void
a_face_is_one(void **state)
{
	struct lock *lock = lock_take_face(dir, "setup");
	struct lock_holder holder;
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(lock_take_face(dir, "start") ||
		      !lock_peek_face(dir, &holder) || !holder.proved ||
		      holder.pid != getppid());
	assert_non_null(lock);
	assert_int_equal(end_of(pid), 0);
	lock_release(lock);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIR(the_second_is_refused_and_told_who_holds_the_lock),
		IN_DIR(the_runner_of_a_run_is_signalled),
		IN_DIR(a_number_in_a_file_is_not_believed),
		IN_DIR(a_killed_holder_gives_the_lock_back),
		IN_DIR(who_only_looks_keeps_nobody_from_the_lock),
		IN_DIR(a_face_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
